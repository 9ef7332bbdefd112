"""What the commitment certificate says, by the day that stands on it
(``standards/commitment_certificate.json``).

A text of law is data: a certificate dated 2026-01-31 bears the text that was in force then, one
dated 2026-02-01 that of order 2025-4, whenever they are drawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Literal, cast, get_args

from suyuan.trace.errors import InvalidInput
from suyuan.trace.papers.kinds import months_later
from suyuan.trace.sourced import PROVENANCE, Provenance, Row, keyed, read_standard
from suyuan.trace.words import Names, read_called, read_names

Style = Literal["producer", "purchaser"]
"""Who commits: who made the goods (style 1), or who bought and mixed or repacked them (style 2)."""

STYLES: tuple[Style, ...] = get_args(Style)


@dataclass(frozen=True)
class Basis:
    """On what a commitment rests (承诺依据). ``tested``: on a test report on the batch."""

    key: str
    names: Names
    tested: bool


@dataclass(frozen=True)
class StyleText:
    """The words of one style: the lead, and what is committed, sentence by sentence."""

    key: Style
    names: Names
    lead: Names
    commitments: tuple[Names, ...]


@dataclass(frozen=True)
class Edition:
    """The texts that were in force from one day to another, both included."""

    key: str
    title: str
    valid_from: date
    valid_to: date | None
    styles: Mapping[str, StyleText]
    bases: Mapping[str, Basis]
    provenance: Provenance

    def valid_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def basis(self, key: str) -> Basis:
        """The basis with this key. Raises InvalidInput where this edition has none such."""
        try:
            return self.bases[key]
        except KeyError:
            raise InvalidInput(
                "A certificate by {edition} does not rest on {basis}; it rests on: {known}.",
                "basis",
                edition=self.title,
                basis=key,
                known=", ".join(self.bases),
            ) from None


@dataclass(frozen=True)
class Rules:
    """By which rules certificates are issued here.

    ``kept_months``: for how long the record of one is kept at least. ``backdated_days``: how far
    back its date may lie. ``on_issue``: product classes whose withdrawal periods must be over on
    the day of issue. ``untested``: words of inputs that no test is asked for; ``forms``: words that
    say in what form an input comes. ``stated_of``: kinds of events that must say when the interval
    ends. ``report_days``: for how long a report counts at most; ``goods_days``: how long before the
    goods come the certificate of another can have been issued.
    """

    kept_months: int
    backdated_days: int
    on_issue: frozenset[str]
    untested: tuple[str, ...]
    forms: tuple[str, ...]
    stated_of: frozenset[str]
    report_days: int
    goods_days: int

    def keep_until(self, day: date) -> date:
        """The last day on which a certificate of this day must still be kept."""
        return months_later(day, self.kept_months)

    def earliest(self, today: date) -> date:
        """The earliest day that may stand on a certificate issued today."""
        return today - timedelta(days=self.backdated_days)


@dataclass(frozen=True)
class Texts:
    """All of the file: editions the oldest first, names of the fields, rules."""

    title: Names
    number: Names
    number_note: Names
    fields: Mapping[str, Names]
    editions: tuple[Edition, ...]
    rules: Rules

    def on(self, day: date) -> Edition:
        """The edition in force on a day. Raises InvalidInput for a day before the first."""
        for edition in self.editions:
            if edition.valid_on(day):
                return edition
        raise InvalidInput(
            "No text of the certificate is kept for {day}; the first is of {first}.",
            "issued_on",
            day=day.isoformat(),
            first=self.editions[0].valid_from.isoformat(),
        )

    def edition(self, key: str) -> Edition:
        """The edition with this key, as rows name it."""
        return next(one for one in self.editions if one.key == key)


@cache
def certificate_texts() -> Texts:
    """The shipped texts, read once. Raises Misconfigured."""
    root = read_standard("commitment_certificate.json")
    return Texts(
        title=read_names(root, "title"),
        number=read_names(root, "number_names"),
        number_note=read_names(root, "number_note"),
        fields=read_called(root.get("fields")),
        editions=tuple(_read_edition(row) for row in root.get("editions").rows()),
        rules=_read_rules(root),
    )


def _read_edition(row: Row) -> Edition:
    row.only("key", "title", "from", "to", "styles", "bases", *PROVENANCE)
    return Edition(
        key=row.get("key").text(),
        title=row.get("title").text(),
        valid_from=row.get("from").day(),
        valid_to=row.maybe("to", Row.day),
        styles=keyed(row.get("styles").rows(), _read_style, lambda one: one.key),
        bases=keyed(row.get("bases").rows(), _read_basis, lambda one: one.key),
        provenance=row.provenance(),
    )


def _read_style(row: Row) -> StyleText:
    row.only("key", "names", "lead", "commitments")
    return StyleText(
        key=cast("Style", row.get("key").one_of(STYLES)),
        names=read_names(row),
        lead=read_names(row, "lead"),
        commitments=row.list_of("commitments", _read_sentence),
    )


def _read_sentence(row: Row) -> Names:
    row.only("zh", "en")
    return Names(row.get("zh").text(), row.get("en").text())


def _read_basis(row: Row) -> Basis:
    row.only("key", "names", "tested")
    return Basis(row.get("key").text(), read_names(row), row.get("tested").flag())


def _read_rules(root: Row) -> Rules:
    keep, back = root.get("keep"), root.get("backdating")
    intervals = root.get("interval_on_the_day_of_issue")
    untested = root.get("inputs_not_tested_for")
    keep.only("months", *PROVENANCE)
    back.only("days", *PROVENANCE)
    intervals.only("product_classes", *PROVENANCE)
    untested.only("words", *PROVENANCE)
    forms, tests = root.get("forms_of_inputs"), root.get("tests_count_for")
    stated, follow = root.get("intervals_are_stated"), root.get("goods_follow_within")
    follow.only("days", *PROVENANCE)
    forms.only("words", *PROVENANCE)
    stated.only("events", *PROVENANCE)
    tests.only("days", *PROVENANCE)
    for rule in (keep, back, intervals, untested, forms, tests, stated, follow):
        rule.provenance()
    return Rules(
        kept_months=keep.get("months").integer(),
        backdated_days=back.get("days").integer(),
        on_issue=frozenset(intervals.list_of("product_classes", Row.text)),
        untested=untested.list_of("words", Row.text),
        forms=forms.list_of("words", Row.text),
        stated_of=frozenset(stated.list_of("events", Row.text)),
        report_days=tests.get("days").integer(),
        goods_days=follow.get("days").integer(),
    )
