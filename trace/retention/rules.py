"""How long the law has records kept: ``standards/retention.json``.

Several rules may apply to one record; it is kept until the last day of the longest. What is kept
so is what a rule names of a record, not who typed it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from functools import cache
from hashlib import sha256
from typing import Literal, cast, get_args

from suyuan.trace.papers.kinds import months_later
from suyuan.trace.sourced import PROVENANCE, STANDARDS, Provenance, Row, keyed, read_standard
from suyuan.trace.words import Names, read_names

CountedFrom = Literal["day", "best_before", "stated"]
"""``day``: on which it happened or was recorded; ``best_before``: the end of the shelf life;
``stated``: the record itself says until when it is kept."""


@dataclass(frozen=True)
class Recorded:
    """What rules go by. ``kind`` of an event, else empty; ``families`` of the goods it is about,
    and their variants, as ``yak_meat/live``; ``best_before``: the latest of them; ``stated``:
    until when, where the record says so."""

    schema: str
    day: date
    kind: str = ""
    party_kind: str = ""
    families: frozenset[str] = frozenset()
    best_before: date | None = None
    stated: date | None = None


@dataclass(frozen=True)
class RetentionRule:
    """A rule; of the empty sets each means all. ``otherwise_months``: counted from the day, where
    there is no shelf life to count from. ``basis``: the article and what it asks, for readers."""

    key: str
    names: Names
    schemas: frozenset[str]
    kinds: frozenset[str]
    families: frozenset[str]
    party_kinds: frozenset[str]
    fields: tuple[str, ...]
    counted_from: CountedFrom
    months: int
    otherwise_months: int | None
    basis: Names
    provenance: Provenance

    def applies_to(self, one: Recorded) -> bool:
        return (
            one.schema in self.schemas
            and (not self.kinds or not one.kind or one.kind in self.kinds)
            and (not self.families or bool(self.families & one.families))
            and (not self.party_kinds or one.party_kind in self.party_kinds)
        )

    def concerns(self, fields: Collection[str]) -> bool:
        """Whether any of these fields of a record is what the rule has kept."""
        return any(fnmatchcase(one, pattern) for one in fields for pattern in self.fields)

    def until(self, one: Recorded) -> date | None:
        """The last day on which it is kept; None where that cannot be told."""
        if self.counted_from == "stated":
            return one.stated
        if self.counted_from == "day":
            return months_later(one.day, self.months)
        if one.best_before is not None:
            return months_later(one.best_before, self.months)
        months = self.months if self.otherwise_months is None else self.otherwise_months
        return months_later(one.day, months)


@dataclass(frozen=True)
class Keeping:
    """Until which day, that day included, and by which rule."""

    rule: RetentionRule
    until: date


def keeping(one: Recorded, fields: Collection[str]) -> Keeping | None:
    """The longest of the rules that have any of these fields kept; None where there is none."""
    found = (
        Keeping(rule, until)
        for rule in retention_rules()
        if rule.applies_to(one) and rule.concerns(fields)
        for until in (rule.until(one),)
        if until is not None
    )
    return max(found, key=lambda each: each.until, default=None)


@cache
def retention_rules() -> tuple[RetentionRule, ...]:
    """The rules as shipped. Raises Misconfigured."""
    rows = read_standard("retention.json").get("rules").rows()
    return tuple(keyed(rows, _read_rule, lambda one: one.key).values())


@cache
def rules_state() -> str:
    """Which state of the rules this is: the first 16 hex digits of SHA-256 over their file."""
    return sha256(STANDARDS.joinpath("retention.json").read_bytes()).hexdigest()[:16]


def _read_rule(row: Row) -> RetentionRule:
    row.only(
        "key", "names", "schemas", "kinds", "families", "party_kinds", "fields", "counted_from",
        "months", "otherwise_months", "basis", *PROVENANCE,
    )  # fmt: skip
    counted = cast("CountedFrom", row.get("counted_from").one_of(get_args(CountedFrom)))
    return RetentionRule(
        key=row.get("key").text(),
        names=read_names(row),
        schemas=frozenset(row.list_of("schemas", Row.text)),
        kinds=frozenset(row.list_of("kinds", Row.text)),
        families=frozenset(row.list_of("families", Row.text)),
        party_kinds=frozenset(row.list_of("party_kinds", Row.text)),
        fields=row.list_of("fields", Row.text),
        counted_from=counted,
        months=0 if counted == "stated" else row.get("months").integer(),
        otherwise_months=row.maybe("otherwise_months", Row.integer),
        basis=read_names(row, "basis"),
        provenance=row.provenance(),
    )
