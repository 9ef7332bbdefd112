"""What is said of a batch when it is registered, as the acts take it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from suyuan.trace.quantities import Quantity
from suyuan.trace.stated_dates import StatedDate


@dataclass(frozen=True)
class ShareFacts:
    """One household's part: the uid of its party, or its name where it is not registered."""

    household: str = ""
    party: str | None = None
    quantity: Quantity | None = None
    note: str = ""


@dataclass(frozen=True)
class MarkFacts:
    """Something else the batch can be found by: ``ear_tag``, ``jar``, ``foreign_lot``.

    ``stated`` is what was said of that one alone, as the live weight of an animal.
    """

    kind: str
    value: str
    stated: str = ""


@dataclass(frozen=True)
class BatchFacts:
    """A new batch of the party with uid ``party``.

    ``product`` (uid) gives family, variant and name where it is known; else ``family``,
    ``variant`` and ``name`` are given. ``site`` (uid) is where the batch came to be; its
    division goes into the trace code (without a site: the party's). Missing facts become gaps.
    """

    party: str
    quantity: Quantity
    product: str | None = None
    family: str = ""
    variant: str = ""
    name: str = ""
    site: str | None = None
    lot: str | None = None
    produced: StatedDate | None = None
    best_before: date | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict)
    shares: tuple[ShareFacts, ...] = ()
    marks: tuple[MarkFacts, ...] = ()
    note: str = ""
    evidence: tuple[str, ...] = ()
