"""People: roles, PINs, one-time links, tokens and second factors, and who may touch whose."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from suyuan.trace.acts.people import (
    add_person,
    choose_language,
    end_role,
    grant_role,
    make_link,
    make_token,
    revoke_token,
    set_password,
    spend_link,
)
from suyuan.trace.acts.sign_in import (
    NotProved,
    change_own_password,
    prove_password,
    prove_second_factor,
    remove_second_factor,
    set_second_factor,
)
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.clock import SetClock
from suyuan.trace.errors import Conflict, Forbidden, InvalidInput, NotFound, Unauthenticated
from suyuan.trace.parties import passwords, queries, second_factor
from suyuan.trace.parties.actor import STRANGER, SYSTEM, Actor
from suyuan.trace.parties.facts import PersonFacts
from suyuan.trace.parties.queries import memberships
from suyuan.trace.parties.tables import Membership, Person
from tests.world import make_actor, make_operator, make_party, make_producer, make_regulator

PIN = "271828"


def add(ledger: Ledger, party: str, phone: str = "13800138000", **more: object) -> str:
    facts = PersonFacts(name="扎西", phone=phone, password=PIN)
    return ledger.perform(SYSTEM, add_person, facts, party, str(more.get("role", "head")))


def read(ledger: Ledger, uid: str) -> Person:
    with ledger.database.read() as session:
        return queries.person(session, uid)


def actor(ledger: Ledger, person: str, party: str | None = None) -> Actor:
    with ledger.database.read() as session:
        return queries.actor_of(session, person, party, ledger.clock.now().date(), "web")


# --- roles ---------------------------------------------------------------------------------------


def test_one_number_is_one_person_however_it_is_written(ledger: Ledger) -> None:
    first, second = make_party(ledger), make_party(ledger)
    uid = add(ledger, first, "138 0013 8000")
    assert add(ledger, second, "+86-13800138000") == uid
    with pytest.raises(Conflict, match="role"):
        add(ledger, second, "13800138000")


def test_a_role_must_be_one_of_this_kind_of_organisation(ledger: Ledger) -> None:
    with pytest.raises(InvalidInput, match="role"):
        add(ledger, make_party(ledger), role="supervisor")


def test_a_role_that_ended_gives_no_rights(ledger: Ledger) -> None:
    head = make_producer(ledger)
    clerk = add(ledger, str(head.party_uid), role="clerk")
    ledger.perform(head, end_role, clerk, str(head.party_uid), "clerk")
    with pytest.raises(Forbidden):
        actor(ledger, clerk)
    with pytest.raises(NotFound):
        ledger.perform(head, end_role, clerk, str(head.party_uid), "clerk")


def test_nobody_gives_roles_elsewhere_nor_without_the_right(ledger: Ledger) -> None:
    head, other = make_producer(ledger), make_producer(ledger)
    clerk = add(ledger, str(head.party_uid), role="clerk")
    for who in (other, actor(ledger, clerk), make_regulator(ledger)):
        with pytest.raises(Forbidden):
            ledger.perform(who, grant_role, clerk, str(head.party_uid), "head")


# --- PINs ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("poor", ["12345", "111111", "123456", "987654", "", "abcdef", "x" * 257])
def test_a_poor_pin_is_refused(poor: str) -> None:
    with pytest.raises(InvalidInput):
        passwords.hashed(poor)


def test_a_pin_is_proved_by_whoever_has_it(ledger: Ledger) -> None:
    uid = add(ledger, make_party(ledger))
    assert ledger.perform(STRANGER, prove_password, "138-0013-8000", PIN) == uid


@pytest.mark.parametrize(
    ("phone", "pin"),
    [
        ("13800138000", "271829"),
        ("13800138001", PIN),
        ("nobody", PIN),
        ("", ""),
        ("13800138000", ""),
    ],
)
def test_nothing_tells_a_wrong_number_from_a_wrong_pin(
    ledger: Ledger, phone: str, pin: str
) -> None:
    add(ledger, make_party(ledger))
    with pytest.raises(NotProved) as caught:
        ledger.perform(STRANGER, prove_password, phone, pin)
    assert caught.value.message == "This number and this PIN do not belong together."


def test_a_new_pin_ends_every_session(ledger: Ledger) -> None:
    uid = add(ledger, make_party(ledger))
    before = read(ledger, uid).session_name
    with pytest.raises(NotProved):
        ledger.perform(actor(ledger, uid), change_own_password, uid, "000001", "314159")
    ledger.perform(actor(ledger, uid), change_own_password, uid, PIN, "314159")
    assert read(ledger, uid).session_name != before
    assert ledger.perform(STRANGER, prove_password, "13800138000", "314159") == uid


def set_pin(ledger: Ledger, who: Actor, person: str) -> None:
    ledger.perform(who, set_password, person, "314159")


def link(ledger: Ledger, who: Actor, person: str) -> None:
    ledger.perform(who, make_link, person, "reset", 10)


@pytest.mark.parametrize("reset", [set_pin, link])
def test_who_may_reset_whose_pin(
    ledger: Ledger, reset: Callable[[Ledger, Actor, str], None]
) -> None:
    head = make_producer(ledger)
    clerk = add(ledger, str(head.party_uid), role="clerk")
    station = make_actor(ledger, make_party(ledger, "county_station"))
    for allowed in (
        head,
        station,
        make_actor(ledger, make_party(ledger, "county_station"), "clerk"),
    ):
        reset(ledger, allowed, clerk)
    refused = (
        make_producer(ledger),
        make_regulator(ledger),
        make_actor(ledger, make_party(ledger, "county_station", division="211324")),
        make_actor(ledger, str(head.party_uid), "viewer"),
    )
    for one in refused:
        with pytest.raises(Forbidden):
            reset(ledger, one, clerk)


def test_who_has_a_role_in_an_authority_too_is_reset_by_neither_head_nor_station(
    ledger: Ledger,
) -> None:
    """Whoever resets a PIN can be that person, everywhere."""
    head, regulator = make_producer(ledger), make_regulator(ledger)
    both = str(regulator.person_uid)
    ledger.perform(SYSTEM, grant_role, both, str(head.party_uid), "viewer")
    station = make_actor(ledger, make_party(ledger, "county_station"))
    for one in (head, station):
        with pytest.raises(Forbidden):
            ledger.perform(one, make_link, both, "reset", 10)
    assert ledger.perform(make_operator(ledger), make_link, both, "reset", 10)


# --- one-time links ------------------------------------------------------------------------------


def test_a_link_works_once_and_not_for_ever(ledger: Ledger, clock: SetClock) -> None:
    uid = add(ledger, make_party(ledger))
    secret = ledger.perform(SYSTEM, make_link, uid, "reset", 10)
    assert ledger.perform(STRANGER, spend_link, secret, "314159") == uid
    with pytest.raises(NotFound):
        ledger.perform(STRANGER, spend_link, secret)
    assert ledger.perform(STRANGER, prove_password, "13800138000", "314159") == uid
    late = ledger.perform(SYSTEM, make_link, uid, "reset", 10)
    clock.move(clock.at + timedelta(minutes=11))
    with pytest.raises(NotFound):
        ledger.perform(STRANGER, spend_link, late)


def test_a_refused_pin_does_not_use_the_link_up(ledger: Ledger) -> None:
    uid = add(ledger, make_party(ledger))
    secret = ledger.perform(SYSTEM, make_link, uid, "reset", 10)
    with pytest.raises(InvalidInput):
        ledger.perform(STRANGER, spend_link, secret, "111111")
    assert ledger.perform(STRANGER, spend_link, secret, "314159") == uid


# --- tokens --------------------------------------------------------------------------------------


def test_a_token_speaks_for_one_person_in_one_organisation(ledger: Ledger, clock: SetClock) -> None:
    head = make_producer(ledger)
    secret = ledger.perform(head, make_token, str(head.person_uid), str(head.party_uid), "秤", 30)
    with ledger.database.read() as session:
        found = queries.actor_by_token(session, secret, clock.now())
        assert (found.person_uid, found.party_uid) == (head.person_uid, head.party_uid)
        assert found.channel == "api"
        with pytest.raises(Unauthenticated):
            queries.actor_by_token(session, secret + "x", clock.now())
        with pytest.raises(Unauthenticated):
            queries.actor_by_token(session, secret, clock.now() + timedelta(days=31))
        uid = queries.tokens(session, head.person_id or 0)[0].uid
    with pytest.raises(Forbidden):
        ledger.perform(make_producer(ledger), revoke_token, uid)
    ledger.perform(head, revoke_token, uid)
    with ledger.database.read() as session, pytest.raises(Unauthenticated):
        queries.actor_by_token(session, secret, clock.now())


def test_a_head_gets_no_token_in_the_name_of_another(ledger: Ledger) -> None:
    """Programs would write, and others would be said to have typed it."""
    head = make_producer(ledger)
    member = make_actor(ledger, str(head.party_uid), "integrator")
    asked = (str(member.person_uid), str(head.party_uid), "秤", 30)
    with pytest.raises(Forbidden):
        ledger.perform(head, make_token, *asked)
    assert ledger.perform(make_operator(ledger), make_token, *asked)


def test_who_may_not_use_the_api_gets_no_token(ledger: Ledger) -> None:
    viewer = make_actor(ledger, make_party(ledger), "viewer")
    with pytest.raises(Forbidden):
        ledger.perform(viewer, make_token, str(viewer.person_uid), str(viewer.party_uid), "", 30)
    head = make_producer(ledger)
    with pytest.raises(InvalidInput):
        ledger.perform(head, make_token, str(head.person_uid), make_party(ledger), "", 30)


# --- second factor -------------------------------------------------------------------------------


def test_codes_are_those_of_the_standard() -> None:
    """RFC 6238 appendix B, the SHA-1 rows, shortened to six digits."""
    secret = b"12345678901234567890"
    published = {59: "287082", 1111111109: "081804", 1234567890: "005924", 20000000000: "353130"}
    for seconds, code in published.items():
        assert second_factor.code_of(secret, seconds // 30) == code


def code_now(ledger: Ledger, secret: bytes, steps: int = 0) -> str:
    step = int(ledger.clock.now().timestamp()) // 30 + steps
    return second_factor.code_of(secret, step)


def test_an_authenticator_is_believed_once_for_each_code(ledger: Ledger, clock: SetClock) -> None:
    head, secret = make_producer(ledger), second_factor.new_secret()
    uid = str(head.person_uid)
    with pytest.raises(NotProved):
        ledger.perform(head, set_second_factor, uid, secret, "abc")
    ledger.perform(head, set_second_factor, uid, secret, code_now(ledger, secret))
    assert secret not in (read(ledger, uid).second_factor or b"")
    with pytest.raises(NotProved):  # the code that set it up
        ledger.perform(STRANGER, prove_second_factor, uid, code_now(ledger, secret))
    clock.move(clock.at + timedelta(seconds=60))
    with pytest.raises(NotProved):
        ledger.perform(STRANGER, prove_second_factor, uid, code_now(ledger, secret, steps=3))
    ledger.perform(STRANGER, prove_second_factor, uid, code_now(ledger, secret))
    with pytest.raises(NotProved):
        ledger.perform(STRANGER, prove_second_factor, uid, code_now(ledger, secret))


def test_nobody_sets_anothers_authenticator(ledger: Ledger) -> None:
    head, secret = make_producer(ledger), second_factor.new_secret()
    clerk = add(ledger, str(head.party_uid), role="clerk")
    with pytest.raises(Forbidden):
        ledger.perform(head, set_second_factor, clerk, secret, code_now(ledger, secret))
    with pytest.raises(Forbidden):
        ledger.perform(make_producer(ledger), remove_second_factor, clerk)
    ledger.perform(head, remove_second_factor, clerk)


def test_who_has_no_authenticator_proves_nothing_by_a_code(ledger: Ledger) -> None:
    with pytest.raises(NotProved):
        ledger.perform(STRANGER, prove_second_factor, add(ledger, make_party(ledger)), "000000")


def test_a_language_is_ones_own_to_choose(ledger: Ledger) -> None:
    head = make_producer(ledger)
    ledger.perform(head, choose_language, str(head.person_uid), "bo")
    assert read(ledger, str(head.person_uid)).language == "bo"
    with pytest.raises(InvalidInput):
        ledger.perform(head, choose_language, str(head.person_uid), "xx")
    with pytest.raises(Forbidden):
        ledger.perform(make_producer(ledger), choose_language, str(head.person_uid), "zh")


def test_a_role_is_held_once_at_a_time(ledger: Ledger) -> None:
    party = make_party(ledger)
    uid = add(ledger, party)
    with ledger.database.read() as session:
        [held] = memberships(session, queries.person(session, uid).id)
        names = ("person_id", "party_id", "role", "since")
        again = sa.insert(Membership).values({name: getattr(held, name) for name in names})
    with pytest.raises(IntegrityError), ledger.database.write() as session:
        session.execute(again)
    role = "head"
    ledger.perform(SYSTEM, end_role, uid, party, role)
    assert ledger.perform(SYSTEM, grant_role, uid, party, role) == uid
