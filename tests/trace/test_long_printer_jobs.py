"""Long runs on their way to a printer: drawn in the background once, and fetched from the file."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from types import MappingProxyType

import pytest
import sqlalchemy as sa

from suyuan.agent.devices import device
from suyuan.agent.server import Server
from suyuan.agent.work import Agent
from suyuan.labels.errors import DoesNotFit
from suyuan.labels.fed import drawing_for, output_of, write_job
from suyuan.labels.from_facts import draw_job
from suyuan.labels.output import MEDIA_TYPES
from suyuan.trace.acts.drawing_jobs import draw_next, sweep_drawn_files
from suyuan.trace.acts.print_jobs import cancel_print_job
from suyuan.trace.acts.printer_jobs import (
    end_printer_job,
    hold_printer_job,
    send_to_printer,
    take_printer_job,
)
from suyuan.trace.acts.printer_settling import settle_printer_job
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.acts.voiding import end_labels
from suyuan.trace.clock import SetClock
from suyuan.trace.errors import Conflict
from suyuan.trace.jobs.rules import job_limits
from suyuan.trace.log.tables import Record
from suyuan.trace.parties.actor import Actor
from suyuan.trace.printers.facts import Ending, Settling
from suyuan.trace.printers.queries import printer_job, to_draw
from tests import world
from tests.api_clients import application, token
from tests.sockets import served
from tests.stations import became, make_printer, make_run, send
from tests.trace.test_print_jobs import lying

LONG = 8
BROKEN = Ending("unsure", "broke_off", "reset", 5)


@pytest.fixture(autouse=True)
def _eight_labels_are_long(monkeypatch: pytest.MonkeyPatch) -> None:
    few = replace(job_limits(), at_once=MappingProxyType(dict.fromkeys(MEDIA_TYPES, LONG - 1)))
    monkeypatch.setattr("suyuan.trace.acts.printer_jobs.job_limits", lambda: few)


@pytest.fixture
def clerk(ledger: Ledger) -> Actor:
    return world.make_producer(ledger)


@pytest.fixture
def printer(ledger: Ledger, clerk: Actor) -> str:
    return make_printer(ledger, clerk)


def send_long(
    ledger: Ledger, clerk: Actor, printer: str, run: str, first: int = 1, last: int | None = None
) -> str:
    return ledger.perform(
        clerk, send_to_printer, run, printer, draw=drawing_for, first=first, last=last
    )


def take(ledger: Ledger, clerk: Actor, printer: str) -> str | None:
    taken = ledger.perform(clerk, take_printer_job, printer)
    return str(taken["job"]) if taken else None


def drawn_at_once(ledger: Ledger, clerk: Actor, job: str) -> bytes:
    out = BytesIO()
    with ledger.database.read() as session:
        found = printer_job(session, job, clerk.party_id)
        write_job(found, to_draw(session, found, ledger.keys.secret), str, out)
    return out.getvalue()


def test_a_long_run_waits_until_its_file_is_drawn(
    ledger: Ledger, clerk: Actor, printer: str
) -> None:
    run = make_run(ledger, clerk, LONG + 1)
    job = send_long(ledger, clerk, printer, run)
    assert take(ledger, clerk, printer) is None
    short = send(ledger, clerk, printer)
    assert take(ledger, clerk, printer) == short, "short ones need not wait for it"
    assert draw_next(ledger, draw_job)
    assert take(ledger, clerk, printer) == job


def test_who_cannot_draw_in_the_background_is_told_so(
    ledger: Ledger, clerk: Actor, printer: str
) -> None:
    run = make_run(ledger, clerk, LONG)
    with pytest.raises(Conflict, match="at most 7"):
        send(ledger, clerk, printer, run=run)
    phone = make_printer(ledger, clerk, "手机", language="png")
    with pytest.raises(Conflict, match="at most 7"):
        send_long(ledger, clerk, phone, run)
    narrow = make_printer(ledger, clerk, "窄", head_dots=100)
    with pytest.raises(DoesNotFit):
        send_long(ledger, clerk, narrow, run)


@pytest.fixture
def server(ledger: Ledger, clerk: Actor) -> Iterator[Server]:
    with served(application(ledger)) as url:
        yield Server(url, token(ledger, clerk))


@pytest.mark.parametrize("pins", [False, True], ids=["open", "sealed"])
def test_the_printer_gets_what_would_have_been_drawn_at_once(
    ledger: Ledger, clerk: Actor, printer: str, server: Server, tmp_path: Path, pins: bool
) -> None:
    run = make_run(ledger, clerk, LONG + 3, pins=pins)
    job = send_long(ledger, clerk, printer, run, 3)
    draw_next(ledger, draw_job)
    place = tmp_path / "lp0"
    place.touch()
    assert Agent(server, {printer: device(str(place), 5)}, threading.Event()).round()
    assert became(ledger, clerk, job) == ("printed", None)
    printed = place.read_bytes()
    assert printed.count(b"PRINT 1,1") == LONG + 1
    assert printed == drawn_at_once(ledger, clerk, job)
    with ledger.database.read() as session:
        told = sa.select(sa.func.count()).where(Record.type == "pins_drawn", Record.subject == run)
        assert session.scalar(told) == int(pins), "put on record once"


def test_what_is_never_drawn_fails_and_is_sent_anew(
    ledger: Ledger, clerk: Actor, printer: str, clock: SetClock
) -> None:
    run = make_run(ledger, clerk, LONG)
    called_off = send_long(ledger, clerk, printer, run)
    with ledger.database.read() as session:
        drawing = printer_job(session, called_off, clerk.party_id).print_job
        assert drawing is not None
        uid = drawing.uid
    ledger.perform(clerk, cancel_print_job, uid)
    assert take(ledger, clerk, printer) is None
    assert became(ledger, clerk, called_off) == ("failed", "not_drawn")
    too_old = send_long(ledger, clerk, printer, run)
    draw_next(ledger, draw_job)
    clock.move(clock.at + job_limits().kept)
    sweep_drawn_files(ledger)
    assert lying(ledger) == []
    assert take(ledger, clerk, printer) is None
    assert became(ledger, clerk, too_old) == ("failed", "not_drawn")
    spoilt = send_long(ledger, clerk, printer, run)
    draw_next(ledger, draw_job)
    ledger.perform(clerk, end_labels, run, 2, 2, "spoiled", "撕坏")
    assert take(ledger, clerk, printer) is None
    assert became(ledger, clerk, spoilt) == ("failed", "not_drawn")
    assert became(ledger, clerk, send(ledger, clerk, printer, run=run)) == ("waiting", None)


def test_the_rest_of_a_long_run_is_drawn_in_the_background_too(
    ledger: Ledger, clerk: Actor, printer: str
) -> None:
    run = make_run(ledger, clerk, 2 * LONG)
    job = send_long(ledger, clerk, printer, run)
    draw_next(ledger, draw_job)
    taken = ledger.perform(clerk, take_printer_job, printer)
    assert taken is not None
    ledger.perform(clerk, hold_printer_job, job, taken["holder"], begins=True)
    ledger.perform(clerk, end_printer_job, job, taken["holder"], BROKEN)
    seen = Settling("partly", "卡纸", 3, "send")
    rest = ledger.perform(clerk, settle_printer_job, job, seen, draw=drawing_for)
    assert take(ledger, clerk, printer) is None
    draw_next(ledger, draw_job)
    assert take(ledger, clerk, printer) == rest
    assert len(lying(ledger)) == 2


def test_two_parts_are_two_files(ledger: Ledger, clerk: Actor, printer: str) -> None:
    run = make_run(ledger, clerk, 2 * LONG)
    jobs = [
        send_long(ledger, clerk, printer, run, first, first + LONG - 1) for first in (1, LONG + 1)
    ]
    while draw_next(ledger, draw_job):
        pass
    assert len(lying(ledger)) == 2
    with ledger.database.read() as session:
        found = [printer_job(session, job, clerk.party_id) for job in jobs]
        files = {one.print_job.sha256 for one in found if one.print_job}
        assert all(output_of(one.printer).form == "tspl" for one in found)
    assert len(files) == 2
