"""Bars on a label: as many rows as the element strings need, each with its text below it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final

from suyuan.labels import fonts
from suyuan.labels.bars.code128 import gs1_128
from suyuan.labels.errors import DoesNotFit
from suyuan.labels.fit import Block, Mark
from suyuan.labels.fonts import MM_PER_PT
from suyuan.labels.model import Box
from suyuan.trace.products.gs1 import Element, logistic_label, message, require_together

_TEXT_PT: Final = 9.0
_TEXT_ROOM_MM: Final = 4.4
_LAST: Final = "00"
"""The SSCC stands lowest on a logistic label, alone (GS1 General Specifications 6.6.3)."""


@dataclass(frozen=True)
class Bars:
    """A row of bars in whole dots from the label's top left; ``modules`` has ``1`` for a bar."""

    left: int
    top: int
    height: int
    dots_per_module: int
    modules: str

    @property
    def width(self) -> int:
        return len(self.modules) * self.dots_per_module


def module_dots(dpi: int) -> int:
    """Whole printer dots in the narrowest module that a logistic label may have."""
    return ceil(logistic_label().least_module_mm * dpi / 25.4 - 0.05)


def place_bars(
    box: Box, elements: Sequence[Element], dpi: int, template: str
) -> tuple[tuple[Bars, ...], Block]:
    """The rows of bars in this place of a label, and what people read below them.

    :raises InvalidInput: for element strings that must not stand so.
    :raises DoesNotFit: where the place is too narrow or too low for them.
    """
    require_together(elements)
    dots, rules = module_dots(dpi), logistic_label()
    rows = _rows(box, elements, dots, dpi, template)
    height = ceil(rules.least_height_mm * dpi / 25.4)
    tall = height * 25.4 / dpi + _TEXT_ROOM_MM
    if (over := len(rows) * tall - box.height) > 0:
        raise DoesNotFit(
            "The bars do not fit on the label {template}: they need {more_mm} mm more height."
            " Choose a larger label.",
            item="bars",
            more_mm=over,
            template=template,
        )
    gap = (box.height - len(rows) * tall) / len(rows)
    drawn, marks = [], []
    for at, (said, modules) in enumerate(rows):
        y = box.y + gap + at * (tall + gap)
        room = round(box.width * dpi / 25.4) - len(modules) * dots
        left = round(box.x * dpi / 25.4) + room // 2
        drawn.append(Bars(left, round(y * dpi / 25.4), height, dots, modules))
        marks.append(_text(said, box, y + tall - 1.0))
    return tuple(drawn), Block(tuple(marks), repeats=False)


def _rows(
    box: Box, elements: Sequence[Element], dots: int, dpi: int, template: str
) -> list[tuple[str, str]]:
    """What each row says to people, and its modules: as few rows as the width allows."""
    rows: list[list[Element]] = []
    ordered = [one for one in elements if one.ai != _LAST]
    for one in ordered:
        if rows and _lacking(box, [*rows[-1], one], dots, dpi) <= 0:
            rows[-1].append(one)
        else:
            rows.append([one])
    rows += [[one] for one in elements if one.ai == _LAST]
    for row in rows:
        if (over := _lacking(box, row, dots, dpi)) > 0:
            raise DoesNotFit(
                "The bars do not fit on the label {template}: they need {more_mm} mm more width."
                " Choose a larger label.",
                item="bars",
                more_mm=over,
                template=template,
            )
    return [("".join(one.shown for one in row), gs1_128(message(row))) for row in rows]


def _lacking(box: Box, row: Sequence[Element], dots: int, dpi: int) -> float:
    """By how many millimetres a row is too wide for its place, or for what may stand in one."""
    rules = logistic_label()
    said = message(row)
    if len(said) > rules.most_characters:
        return float(len(said))
    module = dots * 25.4 / dpi
    bars = len(gs1_128(said)) * module
    with_quiet = bars + 2 * rules.quiet_modules * module
    return max(with_quiet - box.width, with_quiet - rules.most_width_mm)


def _text(said: str, box: Box, y: float) -> Mark:
    width = fonts.extent(fonts.CHINESE, said).advance * MM_PER_PT
    size = min(_TEXT_PT, box.width / width)
    return Mark(box.x + (box.width - width * size) / 2, y, fonts.CHINESE, size, said)
