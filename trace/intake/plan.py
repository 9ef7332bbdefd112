"""From accepted rows to what an act writes: batches, with shares, animals, marks and papers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from suyuan.trace.batches.facts import MarkFacts, ShareFacts
from suyuan.trace.errors import Fault
from suyuan.trace.intake.attribute_values import attribute_value, kept_as
from suyuan.trace.intake.decisions import AcceptedRow, Decided
from suyuan.trace.intake.mapping import ColumnMapping
from suyuan.trace.intake.rows import SheetRow
from suyuan.trace.intake.values import Value
from suyuan.trace.intake.vocabulary import ColumnField, Vocabulary
from suyuan.trace.products.attributes import FactValue
from suyuan.trace.products.families import Family
from suyuan.trace.quantities import Quantity
from suyuan.trace.stated_dates import Calendar, Precision, StatedDate

_HEAD = "HEA"


@dataclass(frozen=True)
class PaperMention:
    """A paper's number as a row states it; the paper itself is not in the register yet."""

    kind: str
    number: str


@dataclass(frozen=True)
class AnimalFacts:
    """One animal of a batch; ``ear_tag`` None where it has none and that was accepted."""

    row: int
    ear_tag: str | None
    household: str = ""
    weight: Quantity | None = None
    attributes: Mapping[str, FactValue] = field(default_factory=dict)
    papers: tuple[PaperMention, ...] = ()


@dataclass(frozen=True)
class AcceptedRemark:
    """A doubt that went in with a reason: where it stood, what it was, why it was accepted."""

    row: int
    text: str
    reason: str


@dataclass(frozen=True)
class BatchProposal:
    """A batch that the accepted rows tell of. ``rows`` are numbers in the sheet, from 1.

    ``quantity`` is None only where the rows do not add up (weights missing, units of different
    kinds): the act asks then. ``note`` keeps, heading by heading, what no attribute holds.
    """

    family: str
    variant: str
    quantity: Quantity | None
    rows: tuple[int, ...]
    lot: str | None = None
    product: str | None = None
    produced: StatedDate | None = None
    attributes: Mapping[str, FactValue] = field(default_factory=dict)
    shares: tuple[ShareFacts, ...] = ()
    marks: tuple[MarkFacts, ...] = ()
    animals: tuple[AnimalFacts, ...] = ()
    papers: tuple[PaperMention, ...] = ()
    note: str = ""
    remarks: tuple[AcceptedRemark, ...] = ()


def propose(decided: Decided, family: Family, vocabulary: Vocabulary) -> tuple[BatchProposal, ...]:
    """The batches of the accepted rows, in the order of the sheet.

    One for each row where a row is a batch; else one for all rows with equal values in the
    mapping's ``batch_by``, its households' shares or its animals inside it.
    """
    planner = _Planner(decided.mapping, family, vocabulary)
    if decided.mapping.row_is == "batch":
        return tuple(planner.batch([row]) for row in decided.accepted)
    groups: dict[tuple[str, ...], list[AcceptedRow]] = {}
    for row in decided.accepted:
        key = tuple(row.row.stated.get(name, "") for name in decided.mapping.batch_by)
        groups.setdefault(key, []).append(row)
    return tuple(planner.batch(rows) for rows in groups.values())


