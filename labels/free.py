"""Labels of any size: a template arranged for a width and a height that a clerk gives.

The id says all of it (``complete-75x55-panel``), so a run that is drawn again years later is
arranged the same. The symbol keeps its size, since its modules must; what the label grows by goes
to the items. A label that is too small is refused when it is laid out, with the millimetres that
are wanting.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, cast

from suyuan.labels.fonts import MM_PER_PT, size_for_height
from suyuan.labels.model import Bilingual, Box, FreeKind, Style, Template, Zone

LEAST_MM: Final = 20.0
MOST_MM: Final = 400.0
"""What label printers and sheets of stickers take."""
HOLE_STRIP_MM: Final = 12.0
"""Kept free at the top of a hanging tag: a hole of 5 mm with its edge, and the string."""

_ID = re.compile(
    r"(?P<kind>trace|complete|batch|bulk)-(?P<width>[0-9]{2,3}(?:\.[0-9])?)x"
    r"(?P<height>[0-9]{2,3}(?:\.[0-9])?)(?P<panel>-panel)?(?P<pin>-pin)?(?P<hole>-hole)?"
)
_SYMBOL, _TIGHT_SYMBOL = 28.6, 27.0
"""Room for a symbol of version 8, and of version 7, with modules of half a millimetre."""
_PANEL_WIDTH, _PANEL_HEIGHT = 32.4, 29.4
"""What the panel of seven nutrients needs at the least height of characters."""
_PIN_STRIP = 8.4
_CODE_EM = 46
"""Trace code, serial and telephone with their headings, one after the other."""
_LEAST_TEXT = {"trace": 11.0, "complete": 30.0, "batch": 30.0, "bulk": 30.0}
"""Narrower beside the symbol, the items stand under each other with the symbol at the foot."""
_NAMES = {
    "trace": ("追溯标签", "Trace label"),
    "complete": ("完整标签", "Complete label"),
    "batch": ("批次标签", "Batch label"),
    "bulk": ("散装标签（袋、容器）", "Label for sacks and bulk containers"),
}


@dataclass(frozen=True)
class FreeSize:
    """A label of one's own size in mm. ``panel``: with a place for the nutrition panel, ``pin``:
    for a scratch PIN, ``hole``: a hanging tag, with the strip of its hole kept free."""

    kind: FreeKind
    width_mm: float
    height_mm: float
    panel: bool = False
    pin: bool = False
    hole: bool = False

    @property
    def id(self) -> str:
        """As a print run keeps it."""
        parts = ("-panel", self.panel), ("-pin", self.pin), ("-hole", self.hole)
        more = "".join(part for part, there in parts if there)
        return f"{self.kind}-{self.width_mm:g}x{self.height_mm:g}{more}"


def read_free_size(template_id: str) -> FreeSize | None:
    """The size that an id says; None where it says none, or not as ``FreeSize.id`` writes it."""
    found = _ID.fullmatch(template_id)
    if found is None:
        return None
    size = FreeSize(
        cast(FreeKind, found["kind"]),
        float(found["width"]),
        float(found["height"]),
        bool(found["panel"]),
        bool(found["pin"]),
        bool(found["hole"]),
    )
    within = all(LEAST_MM <= side <= MOST_MM for side in (size.width_mm, size.height_mm))
    return size if within and size.id == template_id else None


def arranged(size: FreeSize) -> Template:
    """The template of this size."""
    frame = _Frame.of(size)
    if size.kind == "trace":
        symbol, zones = _trace(frame) if frame.is_broad else _narrow_trace(frame)
    else:
        symbol, zones = _broad(frame) if frame.is_broad else _narrow(frame)
    if size.pin:
        zones = (*zones, frame.pin)
    zh, en = _NAMES[size.kind]
    return Template(
        id=size.id,
        kind=size.kind,
        name=Bilingual(f"{zh}（吊牌）" if size.hole else zh),
        name_en=f"{en}, hanging tag" if size.hole else en,
        width_mm=size.width_mm,
        height_mm=size.height_mm,
        symbol=symbol,
        zones=zones,
        code_height_mm=frame.code_mm,
    )


@dataclass(frozen=True)
class _Frame:
    """The part of a label that is written on, its margins taken off, and the sizes of its texts."""

    size: FreeSize
    margin: float
    left: float
    top: float
    right: float
    bottom: float
    symbol: float
    code_mm: float
    scale: float

    @classmethod
    def of(cls, size: FreeSize) -> _Frame:
        on_sack = size.kind in ("batch", "bulk")
        margin = 0.9 if min(size.width_mm, size.height_mm) < 40 else 3.0 if on_sack else 1.8
        top = HOLE_STRIP_MM if size.hole else margin * 0.7
        bottom = size.height_mm - margin * 0.7 - (_PIN_STRIP if size.pin else 0)
        tight = min(size.width_mm, bottom - top) < 30
        return cls(
            size,
            margin,
            margin,
            top,
            size.width_mm - margin,
            bottom,
            _TIGHT_SYMBOL if tight else _SYMBOL,
            (1.5 if size.kind == "trace" and tight else 1.8) if not on_sack else 3.0,
            max(0.7, min(2.2, size.width_mm / 70)),
        )

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def beside(self) -> float:
        """The width of what stands to the left of the symbol."""
        return self.width + self.margin - 0.3 - self.symbol

    @property
    def is_broad(self) -> bool:
        return self.beside >= _LEAST_TEXT[self.size.kind]

    @property
    def pin(self) -> Zone:
        box = Box(self.left, self.bottom + 0.8, self.width, _PIN_STRIP - 1.2)
        return Zone("pin", (box,), ("pin",), "flow", 14, True, True, True)

    def symbol_at(self, x: float, y: float) -> Box:
        return Box(x, y, min(self.symbol, self.size.width_mm), self.symbol)

    def code_height(self, width: float) -> float:
        """Room for the codes at their least height."""
        em = size_for_height(self.code_mm) * MM_PER_PT
        return (1 + _CODE_EM * em // width) * em * 1.1 + 0.2

    def name(self, width: float) -> Zone:
        tall = (16.0 if self.code_mm == 3 else 8.8) * max(self.scale, 0.95)
        box = Box(self.left, self.top, width, tall)
        return _zone(
            "name", ("product_name",), "display", (28 if tall > 20 else 14) * self.scale, box
        )

    def items(self, *boxes: Box) -> Zone:
        largest = (12 if self.code_mm == 3 else 8.5) * max(self.scale, 0.9)
        return _zone("items", ("*",), "flow", largest, *boxes)

    def code(self, box: Box, style: Style = "flow") -> Zone:
        keys = ("trace_code", "serial", "complaint_phone")
        return _zone(
            "code", keys, style, (14 if self.code_mm == 3 else 8) * max(self.scale, 0.9), box
        )

    def panel(self, x: float, y: float, width: float, height: float) -> tuple[Zone, ...]:
        if not self.size.panel:
            return ()
        box = Box(x, y, width, height)
        return (_zone("nutrition", ("nutrition_panel",), "nutrition", 8 * self.scale, box),)


def _zone(name: str, keys: tuple[str, ...], style: Style, largest: float, *boxes: Box) -> Zone:
    sound = tuple(Box(b.x, b.y, max(b.width, 0.1), max(b.height, 0.1)) for b in boxes)
    ruled = name in ("items", "code")
    return Zone(name, sound, keys, style, largest, bold=name == "name", rule_above=ruled)


_Arranged = tuple[Box, tuple[Zone, ...]]


def _trace(frame: _Frame) -> _Arranged:
    """Name and codes to the left of the symbol, the telephone at the foot."""
    foot = frame.code_mm * 1.6
    height = frame.bottom - frame.top - foot
    symbol_top = frame.top - min(frame.top, 0.9) + max(0, (height - frame.symbol) / 2)
    symbol = frame.symbol_at(frame.size.width_mm - frame.symbol, symbol_top)
    name = Box(frame.left, frame.top, frame.beside, height * 0.46)
    code = Box(frame.left, frame.top + height * 0.5, frame.beside, height * 0.5 - 0.2)
    phone = Box(frame.left, frame.bottom - foot, frame.width, foot)
    return symbol, (
        _zone("name", ("product_name",), "display", 9.5 * frame.scale + 2, name),
        _zone("code", ("trace_code", "serial"), "stacked", 8, code),
        Zone("phone", (phone,), ("complaint_phone",), "flow", 8, bold=True),
    )


def _narrow_trace(frame: _Frame) -> _Arranged:
    """The symbol at the top, the rest under it."""
    symbol = frame.symbol_at(max(0, (frame.size.width_mm - frame.symbol) / 2), frame.top - 0.3)
    under = frame.top + frame.symbol
    height = frame.bottom - under
    name = Box(frame.left, under, frame.width, height * 0.35)
    code = Box(frame.left, under + height * 0.4, frame.width, height * 0.6)
    return symbol, (
        _zone("name", ("product_name",), "display", 14 * frame.scale, name),
        frame.code(code),
    )


def _broad(frame: _Frame) -> _Arranged:
    """The symbol at the top right, the items beside it and under it, the codes at the foot."""
    symbol_top = frame.top - min(frame.top, 0.9)
    symbol = frame.symbol_at(frame.size.width_mm - frame.symbol - 0.1, symbol_top)
    under = symbol_top + frame.symbol + 0.4
    name = frame.name(frame.beside)
    start = frame.top + name.box.height + 1.1
    if frame.size.panel and frame.bottom - under < _PANEL_HEIGHT:
        return symbol, (name, *_panel_between(frame, start, under))
    panel = frame.panel(frame.right - _PANEL_WIDTH, under, _PANEL_WIDTH, frame.bottom - under)
    wide = frame.width - (_PANEL_WIDTH + 0.8 if panel else 0)
    foot = frame.bottom - frame.code_height(wide)
    if foot - 1 <= under:
        return symbol, (name, *_beside_only(frame, start))
    beside = Box(frame.left, start, frame.beside, under - start)
    below = Box(frame.left, max(under, start), wide, foot - 1 - max(under, start))
    items = frame.items(*((beside, below) if under - start > 1 else (below,)))
    return symbol, (name, items, *panel, frame.code(_box(frame.left, foot, wide, frame.bottom)))


def _beside_only(frame: _Frame, start: float) -> tuple[Zone, ...]:
    """A low label has no room below the symbol."""
    foot = frame.bottom - frame.code_height(frame.beside)
    items = Box(frame.left, start, frame.beside, foot - 1 - start)
    return frame.items(items), frame.code(_box(frame.left, foot, frame.beside, frame.bottom))


def _box(x: float, y: float, width: float, bottom: float) -> Box:
    return Box(x, y, width, bottom - y)


def _panel_between(frame: _Frame, start: float, under: float) -> tuple[Zone, ...]:
    """The panel between the items and the symbol, where there is no height for it under that."""
    wide = frame.beside - _PANEL_WIDTH - 0.8
    tall = frame.code_height(frame.width)
    foot = max(frame.bottom - tall, under)
    panel = frame.panel(frame.left + wide + 0.8, start, _PANEL_WIDTH, foot - 1 - start)
    items = Box(frame.left, start, wide, foot - 1 - start)
    return (frame.items(items), *panel, frame.code(Box(frame.left, foot, frame.width, tall)))


def _narrow(frame: _Frame) -> _Arranged:
    """All under each other, the symbol at the foot."""
    symbol_top = frame.bottom - frame.symbol + 0.3
    symbol = frame.symbol_at(max(0, (frame.size.width_mm - frame.symbol) / 2), symbol_top)
    tall = frame.code_height(frame.width)
    code = Box(frame.left, symbol_top - tall - 0.3, frame.width, tall)
    panel_tall = _PANEL_HEIGHT if frame.size.panel else 0
    panel_top = code.y - 1 - panel_tall
    name = frame.name(frame.width)
    start = frame.top + name.box.height + 1.1
    items = Box(frame.left, start, frame.width, panel_top - 0.6 - start)
    return symbol, (
        name,
        frame.items(items),
        *frame.panel(frame.left, panel_top, frame.width, panel_tall),
        frame.code(code),
    )
