"""What an audit of a log can find, each kind by its name."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """The kinds of findings."""

    CHANGED_ROW = "changed row"
    DELETED_ROW = "deleted row"
    INSERTED_ROW = "inserted row"
    REORDERED = "reordered leaf"
    CHANGED_LEAF = "changed leaf"
    CHANGED_TILE = "changed tile"
    UNEXPLAINED_ERASURE = "erasure without its record"
    FORKED = "forked tree"
    ROLLED_BACK = "shorter than before"
    UNWITNESSED = "too few witnesses"


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong: its kind, where (``leaf/7``, ``tree/300``), and what exactly."""

    kind: Kind
    at: str
    says: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.at}: {self.says}"


def at_leaf(kind: Kind, index: int, says: str) -> Finding:
    """A finding about one entry."""
    return Finding(kind, f"leaf/{index}", says)
