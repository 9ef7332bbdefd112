"""A foreign carrier as it is bound, and as everybody sees it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from suyuan.trace.words import Names


@dataclass(frozen=True)
class CarrierFacts:
    """A number of another system, and the label it stands beside.

    ``code``: the text of the label's symbol, its path, or its trace code as typed, with the
    serial behind it for a single package.
    """

    kind: str
    number: str
    code: str


@dataclass(frozen=True)
class BoundCarrier:
    """A carrier as everybody sees it: its number, and who says since when that it belongs here.

    Nothing about it is signed: it is worth as much as the word of who bound it.
    """

    kind: str
    names: Names
    number: str
    by: str
    at: datetime
