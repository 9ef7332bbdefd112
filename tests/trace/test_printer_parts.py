"""Parts of a run on their way to printers, and what becomes of a part that came out by half."""

from __future__ import annotations

import json
from typing import Any

import pytest
import sqlalchemy as sa

from suyuan.trace.acts.printer_jobs import (
    end_printer_job,
    hold_printer_job,
    send_test_labels,
    send_to_printer,
    take_printer_job,
)
from suyuan.trace.acts.printer_settling import settle_printer_job
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.acts.voiding import end_labels
from suyuan.trace.errors import Conflict, InvalidInput
from suyuan.trace.log.tables import Record
from suyuan.trace.parties.actor import Actor
from suyuan.trace.printers.facts import Ending, Settling
from suyuan.trace.printers.queries import printer_job, to_draw
from suyuan.trace.printing.account import account_of
from suyuan.trace.printing.queries import codes_of, print_run
from tests import world
from tests.stations import became, make_printer, make_run, send

BROKEN = Ending("unsure", "broke_off", "reset", 5)
LABELS = 10


@pytest.fixture
def clerk(ledger: Ledger) -> Actor:
    return world.make_producer(ledger)


@pytest.fixture
def printer(ledger: Ledger, clerk: Actor) -> str:
    return make_printer(ledger, clerk)


@pytest.fixture
def run(ledger: Ledger, clerk: Actor) -> str:
    return make_run(ledger, clerk, LABELS)


def work(ledger: Ledger, clerk: Actor, printer: str, ending: Ending) -> str:
    """What an agent makes of the next job."""
    taken = ledger.perform(clerk, take_printer_job, printer)
    assert taken is not None
    ledger.perform(clerk, hold_printer_job, taken["job"], taken["holder"], begins=True)
    ledger.perform(clerk, end_printer_job, taken["job"], taken["holder"], ending)
    return str(taken["job"])


def drawn(ledger: Ledger, clerk: Actor, job: str) -> list[str]:
    """The codes of the labels that a job prints."""
    with ledger.database.read() as session:
        found = to_draw(session, printer_job(session, job, clerk.party_id), ledger.keys.secret)
        assert found is not None
        return [label.url for label in found[1]]


def every(ledger: Ledger, run: str) -> list[str]:
    with ledger.database.read() as session:
        return [label.url for label in codes_of(session, run)]


def test_a_part_of_a_run_is_printed_and_no_other_label(
    ledger: Ledger, clerk: Actor, printer: str, run: str
) -> None:
    urls = every(ledger, run)
    part = send(ledger, clerk, printer, run=run, first=4, last=6)
    assert drawn(ledger, clerk, part) == urls[3:6]
    rest = send(ledger, clerk, printer, run=run, first=7)
    assert drawn(ledger, clerk, rest) == urls[6:]
    with pytest.raises(Conflict, match="not through with them"):
        send(ledger, clerk, printer, run=run, first=1, last=4)
    for _ in range(2):
        work(ledger, clerk, printer, Ending("printed", sent=1))
    with pytest.raises(Conflict, match="copies"):
        send(ledger, clerk, printer, run=run, first=6, last=7)
    send(ledger, clerk, printer, run=run, first=1, last=3)


@pytest.mark.parametrize(("first", "last"), [(0, 3), (1, LABELS + 1), (5, 4), (-1, -1)])
def test_labels_that_there_are_not_are_not_sent(
    ledger: Ledger, clerk: Actor, printer: str, run: str, first: int, last: int
) -> None:
    with pytest.raises(InvalidInput):
        ledger.perform(clerk, send_to_printer, run, printer, first=first, last=last)


def test_void_labels_are_passed_over_and_not_counted(
    ledger: Ledger, clerk: Actor, printer: str, run: str
) -> None:
    urls = every(ledger, run)
    ledger.perform(clerk, end_labels, run, 2, 3, "lost", "卷芯破损")
    job = send(ledger, clerk, printer, run=run, first=1, last=5)
    assert drawn(ledger, clerk, job) == [urls[0], *urls[3:5]]
    with ledger.database.read() as session:
        assert printer_job(session, job, clerk.party_id).labels == 3
    with pytest.raises(Conflict, match="nothing to print"):
        send(ledger, clerk, printer, run=run, first=2, last=3)


