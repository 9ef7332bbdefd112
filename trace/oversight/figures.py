"""What a division's report tells and what it cannot (``standards/division_reports.json``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import cast

from suyuan.trace.oversight.periods import CADENCES, Cadence
from suyuan.trace.sourced import PROVENANCE, Provenance, Row, keyed, read_standard
from suyuan.trace.words import Names, read_names


@dataclass(frozen=True)
class Figure:
    """One number of a report. ``at_end``: how it stood when the period ended, not what became so
    within it. ``links``: the list on which its things stand, empty where there is none."""

    key: str
    names: Names
    at_end: bool
    links: str


@dataclass(frozen=True)
class NotCounted:
    """Something that is asked for in reports and is not in this one, and why."""

    key: str
    names: Names
    why: Names


@dataclass(frozen=True)
class Every:
    """A cadence with its name and where it comes from."""

    key: Cadence
    names: Names
    provenance: Provenance


@cache
def cadences() -> Mapping[str, Every]:
    """How often a division reports. Raises Misconfigured."""
    rows = read_standard("division_reports.json").get("cadences").rows()
    return keyed(rows, _read_cadence, lambda one: one.key)


@cache
def figures() -> Mapping[str, Figure]:
    """The numbers of a report, in the order in which they are told. Raises Misconfigured."""
    group = read_standard("division_reports.json").get("figures")
    group.provenance()
    return keyed(group.get("rows").rows(), _read_figure, lambda one: one.key)


@cache
def not_counted() -> tuple[NotCounted, ...]:
    """What no report of a period can tell. Raises Misconfigured."""
    return read_standard("division_reports.json").list_of("not_counted", _read_not_counted)


def _read_cadence(row: Row) -> Every:
    row.only("key", "names", *PROVENANCE)
    key = cast("Cadence", row.get("key").one_of(CADENCES))
    return Every(key, read_names(row), row.provenance())


def _read_figure(row: Row) -> Figure:
    row.only("key", "names", "at_end", "links")
    at_end = row.maybe("at_end", Row.flag) or False
    links = row.maybe("links", lambda one: one.one_of(("orders", "warnings"))) or ""
    return Figure(row.get("key").text(), read_names(row), at_end, links)


def _read_not_counted(row: Row) -> NotCounted:
    row.only("key", "names", "why")
    return NotCounted(row.get("key").text(), read_names(row), read_names(row, "why"))
