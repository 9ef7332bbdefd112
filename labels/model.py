"""What stands on a label, and where: plain facts, handed in by the caller or read from templates.

Lengths are in millimetres from the label's top left corner, font sizes in points.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from suyuan.labels.errors import MissingItem, NotDeclared
from suyuan.trace.errors import InvalidInput
from suyuan.trace.products.gs1 import Element
from suyuan.trace.products.label_items import PANEL


@dataclass(frozen=True)
class Bilingual:
    """A text in Chinese, and in Tibetan where somebody with that right has approved the words."""

    zh: str
    bo: str | None = None


@dataclass(frozen=True)
class LabelItem:
    """One item of a label: a heading such as 产地, and what is said under it.

    ``min_height_mm`` is the least height that the law lets its figures and capitals have.
    """

    key: str
    heading: Bilingual
    text: Bilingual
    min_height_mm: float = 1.8


@dataclass(frozen=True)
class BilingualOrder:
    """Which script stands first, and how large Tibetan is beside Chinese (0.8 to 1.0)."""

    first: Literal["zh", "bo"] = "zh"
    bo_to_zh: float = 1.0


@dataclass(frozen=True)
class NutritionPanel:
    """The nutrition panel (GB 28050): title, three column heads, rows of three, a closing note."""

    title: str
    heads: tuple[str, str, str]
    rows: tuple[tuple[str, str, str], ...]
    note: str = ""
    min_height_mm: float = 1.8


@dataclass(frozen=True)
class CodeWords:
    """The headings of what every label prints beside its symbol."""

    trace_code: Bilingual = Bilingual("追溯码")
    serial: Bilingual = Bilingual("序号")
    complaint: Bilingual = Bilingual("投诉电话")
    pin: Bilingual = Bilingual("刮开验证码")


@dataclass(frozen=True)
class LabelContent:
    """All that one label says.

    ``url`` is the signed code, ``trace_code`` its 16 digits (of the batch, or of the blank roll),
    ``serial`` the 12 digits of the package, None on a batch label, ``pin`` the 8 digits that are
    to be covered with scratch ink, where the run has any. ``mandatory`` are the keys of
    the items that must stand on the label, ``edition`` the standard that asks for them, where one
    does, ``elements`` what the bars of a carton say. ``declares_items_on_pack`` says that the
    producer declared that the pack itself carries the legal items. ``blank``: the label is one of
    a blank roll, on which nothing stands of what it will be stuck on.
    """

    items: tuple[LabelItem, ...]
    url: str
    trace_code: str
    serial: str | None
    complaint_phone: str
    mandatory: tuple[str, ...] = ()
    nutrition: NutritionPanel | None = None
    order: BilingualOrder = BilingualOrder()
    declares_items_on_pack: bool = False
    words: CodeWords = CodeWords()
    pin: str | None = field(default=None, repr=False)
    edition: str = ""
    elements: tuple[Element, ...] = ()
    blank: bool = False


@dataclass(frozen=True)
class Box:
    """A rectangle on the label: its top left corner, its width and its height."""

    x: float
    y: float
    width: float
    height: float


Style = Literal["display", "flow", "stacked", "nutrition"]


@dataclass(frozen=True)
class Zone:
    """A place on a label and the items that stand in it; ``*`` is every item not placed elsewhere.

    Text runs through the ``boxes`` in their order. Styles: ``display`` sets the text alone, one
    script under the other; ``flow`` sets "heading：text", short ones side by side;
    ``stacked`` sets the heading above the text;
    ``nutrition`` draws the panel.
    """

    name: str
    boxes: tuple[Box, ...]
    items: tuple[str, ...]
    style: Style
    largest_pt: float
    bold: bool = False
    centred: bool = False
    rule_above: bool = False

    @property
    def box(self) -> Box:
        """The first box, where the zone begins."""
        return self.boxes[0]


FreeKind = Literal["trace", "complete", "batch", "bulk"]
"""The kinds of labels that batches and packages are printed with."""


@dataclass(frozen=True)
class Template:
    """A label of one size. ``symbol`` is the square that the symbol and its quiet zone stand in,
    ``bars`` the place of the bars of a carton."""

    id: str
    kind: FreeKind | Literal["carton", "certificate"]
    name: Bilingual
    name_en: str
    width_mm: float
    height_mm: float
    symbol: Box
    zones: tuple[Zone, ...]
    code_height_mm: float
    bars: Box | None = None

    @property
    def requires_declaration(self) -> bool:
        """A trace label has no room for the legal items, so the pack must carry them."""
        return self.kind == "trace"

    @property
    def per_package(self) -> bool:
        """Whether each label is of one package, with a serial; else all are of the batch."""
        return self.kind not in ("batch", "bulk", "carton")

    @property
    def has_pin(self) -> bool:
        """Whether there is a place for a scratch PIN."""
        return any("pin" in zone.items for zone in self.zones)


def grouped(digits: str) -> str:
    """Digits in groups of four, as people read them aloud."""
    return " ".join(digits[at : at + 4] for at in range(0, len(digits), 4))


def items_to_print(template: Template, content: LabelContent) -> dict[str, LabelItem]:
    """Every item that may stand on the label, the coded ones too, by key.

    :raises NotDeclared: for a trace label without the producer's declaration.
    :raises MissingItem: naming the mandatory item that is missing or has no place here.
    :raises InvalidInput: when the codes disagree, or are not of what the label is of.
    """
    require_codes_agree(content)
    if (template.bars is not None) != bool(content.elements):
        raise InvalidInput(
            "A carton has a number of its own: order labels of cartons as cartons.", "template"
        )
    if content.blank and not template.requires_declaration:
        raise InvalidInput(
            "A blank roll knows nothing of the goods that its labels will be stuck on: choose a"
            " trace label, which stands beside what the pack says.",
            "template",
        )
    _require_code_of_its_kind(template, content)
    items = {item.key: item for item in content.items}
    for item in _coded_items(content, template.code_height_mm):
        items[item.key] = item
    if template.requires_declaration:
        if not content.declares_items_on_pack:
            raise NotDeclared(
                "The label {template} has no room for the legal items. Declare that they stand on"
                " the pack, or choose a complete label.",
                field="template",
                template=template.id,
            )
        required: tuple[str, ...] = ()
    else:
        required = content.mandatory
    for key in (*required, "trace_code", "complaint_phone", *(("pin",) if content.pin else ())):
        _require(key, template, content, items)
    return items


def _require_code_of_its_kind(template: Template, content: LabelContent) -> None:
    if template.kind in ("trace", "complete") and content.serial is None:
        raise InvalidInput(
            "The label {template} is of a single package, whose items and number stand on it:"
            " choose a label of a batch, such as batch-100x70, or have each package numbered.",
            "per_package", template=template.id,
        )  # fmt: skip
    if template.kind == "bulk" and content.serial is not None:
        raise InvalidInput(
            "The label {template} is of goods in bulk, which have the code of their batch and no"
            " numbers of single packages.",
            "per_package", template=template.id,
        )  # fmt: skip


def _require(
    key: str, template: Template, content: LabelContent, items: dict[str, LabelItem]
) -> None:
    given = content.nutrition if key == PANEL else items.get(key)
    named = {name for zone in template.zones for name in zone.items}
    if key == "pin" and key not in named:
        raise MissingItem(
            "The label {template} has no place for a scratch PIN: choose one that has.",
            item=key,
            template=template.id,
        )
    if given is None or (isinstance(given, LabelItem) and not given.text.zh.strip()):
        raise _missing(key, template, content.edition)
    if key not in named and (key == PANEL or "*" not in named):
        raise MissingItem(
            "The item {item} must be printed and the label {template} has no place for it: choose"
            " a larger label.",
            item=key,
            template=template.id,
        )


def _missing(key: str, template: Template, edition: str) -> MissingItem:
    if not edition:
        return MissingItem(
            "The item {item} must stand on this label and is missing: record it first.",
            item=key,
            template=template.id,
        )
    return MissingItem(
        "The item {item} must stand on this label by {edition} and is missing: record it first.",
        item=key,
        template=template.id,
        edition=edition,
    )


def require_codes_agree(content: LabelContent) -> None:
    """Raises InvalidInput where digits are none, or the symbol would say others."""
    if not (len(content.trace_code) == 16 and _digits(content.trace_code)):
        raise InvalidInput("A trace code has 16 digits.", field="trace_code")
    if content.serial is not None and not (len(content.serial) == 12 and _digits(content.serial)):
        raise InvalidInput("A serial has 12 digits.", field="serial")
    if "/t/" in content.url:
        printed = f"/t/{content.trace_code}" + (f"/{content.serial}" if content.serial else "")
    else:
        printed = f"/21/{content.serial}" if content.serial else ""
    if not content.url.endswith(printed):
        raise InvalidInput(
            "The symbol and the digits beside it must say the same: the code should end with"
            " {printed}.",
            field="url",
            printed=printed,
        )


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _coded_items(content: LabelContent, height_mm: float) -> list[LabelItem]:
    words = content.words
    said = [
        ("trace_code", words.trace_code, grouped(content.trace_code)),
        ("serial", words.serial, grouped(content.serial or "")),
        ("complaint_phone", words.complaint, content.complaint_phone),
        ("pin", words.pin, grouped(content.pin or "")),
    ]
    return [
        LabelItem(key, heading, Bilingual(text), height_mm)
        for key, heading, text in said
        if text.strip()
    ]
