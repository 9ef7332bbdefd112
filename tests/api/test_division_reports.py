"""The weekly, monthly, quarterly and yearly report of a division, as a program reads it."""

from __future__ import annotations

from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from suyuan.trace.acts.batches import withdraw_batch
from suyuan.trace.acts.certificates import void_certificate
from suyuan.trace.acts.objections import object_to_report
from suyuan.trace.acts.orders import hold, lift, recall
from suyuan.trace.acts.papers import register_paper, revoke_paper
from suyuan.trace.acts.printing import issue_print_run
from suyuan.trace.acts.recalls import finish_recall
from suyuan.trace.acts.reevaluating import reevaluate
from suyuan.trace.acts.releasing import answer_override, ask_override
from suyuan.trace.acts.transaction import Ledger, Writing
from suyuan.trace.acts.voiding import void_run
from suyuan.trace.acts.warnings import close, warn
from suyuan.trace.batches.queries import batch as batch_with
from suyuan.trace.clock import SHANGHAI, SetClock
from suyuan.trace.database import open_database
from suyuan.trace.notices.wording import Evidence
from suyuan.trace.oversight.division_reports import AskedReport, asked_report, division_report
from suyuan.trace.oversight.figures import figures
from suyuan.trace.oversight.periods import period_on
from suyuan.trace.papers.facts import PaperFacts
from suyuan.trace.parties.actor import SYSTEM, Actor
from tests import databases, world
from tests.api_clients import Program, client, problem
from tests.certifying import certify, make_yaks
from tests.trace.test_county_limits import in_force
from tests.trace.test_judged import LEAD_FAILS, LEAD_PASSES, enter, line, make_millet

SECOND = timedelta(seconds=1)


def midnight(year: int, month: int, day: int) -> datetime:
    """The first moment of a day in Shanghai."""
    return datetime(year, month, day, tzinfo=SHANGHAI)


def read(program: Program, cadence: str, period: str, division: str = world.SUO_COUNTY) -> Any:
    address = f"/reports?division={division}&cadence={cadence}&period={period}"
    answer = program.read(address)
    assert answer.status_code == 200, answer.text
    return answer.json


def told(report: Any, at: str = "now") -> dict[str, int]:
    """The figures of a report that are not nought."""
    return {one["key"]: one[at] for one in report["figures"] if one[at]}


@pytest.mark.parametrize(
    ("cadence", "edge", "before", "after"),
    [
        ("weekly", midnight(2026, 6, 8), "2026-W23", "2026-W24"),
        ("monthly", midnight(2026, 7, 1), "2026-06", "2026-07"),
        ("quarterly", midnight(2026, 7, 1), "2026-Q2", "2026-Q3"),
        ("yearly", midnight(2027, 1, 1), "2026", "2027"),
    ],
)
def test_the_last_second_is_in_one_period_and_the_next_in_the_other(
    ledger: Ledger, clock: SetClock, cadence: str, edge: datetime, before: str, after: str
) -> None:
    """月报、季报、年报、周通报 of the plans: at midnight in Shanghai one begins and one ends."""
    head, regulator = world.make_producer(ledger), world.make_regulator(ledger)
    clock.move(edge - SECOND)
    world.make_batch(ledger, head)
    clock.move(edge)
    for _ in range(2):
        world.make_batch(ledger, head)
    program = client(ledger, regulator)
    first, second = read(program, cadence, before), read(program, cadence, after)
    assert (told(first), first["over"]) == ({"batches_registered": 1}, True)
    assert (told(second), second["over"]) == ({"batches_registered": 2}, False)
    assert told(second, "before") == told(first)
    assert (first["until"], second["before"]) == (second["since"], before)
    assert datetime.fromisoformat(first["until"]) == edge
    last = program.read(f"/reports?cadence={cadence}").json
    assert (last["period"], last["division"]) == (before, world.SUO_COUNTY)


def _warned(w: Writing, code: str, key: str) -> str:
    found = batch_with(w.session, code)
    evidence: Evidence = {"trace_code": code, "opened": 9, "devices": 3}
    uid = warn(w, "scan_anomaly", key, batch=found, evidence=evidence)
    assert uid is not None
    return uid


