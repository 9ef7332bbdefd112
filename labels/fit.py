"""Fitting items into a zone: as large as it allows, never smaller than the law, never cut off.

The result is marks at fixed places, in millimetres from the label's top left corner. Labels of
one run differ in little more than the serial, so a zone whose items repeat is fitted only once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import product
from typing import Literal

from suyuan.labels.errors import DoesNotFit
from suyuan.labels.fonts import MM_PER_PT, size_for_height
from suyuan.labels.model import BilingualOrder, LabelItem, Zone
from suyuan.labels.styles import STYLES
from suyuan.labels.text import Line, Span, Stretch, TooWide, balanced_width, stretches, take_line

_STEP_PT = 0.25
_ITEM_GAP = 0.1  # room between two items, in em
_LINE_GAP = 0.04  # room that each loosening adds between two lines, in em
_SIDE_GAP = 1.2  # room between two items on one line, in em
_LEAST_RUN_IN = 7.0  # room in which an item may begin on the line of another, in em
_LOOSENINGS = (5.0, 4.0, 3.0, 2.5, 2.0, 1.5, 1.0, 0.5)  # tried from airy to tight
_HAIR = 1e-6  # millimetres by which sums of lengths may err

Packing = Literal["none", "short", "any", "run-in"]
_PACKINGS: tuple[tuple[Packing, ...], ...] = (("none", "short"), ("any",), ("run-in",))
"""From clear to dense: each item on lines of its own; a short item beside another short one;
beside the end of any; every item running on where the last one ended. A clearer one in a smaller
size is preferred to a denser one in a larger size, but for the first two, which read alike."""


@dataclass(frozen=True)
class Mark:
    """Text in one face, its base line starting at x, y."""

    x: float
    y: float
    face: str
    size: float
    text: str


@dataclass(frozen=True)
class Rule:
    """A straight line, ``weight`` millimetres thick."""

    x0: float
    y0: float
    x1: float
    y1: float
    weight: float


@dataclass(frozen=True)
class Block:
    """The marks and rules of one zone. ``repeats`` is False where each label has its own."""

    marks: tuple[Mark, ...]
    rules: tuple[Rule, ...] = ()
    repeats: bool = field(default=True, compare=False)


def sizes(largest: float, smallest: float) -> Iterator[float]:
    """Font sizes to try, from the largest down; the smallest is always among them."""
    size = max(largest, smallest)
    while size > smallest:
        yield size
        size -= _STEP_PT
    yield smallest


@lru_cache(maxsize=512)
def fit_zone(
    zone: Zone, items: tuple[LabelItem, ...], order: BilingualOrder, template: str
) -> Block:
    """Set the items into the zone in the largest size at which all of them fit.

    :raises DoesNotFit: naming the first item that is too long and the millimetres it lacks.
    """
    smallest = min((size_for_height(item.min_height_mm) for item in items), default=1.0)
    packings = _PACKINGS if zone.style == "flow" else (("none",),)
    refusal: DoesNotFit | None = None
    for group in packings:
        for size, packing in product(sizes(zone.largest_pt, smallest), group):
            try:
                block = _set(_Setter(zone, packing, 0.0), items, order, size, template)
            except DoesNotFit as found:
                refusal = found
            else:
                return _loosened(zone, packing, items, order, size, template) or block
    assert refusal is not None
    raise refusal


def _loosened(
    zone: Zone,
    packing: Packing,
    items: tuple[LabelItem, ...],
    order: BilingualOrder,
    size: float,
    template: str,
) -> Block | None:
    for loosening in _LOOSENINGS:
        try:
            return _set(_Setter(zone, packing, loosening), items, order, size, template)
        except DoesNotFit:
            continue
    return None


def _set(
    setter: _Setter,
    items: tuple[LabelItem, ...],
    order: BilingualOrder,
    size: float,
    template: str,
) -> Block:
    zone = setter.zone
    for item in items:
        own_size = max(size, size_for_height(item.min_height_mm))
        paragraphs = STYLES[zone.style](item, order, (size, own_size), zone.bold)
        try:
            setter.add(item.key, paragraphs, own_size)
        except TooWide as found:
            raise DoesNotFit(
                "The item {item} does not fit on the label {template}: it needs {more_mm} mm more"
                " width. Shorten it or choose a larger label.",
                item=item.key,
                more_mm=found.more_mm,
                template=template,
            ) from None
    setter.finish()
    if setter.first_over is not None:
        raise DoesNotFit(
            "The item {item} does not fit on the label {template}: it needs {more_mm} mm more"
            " height. Shorten it or choose a larger label.",
            item=setter.first_over,
            more_mm=setter.over_mm,
            template=template,
        )
    return Block(tuple(setter.marks), _rule_above(zone))


@dataclass(frozen=True)
class _Pending:
    """A line that is set but not yet placed, because a short item may still stand beside it."""

    key: str
    line: Line
    gap: float
    takes_more: bool


class _Setter:
    """Sets lines into the boxes of a zone, from the top of the first to the foot of the last.

    Beyond the foot of the last box it goes on setting, to tell how much room is lacking:
    ``over_mm``, and ``first_over``, the key of the first item that goes beyond.
    """

    def __init__(self, zone: Zone, packing: Packing, loosening: float) -> None:
        self.zone = zone
        self.marks: list[Mark] = []
        self.first_over: str | None = None
        self.over_mm = 0.0
        self._packing = packing
        self._loosening = loosening
        self._box = 0
        self._y = zone.box.y
        self._pending: _Pending | None = None

    def add(self, key: str, paragraphs: list[list[Span]], size: float) -> None:
        """Set the paragraphs of one item.

        :raises TooWide: when a stretch that may not be broken is wider than its box.
        """
        em = size * MM_PER_PT
        gap = _ITEM_GAP * self._loosening * em
        for spans in paragraphs:
            text = stretches(spans)
            begun = self._stand_beside(text, em)
            self._set_lines(key, text, begun, gap, em)
            gap = 0.0

    def finish(self) -> None:
        """Place the last line."""
        if self._pending is not None:
            self._place(self._pending)
            self._pending = None

    def _set_lines(
        self, key: str, text: Sequence[Stretch], start: int, gap: float, em: float
    ) -> None:
        line_gap = _LINE_GAP * max(self._loosening - 1, 0) * em
        at, gap = start, line_gap if start else gap
        while at < len(text):
            self.finish()
            end, line = take_line(text, at, self._width(text))
            if self._moves_on(gap + line.height):
                continue
            only = at == 0 and end == len(text)
            takes_more = self._packing in ("any", "run-in") or (self._packing == "short" and only)
            self._pending = _Pending(key, line, gap, takes_more)
            at, gap = end, line_gap

    def _width(self, text: Sequence[Stretch]) -> float:
        width = self.zone.boxes[self._box].width
        return width if self.zone.style == "flow" else balanced_width(text, width)

    def _moves_on(self, height: float) -> bool:
        """Go to the next box if this much no longer fits here and there is one."""
        box = self.zone.boxes[self._box]
        if self._y + height <= box.y + box.height + _HAIR:
            return False
        if self._box + 1 == len(self.zone.boxes):
            return False
        self._box += 1
        self._y = self.zone.boxes[self._box].y
        return True

    def _stand_beside(self, text: Sequence[Stretch], em: float) -> int:
        """Begin an item on the line of the one before it, at mid-column if it can.

        Returns how many stretches of it stand there: none or all, but any number in a run-in.
        """
        pending = self._pending
        if pending is None or not pending.takes_more or not text:
            return 0
        box = self.zone.boxes[self._box]
        nearest = pending.line.width + _SIDE_GAP * em
        for x in (max(nearest, box.width / 2), nearest):
            try:
                end, line = take_line(text, 0, box.width - x)
            except TooWide:
                continue
            joined = _side_by_side(pending.line, line, x)
            if self._y + pending.gap + joined.height > box.y + box.height + _HAIR:
                continue
            runs_in = self._packing == "run-in" and box.width - nearest > _LEAST_RUN_IN * em
            if end == len(text) or (runs_in and x == nearest):
                self._pending = replace(pending, line=joined)
                return end
        return 0

    def _place(self, pending: _Pending) -> None:
        box, line = self.zone.boxes[self._box], pending.line
        if self._y > box.y:
            self._y += pending.gap
        x = box.x + ((box.width - line.width) / 2 if self.zone.centred else 0)
        self.marks.extend(
            Mark(x + piece.x, self._y + line.ascent, piece.face, piece.size, piece.text)
            for piece in line.pieces
        )
        self._y += line.height
        over = self._y - box.y - box.height
        if over > _HAIR:
            self.first_over = self.first_over or pending.key
            self.over_mm = over


def _side_by_side(left: Line, right: Line, x: float) -> Line:
    shifted = tuple(replace(piece, x=piece.x + x) for piece in right.pieces)
    return Line(
        left.pieces + shifted,
        x + right.width,
        max(left.ascent, right.ascent),
        max(left.descent, right.descent),
    )


def _rule_above(zone: Zone) -> tuple[Rule, ...]:
    if not zone.rule_above:
        return ()
    y = zone.box.y - 0.6
    return (Rule(zone.box.x, y, zone.box.x + zone.box.width, y, 0.2),)
