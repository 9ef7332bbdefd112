"""The ways in which a zone words its items: name alone, heading and text in a line, or stacked."""

from __future__ import annotations

from collections.abc import Callable

from suyuan.labels.fonts import size_for_height
from suyuan.labels.model import Bilingual, BilingualOrder, LabelItem
from suyuan.labels.text import Span

_HEADING_TO_TEXT = 0.8  # size of a stacked heading beside the text under it


def _scripts(text: Bilingual, order: BilingualOrder, size: float, bold: bool) -> list[Span]:
    """The text in the scripts it has, in the order of the setting."""
    spans = [Span(text.zh, size, bold)] if text.zh else []
    if text.bo:
        tibetan = Span(text.bo, size * order.bo_to_zh)
        spans.insert(0 if order.first == "bo" else len(spans), tibetan)
    return spans


def _spaced(spans: list[Span]) -> list[Span]:
    """Two scripts side by side, a space between them."""
    between = [Span(" ", spans[0].size)] if len(spans) > 1 else []
    return [*spans[:1], *between, *spans[1:]]


Sizes = tuple[float, float]
"""The size of the zone, and that of the text where its own minimum is larger (net content)."""


def _display(item: LabelItem, order: BilingualOrder, sizes: Sizes, bold: bool) -> list[list[Span]]:
    return [[span] for span in _scripts(item.text, order, sizes[1], bold)]


def _flow(item: LabelItem, order: BilingualOrder, sizes: Sizes, bold: bool) -> list[list[Span]]:
    heading = _spaced(_scripts(item.heading, order, sizes[0], True))
    colon = [Span("：", sizes[0], True)] if heading else []
    return [[*heading, *colon, *_spaced(_scripts(item.text, order, sizes[1], bold))]]


def _stacked(item: LabelItem, order: BilingualOrder, sizes: Sizes, bold: bool) -> list[list[Span]]:
    heading_size = max(sizes[1] * _HEADING_TO_TEXT, size_for_height(item.min_height_mm))
    heading = _spaced(_scripts(item.heading, order, heading_size, False))
    text = _display(item, order, sizes, bold)
    return [heading, *text] if heading else text


Style = Callable[[LabelItem, BilingualOrder, Sizes, bool], list[list[Span]]]
STYLES: dict[str, Style] = {"display": _display, "flow": _flow, "stacked": _stacked}
