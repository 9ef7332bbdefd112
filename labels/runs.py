"""The labels of one run: they differ in serial and PIN alone, so one is laid out for all.

Figures are all of one width in the label fonts. So what is set for a serial of noughts is set for
every serial, with its own figures in their places.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from suyuan.labels import qr
from suyuan.labels.fit import Block, Mark
from suyuan.labels.layout import LaidOut, fit_blocks, lay_out
from suyuan.labels.model import LabelContent, Template, items_to_print, require_codes_agree

_NUMERALS = 9  # figures that tell a place from a nought


def lay_out_run(
    template: Template, contents: Iterable[LabelContent], dpi: int
) -> Iterator[LaidOut]:
    """Lay out labels one after the other; raises as ``lay_out`` does, at the label concerned."""
    first: tuple[LabelContent, LaidOut] | None = None
    common: tuple[object, ...] = ()
    pattern: _Pattern | None = None
    for content in contents:
        shared = _shared(content)
        if first is None or shared != common:
            first, common, pattern = (content, lay_out(template, content, dpi)), shared, None
            yield first[1]
            continue
        if pattern is None:
            pattern = _pattern(*first)
        yield pattern.filled(content)


@dataclass(frozen=True)
class _Slots:
    """A mark and where in its text a label's own figures stand, as character and figure."""

    mark: Mark
    figures: tuple[tuple[int, int], ...]

    def filled(self, own: str) -> Mark:
        text = list(self.mark.text)
        for at, number in self.figures:
            text[at] = own[number]
        mark = self.mark
        return Mark(mark.x, mark.y, mark.face, mark.size, "".join(text))


@dataclass(frozen=True)
class _Pattern:
    """A label that stands for others: what all of them share, and the marks that have figures of
    their own in them."""

    label: LaidOut
    shared: tuple[Block, ...]
    slots: tuple[_Slots, ...]

    def filled(self, content: LabelContent) -> LaidOut:
        """The label of this content, which differs in code, serial and PIN alone."""
        label = self.label
        require_codes_agree(content)
        symbol = qr.encode(content.url)
        if symbol.version != label.symbol.version:
            return lay_out(label.template, content, label.dpi)
        own = _own(content)
        marks = tuple(one.filled(own) for one in self.slots)
        blocks = (*self.shared, Block(marks, repeats=False)) if marks else self.shared
        return LaidOut(label.template, label.dpi, blocks, symbol, label.place)


def _pattern(content: LabelContent, label: LaidOut) -> _Pattern:
    """Find the places of figures: those that change with them, told apart by two more settings."""
    count = len(_own(content))
    noughts, tens, ones = (
        _set(content, label.template, "".join(str(figure) for figure in figures))
        for figures in (
            [0] * count,
            [1 + number // _NUMERALS for number in range(count)],
            [1 + number % _NUMERALS for number in range(count)],
        )
    )
    shared: list[Block] = []
    slots: list[_Slots] = []
    for block, *others in zip(noughts, tens, ones, strict=True):
        thrice = zip(block.marks, *(one.marks for one in others), strict=True)
        marks = [_slots(*three) for three in thrice]
        same = tuple(one.mark for one in marks if not one.figures)
        shared.append(Block(same, block.rules))
        slots += (one for one in marks if one.figures)
    return _Pattern(label, tuple(shared), tuple(slots))


def _slots(nought: Mark, ten: Mark, one: Mark) -> _Slots:
    figures = (
        (at, (int(high) - 1) * _NUMERALS + int(low) - 1)
        for at, (same, high, low) in enumerate(zip(nought.text, ten.text, one.text, strict=True))
        if same != high
    )
    return _Slots(nought, tuple(figures))


def _set(content: LabelContent, template: Template, own: str) -> tuple[Block, ...]:
    """The blocks of a label with these figures of its own."""
    serial = own[: len(content.serial or "")]
    stem = content.url.removesuffix(content.serial or "")
    changed = replace(
        content,
        url=stem + serial,
        serial=serial or None,
        pin=own[len(serial) :] or None,
    )
    items = items_to_print(template, changed)
    return fit_blocks(template, items, content.order, content.nutrition)


def _own(content: LabelContent) -> str:
    """The figures that no other label has."""
    return (content.serial or "") + (content.pin or "")


def _shared(content: LabelContent) -> tuple[object, ...]:
    """What the labels of one run have in common."""
    return (
        content.items, content.trace_code, content.complaint_phone, content.mandatory,
        content.nutrition, content.elements, content.order, content.words,
        content.declares_items_on_pack, len(content.serial or ""), len(content.pin or ""),
    )  # fmt: skip
