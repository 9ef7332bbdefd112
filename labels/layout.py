"""From label data to a laid-out label: every zone fitted, the symbol in its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from suyuan.labels import qr
from suyuan.labels.bars.placing import Bars, place_bars
from suyuan.labels.errors import DoesNotFit
from suyuan.labels.fit import Block, fit_zone
from suyuan.labels.model import (
    BilingualOrder,
    LabelContent,
    LabelItem,
    NutritionPanel,
    Template,
    Zone,
    items_to_print,
)
from suyuan.labels.nutrition import fit_panel
from suyuan.labels.text import require_glyphs
from suyuan.trace.products.label_items import PANEL

_OWN_TO_EACH_LABEL = frozenset({"serial", "pin"})


@dataclass(frozen=True)
class SymbolPlace:
    """Where the symbol's dark square begins, in whole dots from the top left, and its size."""

    left: int
    top: int
    dots_per_module: int


@dataclass(frozen=True)
class LaidOut:
    """A label ready to be drawn for a printer of one resolution."""

    template: Template
    dpi: int
    blocks: tuple[Block, ...]
    symbol: qr.Symbol
    place: SymbolPlace
    bars: tuple[Bars, ...] = ()


def dots_per_module(dpi: int) -> int:
    """Whole printer dots in a module of half a millimetre: 4 at 203 dpi, 6 at 300, 12 at 600."""
    return max(1, round(dpi * 0.5 / 25.4))


def to_dots(length_mm: float, dpi: int) -> int:
    """Millimetres in whole printer dots."""
    return round(length_mm * dpi / 25.4)


def lay_out(template: Template, content: LabelContent, dpi: int) -> LaidOut:
    """Lay out one label.

    :raises NotDeclared: for a trace label without the producer's declaration.
    :raises MissingItem: for a mandatory item that is missing or has no place on the template.
    :raises MissingGlyph: for a character that no label font holds.
    :raises DoesNotFit: for an item too long for its place.
    :raises InvalidInput: when the code cannot be a symbol or the digits contradict it.
    """
    items = items_to_print(template, content)
    label = lay_out_items(
        template, items, content.url, dpi, order=content.order, nutrition=content.nutrition
    )
    if template.bars is None:
        return label
    bars, text = place_bars(template.bars, content.elements, dpi, template.id)
    return replace(label, blocks=(*label.blocks, text), bars=bars)


def lay_out_items(
    template: Template,
    items: Mapping[str, LabelItem],
    url: str,
    dpi: int,
    *,
    order: BilingualOrder,
    nutrition: NutritionPanel | None = None,
) -> LaidOut:
    """Lay out items by their keys beside the symbol of ``url``; raises as ``lay_out``."""
    symbol = qr.encode(url)
    blocks = fit_blocks(template, items, order, nutrition)
    return LaidOut(template, dpi, blocks, symbol, _place(template, symbol, dpi))


def fit_blocks(
    template: Template,
    items: Mapping[str, LabelItem],
    order: BilingualOrder,
    nutrition: NutritionPanel | None,
) -> tuple[Block, ...]:
    """Every zone that has something to say, with its items set in it; raises as ``lay_out``."""
    return tuple(
        block
        for zone in template.zones
        if (block := _fit(template, zone, items, order, nutrition)) is not None
    )


def _fit(
    template: Template,
    zone: Zone,
    items: Mapping[str, LabelItem],
    order: BilingualOrder,
    panel: NutritionPanel | None,
) -> Block | None:
    if zone.style == "nutrition":
        if panel is None:
            return None
        cells = [cell for row in (panel.heads, *panel.rows) for cell in row]
        require_glyphs(PANEL, panel.title, panel.note, *cells)
        return fit_panel(zone, panel, template.id)
    chosen = _chosen(template, zone, items)
    if not chosen:
        return None
    for item in chosen:
        texts = (item.heading.zh, item.heading.bo, item.text.zh, item.text.bo)
        require_glyphs(item.key, *(text for text in texts if text))
    own = any(item.key in _OWN_TO_EACH_LABEL for item in chosen)
    # what is fitted is remembered, and a PIN must not outlive the drawing of its label
    secret = any(item.key == "pin" for item in chosen)
    fit = fit_zone.__wrapped__ if secret else fit_zone
    block = fit(zone, chosen, order, template.id)
    return Block(block.marks, block.rules, repeats=not own)


def _chosen(
    template: Template, zone: Zone, items: Mapping[str, LabelItem]
) -> tuple[LabelItem, ...]:
    placed = {key for each in template.zones for key in each.items}
    keys: list[str] = []
    for key in zone.items:
        keys += [each for each in items if each not in placed] if key == "*" else [key]
    return tuple(items[key] for key in keys if key in items)


def _place(template: Template, symbol: qr.Symbol, dpi: int) -> SymbolPlace:
    dots = dots_per_module(dpi)
    box = template.symbol
    side, room = symbol.side_with_quiet_zone * dots, to_dots(min(box.width, box.height), dpi)
    if side > room:
        raise DoesNotFit(
            "The symbol does not fit on the label {template}: it needs {more_mm} mm more. Choose a"
            " larger label.",
            item="symbol",
            more_mm=(side - room) * 25.4 / dpi,
            template=template.id,
        )
    quiet = qr.QUIET_ZONE * dots
    left = to_dots(box.x, dpi) + (to_dots(box.width, dpi) - side) // 2 + quiet
    top = to_dots(box.y, dpi) + (to_dots(box.height, dpi) - side) // 2 + quiet
    return SymbolPlace(left, top, dots)
