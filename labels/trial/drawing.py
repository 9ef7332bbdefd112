"""Test labels as pictures: every mark at a whole number of the printer's dots from the paper's
edge, so that a ruler on the paper measures the printer and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageDraw

from suyuan.labels import qr
from suyuan.labels.errors import DoesNotFit
from suyuan.labels.fit import Block, fit_zone
from suyuan.labels.fonts import size_for_height
from suyuan.labels.layout import to_dots
from suyuan.labels.model import Bilingual, BilingualOrder, Box, LabelItem, Template, Zone
from suyuan.labels.qr.drawing import bitmap
from suyuan.labels.raster.picture import written
from suyuan.labels.text import require_glyphs
from suyuan.labels.trial.words import DARKNESS, DOTS, PLACE, Translate, samples
from suyuan.trace.products.label_items import least_character_mm

EDGE_MM: Final = 1.0
"""From the paper's edge to the border's."""
BORDER_MM: Final = 0.25
MODULES: Final = (6, 5, 4, 3, 2)
"""Dots in a module, from coarse to fine."""
LINES: Final = (4, 3, 2, 1)
"""Dots in the thickness of a line, and in the gap of paper between two dark bars."""
_PAPER: Final = 255
_RULER_MM: Final = 3.2
_FIELD_MM: Final = (9.0, 6.5)
_CAPTION_MM: Final = 3.4
_SPACE_MM: Final = 0.8


@dataclass(frozen=True)
class Trial:
    """A printer of ``dpi`` dots an inch that is tried out on labels of a template's size."""

    template: Template
    dpi: int

    def dots(self, mm: float) -> int:
        return to_dots(mm, self.dpi)

    @property
    def paper(self) -> tuple[int, int]:
        """Width and height of the paper in dots."""
        return self.dots(self.template.width_mm), self.dots(self.template.height_mm)


def trial_labels(template: Template, dpi: int, translate: Translate) -> list[Image.Image]:
    """The labels to print, as 1-bit pictures (0 dark): place, darkness, and as many with symbols as
    take them all.

    :raises DoesNotFit: where the label is too small for the largest symbol.
    """
    trial = Trial(template, dpi)
    rows = list(_symbol_rows(trial))
    words = [_place_words(trial, translate), _darkness_words(trial, translate)]
    words += [_caption(trial, [dots for dots, _, _ in row], translate) for row in rows]
    labels = list(written(template, words, dpi))
    _draw_place(trial, ImageDraw.Draw(labels[0]))
    _draw_darkness(trial, labels[1])
    for label, row in zip(labels[2:], rows, strict=True):
        for dots, left, top in row:
            label.paste(bitmap(_symbol(dots), dots), (left, top))
    return labels


def _draw_place(trial: Trial, pen: ImageDraw.ImageDraw) -> None:
    """The border, and rulers along its top and its left that count from the paper's edge."""
    wide, high = trial.paper
    edge, thick = trial.dots(EDGE_MM), max(2, trial.dots(BORDER_MM))
    pen.rectangle((edge, edge, wide - edge - 1, high - edge - 1), outline=0, width=thick)
    inner = edge + thick
    for mm in range(2, int(trial.template.width_mm - EDGE_MM)):
        at, long = trial.dots(mm), trial.dots(_tick_mm(mm))
        pen.line((at, inner, at, inner + long - 1), fill=0)
    for mm in range(2, int(trial.template.height_mm - EDGE_MM)):
        at, long = trial.dots(mm), trial.dots(_tick_mm(mm))
        pen.line((inner, at, inner + long - 1, at), fill=0)


def _tick_mm(mm: int) -> float:
    """How long the mark of a millimetre is: a tenth is told from a fifth and from the others."""
    return 2.2 if mm % 10 == 0 else 1.5 if mm % 5 == 0 else 0.8


