"""The nutrition panel of GB 28050: a small table with rules, set as large as its place allows."""

from __future__ import annotations

from functools import lru_cache

from suyuan.labels import fonts
from suyuan.labels.errors import DoesNotFit
from suyuan.labels.fit import Block, Mark, Rule, sizes
from suyuan.labels.fonts import MM_PER_PT, size_for_height
from suyuan.labels.model import NutritionPanel, Zone
from suyuan.labels.text import Line, Span, TooWide, wrap
from suyuan.trace.products.label_items import PANEL

_ROW = 1.24  # least height of a row, in em
_BASE_LINE = 0.96  # of which above the base line
_INSET = 0.6  # between the frame and the text, in millimetres
_HEAVY, _LIGHT = 0.25, 0.125  # one and two dots at 203 dpi


@lru_cache(maxsize=128)
def fit_panel(zone: Zone, panel: NutritionPanel, template: str) -> Block:
    """Set the panel into the zone in the largest size at which it fits.

    :raises DoesNotFit: naming the millimetres it lacks.
    """
    refusal: DoesNotFit | None = None
    for size in sizes(zone.largest_pt, size_for_height(panel.min_height_mm)):
        try:
            return _table(zone, panel, size, template)
        except DoesNotFit as found:
            refusal = found
    assert refusal is not None
    raise refusal


def _too_narrow(more_mm: float, template: str) -> DoesNotFit:
    return DoesNotFit(
        "The nutrition panel does not fit on the label {template}: it needs {more_mm} mm more"
        " width.",
        item=PANEL,
        more_mm=more_mm,
        template=template,
    )


def _too_low(more_mm: float, template: str) -> DoesNotFit:
    return DoesNotFit(
        "The nutrition panel does not fit on the label {template}: it needs {more_mm} mm more"
        " height.",
        item=PANEL,
        more_mm=more_mm,
        template=template,
    )


def _text_width(text: str, size: float, bold: bool = False) -> float:
    return sum(line.width for line in wrap([Span(text, size, bold)], 10_000))


def _note(zone: Zone, panel: NutritionPanel, size: float, template: str) -> list[Line]:
    if not panel.note:
        return []
    try:
        return wrap([Span(panel.note, size)], zone.box.width - 2 * _INSET)
    except TooWide as found:
        raise _too_narrow(found.more_mm, template) from None


def _table(zone: Zone, panel: NutritionPanel, size: float, template: str) -> Block:
    box = zone.box
    row = _ROW * size * MM_PER_PT
    rows = (panel.heads, *panel.rows)
    widths = [max(_text_width(cells[at], size) for cells in rows) for at in range(3)]
    spare = box.width - sum(widths) - 4 * _INSET
    if spare < 0:
        raise _too_narrow(-spare, template)
    note = _note(zone, panel, size, template)
    height = row * (len(rows) + 1) + sum(line.height for line in note) + (0.5 if note else 0.1)
    if height > box.height:
        raise _too_low(height - box.height, template)
    row += min((box.height - height) / (len(rows) + 1), row * 0.45)

    left, right = box.x, box.x + box.width
    columns = (left + _INSET, left + _INSET * 2 + widths[0] + spare * 0.6 + widths[1])
    title_width = _text_width(panel.title, size, True)
    lift = (row - _ROW * size * MM_PER_PT) / 2
    base = box.y + lift + _BASE_LINE * size * MM_PER_PT
    title_x = left + (box.width - title_width) / 2
    marks = [Mark(title_x, base, fonts.CHINESE_BOLD, size, panel.title)]
    rules = [_across(left, right, box.y + row * at, at < 3) for at in range(1, len(rows) + 1)]
    for at, cells in enumerate(rows, start=1):
        y = base + row * at
        amount = columns[1] - _text_width(cells[1], size)
        share = right - _INSET - _text_width(cells[2], size)
        marks += [
            Mark(x, y, fonts.CHINESE, size, text)
            for x, text in zip((columns[0], amount, share), cells, strict=True)
            if text
        ]
    bottom = box.y + row * (len(rows) + 1)
    rules.append(_across(left, right, bottom, bool(note)))
    y = bottom + 0.2
    for line in note:
        marks += [
            Mark(left + _INSET + piece.x, y + line.ascent, piece.face, piece.size, piece.text)
            for piece in line.pieces
        ]
        y += line.height
    return Block(tuple(marks), (*rules, *_frame(zone, y + 0.2 if note else bottom)))


def _across(left: float, right: float, y: float, heavy: bool) -> Rule:
    return Rule(left, y, right, y, _HEAVY if heavy else _LIGHT)


def _frame(zone: Zone, bottom: float) -> tuple[Rule, ...]:
    left, top, right = zone.box.x, zone.box.y, zone.box.x + zone.box.width
    return (
        Rule(left, top, right, top, _HEAVY),
        Rule(left, bottom, right, bottom, _HEAVY),
        Rule(left, top, left, bottom, _HEAVY),
        Rule(right, top, right, bottom, _HEAVY),
    )
