"""The rules of early warning (``standards/warning_rules.json``).

A rule says how grave what it finds is, with whom a warning begins, how long it may stand at each
level before it goes up to the next, and when the same cause may be told again. A rule whose facts
nobody keeps yet is in the file too, with what is missing: it opens nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from suyuan.trace.errors import Misconfigured, NotFound
from suyuan.trace.parties.chain_stages import chain_stages
from suyuan.trace.sourced import PROVENANCE, Provenance, Row, keyed, read_standard
from suyuan.trace.words import Names, read_called, read_names

LEVELS = ("owner", "county", "prefecture", "province")
"""Who has a warning in hand, from below: it goes up, and never down."""
SEVERITIES = ("high", "medium", "low")
FOUND_BY = ("act", "sweep", "none")
"""What opens the warnings of a rule: the act that brings the fact about, a sweep by the clock, or
nothing yet."""


@dataclass(frozen=True)
class WarningRule:
    """One rule. ``hours`` are for each level at which its warnings stand, from ``begins`` up.

    ``tells_owner``: whether the organisation concerned sees its warnings from the first.
    ``stage``: that of all its warnings; None where each has its own. ``cool_down``: for how long
    the same key opens nothing after it was closed; None: for ever. ``most_open``: how many of its
    warnings may be open for one organisation, where a sweep comes again for the rest; None: any
    number. ``missing``: which facts it waits for.
    """

    key: str
    names: Names
    severity: str
    begins: str
    hours: Mapping[str, int]
    tells_owner: bool
    stage: str | None
    cool_down: timedelta | None
    most_open: int | None
    found_by: str
    facts: Row | None
    missing: Names | None
    provenance: Provenance

    @property
    def shipped(self) -> bool:
        """Whether the facts that it needs are kept."""
        return self.found_by != "none"

    def time_at(self, level: str) -> timedelta:
        """How long a warning may stand at a level."""
        return timedelta(hours=self.hours[level])

    def fact(self, key: str) -> Row:
        """A number or list that the rule's sweep goes by. Raises Misconfigured."""
        if self.facts is None:
            raise Misconfigured("The rule {rule} has no facts.", rule=self.key)
        return self.facts.get(key)


@dataclass(frozen=True)
class Closing:
    """How warnings are closed: the severities of which none is closed without proof, and how many
    records are offered as such."""

    proof_needed: frozenset[str]
    offered: int
    provenance: Provenance


@cache
def warning_rules() -> Mapping[str, WarningRule]:
    """Every rule by its key. Raises Misconfigured."""
    return keyed(read_rules().get("rules").rows(), _rule, lambda rule: rule.key)


def warning_rule(key: str) -> WarningRule:
    """The rule with this key. Raises NotFound."""
    if key not in warning_rules():
        raise NotFound("There is no warning rule {rule}.", field="rule", rule=key)
    return warning_rules()[key]


@cache
def closing() -> Closing:
    """How warnings are closed. Raises Misconfigured."""
    row = read_rules().get("closing")
    row.only("proof_needed", "offered", *PROVENANCE)
    return Closing(
        frozenset(one.one_of(SEVERITIES) for one in row.get("proof_needed").rows()),
        row.get("offered").integer(),
        row.provenance(),
    )


@cache
def called(group: str) -> Mapping[str, Names]:
    """What the ``levels``, ``severities``, ``states``, ``steps``, kinds of ``evidence`` or of
    ``proofs`` are called."""
    return read_called(read_rules().get(group))


@cache
def read_rules() -> Row:
    """The content of the file, read once. Raises Misconfigured."""
    return read_standard("warning_rules.json")


def _rule(row: Row) -> WarningRule:
    row.only(
        "key", "names", "severity", "begins", "hours", "tells_owner", "stage", "cool_down_days",
        "most_open", "found_by", "facts", "missing", *PROVENANCE,
    )  # fmt: skip
    begins = row.get("begins").one_of(LEVELS)
    hours = {level: own.integer() for level, own in row.get("hours").entries()}
    if tuple(hours) != LEVELS[LEVELS.index(begins) :]:
        row.wrong("hours are for each level from that at which it begins, in order.")
    found_by = row.get("found_by").one_of(FOUND_BY)
    if (found_by == "none") != row.has("missing"):
        row.wrong("a rule says what is missing where nothing finds it, and only there.")
    days = row.maybe("cool_down_days", Row.integer)
    return WarningRule(
        key=row.get("key").text(),
        names=read_names(row),
        severity=row.get("severity").one_of(SEVERITIES),
        begins=begins,
        hours=hours,
        tells_owner=row.get("tells_owner").flag(),
        stage=row.maybe("stage", lambda stage: stage.one_of(tuple(chain_stages()))),
        cool_down=None if days is None else timedelta(days=days),
        most_open=row.maybe("most_open", Row.integer),
        found_by=found_by,
        facts=row.get("facts") if row.has("facts") else None,
        missing=read_names(row, "missing") if row.has("missing") else None,
        provenance=row.provenance(),
    )