def _draw_darkness(trial: Trial, label: Image.Image) -> None:
    """Down the left: a dark field, a dark one with fine gaps, fine lines across and along."""
    pen = ImageDraw.Draw(label)
    wide, high = (trial.dots(mm) for mm in _FIELD_MM)
    left, step = trial.dots(EDGE_MM), high + trial.dots(_SPACE_MM)
    tops = [trial.dots(EDGE_MM) + number * step for number in range(3)]
    for top in tops[:2]:
        pen.rectangle((left, top, left + wide - 1, top + high - 1), fill=0)
    for at, thick in _strokes(high):
        top = tops[1] + at
        pen.rectangle((left, top, left + wide - 1, top + thick - 1), fill=_PAPER)
        top = tops[2] + at
        pen.rectangle((left, top, left + wide // 2 - 1, top + thick - 1), fill=0)
    for at, thick in _strokes(wide - wide // 2):
        across = left + wide // 2 + at
        pen.rectangle((across, tops[2], across + thick - 1, tops[2] + high - 1), fill=0)


def _strokes(room: int) -> Iterator[tuple[int, int]]:
    """Where each line begins, and its thickness: evenly over the room."""
    pitch = room // (len(LINES) + 1)
    for number, thick in enumerate(LINES, 1):
        yield number * pitch, thick


def _symbol(dots: int) -> qr.Symbol:
    """The symbol of this size of module, which says so to the phone that reads it."""
    return qr.encode(f"SUYUAN {dots}")


def _symbol_rows(trial: Trial) -> Iterator[list[tuple[int, int, int]]]:
    """For each label its symbols in a row: dots in a module, and where the dark square begins.

    Two neighbours share the wider one's quiet zone.
    """
    wide, high = trial.paper
    row: list[tuple[int, int, int]] = []
    left = 0
    for dots in MODULES:
        quiet, side = qr.QUIET_ZONE * dots, _symbol(dots).side * dots
        lacking = side + 2 * quiet - min(wide, high - trial.dots(_CAPTION_MM + EDGE_MM))
        if lacking > 0:
            raise DoesNotFit(
                "The test of a printer does not fit on the label {template}: it needs {more_mm} mm "
                "more. Choose a larger label.",
                item="symbol",
                more_mm=lacking * 25.4 / trial.dpi,
                template=trial.template.id,
            )
        start = max(left, quiet)
        if row and start + side + quiet > wide:
            yield row
            row, start = [], quiet
        row.append((dots, start, quiet))
        left = start + side + quiet
    yield row


def _place_words(trial: Trial, translate: Translate) -> tuple[Block, ...]:
    inset = EDGE_MM + _RULER_MM
    paper = trial.template
    box = Box(inset, inset, paper.width_mm - inset - 2, paper.height_mm - inset - 2)
    size = f"{paper.width_mm:g} × {paper.height_mm:g} mm, {trial.dpi} dpi"
    return _set(trial, box, [size, *map(translate, PLACE)])


def _darkness_words(trial: Trial, translate: Translate) -> tuple[Block, ...]:
    paper, left = trial.template, EDGE_MM + _FIELD_MM[0] + 1.5
    box = Box(left, EDGE_MM, paper.width_mm - left - EDGE_MM, paper.height_mm - 2 * EDGE_MM)
    small = [(one.zh, one.bo) for one in samples()]
    return _set(trial, box, small + [(translate(one), "") for one in DARKNESS])


def _caption(trial: Trial, modules: Sequence[int], translate: Translate) -> tuple[Block, ...]:
    paper = trial.template
    top = paper.height_mm - EDGE_MM - _CAPTION_MM
    box = Box(EDGE_MM + 1, top, paper.width_mm - 2 * EDGE_MM - 2, _CAPTION_MM)
    shown = ", ".join(map(str, modules))
    return _set(trial, box, [translate(DOTS).format(dots=shown)])


def _set(trial: Trial, box: Box, texts: Sequence[str | tuple[str, str]]) -> tuple[Block, ...]:
    """The texts under each other at the least height that the law leaves a label, no larger.

    Where not all have room, the last ones are left out: what is looked at stands first.
    """
    least = float(least_character_mm())
    zone = Zone("trial", (box,), ("*",), "display", size_for_height(least))
    pairs = [(one, "") if isinstance(one, str) else one for one in texts]
    for zh, bo in pairs:
        require_glyphs("trial", zh, bo)
    items = tuple(
        LabelItem(f"line_{number}", Bilingual(""), Bilingual(zh, bo or None), least)
        for number, (zh, bo) in enumerate(pairs)
    )
    while True:
        try:
            return (fit_zone(zone, items, BilingualOrder(), trial.template.id),)
        except DoesNotFit:
            items = items[:-1]
            if not items:
                raise