class _Planner:
    """Holds what is the same for all batches of one sheet."""

    def __init__(self, mapping: ColumnMapping, family: Family, vocabulary: Vocabulary) -> None:
        self._mapping = mapping
        self._family = family
        self._kept = kept_as(mapping, vocabulary, family)
        self._fields = [vocabulary.fields[key] for key in mapping.columns.values()]

    def batch(self, accepted: Sequence[AcceptedRow]) -> BatchProposal:
        rows = [one.row for one in accepted]
        per_animal = self._mapping.row_is == "animal"
        animals = tuple(self._animal(row) for row in rows) if per_animal else ()
        attributes = self._shared_attributes(rows)
        if animals and "herd_count" in self._asked():
            attributes["herd_count"] = len(animals)
        return BatchProposal(
            family=self._family.key,
            variant=self._mapping.variant,
            quantity=self._quantity(rows),
            rows=tuple(row.row for row in rows),
            lot=_one_text(rows, "batch_number"),
            product=_one_text(rows, "product"),
            produced=self._produced(rows),
            attributes=attributes,
            shares=self._shares(rows),
            marks=self._marks(rows),
            animals=animals,
            papers=tuple(dict.fromkeys(p for row in rows for p in self._papers(row))),
            note=self._note(rows),
            remarks=tuple(_remarks(accepted)),
        )

    def _asked(self) -> set[str]:
        return {fact.key for fact in self._family.asked(self._mapping.variant or None)}

    def _counts_animals(self) -> bool:
        variant = self._family.variants.get(self._mapping.variant)
        unit = (variant.default_unit if variant else None) or self._family.default_unit
        return self._mapping.row_is == "animal" and unit == _HEAD

    def _amount(self, row: SheetRow) -> Quantity | None:
        """How much a row tells of: an animal counts one head, else the surest quantity column."""
        if self._counts_animals():
            return Quantity.of(1, _HEAD)
        ranked = sorted((f.quantity_rank, f.key) for f in self._fields if f.quantity_rank)
        for _, key in ranked:
            value = row.values.get(key)
            if isinstance(value, Quantity):
                return value
        bags, each = row.values.get("bags"), row.values.get("bag_weight")
        if isinstance(each, Quantity) and isinstance(bags, Decimal):
            return each * bags
        return None

    def _quantity(self, rows: Iterable[SheetRow]) -> Quantity | None:
        return _sum([self._amount(row) for row in rows])

    def _animal(self, row: SheetRow) -> AnimalFacts:
        tags = row.values.get("ear_tag")
        weight = row.values.get("live_weight")
        return AnimalFacts(
            row=row.row,
            ear_tag=tags[0] if isinstance(tags, tuple) and tags else None,
            household=_text(row, "household"),
            weight=weight if isinstance(weight, Quantity) else None,
            attributes=self._attributes(row),
            papers=self._papers(row),
        )

    def _attributes(self, row: SheetRow) -> dict[str, FactValue]:
        kept: dict[str, FactValue] = {}
        for one in self._fields:
            fact = self._kept.get(one.key)
            value = row.values.get(one.key)
            if fact is not None and value is not None:
                fitting = attribute_value(one, fact, value)
                if not isinstance(fitting, Fault):
                    kept.setdefault(fact.key, fitting)
        return kept

    def _shared_attributes(self, rows: Sequence[SheetRow]) -> dict[str, FactValue]:
        """Attributes of the whole batch: what all rows agree on; lists are put together."""
        each = [self._attributes(row) for row in rows]
        shared: dict[str, FactValue] = {}
        for key in dict.fromkeys(key for one in each for key in one):
            values = [one[key] for one in each if key in one]
            first = values[0]
            if isinstance(first, list):
                lists = [value for value in values if isinstance(value, list)]
                shared[key] = list(dict.fromkeys(text for listed in lists for text in listed))
            elif len(values) == len(rows) and all(value == first for value in values):
                shared[key] = first
        return shared

    def _shares(self, rows: Sequence[SheetRow]) -> tuple[ShareFacts, ...]:
        """Each household's part, households in the order in which they first stand."""
        parts: dict[str, list[Quantity | None]] = {}
        for row in rows:
            household = _text(row, "household")
            if household:
                parts.setdefault(household, []).append(self._amount(row))
        return tuple(
            ShareFacts(household=household, quantity=_sum(amounts))
            for household, amounts in parts.items()
        )

    def _marks(self, rows: Sequence[SheetRow]) -> tuple[MarkFacts, ...]:
        marks: list[MarkFacts] = []
        for one in self._fields:
            for row in rows if one.mark else ():
                value = row.values.get(one.key)
                texts = value if isinstance(value, tuple) else (value,)
                weight = row.values.get("live_weight") if len(texts) == 1 else None
                stated = str(weight) if one.mark == "ear_tag" and weight is not None else ""
                given = [text for text in texts if isinstance(text, str)]
                marks.extend(MarkFacts(one.mark or "", text, stated) for text in given)
        return tuple(dict.fromkeys(marks))

    def _papers(self, row: SheetRow) -> tuple[PaperMention, ...]:
        return tuple(
            PaperMention(one.paper or "certificate", number)
            for one in self._fields
            if one.kind == "paper" and (number := _text(row, one.key))
        )

    def _produced(self, rows: Sequence[SheetRow]) -> StatedDate | None:
        """The date by which the batch came to be; of several days, the time between them."""
        ranked = sorted((f.date_rank, f.key) for f in self._fields if f.date_rank)
        for _, key in ranked:
            found = [v for row in rows if isinstance(v := row.values.get(key), StatedDate)]
            if found:
                return _span(found)
        return None

    def _note(self, rows: Sequence[SheetRow]) -> str:
        """What no attribute, mark or paper holds, as it stood, each different text once."""
        used = {self._first(rows, "quantity_rank"), self._first(rows, "date_rank")}
        lines = []
        for one in self._fields:
            if one.key in used or not self._belongs_in_note(one):
                continue
            texts = dict.fromkeys(row.stated.get(one.key, "") for row in rows)
            said = "; ".join(text for text in texts if text)
            if said:
                lines.append(said if one.key == "note" else f"{one.names.zh}: {said}")
        return "\n".join(lines)

    def _first(
        self, rows: Sequence[SheetRow], rank: Literal["quantity_rank", "date_rank"]
    ) -> str | None:
        """The column that gave the batch its quantity or its date."""
        ranked = sorted((n, f.key) for f in self._fields if (n := getattr(f, rank)) is not None)
        return next((key for _, key in ranked if any(key in row.values for row in rows)), None)

    def _belongs_in_note(self, one: ColumnField) -> bool:
        """Personal facts, prices and what is kept elsewhere stay out of the note."""
        if one.disclosure == "personal" or one.confidential or one.mark or one.kind == "paper":
            return False
        if one.kind in ("sequence", "ignore", "unit"):
            return False
        if one.key in ("product", "bags", "bag_weight"):
            return False
        return one.key not in self._kept


