"""The QR symbol of a label (ISO/IEC 18004, model 2, level M).

A signed code is mostly digits, so the text is cut into byte, alphanumeric and numeric segments
such that the whole takes the fewest bits; a mask is chosen by full scoring. Modules are drawn as
whole printer dots, because a module that straddles two dots is the first thing a camera loses.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import qrcode
from PIL import Image
from qrcode.constants import ERROR_CORRECT_M
from qrcode.util import QRData

from suyuan.trace.errors import InvalidInput

QUIET_ZONE = 4
"""Light modules around the symbol (ISO/IEC 18004, 9.1)."""

LARGEST_VERSION = 8
"""49 modules, 28.5 mm with its quiet zone at half a millimetre a module: the most a label gives."""

_LARGEST_BITS = 1232  # data bits of version 8-M (ISO/IEC 18004, table 7)

_SIGNED_DIGITS = 164
_LONGEST_LOT = "a" * 20

_ALPHANUMERIC = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")

Mode = Literal["numeric", "alphanumeric", "byte"]
# The standard's mode indicators (table 2), which qrcode takes as they are.
_MODES: dict[Mode, Literal[1, 2, 4]] = {
    "numeric": 1,
    "alphanumeric": 2,
    "byte": 4,
}
# Bits that open a segment (mode and count, versions 1 to 9), and sixths of a bit a character.
_HEAD = {"numeric": 4 + 10, "alphanumeric": 4 + 9, "byte": 4 + 8}
_SIXTHS = {"numeric": 20, "alphanumeric": 33, "byte": 48}


@dataclass(frozen=True)
class Symbol:
    """A finished symbol: its version, and its rows of modules, True for dark, no quiet zone."""

    text: str
    version: int
    rows: tuple[tuple[bool, ...], ...]

    @property
    def side(self) -> int:
        """Modules along one side, without the quiet zone."""
        return len(self.rows)

    @property
    def side_with_quiet_zone(self) -> int:
        return self.side + 2 * QUIET_ZONE


def segments(text: str) -> list[tuple[Mode, str]]:
    """Cut ASCII text into the segments that take the fewest bits.

    :raises InvalidInput: for text that is empty or not plain ASCII, which no signed code holds.
    """
    if not text or not (text.isascii() and text.isprintable()):
        raise InvalidInput("A code is made of plain ASCII characters only.", field="url")
    pattern = "".join(
        "n" if each.isdigit() else "a" if each in _ALPHANUMERIC else "b" for each in text
    )
    return [(mode, text[start:end]) for mode, start, end in _cuts(pattern)]


@lru_cache(maxsize=1024)
def _cuts(pattern: str) -> tuple[tuple[Mode, int, int], ...]:
    """The cheapest cutting of a text whose characters are of these classes (dynamic programming).

    Labels of one run share their pattern, so it is worked out once for all of them.
    """
    allowed: dict[str, tuple[Mode, ...]] = {
        "n": ("numeric", "alphanumeric", "byte"),
        "a": ("alphanumeric", "byte"),
        "b": ("byte",),
    }
    best: dict[Mode, tuple[int, tuple[Mode, ...]]] = {}
    for each in pattern:
        cheapest = min(best.values(), default=(0, ()), key=lambda way: way[0])
        following: dict[Mode, tuple[int, tuple[Mode, ...]]] = {}
        for mode in allowed[each]:
            # A segment is padded to whole bits, so a new one starts at the next whole bit.
            opened = -(-cheapest[0] // 6) * 6 + _HEAD[mode] * 6
            ways = [(opened + _SIXTHS[mode], (*cheapest[1], mode))]
            if mode in best:
                cost, modes = best[mode]
                ways.append((cost + _SIXTHS[mode], (*modes, mode)))
            following[mode] = min(ways, key=lambda way: way[0])
        best = following
    return tuple(_joined(min(best.values(), key=lambda way: way[0])[1]))


def _joined(modes: tuple[Mode, ...]) -> Iterator[tuple[Mode, int, int]]:
    start = 0
    for at in range(1, len(modes) + 1):
        if at == len(modes) or modes[at] != modes[start]:
            yield modes[start], start, at
            start = at


def bits(text: str) -> int:
    """Data bits that the text takes in versions 1 to 9 with the best segments."""
    return sum(_HEAD[mode] + -(-len(part) * _SIXTHS[mode] // 6) for mode, part in segments(text))


def longest_form(host: str, scheme: str = "https") -> str:
    """The longest signed code that a host may have to print: a package with GTIN and full lot."""
    signed = "1" + "9" * _SIGNED_DIGITS
    return f"{scheme}://{host}/{signed}/01/{'9' * 14}/10/{_LONGEST_LOT}/21/{'9' * 12}"


def fits_host(host: str, scheme: str = "https") -> bool:
    """Whether even the longest code under this label host stays within version 8-M."""
    return bits(longest_form(host, scheme)) <= _LARGEST_BITS


@lru_cache(maxsize=256)
def encode(text: str) -> Symbol:
    """Make the symbol of a code, at level M, in the smallest version that holds it.

    :raises InvalidInput: when the text is not plain ASCII or needs more than version 8-M.
    """
    parts = segments(text)
    if bits(text) > _LARGEST_BITS:
        raise InvalidInput(
            "The code is too long for the largest symbol a label takes (version {largest}-M):"
            " choose a shorter label host.",
            field="url",
            largest=LARGEST_VERSION,
        )
    drawing = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=0)
    for mode, part in parts:
        drawing.add_data(QRData(part.encode("ascii"), mode=_MODES[mode]), optimize=0)
    drawing.make(fit=True)
    rows = tuple(tuple(bool(module) for module in row) for row in drawing.get_matrix())
    return Symbol(text, drawing.version, rows)


def bitmap(symbol: Symbol, dots_per_module: int = 1, quiet_zone: int = 0) -> Image.Image:
    """The symbol as a 1-bit picture (0 dark), each module a square of whole dots."""
    side = symbol.side + 2 * quiet_zone
    picture = Image.new("1", (side, side), 1)
    picture.putdata(
        [
            not (
                quiet_zone <= x < quiet_zone + symbol.side
                and quiet_zone <= y < quiet_zone + symbol.side
                and symbol.rows[y - quiet_zone][x - quiet_zone]
            )
            for y in range(side)
            for x in range(side)
        ]
    )
    scaled = (side * dots_per_module, side * dots_per_module)
    return picture.resize(scaled, Image.Resampling.NEAREST)


def as_png(symbol: Symbol, dots_per_module: int, dpi: int) -> bytes:
    """A PNG of the symbol with its quiet zone, for a printer of this resolution."""
    out = io.BytesIO()
    bitmap(symbol, dots_per_module, QUIET_ZONE).save(out, "PNG", dpi=(dpi, dpi), optimize=True)
    return out.getvalue()


def as_svg(symbol: Symbol, module_mm: float = 0.5) -> str:
    """An SVG of the symbol with its quiet zone, each module ``module_mm`` wide."""
    side = symbol.side_with_quiet_zone
    bars = "".join(
        f"M{start + QUIET_ZONE} {y + QUIET_ZONE}h{end - start}v1h-{end - start}z"
        for y, row in enumerate(symbol.rows)
        for start, end in _dark_bars(row)
    )
    size = f"{side * module_mm:g}mm"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="{size}"'
        f' viewBox="0 0 {side} {side}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{side}v{side}H0z"/><path d="{bars}"/></svg>\n'
    )


def _dark_bars(row: tuple[bool, ...]) -> Iterator[tuple[int, int]]:
    start = None
    for at, dark in enumerate((*row, False)):
        if dark and start is None:
            start = at
        elif not dark and start is not None:
            yield start, at
            start = None
