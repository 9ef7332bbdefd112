"""Scratch PINs in the browser and by API: entered, confirmed once, waited for, without a lock."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import quote

import pytest

from suyuan.labels.from_facts import try_out
from suyuan.trace.acts.pins import enter_pin
from suyuan.trace.acts.printing import issue_print_run
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.acts.voiding import void_run
from suyuan.trace.clock import SetClock
from suyuan.trace.log.tables import Record
from suyuan.trace.parties.actor import STRANGER, Actor
from suyuan.trace.pins.facts import PinTry
from suyuan.trace.pins.rules import pin_limits
from suyuan.trace.printing.content import IssuedLabel
from suyuan.trace.printing.queries import codes_of
from tests import api_clients
from tests.web.desk_world import desk
from tests.web.scanning import open_code
from tests.web_clients import another, site
from tests.world import make_batch, make_producer, make_product

LIMITS = pin_limits()


@pytest.fixture
def actor(ledger: Ledger) -> Actor:
    return make_producer(ledger)


@pytest.fixture
def run(ledger: Ledger, actor: Actor) -> str:
    product = make_product(ledger, actor, items_on_pack=True)
    return ledger.perform(
        actor, issue_print_run, make_batch(ledger, actor, product=product), 2, "trace-70x40-pin",
        try_out=try_out, pins=True,
    )  # fmt: skip


@pytest.fixture
def label(ledger: Ledger, run: str) -> IssuedLabel:
    with ledger.database.read() as session:
        return codes_of(session, run, ledger.keys.secret)[0]


def _wrong(label: IssuedLabel, by: int = 1) -> str:
    return f"{(int(str(label.pin)) + by) % 10**8:08d}"


def _guess(ledger: Ledger, label: IssuedLabel) -> None:
    for number in range(LIMITS.code_tries):
        entered = PinTry(label.path, _wrong(label), f"{number}", f"10.0.0.{number}")
        ledger.perform(STRANGER, enter_pin, entered)


def _entered(label: IssuedLabel, pin: str | None = None) -> dict[str, str]:
    return {"path": label.path, "pin": pin or str(label.pin)}


def test_the_scan_page_takes_the_pin_and_tells_all_later_ones_when(
    ledger: Ledger, label: IssuedLabel, clock: SetClock
) -> None:
    client = site(ledger)
    page = open_code(client, label.url).text
    assert 'action="/pin" method="post"' in page
    assert "Nobody has entered it yet" in page
    assert str(label.pin) not in page
    answer = client.post("/pin", data=_entered(label))
    assert answer.status_code == 200
    assert "for the first time" in answer.text
    clock.move(clock.now() + timedelta(hours=5))
    assert "First confirmed on 2026-06-01 08:00" in open_code(another(client), label.url).text
    again = another(client).post("/pin", data=_entered(label))
    assert "entered before" in again.text
    assert "First confirmed on 2026-06-01 08:00" in again.text


def test_who_reloads_the_answer_is_not_told_that_somebody_was_there_before(
    ledger: Ledger, label: IssuedLabel
) -> None:
    """The form of the scan page is the same for all, so the device stands for it."""
    client = site(ledger)
    for _ in range(2):
        assert "for the first time" in client.post("/pin", data=_entered(label)).text
    assert "entered before" in another(client).post("/pin", data=_entered(label)).text


def test_devices_of_one_address_are_counted_apart_once_they_are_known(
    ledger: Ledger, label: IssuedLabel
) -> None:
    client = site(ledger)
    for phone in (client, another(client), another(client)):
        sent = [_entered(label, _wrong(label, by)) for by in range(1, 6)]
        left = [phone.post("/pin", data=one).text for one in sent]
        assert [f"{4 - n} more tr" in text for n, text in enumerate(left)] == [True] * 5
        assert phone.post("/pin", data=_entered(label)).status_code == 429
    assert another(client).post("/pin", data=_entered(label)).status_code == 200


def test_a_label_without_a_pin_has_no_form(ledger: Ledger, actor: Actor) -> None:
    run = ledger.perform(
        actor, issue_print_run, make_batch(ledger, actor), 1, "trace-50x30",
        try_out=lambda *_: None,
    )  # fmt: skip
    with ledger.database.read() as session:
        (bare,) = codes_of(session, run)
    client = site(ledger)
    assert 'action="/pin"' not in open_code(client, bare.url).text
    assert client.get(f"/pin?path={bare.path}").status_code == 404
    assert client.post("/pin", data=_entered(bare, "12345678")).status_code == 404


def test_a_wrong_number_is_told_with_the_tries_left_and_then_tomorrow(
    ledger: Ledger, label: IssuedLabel, clock: SetClock
) -> None:
    client = site(ledger)
    said = [client.post("/pin", data=_entered(label, _wrong(label, by))) for by in range(1, 6)]
    assert [answer.status_code for answer in said] == [422] * 5
    assert "4 more tries" in said[0].text
    assert "0 more tries" in said[4].text
    refused = client.post("/pin", data=_entered(label))
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) == 16 * 3600
    clock.move(clock.now() + timedelta(days=1))
    assert client.post("/pin", data=_entered(label)).status_code == 200


def test_the_cookie_says_nothing_and_ends_with_the_day(ledger: Ledger, label: IssuedLabel) -> None:
    client = site(ledger)
    assert "Set-Cookie" not in open_code(client, label.url).headers
    answer = client.post("/pin", data=_entered(label, _wrong(label)))
    (cookie,) = [one for one in answer.headers.getlist("Set-Cookie") if "suyuan-pin" in one]
    assert "HttpOnly" in cookie
    assert "Path=/pin" in cookie
    assert "SameSite=Strict" in cookie
    assert "Max-Age=57600" in cookie  # from 8 in the morning to midnight
    client.set_cookie("suyuan-pin", "forged", path="/pin")
    assert "Set-Cookie" in client.post("/pin", data=_entered(label, _wrong(label))).headers


def test_many_new_devices_of_one_address_wait_and_are_answered(
    ledger: Ledger, label: IssuedLabel, clock: SetClock
) -> None:
    client = site(ledger)
    for by in range(1, LIMITS.network_devices + LIMITS.device_tries + 1):
        another(client).post("/pin", data=_entered(label, _wrong(label, by)))
    holder = another(client)
    waits = holder.post("/pin", data=_entered(label))
    assert waits.status_code == 202
    found = re.search(r'name="ticket" value="([^"]+)"', waits.text)
    assert found
    ticket = {"path": label.path, "ticket": found[1]}
    assert holder.post("/pin", data=ticket).status_code == 202
    clock.move(clock.now() + LIMITS.wait_longest)
    assert "for the first time" in holder.post("/pin", data=ticket).text


def test_another_site_cannot_have_a_visitor_try(ledger: Ledger, label: IssuedLabel) -> None:
    client = site(ledger)
    for headers in (
        {"Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Origin": "null"},
    ):
        assert client.post("/pin", data=_entered(label), headers=headers).status_code == 422
    own = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    assert client.post("/pin", data=_entered(label), headers=own).status_code == 200


def test_the_form_of_its_own_page_sent_twice_is_the_first_both_times(
    ledger: Ledger, label: IssuedLabel
) -> None:
    client = site(ledger)
    page = client.get(f"/pin?path={quote(label.path)}").text
    found = re.search(r'name="id" value="([^"]+)"', page)
    assert found
    for _ in range(2):
        answer = client.post("/pin", data={**_entered(label), "id": found[1]})
        assert "for the first time" in answer.text


def test_a_void_label_shows_that_first_and_confirms_nothing(
    ledger: Ledger, actor: Actor, run: str, label: IssuedLabel
) -> None:
    ledger.perform(actor, void_run, run, "标签卷被盗")
    client = site(ledger)
    page = open_code(client, label.url).text
    assert page.index("declared void") < page.index("<h1")
    assert 'action="/pin"' not in page
    assert client.post("/pin", data=_entered(label)).status_code == 409


# --- by API --------------------------------------------------------------------------------------


def test_the_api_answers_as_the_page_does(ledger: Ledger, label: IssuedLabel) -> None:
    program = api_clients.client(ledger)
    wrong = program.send("/passport/pin", {"code": label.url, "pin": _wrong(label)}).get_json()
    assert (wrong["outcome"], wrong["tries_left"]) == ("wrong", 4)
    right = {"code": label.path, "pin": str(label.pin)}
    first = program.send("/passport/pin", right, key="key-00000001").get_json()
    assert (first["outcome"], first["first"]) == ("right", True)
    assert program.send("/passport/pin", right, key="key-00000001").get_json()["first"]
    later = program.send("/passport/pin", right).get_json()
    assert (later["first"], later["confirmed_at"]) == (False, first["confirmed_at"])
    told = program.read(f"/passport?code={quote(label.url)}").get_json()
    assert told["pin"]["first_at"] is not None


def test_the_api_keeps_an_answer_that_must_wait(
    ledger: Ledger, label: IssuedLabel, clock: SetClock
) -> None:
    _guess(ledger, label)
    program = api_clients.client(ledger)
    waits = program.send("/passport/pin", {"code": label.url, "pin": str(label.pin)}).get_json()
    assert waits["outcome"] == "wait"
    clock.move(clock.now() + LIMITS.wait_first)
    answer = program.send("/passport/pin", {"ticket": waits["ticket"]}).get_json()
    assert (answer["outcome"], answer["first"]) == ("right", True)


@pytest.mark.parametrize("body", [{}, {"code": "/t/1"}, {"pin": "12345678"}, {"ticket": "x.y"}])
def test_the_api_refuses_half_an_entry(ledger: Ledger, body: dict[str, str]) -> None:
    answer = api_clients.client(ledger).send("/passport/pin", body)
    api_clients.problem(answer, 422, "invalid-input")


# --- drawing -------------------------------------------------------------------------------------


def test_labels_with_pins_are_drawn_by_post_alone_and_each_drawing_is_recorded(
    ledger: Ledger, actor: Actor, run: str
) -> None:
    client, program = desk(ledger, actor), api_clients.client(ledger, actor)
    assert client.get(f"/desk/runs/{run}/labels").status_code == 409
    pdf = {"headers": {"Accept": "application/pdf"}}
    assert program.read(f"/print-runs/{run}", **pdf).status_code == 409
    before = _records(ledger)
    page = f"/desk/runs/{run}"
    drawn = client.submit(f"{page}/labels", {"layout": "roll", "dpi": "300"}, page=page)
    assert drawn.data.startswith(b"%PDF")
    assert drawn.headers["Cache-Control"] == "no-store"
    drawn = program.send(f"/print-runs/{run}/labels", {})
    assert drawn.status_code == 201
    assert drawn.data.startswith(b"%PDF")
    assert _records(ledger) == before + 2


def _records(ledger: Ledger) -> int:
    with ledger.database.read() as session:
        return session.query(Record).filter(Record.type == "pins_drawn").count()


def test_the_desk_issues_pins_and_voids_the_run(ledger: Ledger, actor: Actor) -> None:
    product = make_product(ledger, actor, items_on_pack=True)
    code = make_batch(ledger, actor, product=product)
    client, form = desk(ledger, actor), {"template": "trace-70x40-pin", "count": "3"}
    page = f"/desk/batches/{code}/print"
    refused = client.submit(page, {**form, "template": "trace-50x30", "pins": "yes"})
    assert refused.status_code == 422
    assert "no place for a scratch PIN" in refused.text
    issued = client.submit(page, {**form, "pins": "yes"})
    assert issued.status_code == 302
    assert "under scratch ink" in client.get(issued.location).text
    done = client.submit(f"{issued.location}/void-all", {"reason": "标签卷被盗"})
    assert done.status_code == 302
    assert "This whole run was declared void" in client.get(issued.location).text
    assert client.submit(f"{issued.location}/void-all", {"reason": "再来"}).status_code == 409


def test_the_api_voids_a_package_and_a_run(ledger: Ledger, actor: Actor, run: str) -> None:
    program = api_clients.client(ledger, actor)
    with ledger.database.read() as session:
        serial = codes_of(session, run)[0].serial
    one = {"reason": "破损", "serial": serial}
    assert program.send(f"/print-runs/{run}/void", one).status_code == 201
    assert len(program.read(f"/print-runs/{run}").get_json()["urls"]) == 1
    assert program.send(f"/print-runs/{run}/void", {"reason": "被盗"}).status_code == 201
    read = program.read(f"/print-runs/{run}").get_json()
    assert (read["state"], read["urls"]) == ("voided", [])
    strange = {"reason": "破损", "serial": "000000000000"}
    api_clients.problem(program.send(f"/print-runs/{run}/void", strange), 404, "not-found")
