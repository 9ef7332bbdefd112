"""What is in a box that several batches were put into, each as it was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from suyuan.trace.quantities import Quantity
from suyuan.trace.stated_dates import StatedDate


@dataclass(frozen=True)
class BoxItem:
    """A batch that some of is in the boxes, ``quantity`` in all of them together.

    ``origin``: the name of its division. ``state`` is that of ``facts.Standing``, of now.
    """

    trace_code: str
    path: str
    name: str
    names: Mapping[str, str]
    producer: str
    origin: str
    quantity: Quantity | None
    produced: StatedDate | None
    best_before: date | None
    state: str
