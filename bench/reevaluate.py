"""Judging all test reports anew after a new edition: memory, rate, and what changes.

Ten thousand and a hundred thousand batches of millet, a report of three lines on each; one in a
hundred was made after a new edition began, by whose limit a third of its lines reads otherwise.
Memory that grew with the number of batches would show in the ratio of the two.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from unittest import mock

import sqlalchemy as sa
from _measure import KINDS, Figure, in_turn, keep, machine, opened, per_second
from _memory import most_memory

from suyuan.trace.acts.opening import unlock
from suyuan.trace.acts.reevaluating import reevaluate
from suyuan.trace.acts.reports import enter_test_report
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.batches.queries import batch as batch_with
from suyuan.trace.batches.tables import Batch
from suyuan.trace.clock import Clock
from suyuan.trace.database import open_database
from suyuan.trace.quality import governing
from suyuan.trace.quality.facts import TestItemFacts, TestReportFacts
from suyuan.trace.quality.limits import Standard, standards
from suyuan.trace.quality.tables import KeptVerdict, TestItem, TestReport, test_report_batch
from suyuan.trace.settings import Settings
from suyuan.trace.stated_dates import Calendar, Precision, StatedDate
from tests import world

SIZES = (10_000, 100_000)
GOVERNED = 100
"""One batch in so many was made since the new edition began."""
BEFORE, SINCE = date(2026, 4, 30), date(2026, 5, 1)
RUNS = 5
_AT_ONCE = 5_000
_LINES = (
    TestItemFacts("铅", "0.05", "mg/kg"),
    TestItemFacts("镉", "0.03", "mg/kg"),
    TestItemFacts("黄曲霉毒素B1", "未检出(<0.5)", "µg/kg"),
)


def main() -> None:
    figures: list[Figure] = []
    for kind in KINDS:
        with opened(kind) as smaller, opened(kind) as larger:
            fill(smaller, SIZES[0])
            fill(larger, SIZES[1])
            figures.append(measure_memory(smaller, larger, kind))
            figures.append(measure_rate(smaller, kind))
    keep("reevaluate", figures)


def measure_memory(smaller: Ledger, larger: Ledger, kind: str) -> Figure:
    """The most memory that a process of its own had that did nothing but judge each."""
    few, many = (_peak(ledger, size) for ledger, size in zip((smaller, larger), SIZES, strict=True))
    return Figure(
        f"judged anew, most memory in use, {SIZES[1]} batches, {kind}",
        round(many, 2), round(few, 2), f"the same with {SIZES[0]} batches",
        round(many / few, 2), "MB", 1, machine(),
    )  # fmt: skip


def measure_rate(ledger: Ledger, kind: str) -> Figure:
    """Reports on batches judged in a second, against reading the same rows and no more."""
    with new_edition():
        figure = in_turn(
            f"reports judged anew, {SIZES[0]} batches of which none changes, {kind}",
            lambda _run: reevaluate(ledger),
            lambda _run: _read_all(ledger),
            other_is="reading the same reports, lines, batches and verdicts",
            runs=RUNS,
        )
    return per_second(figure, SIZES[0])


def _peak(ledger: Ledger, size: int) -> float:
    """The most memory that a new process has had when it has judged all anew, in MB."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_judge_all, (ledger.settings, ledger.clock, size))


def _judge_all(settings: Settings, clock: Clock, size: int) -> float:
    database = open_database(settings.database_url)
    with new_edition():
        done = reevaluate(unlock(database, settings, clock))
    assert (done.seen, done.changed) == (size, size // GOVERNED), done
    return most_memory()


def _read_all(ledger: Ledger) -> int:
    rows = 0
    with ledger.database.read() as session:
        for table in (TestReport, TestItem, Batch, KeptVerdict):
            query = sa.select(table.__table__).execution_options(yield_per=_AT_ONCE)
            rows += sum(1 for _ in session.execute(query))
    return rows


@contextmanager
def new_edition() -> Iterator[None]:
    """An edition of GB 2761 from the first of May on, with another limit for aflatoxin B1."""
    shipped = standards()["gb_2761"]
    (edition,) = shipped.editions
    limits = tuple(
        replace(one, maximum=Decimal(4)) if one.parameter == "aflatoxin_b1" else one
        for one in edition.limits
    )
    new = replace(edition, year="2026", title="GB 2761-2026", valid_from=SINCE, limits=limits)
    newer: Mapping[str, Standard] = {
        **standards(),
        "gb_2761": replace(shipped, editions=(replace(edition, valid_to=BEFORE), new)),
    }
    governing.governing.cache_clear()
    with mock.patch.object(governing, "standards", return_value=newer):
        yield
    governing.governing.cache_clear()


def fill(ledger: Ledger, size: int) -> None:
    """One report through the act for each day of production, then copies of their rows."""
    head = world.make_producer(ledger)
    old, new = (_first(ledger, head, day) for day in (BEFORE, SINCE))
    for start in range(2, size, _AT_ONCE):
        with ledger.database.write() as session:
            rows: dict[Any, list[dict[str, Any]]] = {}
            for number in range(start, min(start + _AT_ONCE, size)):
                like = new if number % GOVERNED == 1 else old
                for table, row in _copies(like, number + 1):
                    rows.setdefault(table, []).append(row)
            for table, several in rows.items():
                session.execute(sa.insert(table), several)
            session.commit()


Like = list[tuple[Any, dict[str, Any]]]
"""The rows of one report on one batch, with their tables."""


def _first(ledger: Ledger, head: Any, day: date) -> Like:
    made = StatedDate(day.isoformat(), day, day, Precision.DAY, Calendar.SOLAR)
    code = world.make_batch(ledger, head, produced=made)
    facts = TestReportFacts(f"JC-{day}", "市检测中心", date(2026, 5, 30), (code,), _LINES)
    ledger.perform(head, enter_test_report, facts)
    with ledger.database.read() as session:
        own = batch_with(session, code).id
        report = session.scalars(
            sa.select(test_report_batch.c.report_id).where(test_report_batch.c.batch_id == own)
        ).one()
        wanted = (
            (Batch.__table__, Batch.id == own),
            (TestReport.__table__, TestReport.id == report),
            (TestItem.__table__, TestItem.report_id == report),
            (test_report_batch, test_report_batch.c.report_id == report),
            (KeptVerdict.__table__, KeptVerdict.report_id == report),
        )
        return [
            (table, {one.key: row[one] for one in table.c})
            for table, which in wanted
            for row in session.execute(sa.select(table).where(which)).mappings()
        ]


def _copies(like: Like, number: int) -> Like:
    """The rows for the batch of this number."""
    copies: Like = []
    for table, row in like:
        own = dict(row)
        if table.name == "batch":
            own |= {"id": number, "trace_code": f"{number:016d}", "path": f"/t/{number:016d}"}
        elif table.name == "test_report":
            own |= {"id": number, "uid": f"r{number:025d}", "number": f"JC-{number}"}
        elif table.name == "verdict":
            key = number * len(_LINES) + own["position"]
            own |= {"id": key, "uid": f"v{key:025d}", "report_id": number, "batch_id": number}
        else:
            own["report_id"] = number
            if "batch_id" in own:
                own["batch_id"] = number
        copies.append((table, own))
    return copies


if __name__ == "__main__":
    main()
