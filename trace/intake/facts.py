"""A sheet as it is handed to the acts: its bytes, and what the child process read of them."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Any

from suyuan.trace.intake.sheets import Workbook
from suyuan.trace.intake.workbook import limits_in_force, read_workbook
from suyuan.trace.settings import Settings

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True)
class SheetFile:
    """A file of the party with uid ``party``, already read, that tells of this family."""

    party: str
    family: str
    variant: str
    data: bytes
    book: Workbook

    @property
    def sha256(self) -> str:
        """By which the same file is known again, in hex."""
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True)
class TablePlace:
    """A table of a workbook: its sheet and its number within that, both counted from 0."""

    sheet: int = 0
    number: int = 0


def read_sheet_file(
    party: str, family: str, variant: str, name: str, data: bytes, settings: Settings
) -> SheetFile:
    """Read a file in a child process; to be called before any transaction is begun.

    Raises Misread, TooLarge, Unavailable.
    """
    book = read_workbook(data, name, limits_in_force(settings))
    return SheetFile(party, family, variant, data, book)


def storable(value: Any) -> Any:
    """A JSON value with U+FFFD for the characters that PostgreSQL cannot hold: NUL, surrogates."""
    match value:
        case str():
            return _UNSTORABLE.sub("\ufffd", value)
        case list():
            return [storable(one) for one in value]
        case dict():
            return {storable(key): storable(one) for key, one in value.items()}
    return value
