"""Scratch PINs: what is drawn, what is kept, what an entry is answered, and that nobody is locked
out."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from suyuan.labels.errors import MissingItem
from suyuan.labels.from_facts import try_out, write_labels
from suyuan.trace.acts.pins import answer_pin, draw_pins, enter_pin
from suyuan.trace.acts.printing import issue_print_run
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.acts.voiding import void_code
from suyuan.trace.clock import SetClock
from suyuan.trace.codes.pin import pin_key, pin_of, read_pin
from suyuan.trace.errors import Conflict, Forbidden, InvalidInput, NotFound
from suyuan.trace.log.audit import check_log
from suyuan.trace.log.tables import Head, Record
from suyuan.trace.parties.actor import STRANGER, Actor
from suyuan.trace.pins.facts import PinAnswer, PinTry
from suyuan.trace.pins.rules import network_of, pin_limits, wait_after
from suyuan.trace.pins.tables import PinDevice, PinEntry, PinGuess
from suyuan.trace.printing.content import IssuedLabel
from suyuan.trace.printing.queries import codes_of, facts_of
from tests.world import make_batch, make_producer, make_product

TEMPLATE = "trace-70x40-pin"
LIMITS = pin_limits()


def _issue(ledger: Ledger, actor: Actor, count: int = 2, template: str = TEMPLATE) -> str:
    product = make_product(ledger, actor, items_on_pack=True)
    code = make_batch(ledger, actor, product=product)
    return ledger.perform(actor, issue_print_run, code, count, template, try_out=try_out, pins=True)


def _labels(ledger: Ledger, run: str) -> list[IssuedLabel]:
    with ledger.database.read() as session:
        return codes_of(session, run, ledger.keys.secret)


@pytest.fixture
def label(ledger: Ledger) -> IssuedLabel:
    """A package with a PIN, as its label is drawn."""
    return _labels(ledger, _issue(ledger, make_producer(ledger)))[0]


def _enter(
    ledger: Ledger, label: IssuedLabel, pin: str | None = None, device: str = "a",
    *, shared: bool = False, sent: str | None = None,
) -> PinAnswer:  # fmt: skip
    own, network = (None, device) if shared else (device, f"network of {device}")
    entered = PinTry(label.path, pin or str(label.pin), own, network, sent)
    return ledger.perform(STRANGER, enter_pin, entered)


def _wrong(label: IssuedLabel, by: int = 1) -> str:
    return f"{(int(str(label.pin)) + by) % 10**8:08d}"


def _guess(ledger: Ledger, label: IssuedLabel, times: int, who: str = "stranger") -> None:
    """So many wrong entries, each from a device of its own."""
    for number in range(times):
        _enter(ledger, label, _wrong(label), f"{who} {number}")


def _size(ledger: Ledger) -> int:
    with ledger.database.read() as session:
        return sum(session.scalars(sa.select(Head.size)))


# --- what is drawn, and what is kept -------------------------------------------------------------


def test_each_package_has_a_pin_of_its_own_that_the_symbol_does_not_hold(ledger: Ledger) -> None:
    labels = _labels(ledger, _issue(ledger, make_producer(ledger), 40))
    pins = {str(label.pin) for label in labels}
    assert len(pins) == 40
    assert all(len(pin) == 8 and pin.isdecimal() for pin in pins)
    assert not any(str(label.pin) in label.url for label in labels)


def test_labels_drawn_again_carry_the_same_pins(ledger: Ledger) -> None:
    run = _issue(ledger, make_producer(ledger))
    assert _labels(ledger, run) == _labels(ledger, run)


def test_a_copy_of_the_database_holds_no_pin_and_nothing_to_try_one_against(
    ledger: Ledger, label: IssuedLabel
) -> None:
    """All that the rows hold of a code goes into the PIN, and says nothing without the key."""
    assert _enter(ledger, label).outcome == "right"
    pin = str(label.pin)
    with ledger.database.engine.connect() as connection:
        for table in ("issued_code", "print_run", "pin_entry", "pin_device", "pin_guess", "record"):
            for row in connection.execute(sa.text(f"SELECT * FROM {table}")):
                said = [bytes(one) if isinstance(one, memoryview) else one for one in row]
                assert not any(pin.encode() in one for one in said if isinstance(one, bytes))
                # timestamps and serials are longer numbers, which may hold any eight digits
                assert pin not in [str(one) for one in said]
    with ledger.database.read() as session:
        salt = session.scalars(
            sa.text("SELECT salt FROM issued_code WHERE path = :path"), {"path": label.path}
        ).one()
    guesses = {pin_of(pin_key(bytes([n]) * 32), label.path, bytes(salt)) for n in range(50)}
    assert len(guesses) == 50
    assert pin == pin_of(pin_key(ledger.keys.secret), label.path, bytes(salt))


def test_pins_are_not_read_without_the_secret(ledger: Ledger) -> None:
    run = _issue(ledger, make_producer(ledger))
    with ledger.database.read() as session:
        assert all(label.pin is None for label in codes_of(session, run))


def test_the_pin_stands_on_the_label_in_a_place_of_its_own(ledger: Ledger) -> None:
    run = _issue(ledger, make_producer(ledger))
    with ledger.database.read() as session:
        facts = facts_of(session, run)
    out = BytesIO()
    assert write_labels(TEMPLATE, facts, _labels(ledger, run), out) == 2
    assert out.getvalue().startswith(b"%PDF")


def test_a_label_without_a_place_for_a_pin_is_refused_before_codes_are_issued(
    ledger: Ledger,
) -> None:
    actor = make_producer(ledger)
    before = _size(ledger)
    with pytest.raises(MissingItem, match="no place for a scratch PIN"):
        _issue(ledger, actor, template="trace-50x30")
    assert _size(ledger) == before + 2  # the product and the batch


def test_batch_labels_carry_no_pins(ledger: Ledger) -> None:
    actor = make_producer(ledger)
    with pytest.raises(InvalidInput, match="single package"):
        ledger.perform(
            actor, issue_print_run, make_batch(ledger, actor), 1, "batch-100x70", False,
            try_out=try_out, pins=True,
        )  # fmt: skip


def test_having_pins_drawn_is_put_on_record_and_is_for_those_who_print(ledger: Ledger) -> None:
    actor = make_producer(ledger)
    run = _issue(ledger, actor)
    with pytest.raises(Forbidden):
        ledger.perform(make_producer(ledger), draw_pins, run)
    ledger.perform(actor, draw_pins, run)
    with ledger.database.read() as session:
        drawn = session.scalars(sa.select(Record).where(Record.type == "pins_drawn")).one()
        assert drawn.person == actor.person_uid
        assert str(_labels(ledger, run)[0].pin).encode() not in (drawn.body or b"")


def test_a_run_without_pins_has_none_to_draw(ledger: Ledger) -> None:
    actor = make_producer(ledger)
    run = ledger.perform(
        actor, issue_print_run, make_batch(ledger, actor), 1, "batch-100x70", False,
        try_out=lambda *_: None,
    )  # fmt: skip
    with pytest.raises(Conflict):
        ledger.perform(actor, draw_pins, run)


# --- entering ------------------------------------------------------------------------------------


def test_one_confirmation_and_its_time_is_told_to_all_who_enter_it_later(
    ledger: Ledger, label: IssuedLabel, clock: SetClock
) -> None:
    first, at = _enter(ledger, label), clock.now()
    assert (first.outcome, first.first, first.confirmed_at) == ("right", True, at)
    clock.move(clock.now() + timedelta(days=3))
    later = _enter(ledger, label, device="b")
    assert (later.outcome, later.first, later.confirmed_at) == ("right", False, at)


def test_the_confirmation_is_a_record_in_the_log_and_wrong_entries_are_none(
    ledger: Ledger, label: IssuedLabel
) -> None:
    before = _size(ledger)
    _enter(ledger, label, _wrong(label))
    assert _size(ledger) == before
    _enter(ledger, label)
    _enter(ledger, label)
    assert _size(ledger) == before + 1
    with ledger.database.read() as session:
        entry = session.get_one(PinEntry, label.path)
        assert session.get_one(Record, entry.record_id).type == "pin_confirmed"
        assert check_log(session).sound


def test_the_same_form_sent_twice_is_the_first_both_times(
    ledger: Ledger, label: IssuedLabel
) -> None:
    assert _enter(ledger, label, sent="form-1").first
    assert _enter(ledger, label, sent="form-1").first
    assert not _enter(ledger, label, sent="form-2").first


def test_a_device_has_five_tries_a_day(ledger: Ledger, label: IssuedLabel, clock: SetClock) -> None:
    left = [_enter(ledger, label, _wrong(label, by)).tries_left for by in range(1, 6)]
    assert left == [4, 3, 2, 1, 0]
    assert _enter(ledger, label).outcome == "tomorrow"
    assert _enter(ledger, label, device="b").outcome == "right"
    clock.move(clock.now() + timedelta(days=1))
    assert _enter(ledger, label).outcome == "right"


def test_right_entries_cost_no_tries(ledger: Ledger) -> None:
    """A shop that confirms a carton of packages is not stopped at the sixth."""
    labels = _labels(ledger, _issue(ledger, make_producer(ledger), 8))
    assert {_enter(ledger, label).outcome for label in labels} == {"right"}


def test_what_is_no_pin_is_no_try(ledger: Ledger, label: IssuedLabel) -> None:
    for typed in ("", "1234567", "123456789", "12a45678", "１２３"):
        with pytest.raises(InvalidInput):
            _enter(ledger, label, typed or " ")
    assert _enter(ledger, label, _wrong(label)).tries_left == 4


@pytest.mark.parametrize("written", ["{0} {1}", " {0}-{1} "])
def test_a_pin_is_understood_as_people_type_it(
    ledger: Ledger, label: IssuedLabel, written: str
) -> None:
    pin = str(label.pin)
    tibetan = pin.translate({ord(str(n)): chr(0x0F20 + n) for n in range(10)})
    assert read_pin(written.format(tibetan[:4], pin[4:])) == pin
    assert _enter(ledger, label, written.format(pin[:4], pin[4:])).outcome == "right"


def test_a_label_without_a_pin_has_nothing_to_enter(ledger: Ledger, label: IssuedLabel) -> None:
    batch = label.path.rpartition("/")[0]
    for path in (batch, f"{batch}/000000000000"):
        with pytest.raises(NotFound):
            ledger.perform(STRANGER, enter_pin, PinTry(path, "12345678", "a", "b"))


def test_a_void_label_confirms_nothing(ledger: Ledger) -> None:
    actor = make_producer(ledger)
    torn = _labels(ledger, _issue(ledger, actor))[0]
    ledger.perform(actor, void_code, torn.path, "标签破损")
    with pytest.raises(Conflict, match="declared void"):
        _enter(ledger, torn)


# --- waiting -------------------------------------------------------------------------------------


def test_after_many_wrong_tries_the_right_pin_is_answered_after_the_wait(
    ledger: Ledger, label: IssuedLabel, clock: SetClock
) -> None:
    _guess(ledger, label, LIMITS.code_tries)
    kept = _enter(ledger, label, device="holder")
    assert kept.outcome == "wait"
    assert kept.ready_at == clock.now() + LIMITS.wait_first
    ticket = str(kept.ticket)
    # strangers go on meanwhile, and it changes nothing for this entry
    _guess(ledger, label, 30, "another")
    assert ledger.perform(STRANGER, answer_pin, ticket).outcome == "wait"
    clock.move(clock.now() + LIMITS.wait_first)
    answer = ledger.perform(STRANGER, answer_pin, ticket)
    assert (answer.outcome, answer.first) == ("right", True)


def test_an_entry_that_waits_is_counted_before_anybody_knows_what_it_is(
    ledger: Ledger, label: IssuedLabel
) -> None:
    """Else the count would tell at once which of many waiting guesses is the right one."""
    _guess(ledger, label, LIMITS.code_tries)

    def counted(pin: str | None, device: str) -> int:
        _enter(ledger, label, pin, device)
        with ledger.database.read() as session:
            return session.get_one(PinEntry, label.path).tries

    assert counted(_wrong(label), "x") == LIMITS.code_tries + 1
    assert counted(None, "y") == LIMITS.code_tries + 2


def test_a_wrong_entry_that_waited_is_wrong(
    ledger: Ledger, label: IssuedLabel, clock: SetClock
) -> None:
    _guess(ledger, label, LIMITS.code_tries)
    kept = _enter(ledger, label, _wrong(label), "x")
    clock.move(clock.now() + LIMITS.wait_longest)
    assert ledger.perform(STRANGER, answer_pin, str(kept.ticket)).outcome == "wrong"


def test_a_ticket_cannot_be_made_or_kept_for_ever(
    ledger: Ledger, label: IssuedLabel, clock: SetClock
) -> None:
    _guess(ledger, label, LIMITS.code_tries)
    ticket = str(_enter(ledger, label, device="x").ticket)
    for forged in ("", ".", "a.b", ticket[:-2] + "AA", "é" + ticket, ticket.swapcase()):
        with pytest.raises(InvalidInput):
            ledger.perform(STRANGER, answer_pin, forged)
    clock.move(clock.now() + LIMITS.wait_first + LIMITS.ticket_holds + timedelta(seconds=1))
    with pytest.raises(InvalidInput, match="over"):
        ledger.perform(STRANGER, answer_pin, ticket)


def test_who_shares_an_address_with_a_guesser_is_not_locked_out(ledger: Ledger) -> None:
    guessed, other = _labels(ledger, _issue(ledger, make_producer(ledger), 2))
    for by in range(1, LIMITS.code_tries - 1):
        _enter(ledger, guessed, _wrong(guessed, by), "10.0.0.1", shared=True)
    assert _enter(ledger, guessed, None, "10.0.0.1", shared=True).outcome == "wait"
    # another package is not touched by that, nor is a device that is known
    assert _enter(ledger, other, None, "10.0.0.1", shared=True).outcome == "right"
    known = PinTry(guessed.path, str(guessed.pin), "cookie", "10.0.0.1")
    assert ledger.perform(STRANGER, enter_pin, known).outcome == "right"


def test_devices_are_kept_for_a_day_and_by_no_name(
    ledger: Ledger, label: IssuedLabel, clock: SetClock
) -> None:
    _enter(ledger, label, _wrong(label), "10.0.0.1", shared=True)
    with ledger.database.read() as session:
        (kept,) = session.scalars(sa.select(PinDevice))
        assert b"10.0.0.1" not in kept.device
        old = kept.device
    clock.move(clock.now() + timedelta(days=1))
    _enter(ledger, label, _wrong(label), "10.0.0.1", shared=True)
    with ledger.database.read() as session:
        (kept,) = session.scalars(sa.select(PinDevice))
        assert kept.device != old
        assert session.scalars(sa.select(PinGuess.day)).all() == [kept.day]


@given(tries=st.integers(0, 10**6), free=st.integers(0, 100))
def test_waits_grow_from_nothing_to_a_cap(tries: int, free: int) -> None:
    wait = wait_after(tries, free, LIMITS)
    assert (wait == timedelta(0)) is (tries < free)
    assert wait <= LIMITS.wait_longest
    assert wait <= wait_after(tries + 1, free, LIMITS)
    if tries >= free:
        assert wait >= LIMITS.wait_first


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    crowd=st.lists(
        st.tuples(st.integers(0, 12), st.sampled_from(["own", "shared"]), st.booleans()),
        max_size=15,
    )
)
def test_whatever_strangers_do_the_holder_is_answered_within_the_longest_wait(
    ledger: Ledger, clock: SetClock, crowd: list[tuple[int, str, bool]]
) -> None:
    """Strangers come minutes apart, with devices of their own or behind the holder's address, and
    answer their tickets or not."""
    label = _labels(ledger, _issue(ledger, make_producer(ledger), 1))[0]
    _guess(ledger, label, LIMITS.code_tries + 5, label.path)
    entered_at = clock.now()
    kept = _enter(ledger, label, device="10.0.0.9", shared=True)
    assert kept.outcome == "wait"
    assert kept.ready_at is not None
    for number, (minutes, kind, answers) in enumerate(crowd):
        clock.move(clock.now() + timedelta(minutes=minutes))
        shared = kind == "shared"
        device = "10.0.0.9" if shared else f"crowd {number} {label.path}"
        other = _enter(ledger, label, _wrong(label, number + 1), device, shared=shared)
        if answers and other.ticket:
            ledger.perform(STRANGER, answer_pin, other.ticket)
    clock.move(max(clock.now(), entered_at + LIMITS.wait_longest))
    assert kept.ready_at <= clock.now()
    answer = ledger.perform(STRANGER, answer_pin, str(kept.ticket))
    assert (answer.outcome, answer.first) == ("right", True)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::1", "::/64"),
        ("not an address", "unknown"),
    ],
)
def test_a_device_without_a_cookie_is_known_by_its_network(address: str, network: str) -> None:
    assert network_of(address) == network
