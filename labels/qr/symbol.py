"""The QR symbol of a code (ISO/IEC 18004, model 2): the smallest version, the best of all masks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from suyuan.labels.qr.affine import Grid, capacity, symbol_map
from suyuan.labels.qr.cutting import bits, code_words
from suyuan.labels.qr.masks import best_mask
from suyuan.trace.errors import InvalidInput

QUIET_ZONE = 4
"""Light modules around the symbol (ISO/IEC 18004, 9.1)."""

LEVEL = "M"
LARGEST_VERSION = 8
"""49 modules, 28.5 mm with its quiet zone at half a millimetre a module: the most a label gives."""

_SIGNED_DIGITS = 164
_LONGEST_LOT = "a" * 20


@dataclass(frozen=True)
class Symbol:
    """A finished symbol, without its quiet zone.

    ``packed``: its modules, row by row from the top, 1 for dark, each row filled up to whole bytes.
    """

    text: str
    version: int
    packed: bytes

    @property
    def side(self) -> int:
        """Modules along one side, without the quiet zone."""
        return self.version * 4 + 17

    @property
    def side_with_quiet_zone(self) -> int:
        return self.side + 2 * QUIET_ZONE

    @property
    def rows(self) -> tuple[tuple[bool, ...], ...]:
        """The modules, True for dark."""
        width = len(self.packed) // self.side
        rows = (self.packed[at : at + width] for at in range(0, len(self.packed), width))
        lines = (format(int.from_bytes(row, "big"), f"0{width * 8}b") for row in rows)
        return tuple(tuple(each == "1" for each in line[: self.side]) for line in lines)


def encode(text: str) -> Symbol:
    """Make the symbol of a code, at level M, in the smallest version that holds it.

    :raises InvalidInput: when the text is not plain ASCII or needs more than version 8-M.
    """
    lacking = bits(text)
    for version, room in _rooms().items():
        if lacking <= room * 8:
            return draw(text, version, LEVEL)
    raise InvalidInput(
        "The code is too long for the largest symbol a label takes (version {largest}-M):"
        " choose a shorter label host.",
        field="url",
        largest=LARGEST_VERSION,
    )


def draw(text: str, version: int, level: str, mask: int | None = None) -> Symbol:
    """The symbol of a text that fits into this version and level, with the best mask or this."""
    symbols = symbol_map(version, level)
    unmasked = symbols.unmasked(code_words(text, symbols.capacity))
    chosen = best_mask(symbols, unmasked) if mask is None else mask
    modules = unmasked ^ symbols.final[chosen]
    return Symbol(text, version, _bytes(modules, symbols.grid))


def longest_form(host: str, scheme: str = "https") -> str:
    """The longest signed code that a host may have to print: a package with GTIN and full lot."""
    signed = "1" + "9" * _SIGNED_DIGITS
    return f"{scheme}://{host}/{signed}/01/{'9' * 14}/10/{_LONGEST_LOT}/21/{'9' * 12}"


def fits_host(host: str, scheme: str = "https") -> bool:
    """Whether even the longest code under this label host stays within version 8-M."""
    return bits(longest_form(host, scheme)) <= _rooms()[LARGEST_VERSION] * 8


@cache
def _rooms() -> dict[int, int]:
    """Data code words that each version holds which a label takes."""
    return {version: capacity(version, LEVEL) for version in range(1, LARGEST_VERSION + 1)}


def _bytes(modules: int, grid: Grid) -> bytes:
    return modules.to_bytes(grid.side * grid.stride // 8, "big")
