"""The agent beside a printer, over a real connection to a server and a real one to a printer."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from flask import Flask

from suyuan.agent.devices import BrokenOff, DeviceFile, NetworkPrinter, NotReached, device
from suyuan.agent.server import NotLetIn, NotOurs, Refused, Server
from suyuan.agent.work import Agent
from suyuan.cli import main
from suyuan.labels.fed import output_of
from suyuan.labels.from_facts import write_labels
from suyuan.trace.acts.printers import change_printer
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.clock import SetClock
from suyuan.trace.errors import InvalidInput, Unavailable
from suyuan.trace.parties.actor import Actor
from suyuan.trace.parties.tables import ApiToken
from suyuan.trace.printers.facts import PrinterFacts
from suyuan.trace.printers.queries import printer as printer_of
from suyuan.trace.printers.queries import printer_job
from suyuan.trace.printers.rules import lease
from suyuan.trace.printing.paper_checks import facts_to_draw
from suyuan.trace.printing.queries import codes_of
from tests import world
from tests.api_clients import application, token
from tests.sockets import served
from tests.stations import became, make_printer, make_run, send


@dataclass
class Printer:
    """A printer on a port of this machine. It takes ``most`` bytes and then hangs up rudely."""

    port: int
    most: int | None = None
    jobs: list[bytes] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"tcp://127.0.0.1:{self.port}"


@contextmanager
def printing(most: int | None = None) -> Iterator[Printer]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        found = Printer(listening.getsockname()[1], most)

        def serve() -> None:
            while True:
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                with connection:
                    found.jobs.append(_read(connection, most))

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield found
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            thread.join(10)


def _read(connection: socket.socket, most: int | None) -> bytes:
    read = b""
    while most is None or len(read) < most:
        part = connection.recv(4096 if most is None else min(4096, most - len(read)))
        if not part:
            break
        read += part
    return read


@dataclass(frozen=True)
class Station:
    """A station whose agent asks a server over the network."""

    ledger: Ledger
    clerk: Actor
    printer: str
    url: str
    token: str

    def agent(self, address: str, patience: float = 5) -> Agent:
        fed = {self.printer: device(address, patience)}
        return Agent(Server(self.url, self.token), fed, threading.Event())

    def became(self, job: str) -> tuple[str, str | None]:
        return became(self.ledger, self.clerk, job)


@pytest.fixture
def station(ledger: Ledger) -> Iterator[Station]:
    clerk = world.make_producer(ledger)
    with served(application(ledger)) as url:
        yield Station(ledger, clerk, make_printer(ledger, clerk), url, token(ledger, clerk))


def unused_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        return int(nobody.getsockname()[1])


def drawn(station: Station, run: str) -> bytes:
    """The labels of a run, as its printer takes them."""
    out = BytesIO()
    with station.ledger.database.read() as session:
        output = output_of(printer_of(session, station.printer, station.clerk.party_id))
        codes = codes_of(session, run)
        write_labels("trace-50x30", facts_to_draw(session, run), codes, out, output)
    return out.getvalue()


def test_the_printer_gets_each_job_whole_and_once(station: Station) -> None:
    runs = [make_run(station.ledger, station.clerk, 4) for _ in range(2)]
    jobs = [send(station.ledger, station.clerk, station.printer, run=run) for run in runs]
    with printing() as printer:
        agent = station.agent(printer.address)
        assert [agent.round() for _ in range(3)] == [True, True, False]
    assert printer.jobs == [drawn(station, run) for run in runs]
    assert printer.jobs[0].count(b"PRINT 1,1") == 4
    assert [station.became(job) for job in jobs] == [("printed", None)] * 2


def test_a_printer_that_is_off_is_told_of_and_nothing_came_out(station: Station) -> None:
    job = send(station.ledger, station.clerk, station.printer)
    assert station.agent(f"tcp://127.0.0.1:{unused_port()}").round()
    assert station.became(job) == ("failed", "unreachable")
    with station.ledger.database.read() as session:
        assert "refused" in printer_job(session, job, station.clerk.party_id).detail


def test_a_printer_that_hangs_up_in_the_middle_leaves_it_to_a_person(station: Station) -> None:
    job = send(station.ledger, station.clerk, station.printer)
    with printing(most=1000) as printer:
        agent = station.agent(printer.address)
        assert agent.round()
        assert station.became(job) == ("unsure", "broke_off")
        assert not agent.round(), "nothing prints it again"
    assert len(printer.jobs) == 1


def test_an_agent_killed_after_fetching_prints_nothing_and_another_does(
    station: Station, clock: SetClock
) -> None:
    job = send(station.ledger, station.clerk, station.printer)
    killed = Server(station.url, station.token)
    taken = killed.take(station.printer)
    assert taken is not None
    fetched = BytesIO()
    killed.labels(taken, fetched, lambda: None)
    assert fetched.getvalue()
    with printing() as printer:
        agent = station.agent(printer.address)
        assert not agent.round()
        clock.at += lease()
        assert agent.round()
        assert station.became(job) == ("printed", None)
    assert len(printer.jobs) == 1
    with pytest.raises(NotOurs):
        killed.hold(taken, begins=True)


def test_an_agent_killed_while_it_prints_leaves_it_to_a_person(
    station: Station, clock: SetClock
) -> None:
    job = send(station.ledger, station.clerk, station.printer)
    killed = Server(station.url, station.token)
    taken = killed.take(station.printer)
    assert taken is not None
    killed.hold(taken, begins=True)
    clock.at += lease()
    with printing() as printer:
        assert not station.agent(printer.address).round()
    assert station.became(job) == ("unsure", "agent_lost")


def test_a_revoked_token_prints_nothing(station: Station) -> None:
    job = send(station.ledger, station.clerk, station.printer)
    with station.ledger.database.write() as session:
        session.execute(sa.update(ApiToken).values(revoked_at=station.ledger.clock.now()))
        session.commit()
    with printing() as printer, pytest.raises(NotLetIn):
        station.agent(printer.address).round()
    assert not printer.jobs
    assert station.became(job) == ("waiting", None)


def test_the_token_of_another_organisation_gets_nothing(station: Station) -> None:
    send(station.ledger, station.clerk, station.printer)
    other = Server(station.url, token(station.ledger, world.make_producer(station.ledger)))
    with pytest.raises(Refused):
        other.take(station.printer)


def test_labels_that_may_not_be_printed_any_more_are_told_of(station: Station) -> None:
    run = make_run(station.ledger, station.clerk)
    job = send(station.ledger, station.clerk, station.printer, run=run)
    facts = _narrow(station)
    station.ledger.perform(station.clerk, change_printer, station.printer, facts)
    with printing() as printer:
        assert station.agent(printer.address).round()
    assert not printer.jobs
    assert station.became(job) == ("failed", "not_drawn")


def _narrow(station: Station) -> PrinterFacts:
    """The station's printer with a head that is narrower than the label."""
    with station.ledger.database.read() as session:
        site = printer_of(session, station.printer, station.clerk.party_id).site.uid
    return PrinterFacts(site, "窄", "tspl", 203, 100)