def _sum(amounts: Sequence[Quantity | None]) -> Quantity | None:
    known = [amount for amount in amounts if amount is not None]
    same = len({amount.dimension for amount in known}) == 1
    return sum(known[1:], known[0]) if same and len(known) == len(amounts) else None


def _span(dates: Sequence[StatedDate]) -> StatedDate:
    texts = list(dict.fromkeys(one.text for one in dates))
    if len(texts) == 1:
        return dates[0]
    ends = [(one.earliest, one.latest) for one in dates]
    first = [early for early, _ in ends if early is not None]
    last = [late for _, late in ends if late is not None]
    whole = len(first) == len(last) == len(dates)
    return StatedDate(
        text=f"{texts[0]} … {texts[-1]}",
        earliest=min(first) if whole else None,
        latest=max(last) if whole else None,
        precision=Precision.RANGE if whole else Precision.UNKNOWN,
        calendar=Calendar.SOLAR if whole else Calendar.UNKNOWN,
    )


def _text(row: SheetRow, key: str) -> str:
    value: Value = row.values.get(key)
    return value if isinstance(value, str) else ""


def _one_text(rows: Sequence[SheetRow], key: str) -> str | None:
    """The text that all rows share, None where they differ or say nothing."""
    texts = {_text(row, key) for row in rows}
    return next(iter(texts)) or None if len(texts) == 1 else None


def _remarks(accepted: Iterable[AcceptedRow]) -> Iterable[AcceptedRemark]:
    for one in accepted:
        for taken in one.accepted:
            yield AcceptedRemark(one.row.row, str(taken.doubt), taken.reason)
