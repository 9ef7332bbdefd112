"""Erasing on the operator's page: looked up first, meant, on a ground; what stays is said."""

from __future__ import annotations

import re

import pytest

from suyuan.trace.acts.erasing import personal_of_party
from suyuan.trace.acts.parties import apply_for_party
from suyuan.trace.acts.people import add_person
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.events.queries import event
from suyuan.trace.log.audit import check_log
from suyuan.trace.parties.actor import SYSTEM
from suyuan.trace.parties.facts import PartyFacts, PersonFacts
from suyuan.trace.parties.queries import person_by_phone
from suyuan.trace.records import SCHEMAS
from tests.web_clients import Client, signed_in, site
from tests.world import make_batch, make_event, make_operator, make_party, make_producer

PAGE = "/admin/erase"
NAME = "扎西平措多吉"
PHONE = "+8613898765432"
MEANT = {"act": "erase", "reason": "asked_for", "sure": "yes"}


@pytest.fixture
def client(ledger: Ledger) -> Client:
    client = site(ledger)
    signed_in(client, ledger, str(make_operator(ledger).person_uid))
    return client


@pytest.fixture
def household(ledger: Ledger) -> str:
    facts = PartyFacts("household_group", NAME, "540626", phone=PHONE)
    return ledger.perform(SYSTEM, apply_for_party, facts)


def left(ledger: Ledger, party: str) -> tuple[str, ...]:
    with ledger.database.read() as session:
        assert check_log(session, SCHEMAS).sound
        return personal_of_party(session, party)


def test_a_person_is_looked_up_by_number_and_erased(ledger: Ledger, client: Client) -> None:
    ledger.perform(SYSTEM, add_person, PersonFacts(NAME, PHONE), make_party(ledger), "clerk")
    shown = client.submit(PAGE, {"act": "look", "phone": "138 9876 5432"})
    assert NAME in shown.text
    for says in ("What goes", "What stays provable", "backups made before", "kept as evidence"):
        assert says in shown.text
    found = re.search(r'name="person" value="([0-9a-z]+)"', shown.text)
    assert found, "the form names the person and not the number"
    answer = client.submit(PAGE, {**MEANT, "person": found[1]})
    assert answer.status_code == 302
    page = client.get(PAGE).text
    assert "Erased. The log says so in" in page
    assert "suyuan erase rewrite" in page
    with ledger.database.read() as session:
        assert person_by_phone(session, PHONE) is None


def test_a_household_is_erased(ledger: Ledger, client: Client, household: str) -> None:
    assert NAME in client.submit(PAGE, {"act": "look", "party": household}).text
    assert client.submit(PAGE, {**MEANT, "party": household}).status_code == 302
    assert left(ledger, household) == ()
    again = client.submit(PAGE, {"act": "look", "party": household}).text
    assert "Nothing personal is left here." in again


def test_the_personal_fields_of_a_record_are_offered_and_no_others(
    ledger: Ledger, client: Client
) -> None:
    head = make_producer(ledger)
    code = make_batch(ledger, head)
    uid = make_event(ledger, head, "purchase", code, payload={"seller": NAME})
    with ledger.database.read() as session:
        record = event(session, uid).record_id
    shown = client.submit(PAGE, {"act": "look", "record": record}).text
    assert re.findall(r'name="fields" value="([^"]+)"', shown) == ["kde.seller", "typed_by"]
    answer = client.submit(PAGE, {**MEANT, "record": record, "fields": "kind"})
    assert answer.status_code == 422
    assert "no personal one" in answer.text
    answer = client.submit(PAGE, {**MEANT, "record": record, "fields": "kde.seller"})
    assert answer.status_code == 302
    with ledger.database.read() as session:
        assert event(session, uid).payload == {}


@pytest.mark.parametrize(
    ("lacking", "says"),
    [
        ({"sure": ""}, "Say that this is meant"),
        ({"reason": ""}, "A reason is one of"),
        ({"reason": "扎西要求的"}, "A reason is one of"),
        ({"act": "look"}, "Erase for good"),
        ({"party": "01kt07nv00nobodyatall00000"}, "There is no party"),
    ],
)
def test_nothing_is_erased_without_a_ground_or_unmeant(
    ledger: Ledger, client: Client, household: str, lacking: dict[str, str], says: str
) -> None:
    answer = client.submit(PAGE, {**MEANT, "party": household, **lacking})
    assert says in answer.text
    assert left(ledger, household) == ("name", "names", "phone")


def test_only_an_operator_may_open_it(ledger: Ledger) -> None:
    client = site(ledger)
    signed_in(client, ledger, str(make_producer(ledger).person_uid))
    assert client.get(PAGE).status_code == 403