def happenings(ledger: Ledger, clock: SetClock, head: Actor, regulator: Actor, at: datetime) -> Any:
    """What is counted, all at one moment: begun, and what ended of what had begun before."""
    clock.move(at)
    code = make_millet(ledger, head)
    product = world.make_product(ledger, head, items_on_pack=True)
    labelled = world.make_batch(ledger, head, product=product)
    run = ledger.perform(head, issue_print_run, labelled, 5, "trace-70x40", try_out=lambda *_: None)
    bad = make_millet(ledger, head)
    failed = enter(ledger, head, bad, LEAD_FAILS)
    ledger.perform(head, object_to_report, failed, "样品混淆")
    food = world.make_batch(ledger, head, family="grain", variant="millet_milled")
    return {
        "code": code,
        "run": run,
        "withdrawn": world.make_batch(ledger, head),
        "certificate": certify(ledger, head, make_yaks(ledger, head)),
        "bad": bad,
        "failed": failed,
        "passed": enter(ledger, head, code, LEAD_PASSES),
        "override": ledger.perform(head, ask_override, food, "证照换发中"),
        "hold": ledger.perform(regulator, hold, code, "抽检"),
        "recall": ledger.perform(regulator, recall, code, "霉变"),
        "paper": ledger.perform(
            head, register_paper, PaperFacts("undertaking", f"{at:%m%d%H}", str(head.party_uid))
        ),
        "warning": ledger.perform(SYSTEM, _warned, code, f"{code}/1"),
    }


def ended(ledger: Ledger, head: Actor, regulator: Actor, told: Any) -> None:
    """What had begun is undone: later corrections, all of them."""
    lab = world.make_producer(ledger, "laboratory")
    better, again = line("铅", "0.02", "mg/kg"), told["failed"]
    enter(ledger, lab, told["bad"], better, laboratory="省检验院", retest_of=again)
    ledger.perform(head, withdraw_batch, told["withdrawn"], "登记重复")
    ledger.perform(head, void_run, told["run"], "撕坏")
    ledger.perform(head, void_certificate, told["certificate"], "头数写错")
    ledger.perform(regulator, answer_override, told["override"], False, "先检测")
    ledger.perform(regulator, finish_recall, told["recall"], "全部收回")
    for order in (told["hold"], told["recall"]):
        ledger.perform(regulator, lift, order, "复检合格")
    ledger.perform(regulator, revoke_paper, told["paper"], "作废")
    ledger.perform(regulator, close, told["warning"], "已核查")
    two = world.make_operator(ledger), world.make_operator(ledger)
    in_force(ledger, two)
    assert reevaluate(ledger).changed == 1, "what passed fails by the county's limit"


ALL_OF_JUNE = {
    "batches_registered": 6, "labels_printed": 5, "certificates_issued": 1, "batches_tested": 2,
    "results_passed": 1, "results_failed": 1, "failures_standing": 1, "overrides_asked": 1,
    "holds_ordered": 2, "recalls_ordered": 1, "batches_stopped": 3, "orders_in_force": 3,
    "papers_registered": 1, "warnings_opened": 2, "warnings_open": 2,
}  # fmt: skip
UNDONE_IN_JULY = {
    "batches_withdrawn": 1, "labels_voided": 5, "certificates_voided": 1, "batches_tested": 1,
    "results_passed": 1, "results_changed": 1, "failures_overturned": 1, "failures_standing": 1,
    "overrides_refused": 1, "holds_ordered": 1, "holds_lifted": 2, "recalls_finished": 1,
    "recalls_lifted": 1, "batches_stopped": 1, "orders_in_force": 1, "papers_revoked": 1,
    "warnings_opened": 2, "warnings_closed": 1, "warnings_open": 3,
}  # fmt: skip


def test_what_is_undone_later_counts_then_and_the_period_that_is_over_stays_as_it_was(
    ledger: Ledger, clock: SetClock
) -> None:
    head, regulator = world.make_producer(ledger), world.make_regulator(ledger)
    june = happenings(ledger, clock, head, regulator, midnight(2026, 7, 1) - SECOND)
    clock.move(midnight(2026, 7, 1))
    program = client(ledger, regulator)
    filed = read(program, "monthly", "2026-06")
    assert told(filed) == ALL_OF_JUNE
    ended(ledger, head, regulator, june)
    july = read(program, "monthly", "2026-07")
    assert told(july) == UNDONE_IN_JULY
    assert told(july, "before") == ALL_OF_JUNE
    clock.move(midnight(2027, 7, 1))
    program = client(ledger, regulator)
    assert read(program, "monthly", "2026-06") == filed
    both = read(program, "quarterly", "2026-Q2"), read(program, "quarterly", "2026-Q3")
    assert [told(one) for one in both] == [ALL_OF_JUNE, UNDONE_IN_JULY]


