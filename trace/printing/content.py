"""What a label says, as plain facts: gathered here, drawn elsewhere.

The facts are frozen when a run is issued, so that a label printed again is the same label even
where the product was changed since. Nothing here knows sizes, fonts or templates.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal

from suyuan.trace.products.gs1 import Element, sscc_of


@dataclass(frozen=True)
class Said:
    """A text in Chinese, and in Tibetan where its words may stand on a label."""

    zh: str
    bo: str | None = None

    def to_json(self) -> dict[str, str | None]:
        return {"zh": self.zh, "bo": self.bo}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Said:
        """The inverse of ``to_json``."""
        return cls(data["zh"], data["bo"])


@dataclass(frozen=True)
class ItemFact:
    """One item: its key in ``standards/label_items.json``, its heading and what is said.

    ``least_mm``: the least height in mm that its characters (of the net content: its figures)
    must have, as a decimal string.
    """

    key: str
    heading: Said
    text: Said
    least_mm: str

    def to_json(self) -> dict[str, Any]:
        return {
            "key": self.key,
            "heading": self.heading.to_json(),
            "text": self.text.to_json(),
            "least_mm": self.least_mm,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> ItemFact:
        """The inverse of ``to_json``."""
        heading, text = Said.from_json(data["heading"]), Said.from_json(data["text"])
        return cls(data["key"], heading, text, data["least_mm"])


@dataclass(frozen=True)
class NutritionFacts:
    """The nutrition panel: what it counts per (``100 g``), rows of nutrient, amount and share.

    A share is the percentage of the reference value (NRV), empty where there is none.
    """

    per: str
    rows: tuple[tuple[str, str, str], ...]
    note: str = ""

    def to_json(self) -> dict[str, Any]:
        return {"per": self.per, "rows": [list(row) for row in self.rows], "note": self.note}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> NutritionFacts:
        """The inverse of ``to_json``."""
        rows = tuple((row[0], row[1], row[2]) for row in data["rows"])
        return cls(data["per"], rows, data["note"])


@dataclass(frozen=True)
class BulkFacts:
    """What a label on goods sold in bulk says beyond that of a batch, and what it must say.

    ``edition``: the law or standard that asks for the items ``mandatory``.
    """

    edition: str
    mandatory: tuple[str, ...]
    items: tuple[ItemFact, ...]

    def to_json(self) -> dict[str, Any]:
        return {
            "edition": self.edition,
            "mandatory": list(self.mandatory),
            "items": [item.to_json() for item in self.items],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> BulkFacts:
        """The inverse of ``to_json``."""
        items = tuple(ItemFact.from_json(item) for item in data["items"])
        return cls(data["edition"], tuple(data["mandatory"]), items)


@dataclass(frozen=True)
class CartonFacts:
    """What the bars of the cartons of a run say: a number of its own each, and what all hold.

    ``first``: the 17 digits that the first SSCC begins with; those of the others follow on it.
    """

    first: str
    shared: tuple[Element, ...]

    def sscc(self, number: int) -> str:
        """The SSCC of a carton of the run, the first one being number 0."""
        return sscc_of(f"{int(self.first) + number:017d}")

    def elements_of(self, number: int) -> tuple[Element, ...]:
        """All that the bars of this carton say."""
        return (Element("00", self.sscc(number)), *self.shared)

    def beginning_at(self, number: int) -> CartonFacts:
        """The same of the cartons from this one on, the first one being number 0."""
        return CartonFacts(f"{int(self.first) + number:017d}", self.shared)

    def to_json(self) -> dict[str, Any]:
        return {"first": self.first, "shared": [[one.ai, one.value] for one in self.shared]}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> CartonFacts:
        """The inverse of ``to_json``."""
        return cls(data["first"], tuple(Element(ai, value) for ai, value in data["shared"]))


NOT_IN_BULK: Final = BulkFacts("", (), ())


@dataclass(frozen=True)
class LabelFacts:
    """All that the labels of one run have in common.

    ``mandatory`` are the keys of the items that a complete label must carry, ``edition`` the
    standard that asks for them on the day of making; ``items_on_pack``
    is the producer's declaration that they stand on the pack. ``first`` and ``bo_to_zh`` are the
    order of the scripts and the size of the Tibetan beside the Chinese. ``bulk`` is what counts
    instead on a container that goods are sold out of; ``carton`` is there where the run is one of
    cartons. ``blank``: of a roll, before anybody knows what it will be stuck on.
    """

    items: tuple[ItemFact, ...]
    mandatory: tuple[str, ...]
    complaint_phone: str
    nutrition: NutritionFacts | None = None
    items_on_pack: bool = False
    first: Literal["zh", "bo"] = "zh"
    bo_to_zh: str = "1"
    edition: str = ""
    bulk: BulkFacts = NOT_IN_BULK
    carton: CartonFacts | None = None
    blank: bool = False

    def beginning_at(self, first: int) -> LabelFacts:
        """What the labels from the one with this number on have in common, counted from 1."""
        carton = self.carton
        return replace(self, carton=carton.beginning_at(first - 1)) if carton else self

    def to_json(self) -> dict[str, Any]:
        """As a print run keeps it."""
        return {
            "items": [item.to_json() for item in self.items],
            "mandatory": list(self.mandatory),
            "complaint_phone": self.complaint_phone,
            "nutrition": self.nutrition.to_json() if self.nutrition else None,
            "items_on_pack": self.items_on_pack,
            "first": self.first,
            "bo_to_zh": self.bo_to_zh,
            "edition": self.edition,
            "bulk": self.bulk.to_json(),
            "carton": self.carton.to_json() if self.carton else None,
            **({"blank": True} if self.blank else {}),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> LabelFacts:
        """The inverse of ``to_json``."""
        nutrition = data["nutrition"]
        return cls(
            items=tuple(ItemFact.from_json(item) for item in data["items"]),
            mandatory=tuple(data["mandatory"]),
            complaint_phone=data["complaint_phone"],
            nutrition=NutritionFacts.from_json(nutrition) if nutrition else None,
            items_on_pack=data["items_on_pack"],
            first=data["first"],
            bo_to_zh=data["bo_to_zh"],
            edition=data["edition"],
            bulk=BulkFacts.from_json(data["bulk"]),
            carton=CartonFacts.from_json(data["carton"]) if data["carton"] else None,
            blank=data.get("blank", False),
        )


@dataclass(frozen=True)
class IssuedLabel:
    """One label of a run: the signed code, its path, and the digits printed beside it.

    ``trace_code`` is that of the batch, or the roll code of a blank roll. ``pin`` is there only
    while labels with scratch PINs are drawn, ``net_content`` where each package has its own.
    """

    url: str
    path: str
    trace_code: str
    serial: str | None
    pin: str | None = field(default=None, repr=False)
    net_content: str | None = None
