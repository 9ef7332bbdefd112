"""One code, one answer: page, program, text, text message, voice and touch screen say the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from suyuan.trace.acts.batches import withdraw_batch
from suyuan.trace.acts.orders import hold, recall
from suyuan.trace.acts.papers import register_paper, revoke_paper
from suyuan.trace.acts.publishing import propose_publication, publish
from suyuan.trace.acts.transaction import Ledger, Writing
from suyuan.trace.acts.voiding import void_code
from suyuan.trace.acts.warnings import warn
from suyuan.trace.batches.queries import batch
from suyuan.trace.codes.in_messages import codes_in
from suyuan.trace.codes.trace_code import new_trace_code, show_trace_code
from suyuan.trace.notices.text_messages import fits_one, one_message
from suyuan.trace.papers.facts import Covers, PaperFacts
from suyuan.trace.parties.actor import SYSTEM
from suyuan.trace.quantities import Quantity
from suyuan.trace.scans.counter import ScanCounter
from tests import world
from tests.jerky import make_jerky
from tests.letting_go import let_pass
from tests.printed import rolled_label
from tests.web.scanning import HOST
from tests.web_clients import site

SECRET = "a-gateway's-own"
BEARER = {"Authorization": f"Bearer {SECRET}"}
MARKS = {
    "recalled": "is recalled", "held": "is on hold", "expired": "is past its date",
    "paper_revoked": "paper behind it was revoked", "voided": "was declared void",
    "withdrawn": "This batch was withdrawn", "risk": "the regulators warn of a risk",
    "taken_back": "Its release was taken back", "released": "Released for sale: the papers",
    "not_released": "Not yet released", "overridden": "Released for sale by override",
    "not-issued": "Nothing is recorded under this code", "malformed": "digits",
    "not-in-use": "This label is not in use yet",
}  # fmt: skip
"""What the page says in each state."""


TREATED = {
    "drug": "伊维菌素", "ear_tags": ["254062600010231"], "approval_number": "1", "dose": "1",
    "veterinarian": "边巴", "withdrawal_end": "2026-06-20",
}  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """A code as it is typed, and its state."""

    typed: str
    state: str


@pytest.fixture
def client(ledger: Ledger, tmp_path: Path) -> FlaskClient:
    (tmp_path / "gateway").write_text(SECRET)
    settings = replace(ledger.settings, sms_asked_secret_file=tmp_path / "gateway")
    return site(replace(ledger, settings=settings))


def _codes(ledger: Ledger) -> Iterator[Asked]:
    """One code in each state."""
    head, regulator = world.make_producer(ledger), world.make_regulator(ledger)
    made = {state: world.make_batch(ledger, head) for state in ("not_released", "held", "recalled")}
    ledger.perform(regulator, hold, made["held"], "抽检待复核")
    ledger.perform(regulator, recall, made["recalled"], "铅超标")
    made["overridden"] = world.make_batch(ledger, head, family="grain", variant="millet_milled")
    let_pass(ledger, head, made["overridden"])
    made["expired"] = world.make_batch(ledger, head, best_before=date(2026, 5, 31))
    other = world.make_producer(ledger)
    made["paper_revoked"] = world.make_batch(ledger, other, family="grain", variant="millet_milled")
    covered = (Covers("party", str(other.party_uid)),)
    licence = PaperFacts("sc_licence", "SC10141132500016", str(other.party_uid), covers=covered)
    ledger.perform(other, revoke_paper, ledger.perform(other, register_paper, licence), "吊销")
    made.update(_released(ledger))
    made["withdrawn"] = world.make_batch(ledger, head)
    ledger.perform(head, withdraw_batch, made["withdrawn"], "重复登记")
    made["risk"] = world.make_batch(ledger, head)
    warning = ledger.perform(SYSTEM, _warned, made["risk"])
    ledger.perform(regulator, propose_publication, warning, "请勿食用，可退货。")
    second = world.make_actor(ledger, str(regulator.party_uid), "supervisor")
    ledger.perform(second, publish, warning)
    yield from (Asked(code, state) for state, code in made.items())
    jerky = make_jerky(ledger, labels=1)
    path = "/t/" + jerky.code.partition("/t/")[2]
    ledger.perform(jerky.actor, void_code, path, "印刷损坏")
    yield Asked(path.removeprefix("/t/"), "voided")
    roll = rolled_label(ledger, jerky.actor)["rolled"]
    yield Asked(roll.removeprefix("/t/"), "not-in-use")
    never = new_trace_code("540626")
    yield Asked(never, "not-issued")
    yield Asked(never[:-1] + str((int(never[-1]) + 1) % 10), "malformed")


def _released(ledger: Ledger) -> Iterator[tuple[str, str]]:
    """Herds that were let go, one of them treated since."""
    for state in ("released", "taken_back"):
        herder = world.make_producer(ledger, "household_group")
        code = world.make_batch(
            ledger, herder, Quantity.of(3, "HEA"), family="yak_meat", variant="live",
            attributes={"ear_tags": [], "pasture": "夏季牧场"},
        )  # fmt: skip
        own, covered = str(herder.party_uid), (Covers("batch", code),)
        paper = PaperFacts("quarantine_animal_b", "5400188231", own, covers=covered)
        ledger.perform(herder, register_paper, paper)
        world.make_event(ledger, herder, "sell", code, Quantity.of(1, "HEA"))
        yield state, code
    world.make_event(ledger, herder, "treat", code, payload=TREATED)


def _warned(w: Writing, code: str) -> str:
    uid = warn(w, "over_limit", code, batch=batch(w.session, code), evidence={"trace_code": code})
    return str(uid)


def _message(client: FlaskClient, text: str, **headers: str) -> TestResponse:
    return client.post("/messages/asked", json={"text": text}, headers={**BEARER, **headers})


def test_every_channel_says_the_same_of_every_code(ledger: Ledger, client: FlaskClient) -> None:
    for asked in _codes(ledger):
        typed, state = asked.typed, asked.state
        page = client.get("/", query_string={"code": typed}, follow_redirects=True)
        assert MARKS[state] in page.text, state
        program = client.get(f"/t/{typed}", headers={"Accept": "application/json"}).get_json()
        assert _state_of(program) == state
        whole = client.get(f"/t/{typed}.txt")
        assert whole.headers["Suyuan-State"] == state
        assert (whole.status_code == 200) == (page.status_code == 200)
        short = _message(client, f"查 {typed}").get_json()
        assert short["state"] == state
        kiosk = client.get("/kiosk", query_string={"code": typed}).text
        assert re.findall('data-state="([^"]+)"', kiosk) == [state]
        first = whole.text.splitlines()[0]
        assert first in kiosk.replace("&#39;", "'")
        assert short["text"].startswith(first)
        voice = client.get(f"/t/{typed}.txt?for=speech").text
        assert voice.splitlines()[0].lower() == first.lower()


def _state_of(said: dict[str, object]) -> object:
    """The state in the answer that programs get: of the batch, or the kind of the problem."""
    standing, released = said.get("standing"), said.get("released")
    if not isinstance(standing, dict) or not isinstance(released, dict):
        return str(said["type"]).rpartition("/")[2]
    if standing["state"] != "clear":
        return standing["state"]
    return "risk" if said["risks"] else released["state"]


@pytest.mark.parametrize("language", ["zh", "en", "bo"])
def test_a_message_holds_one_answer_whole_and_calls_no_typed_code_real(
    ledger: Ledger, client: FlaskClient, language: str
) -> None:
    for asked in _codes(ledger):
        short = _message(client, asked.typed, **{"Accept-Language": language}).get_json()["text"]
        assert fits_one(short)
        assert short.endswith(("。", ".")), short
        assert not re.search("码为真|code is real", short)
        if asked.state in ("recalled", "held"):
            assert "12315" in short


def test_an_address_from_a_symbol_is_checked_as_on_the_page(
    ledger: Ledger, client: FlaskClient
) -> None:
    jerky = make_jerky(ledger, labels=1)
    for channel in (_message(client, jerky.code).get_json()["text"],
                    client.get("/kiosk", query_string={"code": jerky.code}).text):  # fmt: skip
        assert "NOT YET RELEASED" in channel
    forged = jerky.code[:-1] + str((int(jerky.code[-1]) + 1) % 10)
    assert _message(client, forged).get_json()["state"] == "forged"
    kiosk = client.get("/kiosk", query_string={"code": forged}).text
    assert 'data-state="forged"' in kiosk
    assert "风干牦牛肉" not in kiosk
    counter: ScanCounter = client.application.extensions["suyuan-scans"]
    counter.flush()
    assert "Opened 1 time before" in client.get(jerky.code.removeprefix(HOST), base_url=HOST).text


def test_only_the_gateway_hands_messages_over(ledger: Ledger, client: FlaskClient) -> None:
    code = world.make_batch(ledger, world.make_producer(ledger))
    assert client.post("/messages/asked", json={"text": code}).status_code == 401
    wrong = client.post(
        "/messages/asked", data={"text": code}, headers={"Authorization": "Bearer guess"}
    )
    assert wrong.status_code == 401
    form = client.post("/messages/asked", data={"text": code}, headers=BEARER)
    assert form.get_json()["state"] == "not_released"
    plain = client.post(
        "/messages/asked", data={"text": code}, headers={**BEARER, "Accept": "text/plain"}
    )
    assert plain.text.strip() == form.get_json()["text"]
    assert client.post("/messages/asked", json={"words": 1}, headers=BEARER).status_code == 422
    assert site(ledger).post("/messages/asked", data={"text": code}).status_code == 404
    both = f"{code} {world.make_batch(ledger, world.make_producer(ledger))}"
    assert _message(client, both).get_json()["state"] == "several-codes"


def test_the_number_pad_works_without_scripts(ledger: Ledger, client: FlaskClient) -> None:
    code = world.make_batch(ledger, world.make_producer(ledger))
    typed = ""
    for digit in (*code[:3], "9", "back", *code[3:]):
        page = client.get("/kiosk", query_string={"code": typed, "key": digit}).text
        (typed,) = re.findall('name="code" value="([^"]*)"', page)
    assert typed == show_trace_code(code)
    answer = client.get("/kiosk", query_string={"code": typed})
    assert 'data-state="not_released"' in answer.text
    assert answer.headers["Refresh"] == "60; url=/kiosk?lang=zh"
    assert answer.cache_control.no_store
    stays = client.get("/kiosk", query_string={"code": typed, "stay": "1"})
    assert stays.headers["Refresh"] == "600; url=/kiosk?lang=zh"
    half = client.get("/kiosk", query_string={"code": code[:5], "key": "1"})
    assert half.headers["Refresh"] == "60; url=/kiosk?lang=zh", "left for the next visitor"
    assert "Refresh" not in client.get("/kiosk").headers
    cleared = client.get("/kiosk", query_string={"code": typed, "key": "clear"}).text
    assert 'name="code" value=""' in cleared


CODE, SERIAL = "5406260847047297", "012345678901"


@pytest.mark.parametrize(
    ("message", "codes"),
    [
        (CODE, [CODE]),
        ("请查5406 2608 4704 7297谢谢", [CODE]),
        ("５４０６－２６０８－４７０４－７２９７", [CODE]),
        ("༥༤༠༦ ༢༦༠༨ ༤༧༠༤ ༧༢༩༧", [CODE]),
        (f"13812345678 {CODE}", [CODE]),
        (f"13812345678 5406 2608 4704 7297 {SERIAL}", [CODE + SERIAL]),
        (f"{CODE}/{SERIAL}", [CODE + SERIAL]),
        (f"{CODE}，再查 {CODE}", [CODE]),
        ("5406260847047298", ["5406260847047298"]),
        ("看 https://t.example.cn/t/1 吧", ["https://t.example.cn/t/1"]),
        ("你好", []),
        ("电话 13812345678", []),
    ],
)
def test_a_code_is_found_in_what_people_write(message: str, codes: list[str]) -> None:
    assert codes_in(message) == codes


@given(
    st.lists(st.text(st.characters(codec="utf-8", exclude_characters="|"), max_size=90), max_size=8)
)
def test_a_message_never_holds_more_than_one_and_never_half_a_statement(
    statements: list[str],
) -> None:
    said = one_message(statements, "|")
    assert fits_one(said)
    left = iter(statements)
    assert all(part in left for part in filter(None, said.split("|"))), "whole, and in their order"
    assert bool(said) == any(one and fits_one(one) for one in statements)


def test_how_much_one_message_holds() -> None:
    assert fits_one("a" * 160)
    assert not fits_one("a" * 161)
    assert fits_one("码" * 70)
    assert not fits_one("码" * 71)
    assert not fits_one("𠀀" * 36), "two units each"