def test_a_place_that_is_mended_moves_the_dots(station: Station) -> None:
    run = make_run(station.ledger, station.clerk, 1)
    before = drawn(station, run)
    with station.ledger.database.read() as session:
        site = printer_of(session, station.printer, station.clerk.party_id).site.uid
    facts = PrinterFacts(site, "移", "tspl", 203, 832, shift_right=8, shift_down=1)
    station.ledger.perform(station.clerk, change_printer, station.printer, facts)
    after = drawn(station, run)
    start, wide = before.index(b",0,50,240,0,") + 12, 50
    rows, moved = before[start : start + 50 * 240], after[start : start + 50 * 240]
    for row in range(240 - 1):
        old = rows[row * wide : (row + 1) * wide]
        assert moved[(row + 1) * wide : (row + 2) * wide] == b"\xff" + old[:-1]


def test_a_printer_that_is_no_more_keeps_none_of_the_others_waiting(station: Station) -> None:
    job = send(station.ledger, station.clerk, station.printer)
    with printing() as printer:
        ways = {uid: device(printer.address, 5) for uid in ("01gone", station.printer)}
        agent = Agent(Server(station.url, station.token), ways, threading.Event())
        assert agent.round()
        with pytest.raises(Refused):
            agent.round()
    assert station.became(job) == ("printed", None)
    with pytest.raises(Refused):
        Server(station.url, station.token).take("no such/printer")


def test_the_page_of_a_network_that_asks_for_a_sign_in_is_no_job() -> None:
    portal = Flask("portal")
    portal.post("/api/v1/printers/<uid>/take")(lambda uid: "<html>Welcome! Sign in.</html>")
    with served(portal) as url, pytest.raises(Unavailable, match="something else"):
        Server(url, "t").take("01kt07nv00zkkyg6xsvqs6jrv8")


def test_the_agent_waits_for_a_server_that_is_away(station: Station) -> None:
    absent = Server(f"http://127.0.0.1:{unused_port()}", station.token, seconds=2)
    with pytest.raises(Unavailable):
        absent.take(station.printer)


def test_the_token_never_goes_over_the_network_in_the_clear() -> None:
    with pytest.raises(InvalidInput, match="https"):
        Server("http://trace.example.cn", "secret")


def test_a_device_file_gets_the_bytes_and_a_missing_one_nothing(tmp_path: Path) -> None:
    place = tmp_path / "lp0"
    place.touch()
    assert DeviceFile(place, 1).print(BytesIO(b"x" * 10_000), lambda: None) == 10_000
    assert place.read_bytes() == b"x" * 10_000
    with pytest.raises(NotReached):
        DeviceFile(tmp_path / "lp1", 1).print(BytesIO(b"x"), lambda: None)


def test_a_device_that_takes_no_more_breaks_off(tmp_path: Path) -> None:
    place = tmp_path / "lp0"
    os.mkfifo(place)
    reading = os.open(place, os.O_RDONLY | os.O_NONBLOCK)
    try:
        with pytest.raises(BrokenOff) as broken:
            DeviceFile(place, 0.1).print(BytesIO(b"x" * 1_000_000), lambda: None)
    finally:
        os.close(reading)
    assert 0 < broken.value.sent < 1_000_000


@pytest.mark.parametrize("address", ["tcp://:9100", "tcp://host:99999", "lp0", "cups:", "ftp://x"])
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(InvalidInput):
        device(address, 1)


def test_addresses_are_read() -> None:
    assert device("tcp://10.0.0.5", 1) == NetworkPrinter("10.0.0.5", 9100, 1)
    assert device("tcp://10.0.0.5:9101/", 1) == NetworkPrinter("10.0.0.5", 9101, 1)


def test_the_command_prints_what_waits_and_ends(station: Station, tmp_path: Path) -> None:
    job = send(station.ledger, station.clerk, station.printer)
    place, secret = tmp_path / "lp0", tmp_path / "token"
    place.touch()
    secret.write_text(station.token + "\n", encoding="utf-8")
    command = [
        "print-agent", "--server", station.url, "--token-file", str(secret), "--once",
        "--printer", f"{station.printer}={place}",
    ]  # fmt: skip
    done = CliRunner().invoke(main, command)
    assert done.exit_code == 0, done.output
    assert place.read_bytes().count(b"PRINT 1,1") == 3
    assert station.became(job) == ("printed", None)
