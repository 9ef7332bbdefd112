"""Reading what was typed: every fault is found, and none of them stops the reading.

A reader answers with a value that may be empty where something is wrong; ``finish`` raises all
that was found. What a person typed is never changed, so that the form can show it again.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import TypeVar

from werkzeug.datastructures import MultiDict

from suyuan.trace.clock import SHANGHAI
from suyuan.trace.date_forms import YEAR_FROM_CONTEXT
from suyuan.trace.doubts import Doubt
from suyuan.trace.errors import Fault, InvalidInput, InvalidInputs
from suyuan.trace.products.attributes import Fact, FactValue, check_value, is_blank
from suyuan.trace.quantities import Quantity, unit_table, units
from suyuan.trace.reading_dates import read_date
from suyuan.trace.stated_dates import StatedDate
from suyuan.trace.stated_quantities import read_quantity

T = TypeVar("T")

LINE = 200
"""Characters of a line of text, where a column or a standard sets no other limit."""
PARAGRAPH = 1000
MOST_ROWS = 200
EARLIEST_YEAR = 1900
"""Before it nothing happened that a form is about; the first years cannot be told in UTC."""
FACT = "fact."
"""What stands before the key of a family's fact in the name of a field."""
SURE = ".sure"
"""What stands behind the name of a field for the tick that it is meant as it stands."""
UNIT = ".unit"

_LIST_MARKS = re.compile(r"[\n,，、;；]+")
_READABLE_CONTROLS = "\n\t"


class Doubtful(InvalidInputs):
    """Something can mean several things, or was wrong; ``questions`` may be settled by a tick."""

    def __init__(self, faults: Sequence[Fault], questions: Iterable[str]) -> None:
        super().__init__(faults)
        self.questions = frozenset(questions)


