"""Whether goods may go: what is missing, as a checklist for the clerk. Rules, no tables.

Every item says what is missing and where it comes from. ``message`` is an English sentence with
gaps and the key of its translation, as with errors.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from suyuan.trace.certificates.inputs import ForbiddenUse
from suyuan.trace.errors import Conflict, Fault
from suyuan.trace.events.intervals import InputUsed
from suyuan.trace.papers.needs import Lack, LackState
from suyuan.trace.products.attributes import Gap
from suyuan.trace.quality.against import Against
from suyuan.trace.quality.suspected import Suspected
from suyuan.trace.release.conditions import (
    Check,
    IntervalRule,
    Moment,
    Override,
    conditions,
)
from suyuan.trace.words import Names, listed


@dataclass(frozen=True)
class Item:
    """One thing that is missing. ``subject`` tells it from others of its condition."""

    condition: str
    subject: str
    message: str
    params: tuple[tuple[str, object], ...]

    @property
    def key(self) -> str:
        """What an override names it by."""
        return f"{self.condition}:{self.subject}"

    @property
    def override(self) -> Override:
        """Whose second person may let the goods go without it."""
        return conditions()[self.condition].override


@dataclass(frozen=True)
class Checklist:
    """What was checked of a batch at a moment, and what is missing."""

    trace_code: str
    moment: Moment
    checks: tuple[Check, ...]
    items: tuple[Item, ...]

    @property
    def clear(self) -> bool:
        """Whether nothing is missing."""
        return not self.items

    def without(self, covered: Collection[str]) -> Checklist:
        """The same where some items are let pass. What nobody may let pass stays."""
        left = tuple(one for one in self.items if one.override == "never" or one.key not in covered)
        return Checklist(self.trace_code, self.moment, self.checks, left)

    @property
    def may_be_overridden(self) -> bool:
        """Whether somebody may let the goods go without what is missing."""
        return bool(self.items) and all(one.override != "never" for one in self.items)


class NotReleased(Conflict):
    """Goods were to be shipped or sold for which something is missing; ``faults`` say what."""

    kind: ClassVar[str] = "not-released"

    def __init__(self, checklist: Checklist) -> None:
        super().__init__(
            "Batch {code} is not released yet. What is missing stands beside it; when that is "
            "there it may go. It may be returned, tested or disposed of.",
            "trace_code",
            code=checklist.trace_code,
        )
        self.checklist = checklist
        self.faults = tuple(Fault(one.key, one.message, one.params) for one in checklist.items)

    def __str__(self) -> str:
        return "; ".join([super().__str__(), *map(str, self.faults)])


@dataclass(frozen=True)
class Used:
    """Something that was used on what the goods were made of, and the day that must come after."""

    rule: IntervalRule
    used: InputUsed
    day: date


@dataclass(frozen=True)
class Unwhole:
    """An event whose record lacks key data."""

    event: str
    kind: Names
    day: date
    missing: tuple[Names, ...]


_PAPER: Mapping[LackState, tuple[str, str]] = {
    "missing": (
        "paper_missing",
        "{paper} is missing. It comes from: {where}.",
    ),
    "expired": (
        "paper_not_in_force",
        "{paper} {number} did not hold any more on the day that counts. A new one comes from: "
        "{where}.",
    ),
    "not_yet": (
        "paper_not_in_force",
        "{paper} {number} did not hold yet on the day that counts. Another comes from: {where}.",
    ),
    "revoked": (
        "paper_revoked",
        "{paper} {number} was revoked. A new one comes from: {where}.",
    ),
}
_OF_INPUTS = (
    "{paper} for what it was made of is missing. It comes from: {where}; whoever delivered has it."
)


def paper_items(lacks: Iterable[Lack]) -> list[Item]:
    """What is missing of papers."""
    found = []
    for lack in lacks:
        condition, message = _PAPER[lack.state]
        if lack.state == "missing" and lack.for_inputs:
            message = _OF_INPUTS
        params: dict[str, object] = {"paper": lack.names, "where": lack.where}
        if "{number}" in message:
            params["number"] = lack.number
        found.append(Item(condition, lack.key, message, tuple(params.items())))
    return found


def verdict_items(failed: Iterable[str], names: Mapping[str, Names]) -> list[Item]:
    """The parameters whose failed verdicts stop the goods, a rapid test's too: until a laboratory
    decided, it counts.

    A verdict that does not tell proves nothing, as no test does, and stops nothing.
    """
    message = "The test of {parameter} failed. A passed re-test by another laboratory is needed."
    return [
        Item("verdict_failed", key, message, (("parameter", names.get(key, key)),))
        for key in dict.fromkeys(failed)
    ]


_OBJECT = (
    "Report {number} of {laboratory} concludes: {word} ({tested}). Object to it: a passed re-test "
    "by another laboratory is needed."
)
_HAVE_TESTED = (
    "Rapid test {number} of {laboratory} concludes: {word} ({tested}). Have a laboratory test the "
    "same."
)
_FINAL = (
    "Re-test {number} of {laboratory} concludes: {word} ({tested}). That is final: only a "
    "competent regulator lets the goods pass."
)


def against_items(words: Iterable[Against]) -> list[Item]:
    """The reports whose laboratory itself concludes against the goods, whatever our verdicts are,
    each once."""
    found: dict[str, Item] = {}
    for one in words:
        message = _FINAL if one.retest else _HAVE_TESTED if one.rapid else _OBJECT
        said = {
            "number": one.number,
            "laboratory": one.laboratory,
            "word": one.word,
            "tested": "、".join(one.tested),
        }
        item = Item("laboratory_against", one.report_uid, message, tuple(said.items()))
        found.setdefault(one.report_uid, item)
    return list(found.values())


def suspected_items(found: Iterable[Suspected]) -> list[Item]:
    """What is forbidden and may have been found, until a laboratory has tested for it."""
    message = (
        "{parameter} is suspected: {laboratory} reports {result} ({number}), and none of it may be "
        "there. Have it tested by a laboratory with CMA; its result decides."
    )
    return [
        Item(
            "suspected_positive",
            f"{one.report_uid}/{one.parameter.key}",
            message,
            (
                ("parameter", one.parameter.names),
                ("laboratory", one.laboratory),
                ("result", one.result),
                ("number", one.number),
            ),
        )
        for one in found
    ]


def interval_items(used: Iterable[Used]) -> list[Item]:
    """What was used so late that the goods had still to wait, or nobody knows for how long."""
    found = []
    for one in used:
        interval = one.rule.names
        if one.used.ends is None:
            if one.rule.must_be_stated:
                message = (
                    "Nobody recorded the last day of the {interval} after {substance}. Correct "
                    "that record."
                )
                said = (("interval", interval), ("substance", one.used.name or "?"))
                found.append(Item("interval_unknown", one.used.event, message, said))
        elif one.used.runs_on(one.day):
            message = (
                "The {interval} after {substance} lasts until {ends}; the goods are of {day}. They "
                "may go when it is over, and not at all if they were taken before."
            )
            days = (("ends", one.used.ends.isoformat()), ("day", one.day.isoformat()))
            params = (("interval", interval), ("substance", one.used.name or "?"), *days)
            found.append(Item("interval_running", one.used.event, message, params))
    return found


def forbidden_items(uses: Iterable[ForbiddenUse]) -> list[Item]:
    """What was used and must not be, whatever a test says."""
    message = (
        "{name} is on record as used here, and {substance} is forbidden ({standard}): the goods "
        "may not be sold. Tell the agriculture office, or correct a record that is wrong."
    )
    return [
        Item(
            "forbidden_input",
            f"{one.used.event}/{one.substance.key}",
            message,
            (
                ("name", one.used.name),
                ("substance", one.substance.names),
                ("standard", one.standard),
            ),
        )
        for one in uses
    ]


def shelf_life_items(best_before: date | None, day: date) -> list[Item]:
    """Goods past their date, which nobody lets pass."""
    if best_before is None or day <= best_before:
        return []
    message = "The shelf life ended on {day}: the goods are not sold any more. Dispose of them."
    return [Item("expired", "best_before", message, (("day", best_before.isoformat()),))]


def fact_items(gaps: Iterable[Gap]) -> list[Item]:
    """What should be known of the goods and is not."""
    message = "{fact} is not recorded. State it when you release the batch."
    return [Item("fact_missing", gap.key, message, (("fact", gap.names),)) for gap in gaps]


def key_data_items(events: Iterable[Unwhole]) -> list[Item]:
    """Which steps are not recorded whole."""
    message = "Of {step} on {day} is not recorded: {facts}. Correct that record."
    return [
        Item(
            "key_data_missing",
            one.event,
            message,
            (("step", one.kind), ("day", one.day.isoformat()), ("facts", listed(one.missing))),
        )
        for one in events
    ]
