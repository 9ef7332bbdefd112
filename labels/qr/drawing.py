"""A symbol as a picture. Modules are drawn as whole printer dots, because a module that straddles
two dots is the first thing a camera loses.
"""

from __future__ import annotations

import io
from collections.abc import Iterator

from PIL import Image, ImageOps

from suyuan.labels.qr.symbol import QUIET_ZONE, Symbol


def bitmap(symbol: Symbol, dots_per_module: int = 1, quiet_zone: int = 0) -> Image.Image:
    """The symbol as a 1-bit picture (0 dark), each module a square of whole dots."""
    side = symbol.side
    picture = Image.frombytes("1", (side, side), symbol.packed, "raw", "1;I")
    framed = ImageOps.expand(picture, quiet_zone, fill=1)
    scaled = framed.width * dots_per_module
    return framed.resize((scaled, scaled), Image.Resampling.NEAREST)


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