@dataclass
class Typed:
    """The fields of a form, and the faults found in them so far. ``today``: here, not in UTC."""

    fields: MultiDict[str, str]
    today: date
    faults: list[Fault] = field(default_factory=list)
    questions: set[str] = field(default_factory=set)

    def finish(self) -> None:
        """Raises Doubtful where anything was wrong or must be asked."""
        if self.faults:
            raise Doubtful(self.faults, self.questions)

    def note(self, fault: Fault) -> None:
        """Remember a fault; only the first of a field is shown."""
        if all(fault.field != before.field for before in self.faults):
            self.faults.append(fault)

    def text(self, name: str, *, most: int = LINE, required: bool = False) -> str:
        """The text without stray spaces at its ends; empty where it is wrong."""
        text = self.fields.get(name, "").replace("\r\n", "\n").strip()
        if any(_is_unreadable(character) for character in text):
            self.note(Fault(name, "This has characters that cannot be read: type it again."))
            return ""
        if len(text) > most:
            message = "This must be at most {limit} characters; it has {length}."
            self.note(Fault(name, message, (("limit", most), ("length", len(text)))))
            return ""
        if required and not text:
            self.note(Fault(name, "This must be filled in."))
        return text

    def one_of(self, name: str, known: Iterable[str], *, required: bool = True) -> str:
        """One of the values that the form offered."""
        text = self.text(name)
        if text and text not in set(known):
            self.note(Fault(name, "Choose one of those offered."))
            return ""
        if required and not text:
            self.note(Fault(name, "Choose one of those offered."))
        return text

    def ticked(self, name: str) -> bool:
        """Whether a box was ticked."""
        return bool(self.fields.get(name))

    def whole_number(
        self, name: str, least: int, most: int, *, required: bool = False
    ) -> int | None:
        """A whole number between two bounds, both included."""
        text = unicodedata.normalize("NFKC", self.text(name, required=required))
        if not text:
            return None
        number = int(text) if re.fullmatch(r"[+-]?[0-9]{1,15}", text) else None
        if number is None or not least <= number <= most:
            message = "This must be a whole number from {least} to {most}."
            self.note(Fault(name, message, (("least", least), ("most", most))))
            return None
        return number

    def day(self, name: str, *, required: bool = False) -> date | None:
        """A day, in any writing that leaves no doubt."""
        stated = self._stated(name, required=required)
        if stated is None:
            return None
        if stated.day is None or stated.doubts:
            self.note(Fault(name, "This must be a date like 2026-10-03."))
        return stated.day

    def stated_date(self, name: str) -> StatedDate | None:
        """A date as it was stated. What it leaves open is asked, unless ticked as meant so."""
        stated = self._stated(name)
        if stated is not None:
            self._ask(name, stated.doubts, can_stand=True)
        return stated

    def moment(self, name: str) -> datetime | None:
        """A moment by the clock here, as a browser gives it: ``2026-06-01T08:30``."""
        text = self.text(name, required=True)
        if not text:
            return None
        try:
            moment = datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)
        except ValueError:
            moment = None
        if moment is None or moment.year < EARLIEST_YEAR:
            self.note(Fault(name, "This must be a day and a time like 2026-10-03T08:30."))
            return None
        return moment

    def quantity(self, name: str, *, required: bool = False) -> Quantity | None:
        """So much, in the unit written with the number or chosen beside it."""
        text = self.text(name, most=80, required=required)
        if not text:
            return None
        chosen = self.fields.get(name + UNIT, "")
        one = one_of_unit(chosen) if chosen else None
        stated = self._tried(lambda: read_quantity(text, unit=one, field=name))
        if stated is None:
            return None
        self._ask(name, stated.doubts, can_stand=stated.quantity is not None)
        return stated.quantity

    def facts(
        self, asked: Iterable[Fact], variant: str | None = None, prefix: str = FACT
    ) -> dict[str, FactValue]:
        """The facts of a family or event that were filled in, as the records keep them."""
        values: dict[str, FactValue] = {}
        for fact in asked:
            if not fact.applies_to(variant):
                continue
            value = self._fact(fact, prefix + fact.key)
            if is_blank(value):
                continue
            checked = check_value(fact, value)
            if isinstance(checked, Fault):
                self.note(Fault(prefix + fact.key, checked.message, checked.params))
            else:
                values[fact.key] = checked
        return values

    def rows(self, prefix: str, *columns: str) -> list[int]:
        """The numbers of the repeated rows in which something was filled in."""
        typed = {
            number
            for name, number in row_fields(self.fields, prefix)
            if name in columns and self.fields.get(f"{prefix}.{number}.{name}", "").strip()
        }
        if len(typed) > MOST_ROWS:
            message = "There are more than {most} rows: give them in several forms."
            self.note(Fault(prefix, message, (("most", MOST_ROWS),)))
            return []
        return sorted(typed)

    def _fact(self, fact: Fact, name: str) -> object:
        if fact.type == "list":
            text = self.text(name, most=20_000)
            return [part.strip() for part in _LIST_MARKS.split(text) if part.strip()]
        if fact.type == "boolean":
            return {"yes": True, "no": False}.get(self.text(name))
        if fact.type == "date":
            return self.day(name)
        # the fact's own limit says how long it may be
        return self.text(name, most=20_000)

    def _stated(self, name: str, *, required: bool = False) -> StatedDate | None:
        text = self.text(name, most=100, required=required)
        if not text:
            return None
        stated = self._tried(lambda: read_date(text, year=self.today.year, field=name))
        if stated is None or stated.latest is None or stated.latest > self.today:
            return stated
        # of this year, since it has been: only a day still to come may as well be last year's
        left = tuple(doubt for doubt in stated.doubts if doubt.code != YEAR_FROM_CONTEXT)
        return replace(stated, doubts=left)

    def _tried(self, read: Callable[[], T]) -> T | None:
        try:
            return read()
        except InvalidInput as error:
            self.note(Fault(error.field or "", error.message, tuple(error.params.items())))
            return None

    def _ask(self, name: str, doubts: Sequence[Doubt], *, can_stand: bool) -> None:
        if not doubts or (can_stand and self.ticked(name + SURE)):
            return
        self.note(Fault(name, doubts[0].message, doubts[0].params))
        if can_stand:
            self.questions.add(name)


def row_fields(fields: Iterable[str], prefix: str) -> Iterable[tuple[str, int]]:
    """The fields of repeated rows, ``share.3.household``, as column and number."""
    pattern = re.compile(re.escape(prefix) + r"\.([0-9]{1,3})\.([a-z_]+)(?:\..*)?")
    for name in fields:
        if match := pattern.fullmatch(name):
            yield match[2], int(match[1])


def one_of_unit(word: str) -> Quantity | None:
    """One of a unit that a form offers: a code, or a market weight such as 斤."""
    if word in units():
        return Quantity.of(1, word)
    for row in unit_table()["market"]:
        if row["word"] == word:
            return Quantity.of(row["amount"], row["unit"])
    return None


def as_typed(value: object) -> str:
    """A fact as its field of the form holds it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "\n".join(str(one) for one in value)
    return str(value)


def here(moment: datetime) -> str:
    """A moment as ``moment`` reads it: by the clock here, to the minute."""
    return moment.astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M")


def when(typed: Typed, now: datetime) -> tuple[datetime, StatedDate | None]:
    """When something happened: by the clock, or as it was stated where nobody knows better."""
    stated = typed.stated_date("happened")
    if stated is None or stated.latest is None:
        return typed.moment("happened_at") or now, stated
    noon = datetime.combine(stated.latest, time(12), SHANGHAI)
    return min(noon, now), stated


def _is_unreadable(character: str) -> bool:
    if character in _READABLE_CONTROLS:
        return False
    return character == "\ufffd" or unicodedata.category(character) in ("Cc", "Cs", "Cn", "Co")
