"""The canonical path: what a code says, what is signed, and where it leads.

    /01/<gtin14>/10/<lot>[/21/<serial>]      a product with a GTIN (GS1 Digital Link)
    /t/<trace or roll code>[/<serial>]       any other, and every blank roll

Without a serial it is the path of a batch, with one that of a single package.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TypeAlias

from suyuan.trace.checkdigits import gs1_mod10
from suyuan.trace.codes.trace_code import require_trace_code
from suyuan.trace.errors import InvalidInput

GTIN = "[0-9]{14}"
LOT = "[0-9A-Za-z](?:[0-9A-Za-z.-]{0,18}[0-9A-Za-z])?"
SERIAL = "[0-9]{12}"
PATH = f"/01/{GTIN}/10/{LOT}(?:/21/{SERIAL})?|/t/[0-9]{{16}}(?:/{SERIAL})?"
"""The grammar, without the check digits, as a regular expression with no groups."""

_GTIN_PATH = re.compile(f"/01/({GTIN})/10/({LOT})(?:/21/({SERIAL}))?")
_TRACE_PATH = re.compile(f"/t/([0-9]{{16}})(?:/({SERIAL}))?")


class CodeError(InvalidInput):
    """A code or a path is not written as a label's would be."""


@dataclass(frozen=True)
class GtinPath:
    """The path of a batch, or a package, of a product with a GTIN. Raises CodeError."""

    gtin: str
    lot: str
    serial: str | None = None

    def __post_init__(self) -> None:
        if not _GTIN_PATH.fullmatch(str(self)):
            raise CodeError(
                "A path has a GTIN of 14 digits, a lot of 1 to 20 letters, digits, dots and "
                "hyphens that begins and ends with a letter or digit, and a serial of 12 digits.",
                field="path",
            )
        if (should := gs1_mod10(self.gtin[:-1])) != self.gtin[-1]:
            raise CodeError(
                "The check digit of the GTIN is {is_}, it should be {should}.",
                field="gtin",
                is_=self.gtin[-1],
                should=should,
            )

    @property
    def batch(self) -> GtinPath:
        """The path without the serial."""
        return replace(self, serial=None)

    def __str__(self) -> str:
        package = "" if self.serial is None else f"/21/{self.serial}"
        return f"/01/{self.gtin}/10/{self.lot}{package}"


@dataclass(frozen=True)
class TracePath:
    """The path of a batch or roll, or of a package, by trace code.

    Raises CodeError, and TraceCodeError for a wrong check digit.
    """

    code: str
    serial: str | None = None

    def __post_init__(self) -> None:
        require_trace_code(self.code)
        if not _TRACE_PATH.fullmatch(str(self)):
            raise CodeError("A serial has 12 digits.", field="serial")

    @property
    def batch(self) -> TracePath:
        """The path without the serial."""
        return replace(self, serial=None)

    def __str__(self) -> str:
        package = "" if self.serial is None else f"/{self.serial}"
        return f"/t/{self.code}{package}"


CodePath: TypeAlias = GtinPath | TracePath
"""What a code says."""


def parse_path(text: str) -> CodePath:
    """Reads a canonical path, check digits too. Raises CodeError or TraceCodeError."""
    if match := _GTIN_PATH.fullmatch(text):
        return GtinPath(match[1], match[2], match[3])
    if match := _TRACE_PATH.fullmatch(text):
        return TracePath(match[1], match[2])
    raise CodeError(
        "A path is written /01/<GTIN>/10/<lot>, or /t/<trace code>, and then the serial.",
        field="path",
    )


def lot_fits_path(lot: str) -> bool:
    """Whether a lot can stand in a ``/01/`` path; a batch with another lot is under ``/t/``."""
    return re.fullmatch(LOT, lot) is not None