def test_each_place_and_family_has_its_numbers_and_they_add_up(
    ledger: Ledger, clock: SetClock
) -> None:
    here = world.make_producer(ledger)
    town = world.make_site(ledger, here, division="540626100")
    world.make_batch(ledger, here, site=town)
    world.make_batch(ledger, here)
    make_yaks(ledger, here)
    ledger.perform(here, register_paper, PaperFacts("undertaking", "1", str(here.party_uid)))
    there = world.make_producer(ledger, division=world.SENI_DISTRICT)
    world.make_batch(ledger, there)
    region = client(ledger, world.make_regulator(ledger, "540000"))
    county = read(region, "monthly", "2026-06")
    assert [
        (one["division"], one["family"], {key: n["now"] for key, n in one["figures"].items()})
        for one in county["lines"]
    ] == [
        ("540626", None, {"papers_registered": 1}),
        ("540626", "grain", {"batches_registered": 1}),
        ("540626", "yak_meat", {"batches_registered": 1}),
        ("540626100", "grain", {"batches_registered": 1}),
    ]
    assert county["name"] == "西藏自治区 那曲市 索县"
    prefecture = read(region, "monthly", "2026-06", "540600")
    assert {one["division"] for one in prefecture["lines"]} == {"540626", world.SENI_DISTRICT}
    for report, batches in ((county, 3), (prefecture, 4)):
        assert told(report) == {"batches_registered": batches, "papers_registered": 1}
    assert {one["key"] for one in county["not_counted"]} >= {"scans", "credit"}


def test_a_report_is_for_those_who_are_competent_for_all_of_it(ledger: Ledger) -> None:
    owner = world.make_producer(ledger)
    world.make_batch(ledger, owner)
    make_yaks(ledger, owner)
    ledger.perform(owner, register_paper, PaperFacts("undertaking", "1", str(owner.party_uid)))
    month = "&cadence=monthly&period=2026-06"
    yaks = client(ledger, world.make_regulator(ledger, family="yak_meat"))
    report = read(yaks, "monthly", "2026-06")
    assert report["families"] == ["yak_meat"]
    assert told(report) == {"batches_registered": 1, "papers_registered": 1}
    problem(yaks.read(f"/reports?division=540600{month}"), 403, "forbidden")
    for stranger in (owner, world.make_regulator(ledger, world.KAZUO)):
        asked = client(ledger, stranger).read(f"/reports?division={world.SUO_COUNTY}{month}")
        problem(asked, 403, "forbidden")
    station = client(ledger, world.make_producer(ledger, "county_station"))
    assert told(read(station, "monthly", "2026-06"))["batches_registered"] == 2
    for wrong in ("cadence=daily", "cadence=monthly&period=2026-13", "division=999999"):
        problem(yaks.read(f"/reports?{wrong}"), 422, "invalid-input")


def test_a_report_takes_as_many_statements_for_many_batches_as_for_none(ledger: Ledger) -> None:
    actor, regulator = world.make_producer(ledger), world.make_regulator(ledger)
    asked_for = asked_report(regulator, None, "monthly", "2026-06", ledger.clock.now())
    counts = []
    for more in (0, 12):
        for _ in range(more):
            enter(ledger, actor, make_millet(ledger, actor), LEAD_PASSES)
        asked: list[str] = []

        def count(*args: object, asked: list[str] = asked) -> None:
            asked.append(str(args[2]))

        with ledger.database.read() as session:
            engine = session.get_bind()
            sa.event.listen(engine, "before_cursor_execute", count)
            try:
                made = division_report(session, asked_for, ledger.clock.now())
            finally:
                sa.event.remove(engine, "before_cursor_execute", count)
        assert made.totals["batches_registered"].now == more
        counts.append(len(asked))
    assert counts == [len(figures())] * 2


def test_what_a_report_counts_is_found_by_an_index_of_its_moment(
    run_folder: Path, tmp_path: Path
) -> None:
    """Otherwise the report of a week would read what was recorded in all the years.

    On SQLite, whose plan does not depend on how many rows there are.
    """
    period = period_on("weekly", date(2026, 5, 30))
    asked: list[tuple[Any, Any]] = []

    def note(*args: object) -> None:
        asked.append((args[2], args[3]))

    with (
        databases.fresh("sqlite", run_folder, tmp_path) as url,
        closing(open_database(url)) as database,
        database.read() as session,
    ):
        engine = session.get_bind()
        sa.event.listen(engine, "before_cursor_execute", note)
        try:
            division_report(session, AskedReport(world.SUO_COUNTY, period), period.until)
        finally:
            sa.event.remove(engine, "before_cursor_execute", note)
        read = {
            step
            for statement, values in asked
            for (*_, step) in session.connection().exec_driver_sql(
                f"EXPLAIN QUERY PLAN {statement}", values
            )
            if step.startswith("SCAN")
        }
    assert read <= {"SCAN judgement"}, "which is gathered by indexes itself"
