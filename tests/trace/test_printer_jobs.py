"""Runs that are sent to a station's printer: each label comes out once, or somebody is asked."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from suyuan.trace.acts.orders import hold
from suyuan.trace.acts.printer_jobs import (
    end_printer_job,
    hold_printer_job,
    send_to_printer,
    take_printer_job,
)
from suyuan.trace.acts.printer_settling import settle_printer_job
from suyuan.trace.acts.printers import change_printer, register_printer, remove_printer
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.acts.voiding import void_run
from suyuan.trace.clock import SetClock
from suyuan.trace.errors import Conflict, Forbidden, InvalidInput, InvalidInputs, NotFound
from suyuan.trace.log.tables import Record
from suyuan.trace.oversight.search import search
from suyuan.trace.parties.actor import Actor
from suyuan.trace.pins.records import PINS_DRAWN
from suyuan.trace.printers.facts import Ending, PrinterFacts, Settling
from suyuan.trace.printers.queries import printers_of
from suyuan.trace.printers.rules import lease
from suyuan.trace.printing.queries import codes_of, print_run
from tests import world
from tests.stations import became, make_printer, make_run, send

DONE = Ending("printed", sent=1)
BROKEN = Ending("unsure", "broke_off", "reset", 5)


@pytest.fixture
def clerk(ledger: Ledger) -> Actor:
    return world.make_producer(ledger)


@pytest.fixture
def printer(ledger: Ledger, clerk: Actor) -> str:
    return make_printer(ledger, clerk)


def take(ledger: Ledger, actor: Actor, printer: str) -> tuple[str, str]:
    taken = ledger.perform(actor, take_printer_job, printer)
    assert taken is not None
    return taken["job"], taken["holder"]


def begin(ledger: Ledger, actor: Actor, printer: str) -> tuple[str, str]:
    job, holder = take(ledger, actor, printer)
    ledger.perform(actor, hold_printer_job, job, holder, begins=True)
    return job, holder


def test_a_job_is_taken_begun_and_printed(ledger: Ledger, clerk: Actor, printer: str) -> None:
    job = send(ledger, clerk, printer)
    assert became(ledger, clerk, job) == ("waiting", None)
    taken, holder = take(ledger, clerk, printer)
    assert taken == job
    assert became(ledger, clerk, job) == ("fetched", None)
    ledger.perform(clerk, hold_printer_job, job, holder, begins=True)
    ledger.perform(clerk, end_printer_job, job, holder, DONE)
    ledger.perform(clerk, end_printer_job, job, holder, DONE)
    assert became(ledger, clerk, job) == ("printed", None)
    assert ledger.perform(clerk, take_printer_job, printer) is None


def test_jobs_come_in_the_order_in_which_they_were_sent(
    ledger: Ledger, clerk: Actor, printer: str
) -> None:
    sent = [send(ledger, clerk, printer) for _ in range(3)]
    assert [take(ledger, clerk, printer)[0] for _ in sent] == sent


def test_two_agents_never_get_the_same_job(ledger: Ledger, clerk: Actor, printer: str) -> None:
    sent = [send(ledger, clerk, printer) for _ in range(3)]

    def agent(_: int) -> Any:
        return ledger.perform(clerk, take_printer_job, printer)

    with ThreadPoolExecutor(4) as agents:
        taken = [one["job"] for one in agents.map(agent, range(4)) if one]
    assert len(taken) == len(set(taken))
    rest = [one["job"] for one in map(agent, range(3)) if one]
    assert sorted(taken + rest) == sorted(sent)


def test_an_agent_that_ends_before_the_first_byte_lets_another_print(
    ledger: Ledger, clerk: Actor, printer: str, clock: SetClock
) -> None:
    job = send(ledger, clerk, printer)
    _, lost = take(ledger, clerk, printer)
    assert ledger.perform(clerk, take_printer_job, printer) is None
    clock.at += lease()
    assert became(ledger, clerk, job) == ("waiting", None)
    with pytest.raises(Conflict):  # it may have come to itself, and must not print now
        ledger.perform(clerk, hold_printer_job, job, lost, begins=True)
    again, holder = begin(ledger, clerk, printer)
    assert again == job
    with pytest.raises(Conflict):
        ledger.perform(clerk, hold_printer_job, job, lost, begins=True)
    with pytest.raises(Conflict):
        ledger.perform(clerk, end_printer_job, job, lost, Ending("failed", "unreachable"))
    ledger.perform(clerk, end_printer_job, job, holder, DONE)


def test_an_agent_that_is_lost_while_it_prints_leaves_it_to_a_person(
    ledger: Ledger, clerk: Actor, printer: str, clock: SetClock
) -> None:
    job = send(ledger, clerk, printer)
    _, holder = begin(ledger, clerk, printer)
    with pytest.raises(Conflict, match="begun"):
        ledger.perform(clerk, hold_printer_job, job, holder, begins=True)
    clock.at += lease() - timedelta(seconds=1)
    ledger.perform(clerk, hold_printer_job, job, holder, begins=False)
    clock.at += lease() - timedelta(seconds=1)
    assert became(ledger, clerk, job) == ("printing", None)
    clock.at += timedelta(seconds=1)
    assert became(ledger, clerk, job) == ("unsure", "agent_lost")
    assert ledger.perform(clerk, take_printer_job, printer) is None, "nothing prints it again"
    # it was only cut off, and tells in the end
    ledger.perform(clerk, end_printer_job, job, holder, DONE)
    assert became(ledger, clerk, job) == ("printed", None)


def test_what_broke_off_is_settled_by_who_looks_at_the_paper(
    ledger: Ledger, clerk: Actor, printer: str
) -> None:
    run = make_run(ledger, clerk)
    job = send(ledger, clerk, printer, run=run)
    _, holder = begin(ledger, clerk, printer)
    ledger.perform(clerk, end_printer_job, job, holder, BROKEN)
    assert became(ledger, clerk, job) == ("unsure", "broke_off")
    for again in (False, True):
        with pytest.raises(Conflict, match="settle that first"):
            ledger.perform(clerk, send_to_printer, run, printer, again=again)
    ledger.perform(clerk, settle_printer_job, job, Settling("failed", "只出两张，已撕毁"))
    assert became(ledger, clerk, job)[0] == "failed"
    with pytest.raises(Conflict):
        ledger.perform(clerk, settle_printer_job, job, Settling("printed"))
    with pytest.raises(Conflict):
        ledger.perform(clerk, end_printer_job, job, holder, DONE)
    assert became(ledger, clerk, send(ledger, clerk, printer, run=run)) == ("waiting", None)


def test_the_same_serials_come_out_twice_only_where_somebody_says_so(
    ledger: Ledger, clerk: Actor, printer: str
) -> None:
    run = make_run(ledger, clerk)
    first = send(ledger, clerk, printer, run=run)
    with pytest.raises(Conflict, match="not through with them"):
        send(ledger, clerk, printer, run=run)
    _, holder = begin(ledger, clerk, printer)
    ledger.perform(clerk, end_printer_job, first, holder, DONE)
    with pytest.raises(Conflict, match="copies"):
        send(ledger, clerk, printer, run=run)
    send(ledger, clerk, printer, run=run, again=True)
    with ledger.database.read() as session:
        sent = sa.select(Record).where(Record.type == "printer_job.sent")
        told = [one.body or b"" for one in session.scalars(sent.order_by(Record.leaf_index))]
    assert [b'"again":true' in one for one in told] == [False, True]


def test_what_waits_can_be_called_off(ledger: Ledger, clerk: Actor, printer: str) -> None:
    job = send(ledger, clerk, printer)
    for outcome in ("printed", "failed"):
        with pytest.raises(Conflict):
            ledger.perform(clerk, settle_printer_job, job, Settling(outcome))
    ledger.perform(clerk, settle_printer_job, job, Settling("dropped"))
    assert ledger.perform(clerk, take_printer_job, printer) is None


def test_an_agent_reports_no_end_that_cannot_be(ledger: Ledger, clerk: Actor, printer: str) -> None:
    job = send(ledger, clerk, printer)
    _, holder = take(ledger, clerk, printer)
    with pytest.raises(Conflict):  # no byte may have gone out
        ledger.perform(clerk, end_printer_job, job, holder, DONE)
    ledger.perform(clerk, hold_printer_job, job, holder, begins=True)
    for wrong in (Ending("waiting"), Ending("failed"), Ending("unsure", "tired")):
        with pytest.raises(InvalidInput):
            ledger.perform(clerk, end_printer_job, job, holder, wrong)
    with pytest.raises(Conflict):
        ledger.perform(clerk, end_printer_job, job, "0" * 26, DONE)


def test_only_its_own_organisation_sees_a_printer(
    ledger: Ledger, clerk: Actor, printer: str
) -> None:
    job, other = send(ledger, clerk, printer), world.make_producer(ledger)
    with pytest.raises(NotFound):
        ledger.perform(other, take_printer_job, printer)
    with pytest.raises(NotFound):
        ledger.perform(other, send_to_printer, make_run(ledger, other), printer)
    with pytest.raises(NotFound):
        ledger.perform(other, settle_printer_job, job, Settling("dropped"))
    _, holder = take(ledger, clerk, printer)
    with pytest.raises(NotFound):
        ledger.perform(other, hold_printer_job, job, holder, begins=True)
    own, run = make_printer(ledger, other), make_run(ledger, clerk)
    with pytest.raises(Forbidden):  # another's run, on one's own printer
        ledger.perform(other, send_to_printer, run, own)
    viewer = world.make_actor(ledger, str(clerk.party_uid), "viewer")
    with pytest.raises(Forbidden):
        ledger.perform(viewer, take_printer_job, printer)


def test_what_may_not_be_printed_is_not_sent(ledger: Ledger, clerk: Actor, printer: str) -> None:
    void = make_run(ledger, clerk)
    ledger.perform(clerk, void_run, void, "卷纸丢失")
    stopped = make_run(ledger, clerk)
    with ledger.database.read() as session:
        run = print_run(session, stopped)
        assert run.batch is not None
        code = run.batch.trace_code
    ledger.perform(clerk, hold, code, "抽检")
    for run_uid in (void, stopped):
        with pytest.raises(Conflict):
            ledger.perform(clerk, send_to_printer, run_uid, printer)
    ledger.perform(clerk, remove_printer, printer)
    with pytest.raises(Conflict, match="removed"):
        send(ledger, clerk, printer)


def test_sending_scratch_pins_to_a_printer_is_put_on_record(
    ledger: Ledger, clerk: Actor, printer: str
) -> None:
    run = make_run(ledger, clerk, pins=True)
    send(ledger, clerk, printer, run=run)
    with ledger.database.read() as session:
        drawn = sa.select(Record).where(Record.schema == str(PINS_DRAWN), Record.subject == run)
        assert len(session.scalars(drawn).all()) == 1


def test_a_printer_is_registered_set_otherwise_and_removed(ledger: Ledger, clerk: Actor) -> None:
    site = world.make_site(ledger, clerk, kind="store", name="库")
    facts = PrinterFacts(site, " 包装间 ", "zpl", 300, 640)
    uid = ledger.perform(clerk, register_printer, facts)
    with pytest.raises(Conflict, match="name"):
        ledger.perform(clerk, register_printer, facts)
    ledger.perform(clerk, change_printer, uid, replace(facts, shift_right=-4))
    with ledger.database.read() as session:
        (found,) = printers_of(session, clerk.party_id)
        assert (found.name, found.shift_right, found.dpi) == ("包装间", -4, 300)
    for wrong in (
        replace(facts, name=" "), replace(facts, language="epl"), replace(facts, shift_down=5000),
    ):  # fmt: skip
        with pytest.raises(InvalidInputs):
            ledger.perform(clerk, change_printer, uid, wrong)
    other = world.make_producer(ledger)
    with pytest.raises((Forbidden, Conflict)):
        ledger.perform(other, register_printer, replace(facts, name="别人的"))
    ledger.perform(clerk, remove_printer, uid)
    with ledger.database.read() as session:
        assert not printers_of(session, clerk.party_id)


def test_who_inspects_a_label_sees_that_a_printer_was_given_it_twice(
    ledger: Ledger, clerk: Actor, printer: str
) -> None:
    run = make_run(ledger, clerk)
    for more in ({}, {"first": 2, "last": 2, "again": True}):
        send(ledger, clerk, printer, run=run, **more)
        job, holder = begin(ledger, clerk, printer)
        ledger.perform(clerk, end_printer_job, job, holder, DONE)
    send(ledger, clerk, printer, run=run, again=True)  # not out yet
    with ledger.database.read() as session:
        found = [search(session, label.path).packages for label in codes_of(session, run)]
    assert [one.printed for (one,) in found] == [1, 2, 1]
