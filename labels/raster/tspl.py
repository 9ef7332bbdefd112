"""Labels in TSPL, the language of TSC printers and of most that are sold cheaply (TSC: TSPL/TSPL2
Programming Manual, BITMAP)."""

from __future__ import annotations

from PIL import Image

from suyuan.labels.model import Template

_OVERWRITE = 0


def as_tspl(picture: Image.Image, template: Template, gap_mm: float) -> bytes:
    """The commands that print a 1-bit picture (0 dark) once on a label of this template.

    ``gap_mm``: the paper's gap between two labels, 0 where it has none.
    """
    width = (picture.width + 7) // 8
    setting = (
        f"SIZE {template.width_mm:g} mm,{template.height_mm:g} mm\r\n"
        f"GAP {gap_mm:g} mm,0 mm\r\nREFERENCE 0,0\r\nCLS\r\n"
        f"BITMAP 0,0,{width},{picture.height},{_OVERWRITE},"
    ).encode("ascii")
    return b"".join((setting, _light_edge(picture), b"\r\nPRINT 1,1\r\n"))


def _light_edge(picture: Image.Image) -> bytes:
    """The rows with 0 for a dot that is printed; the bits that fill up a byte print nothing."""
    rows = picture.tobytes()
    left_over = -picture.width % 8
    if not left_over:
        return rows
    width = (picture.width + 7) // 8
    edge, light = width - 1, (1 << left_over) - 1
    filled = bytearray(rows)
    filled[edge::width] = bytes(one | light for one in filled[edge::width])
    return bytes(filled)
