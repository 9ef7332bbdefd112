"""A station's printers on the desk's pages: registered, fed, and settled where one broke off."""

from __future__ import annotations

import re
from dataclasses import replace
from types import MappingProxyType

import pytest
import sqlalchemy as sa

from suyuan.labels.from_facts import draw_job
from suyuan.labels.output import MEDIA_TYPES
from suyuan.trace.acts.drawing_jobs import draw_next
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.jobs.rules import job_limits
from suyuan.trace.log.tables import Record
from suyuan.trace.parties.actor import Actor
from suyuan.trace.printers.queries import printers_of
from tests import api_clients, world
from tests.stations import became, break_off, make_printer, make_run, send
from tests.web.desk_world import desk
from tests.web_clients import Client, another, signed_in

LABELS = 9


@pytest.fixture
def owner(ledger: Ledger) -> Actor:
    return world.make_producer(ledger)


@pytest.fixture
def client(ledger: Ledger, owner: Actor) -> Client:
    return desk(ledger, owner)


def form(client: Client, address: str, **typed: str) -> dict[str, str]:
    """The form of a page as a person fills it in, ready to be sent more than once."""
    page = client.get(address).text
    (form_id,) = set(re.findall(r'name="id" value="([^"]+)"', page))
    return {"csrf_token": client.token(address), "id": form_id, **typed}


def api_program(ledger: Ledger, secret: str) -> api_clients.Program:
    """A program that has this token."""
    program = api_clients.client(ledger)
    program.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {secret}"
    return program


def test_a_printer_is_registered_set_otherwise_and_removed(
    ledger: Ledger, owner: Actor, client: Client
) -> None:
    assert "Add the place first" in client.get("/desk/printers/new").text
    site = world.make_site(ledger, owner, kind="store", name="包装间")
    typed = {"site": site, "language": "zpl", "dpi": "300", "head_dots": "1248", "gap_mm": "3"}
    wrong = client.submit("/desk/printers/new", {**typed, "name": "", "head_dots": "wide"})
    assert wrong.status_code == 422
    sent = form(client, "/desk/printers/new", name="门市打印机", **typed)
    answers = [client.post("/desk/printers/new", data=sent) for _ in range(2)]
    assert len({one.headers["Location"] for one in answers}) == 1, "sent twice, registered once"
    page = answers[0].headers["Location"]
    assert "门市打印机" in client.get("/desk/printers/").text
    changed = {**typed, "name": "门市打印机", "shift_right": "-4"}
    assert client.submit(page + "/change", changed).status_code == 302
    with ledger.database.read() as session:
        (found,) = printers_of(session, owner.party_id)
        assert (found.dpi, found.gap_mm, found.shift_right) == (300, 3, -4)
    assert client.submit(page + "/remove", page=page).status_code == 302
    assert "门市打印机" not in client.get("/desk/printers/").text
    assert "nothing can be sent" in client.get(page).text


def test_a_part_of_a_run_is_sent_once_however_often_the_form_comes(
    ledger: Ledger, owner: Actor, client: Client
) -> None:
    run, printer = make_run(ledger, owner, LABELS), make_printer(ledger, owner)
    address = f"/desk/runs/{run}/send"
    assert address in client.get(f"/desk/runs/{run}").text
    sent = form(client, address, printer=printer, first="3", last="5")
    first, again = (client.post(address, data=sent) for _ in range(2))
    assert first.headers["Location"] == again.headers["Location"]
    job = client.get(first.headers["Location"]).text
    assert "3 to 5" in job
    assert "waits to be printed" in job
    other = client.submit(address, {"printer": printer, "first": "5"})
    assert other.status_code == 409
    assert "settle that first" in other.text
    called_off = client.submit(first.headers["Location"], {"outcome": "dropped"})
    assert called_off.status_code == 302
    assert client.submit(address, {"printer": printer, "first": "5"}).status_code == 302


def test_what_came_out_by_half_is_settled_and_the_rest_printed(
    ledger: Ledger, owner: Actor, client: Client
) -> None:
    run, printer = make_run(ledger, owner, LABELS), make_printer(ledger, owner)
    job = break_off(ledger, owner, send(ledger, owner, printer, run=run), printer)
    address = f"/desk/printer-jobs/{job}"
    page = client.get(address).text
    assert "Connection reset by peer" in page
    assert "Look at the paper" in page
    assert client.submit(address, {"outcome": "partly"}).status_code == 422
    assert client.submit(address, {"outcome": "partly", "last_out": "9"}).status_code == 422
    sent = form(client, address, outcome="partly", last_out="4", rest="send", note="卡纸")
    first, again = (client.post(address, data=sent) for _ in range(2))
    assert first.headers["Location"] == again.headers["Location"] != address
    assert "5 to 9" in client.get(first.headers["Location"]).text
    assert became(ledger, owner, job)[0] == "partly"