def test_batch_labels_are_counted_as_they_are_asked_for(
    ledger: Ledger, clerk: Actor, printer: str
) -> None:
    run = make_run(ledger, clerk, LABELS, per_package=False)
    job = send(ledger, clerk, printer, run=run, first=3, last=6)
    assert len(drawn(ledger, clerk, job)) == 4


def test_the_rest_of_what_came_out_by_half_is_sent_again(
    ledger: Ledger, clerk: Actor, printer: str, run: str
) -> None:
    urls = every(ledger, run)
    send(ledger, clerk, printer, run=run, first=2, last=8)
    job = work(ledger, clerk, printer, BROKEN)
    for wrong in (None, 1, 8, 9):
        with pytest.raises(InvalidInput, match="2 to 7"):
            ledger.perform(clerk, settle_printer_job, job, Settling("partly", "", wrong, "send"))
    rest = ledger.perform(clerk, settle_printer_job, job, Settling("partly", "卡纸", 4, "send"))
    assert became(ledger, clerk, job)[0] == "partly"
    assert drawn(ledger, clerk, rest) == urls[4:8]
    work(ledger, clerk, printer, Ending("printed", sent=1))
    with pytest.raises(Conflict, match="copies"):  # those that came out at first count as printed
        send(ledger, clerk, printer, run=run, first=3, last=3)
    assert send(ledger, clerk, printer, run=run, first=1, last=1)


def test_the_rest_of_what_came_out_by_half_is_spoiled(
    ledger: Ledger, clerk: Actor, printer: str, run: str
) -> None:
    send(ledger, clerk, printer, run=run)
    job = work(ledger, clerk, printer, BROKEN)
    with pytest.raises(InvalidInput, match="why"):
        ledger.perform(clerk, settle_printer_job, job, Settling("partly", "", 7, "spoiled"))
    assert became(ledger, clerk, job)[0] == "unsure", "nothing of it was done"
    ledger.perform(clerk, settle_printer_job, job, Settling("partly", "卡纸", 7, "spoiled"))
    with ledger.database.read() as session:
        account = account_of(session, print_run(session, run))
    assert (account.spoiled, account.in_force) == (3, 7)


def test_the_rest_may_be_decided_later(
    ledger: Ledger, clerk: Actor, printer: str, run: str
) -> None:
    send(ledger, clerk, printer, run=run)
    job = work(ledger, clerk, printer, BROKEN)
    assert ledger.perform(clerk, settle_printer_job, job, Settling("partly", "", 7)) == job
    assert ledger.perform(clerk, take_printer_job, printer) is None
    send(ledger, clerk, printer, run=run, first=8)


def test_test_labels_are_sent_and_stand_in_nobodys_way(
    ledger: Ledger, clerk: Actor, printer: str
) -> None:
    job = ledger.perform(clerk, send_test_labels, printer, "trace-50x30", 4)
    with ledger.database.read() as session:
        found = printer_job(session, job, clerk.party_id)
        assert (found.run, found.template, found.labels) == (None, "trace-50x30", 4)
        assert to_draw(session, found, ledger.keys.secret) is None
    assert work(ledger, clerk, printer, BROKEN) == job
    with pytest.raises(Conflict):
        ledger.perform(clerk, settle_printer_job, job, Settling("partly", "", 1))
    ledger.perform(clerk, settle_printer_job, job, Settling("printed"))


def test_what_was_sent_and_settled_is_on_record(
    ledger: Ledger, clerk: Actor, printer: str, run: str
) -> None:
    send(ledger, clerk, printer, run=run, first=2)
    job = work(ledger, clerk, printer, BROKEN)
    ledger.perform(clerk, settle_printer_job, job, Settling("partly", "卡纸", 7))
    told = said(ledger, job)
    sent = told["printer_job.sent"]
    assert (sent["first"], sent["last"], sent["labels"]) == (2, 10, 9)
    assert told["printer_job.settled"]["last_out"] == 7


def said(ledger: Ledger, job: str) -> dict[str, Any]:
    with ledger.database.read() as session:
        rows = session.scalars(sa.select(Record).where(Record.subject == job))
        return {one.type: json.loads(one.body or b"") for one in rows}
