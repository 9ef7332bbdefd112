"""What is said of a product, as the acts take it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class ProductFacts:
    """A product of the party with uid ``party``; ``label`` holds label items by key."""

    party: str
    family: str
    variant: str
    name: str
    names: Mapping[str, str] = field(default_factory=dict)
    gtin: str | None = None
    label: Mapping[str, Any] = field(default_factory=dict)
    items_on_pack: bool = False