def test_the_serial_on_the_last_label_says_which_it_is(
    ledger: Ledger, owner: Actor, client: Client
) -> None:
    run, printer = make_run(ledger, owner, LABELS), make_printer(ledger, owner)
    serials = re.findall(r"serial=(\d{12})", client.get(f"/desk/runs/{run}").text)
    job = break_off(ledger, owner, send(ledger, owner, printer, run=run), printer)
    address = f"/desk/printer-jobs/{job}"
    typed = {"outcome": "partly", "last_out": serials[6], "rest": "spoiled"}
    without_reason = client.submit(address, typed)
    assert without_reason.status_code == 422
    assert "Say why" in without_reason.text
    assert client.submit(address, {**typed, "note": "碳带断"}).status_code == 302
    assert "Labels 8 to 9: spoiled" in client.get(f"/desk/runs/{run}").text


def test_the_agents_token_is_shown_once_and_opens_nothing_else(
    ledger: Ledger, owner: Actor, client: Client
) -> None:
    printer = make_printer(ledger, owner)
    sent = form(client, "/desk/printers/agent", label="包装间电脑", days="365")
    first, again = (client.post("/desk/printers/agent", data=sent) for _ in range(2))
    (secret,) = re.findall(r"(sy_[\w-]+)<", first.text)
    assert (again.status_code, "sy_" in again.text) == (409, False)
    assert printer in first.text
    with ledger.database.read() as session:
        kept = session.connection().exec_driver_sql("SELECT * FROM api_token").all()
    assert secret not in str(kept)
    program = api_program(ledger, secret)
    job = send(ledger, owner, printer)
    assert program.send(f"/printers/{printer}/take", {}).get_json()["job"] == job
    for refused in ("/printers", f"/printer-jobs/{job}", "/carriers"):
        assert program.read(refused).status_code == 403
    assert program.send(f"/printers/{printer}/jobs", {"print_run": job}).status_code == 403
    assert "feeds printers only" in client.get("/account/tokens").text
    with ledger.database.read() as session:
        record = session.scalars(sa.select(Record).where(Record.type == "token.made")).one()
        assert b'"only":"feeding"' in (record.body or b"")


def test_test_labels_are_sent_to_a_printer_and_drawn_for_it(
    ledger: Ledger, owner: Actor, client: Client
) -> None:
    printer = make_printer(ledger, owner)
    page = f"/desk/printers/{printer}"
    answer = client.submit(page + "/test", {"template": "trace-50x30"}, page=page)
    job = answer.headers["Location"].rpartition("/")[2]
    assert "Test labels" in client.get(answer.headers["Location"]).text
    narrow = make_printer(ledger, owner, "窄", head_dots=100, site=world.make_site(ledger, owner))
    refused = client.submit(f"/desk/printers/{narrow}/test", {"template": "trace-50x30"}, page=page)
    assert refused.status_code == 422
    sent = form(client, "/desk/printers/agent", label="代理", days="30")
    secret = re.findall(r"(sy_[\w-]+)<", client.post("/desk/printers/agent", data=sent).text)[0]
    program = api_program(ledger, secret)
    holder = program.send(f"/printers/{printer}/take", {}).get_json()["holder"]
    drawn = program.read(f"/printer-jobs/{job}/labels?holder={holder}")
    assert drawn.data.count(b"PRINT 1,1") >= 3


def test_nobody_else_sees_a_printer(ledger: Ledger, owner: Actor, client: Client) -> None:
    printer, other = make_printer(ledger, owner), world.make_producer(ledger)
    job = send(ledger, owner, printer)
    theirs = signed_in(another(client), ledger, str(other.person_uid))
    for address in (f"/desk/printers/{printer}", f"/desk/printer-jobs/{job}"):
        assert client.get(address).status_code == 200
        assert theirs.get(address).status_code == 404


def test_a_long_run_is_drawn_before_the_printer_gets_it(
    ledger: Ledger, owner: Actor, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = replace(job_limits(), at_once=MappingProxyType(dict.fromkeys(MEDIA_TYPES, LABELS - 1)))
    monkeypatch.setattr("suyuan.trace.acts.printer_jobs.job_limits", lambda: few)
    run, printer = make_run(ledger, owner, LABELS), make_printer(ledger, owner)
    address = f"/desk/runs/{run}/send"
    sent = client.submit(address, {"printer": printer})
    assert sent.status_code == 302
    page = sent.headers["Location"]
    assert "drawn first" in client.get(page).text
    assert f"0 of {LABELS}" in client.get(page).text
    draw_next(ledger, draw_job)
    assert "drawn first" not in client.get(page).text
    phone = make_printer(ledger, owner, "手机", language="png")
    client.submit(page, {"outcome": "dropped"})
    refused = client.submit(address, {"printer": phone})
    assert refused.status_code == 409
    assert f"at most {LABELS - 1}" in refused.text
