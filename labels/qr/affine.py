"""The symbol as an affine map of its data bits over GF(2).

The code words for errors are linear in the data (Reed and Solomon), and where each bit is placed
depends on version and level alone. So the modules of a symbol are those of empty data, exclusive
or what each code word adds, which is looked up: one exclusive or a code word on one long number.
The tables are taken from ``qrcode`` itself, and the symbols are its own, module for module.

Modules stand in a number row by row from the top left, the most significant bit first, each row
filled up to whole bytes with zeros: written out as bytes it is a 1-bit picture.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache, reduce
from operator import or_

import qrcode
from qrcode import base, util
from qrcode.constants import ERROR_CORRECT_H, ERROR_CORRECT_L, ERROR_CORRECT_M, ERROR_CORRECT_Q

LEVELS = {
    "L": ERROR_CORRECT_L,
    "M": ERROR_CORRECT_M,
    "Q": ERROR_CORRECT_Q,
    "H": ERROR_CORRECT_H,
}
LARGEST_VERSION = 9
"""Above it counts of characters are longer, and tables too large to keep."""

MASKS = range(8)


@dataclass(frozen=True)
class Grid:
    """How modules stand in a number. ``stride``: bits of a row, its fill included."""

    side: int

    @property
    def stride(self) -> int:
        return -(-self.side // 8) * 8

    def at(self, row: int, column: int) -> int:
        """The number in which this module alone is dark."""
        return 1 << ((self.side - row) * self.stride - 1 - column)

    def packed(self, modules: list[list[bool | None]]) -> int:
        """Rows of modules as one number."""
        rows = ("".join("1" if dark else "0" for dark in row) for row in modules)
        return int("".join(row.ljust(self.stride, "0") for row in rows), 2)


@dataclass(frozen=True, eq=False)
class SymbolMap:
    """All that is needed to make symbols of one version and level.

    ``halves``: for each half of each data code word, by its hexadecimal figure, what it adds to the
    modules. Whole words would be looked up in half the steps, but from tables eight times as large,
    which no processor keeps at hand.
    ``tried`` and ``final``: for each mask the symbol of empty data, as masks are compared by
    (without the format, ISO/IEC 18004, 7.8.3) and as it is printed.
    """

    version: int
    grid: Grid
    halves: tuple[dict[str, int], ...]
    tried: tuple[int, ...]
    final: tuple[int, ...]

    @property
    def capacity(self) -> int:
        """Data code words that it holds."""
        return len(self.halves) // 2

    def unmasked(self, data: bytes) -> int:
        """What these data code words add to the symbol of empty data."""
        modules = 0
        for table, figure in zip(self.halves, data.hex(), strict=True):
            modules ^= table[figure]
        return modules


def capacity(version: int, level: str) -> int:
    """Data code words in a symbol (ISO/IEC 18004, table 7)."""
    return sum(block.data_count for block in base.rs_blocks(version, LEVELS[level]))


@lru_cache(maxsize=LARGEST_VERSION)
def symbol_map(version: int, level: str) -> SymbolMap:
    """The map of a version (1 to 9) and level (L, M, Q or H); made in a fifth of a second."""
    if not 1 <= version <= LARGEST_VERSION:
        raise ValueError("a map has a version from 1 to 9")
    drawing = _Drawing(version, level)
    final = tuple(drawing.of(0, mask) for mask in MASKS)
    tried = tuple(drawing.of(0, mask, tried=True) for mask in MASKS)
    places = _places(drawing, final[0])
    halves = tuple(
        half for stream in _word_streams(version, level) for half in _halves(stream, places)
    )
    return SymbolMap(version, drawing.grid, halves, tried, final)


class _Drawing:
    """Symbols drawn by ``qrcode`` from code words as they stand in the symbol."""

    def __init__(self, version: int, level: str) -> None:
        self._drawing = qrcode.QRCode(version, LEVELS[level], border=0)
        self.grid = Grid(version * 4 + 17)
        self.total = sum(one.total_count for one in base.rs_blocks(version, LEVELS[level]))

    def of(self, stream: int, mask: int, tried: bool = False) -> int:
        """The symbol of a stream of code words, given as one number."""
        self._drawing.data_cache = list(stream.to_bytes(self.total, "big"))
        self._drawing.makeImpl(tried, mask)
        return self.grid.packed(self._drawing.modules)


def _places(drawing: _Drawing, empty: int) -> list[int]:
    """For each bit of the stream the module where it stands.

    Each bit is told by its number, which is drawn bit by bit in so many symbols.
    """
    total = drawing.total * 8
    marks: list[int] = []
    for digit in range(total.bit_length()):
        stream = int("".join("1" if (at + 1) >> digit & 1 else "0" for at in range(total)), 2)
        marks.append(drawing.of(stream, 0) ^ empty)
    places = [0] * total
    for row in range(drawing.grid.side):
        for column in range(drawing.grid.side):
            module = drawing.grid.at(row, column)
            number = sum(1 << digit for digit, mark in enumerate(marks) if mark & module)
            if number:
                places[number - 1] = module
    return places


def _word_streams(version: int, level: str) -> Iterator[list[int]]:
    """For each data code word in turn, the code words of a symbol in which it alone is 1.

    Blocks are independent, so one drawing tells of one place in all of them. Every other word is
    1 meanwhile and then taken away, since ``qrcode`` cannot divide an empty block.
    """
    sizes = [(one.data_count, one.total_count) for one in base.rs_blocks(version, LEVELS[level])]
    ones = [[1] * data for data, _ in sizes]
    full = _stream(version, level, ones)
    owners = _turns([data for data, _ in sizes]) + _turns([total - data for data, total in sizes])
    lacking = []
    for place in range(max(data for data, _ in sizes)):
        words = [[int(at != place) for at in range(data)] for data, _ in sizes]
        lacking.append(_stream(version, level, words))
    for block, (data, _) in enumerate(sizes):
        for place in range(data):
            yield [
                word ^ other if owner == block else 0
                for word, other, owner in zip(full, lacking[place], owners, strict=True)
            ]


def _turns(counts: list[int]) -> list[int]:
    """Whose word stands where: the first of each block, the second of each, and so on (7.6)."""
    return [block for at in range(max(counts)) for block, count in enumerate(counts) if at < count]


def _stream(version: int, level: str, blocks: list[list[int]]) -> list[int]:
    """The code words of a symbol, those for errors among them, in the order they are placed in."""
    buffer = util.BitBuffer()
    buffer.buffer = [word for block in blocks for word in block]
    return util.create_bytes(buffer, base.rs_blocks(version, LEVELS[level]))


def _halves(stream: list[int], places: list[int]) -> tuple[dict[str, int], dict[str, int]]:
    """What each figure of a data code word adds to the modules, from what the value 1 adds.

    Code words are polynomials over GF(256), so the stream of twice the value is twice the stream.
    """
    tables = []
    for _ in range(2):
        table = [0]
        for _ in range(4):
            added = _modules(stream, places)
            table += [one ^ added for one in table]
            stream = [_doubled(one) for one in stream]
        tables.append(dict(zip("0123456789abcdef", table, strict=True)))
    low, high = tables
    return high, low


def _doubled(value: int) -> int:
    """Twice a value in GF(256), by the polynomial that the standard names (7.5.2)."""
    return value << 1 ^ (0x11D if value & 0x80 else 0)


def _modules(stream: list[int], places: list[int]) -> int:
    dark = (
        places[at * 8 + bit]
        for at, word in enumerate(stream)
        for bit in range(8)
        if word and word & 0x80 >> bit
    )
    return reduce(or_, dark, 0)
