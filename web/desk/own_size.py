"""A label of one's own size, and the sheets of stickers, as they are chosen on a form."""

from __future__ import annotations

import re
import unicodedata
from typing import Final, cast

from suyuan.labels.free import LEAST_MM, MOST_MM, FreeSize
from suyuan.labels.model import FreeKind
from suyuan.labels.sheets import A4, MOST_OF_GRID, MOST_TAKEN, papers
from suyuan.labels.templates import template_ids
from suyuan.trace.batches.tables import Batch
from suyuan.trace.errors import Fault
from suyuan.trace.products.label_items import PANEL
from suyuan.web.desk.forms.typed import Typed

OWN: Final = "own"
"""What the form says instead of a template."""
KINDS: Final[tuple[FreeKind, ...]] = ("trace", "complete", "batch", "bulk")
OWN_GRID: Final = "own"


def chosen_label(given: Typed, batch: Batch) -> str:
    """The id of the template that was chosen, or of one of the size that was typed.

    A complete label has a place for the nutrition panel where the product has one.
    """
    chosen = given.one_of("template", (*template_ids(), OWN))
    if chosen != OWN:
        return chosen
    kind = cast(FreeKind, given.one_of("kind", KINDS))
    wide, tall = _millimetres(given, "width"), _millimetres(given, "height")
    panel = kind == "complete" and batch.product is not None and PANEL in batch.product.label
    pins = kind in ("trace", "complete") and given.ticked("pins")
    return FreeSize(kind, wide, tall, panel, pins, given.ticked("hole")).id


def chosen_paper(given: Typed) -> tuple[str, int]:
    """The sheet, or its grid as written, and how many of its stickers are used up."""
    paper = given.one_of("paper", (*papers(), OWN_GRID), required=False) or A4
    taken = given.whole_number("taken", 0, MOST_TAKEN) or 0
    grid = given.text("grid", most=MOST_OF_GRID, required=paper == OWN_GRID)
    return (" ".join(grid.split()) if paper == OWN_GRID else paper), taken


def _millimetres(given: Typed, name: str) -> float:
    text = unicodedata.normalize("NFKC", given.text(name, required=True)).removesuffix("mm").strip()
    if re.fullmatch(r"[0-9]{1,3}([.][0-9])?", text) and LEAST_MM <= float(text) <= MOST_MM:
        return float(text)
    message = "This must be a length from {least} to {most} mm, such as 63.5."
    given.note(Fault(name, message, (("least", f"{LEAST_MM:g}"), ("most", f"{MOST_MM:g}"))))
    return LEAST_MM
