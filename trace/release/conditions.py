"""On what it hangs whether goods may go: the conditions, and which of them when (``release.json``).

Which conditions are asked of which class of goods, and what may be let go without one, is data.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal, cast, get_args

from suyuan.trace.products.attributes import STAGES, Stage
from suyuan.trace.products.papers_needed import product_classes
from suyuan.trace.sourced import PROVENANCE, Provenance, Row, keyed, read_standard
from suyuan.trace.words import Names, read_names

Moment = Literal["ship", "sell"]
Check = Literal["papers", "verdicts", "intervals", "facts", "key_data", "shelf_life"]
Override = Literal["never", "organisation", "regulator"]
MOMENTS: tuple[Moment, ...] = get_args(Moment)
CHECKS: tuple[Check, ...] = get_args(Check)


@dataclass(frozen=True)
class Condition:
    """What may be missing. ``override``: whose second person may let the goods go without it."""

    key: str
    check: Check
    names: Names
    override: Override
    provenance: Provenance


@dataclass(frozen=True)
class GateRule:
    """What is checked of goods of some classes at some moments.

    ``facts_due``: the stage up to which the family's facts must be known; ``key_data_of``: the
    kinds of events whose records must be whole.
    """

    classes: frozenset[str]
    moments: frozenset[str]
    checks: tuple[Check, ...]
    facts_due: Stage | None
    key_data_of: frozenset[str]
    provenance: Provenance


@dataclass(frozen=True)
class IntervalRule:
    """For how long goods wait after something was used on them.

    ``over_by`` is the attribute whose day must come after the interval; ``must_be_stated``: that
    nobody said how long it lasts is a fault too.
    """

    event: str
    over_by: str
    must_be_stated: bool
    names: Names
    provenance: Provenance


@cache
def conditions() -> Mapping[str, Condition]:
    """The conditions by key. Raises Misconfigured."""
    return keyed(_file().get("conditions").rows(), _read_condition, lambda one: one.key)


@cache
def interval_rules() -> Mapping[str, IntervalRule]:
    """The rules of waiting by the kind of event that begins it. Raises Misconfigured."""
    return keyed(_file().get("intervals").rows(), _read_interval, lambda one: one.event)


def gate_rule(product_class: str, moment: Moment) -> GateRule | None:
    """What is checked of goods of a class; None for a class of which nothing is asked."""
    for rule in _rules():
        if product_class in rule.classes and moment in rule.moments:
            return rule
    return None


@cache
def _rules() -> tuple[GateRule, ...]:
    return _file().list_of("rules", _read_rule)


def _file() -> Row:
    row = read_standard("release.json")
    row.only("conditions", "rules", "intervals")
    return row


def _read_condition(row: Row) -> Condition:
    row.only("key", "check", "names", "override", *PROVENANCE)
    return Condition(
        row.get("key").text(),
        cast("Check", row.get("check").one_of(CHECKS)),
        read_names(row),
        cast("Override", row.get("override").one_of(get_args(Override))),
        row.provenance(),
    )


def _read_rule(row: Row) -> GateRule:
    row.only("classes", "moments", "checks", "facts_due", "key_data_of", *PROVENANCE)
    stage = row.maybe("facts_due", lambda r: r.one_of(STAGES))
    return GateRule(
        classes=frozenset(row.list_of("classes", lambda r: r.one_of(tuple(product_classes())))),
        moments=frozenset(row.list_of("moments", lambda r: r.one_of(MOMENTS))),
        checks=tuple(cast("Check", one) for one in row.list_of("checks", _check)),
        facts_due=cast("Stage | None", stage),
        key_data_of=frozenset(row.list_of("key_data_of", Row.text)),
        provenance=row.provenance(),
    )


def _check(row: Row) -> str:
    return row.one_of(CHECKS)


def _read_interval(row: Row) -> IntervalRule:
    row.only("event", "over_by", "must_be_stated", "names", *PROVENANCE)
    return IntervalRule(
        row.get("event").text(),
        row.get("over_by").text(),
        row.get("must_be_stated").flag(),
        read_names(row),
        row.provenance(),
    )
