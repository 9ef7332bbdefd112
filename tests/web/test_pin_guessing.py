"""Whoever guesses at scratch PINs is slowed down by waits, and locks nobody out by it."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest

from suyuan.labels.from_facts import try_out
from suyuan.trace.acts.pins import answer_pin, enter_pin
from suyuan.trace.acts.printing import issue_print_run
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.clock import SetClock
from suyuan.trace.parties.actor import STRANGER
from suyuan.trace.pins.facts import PinAnswer, PinTry
from suyuan.trace.pins.rules import pin_limits
from suyuan.trace.printing.content import IssuedLabel
from suyuan.trace.printing.queries import codes_of
from tests import api_clients
from tests.web.scanning import open_code
from tests.web_clients import another, site
from tests.world import make_batch, make_producer, make_product

LIMITS = pin_limits()
OFTEN = "guessed here often"


@pytest.fixture
def label(ledger: Ledger) -> IssuedLabel:
    """A package with a PIN, as its label is drawn."""
    actor = make_producer(ledger)
    code = make_batch(ledger, actor, product=make_product(ledger, actor, items_on_pack=True))
    run = ledger.perform(
        actor, issue_print_run, code, 1, "trace-70x40-pin", try_out=try_out, pins=True
    )
    with ledger.database.read() as session:
        return codes_of(session, run, ledger.keys.secret)[0]


def _wrong(label: IssuedLabel, by: int = 1) -> str:
    return f"{(int(str(label.pin)) + by) % 10**8:08d}"


def _enter(
    ledger: Ledger, label: IssuedLabel, pin: str, device: str | None, network: str
) -> PinAnswer:
    return ledger.perform(STRANGER, enter_pin, PinTry(label.path, pin, device, network))


def _crowd(ledger: Ledger, label: IssuedLabel, times: int) -> None:
    """So many guesses, each from a device and a network of its own."""
    for number in range(times):
        _enter(ledger, label, _wrong(label, number + 1), f"device {number}", f"network {number}")


def _posted(label: IssuedLabel, pin: str) -> dict[str, str]:
    return {"path": label.path, "pin": pin}


def test_waits_of_one_network_come_one_behind_another_and_so_reduce_its_guesses(
    ledger: Ledger, label: IssuedLabel, clock: SetClock
) -> None:
    """Four hundred guesses at once: few are answered by the time the longest wait is over."""
    guesses = [_enter(ledger, label, _wrong(label, n), None, "10.0.0.1") for n in range(1, 401)]
    said = [one.outcome for one in guesses]
    assert said[: LIMITS.device_tries] == ["wrong"] * LIMITS.device_tries
    ready = [one.ready_at for one in guesses if one.ready_at]
    assert "tomorrow" in said
    assert said.count("wait") == len(ready) < 100
    assert all(b - a >= LIMITS.wait_first for a, b in pairwise(ready))
    assert ready[-1] <= clock.now() + LIMITS.ticket_holds
    clock.move(clock.now() + LIMITS.wait_longest)
    tickets = [str(one.ticket) for one in guesses if one.ticket]
    answers = [ledger.perform(STRANGER, answer_pin, ticket).outcome for ticket in tickets]
    assert answers.count("wrong") < LIMITS.wait_longest / LIMITS.wait_first
    # and whoever holds the package is answered, on another network and soon
    held = _enter(ledger, label, str(label.pin), None, "10.0.0.2")
    clock.move(clock.now() + LIMITS.wait_longest)
    assert ledger.perform(STRANGER, answer_pin, str(held.ticket)).outcome == "right"


def test_who_drops_the_cookie_each_time_is_counted_as_the_network(
    ledger: Ledger, label: IssuedLabel
) -> None:
    client = site(ledger)
    first = LIMITS.network_devices + LIMITS.device_tries
    for by in range(1, first + 1):
        assert (
            another(client).post("/pin", data=_posted(label, _wrong(label, by))).status_code == 422
        )
    late = another(client)
    assert late.post("/pin", data=_posted(label, _wrong(label, first + 1))).status_code == 202
    # its cookie makes it no known device either
    assert late.post("/pin", data=_posted(label, _wrong(label, first + 2))).status_code == 202


def test_a_number_pressed_twice_is_one_try(ledger: Ledger, label: IssuedLabel) -> None:
    client = site(ledger)
    for _ in range(LIMITS.device_tries + 1):
        answer = client.post("/pin", data=_posted(label, _wrong(label)))
        assert (answer.status_code, "4 more tries" in answer.text) == (422, True)


def test_the_holder_who_enters_the_number_again_and_again_keeps_the_one_ticket(
    ledger: Ledger, label: IssuedLabel, clock: SetClock
) -> None:
    _crowd(ledger, label, LIMITS.code_tries + 45)
    said = [_enter(ledger, label, str(label.pin), "holder", "home") for _ in range(7)]
    assert {one.outcome for one in said} == {"wait"}
    assert len({(one.ticket, one.ready_at) for one in said}) == 1
    clock.move(clock.now() + LIMITS.wait_longest)
    answer = _enter(ledger, label, str(label.pin), "holder", "home")
    assert (answer.outcome, answer.first) == ("right", True)


def test_what_strangers_tried_is_forgotten_with_time(
    ledger: Ledger, label: IssuedLabel, clock: SetClock
) -> None:
    """Also where somebody tries once a day: that keeps nobody waiting."""
    client = site(ledger)
    _crowd(ledger, label, LIMITS.code_tries + 45)
    assert OFTEN in open_code(client, label.url).text
    for day in range(2):
        clock.move(clock.now() + timedelta(hours=23))
        _enter(ledger, label, _wrong(label), f"device of day {day}", "10.0.0.1")
    assert OFTEN not in open_code(client, label.url).text
    assert _enter(ledger, label, str(label.pin), "holder", "home").outcome == "right"


def test_the_api_takes_no_more_from_one_address_than_the_page(
    ledger: Ledger, label: IssuedLabel
) -> None:
    program = api_clients.client(ledger)
    body = {"code": label.path, "pin": _wrong(label)}
    for number in range(LIMITS.address_posts_a_minute):
        token = {"Authorization": f"Bearer made-up-{number}"}
        assert program.send("/passport/pin", body, headers=token).status_code == 200
    answer = program.send("/passport/pin", body, headers={"Authorization": "Bearer one-more"})
    api_clients.problem(answer, 429, "too-many-requests")
    assert int(answer.headers["Retry-After"]) > 0
