"""How a label will look: the dots that a printer puts on it, as a picture of its true size."""

from __future__ import annotations

import base64
import io
from typing import Final

from suyuan.labels.from_facts import label_contents
from suyuan.labels.raster.picture import pictures
from suyuan.labels.runs import lay_out_run
from suyuan.labels.templates import template
from suyuan.trace.printing.content import IssuedLabel, LabelFacts

DPI: Final = 300


def preview_svg(template_id: str, facts: LabelFacts, label: IssuedLabel, dpi: int = DPI) -> str:
    """The label as an SVG as wide and high as it is printed, in mm.

    :raises NotFound: for an unknown template.
    :raises InvalidInput: naming what is missing, is not declared, or does not fit.
    """
    chosen = template(template_id)
    laid = lay_out_run(chosen, label_contents(chosen, facts, (label,)), dpi)
    (picture,) = pictures(chosen, laid, dpi)
    dots = io.BytesIO()
    picture.save(dots, "PNG", optimize=True)
    drawn = base64.b64encode(dots.getvalue()).decode("ascii")
    wide, tall = picture.size
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{chosen.width_mm:g}mm"'
        f' height="{chosen.height_mm:g}mm" viewBox="0 0 {wide} {tall}">'
        f'<image width="{wide}" height="{tall}" href="data:image/png;base64,{drawn}"/></svg>\n'
    )
