"""``suyuan erase`` as an operator types it: what it asks, what it says, and what is gone."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from suyuan.trace.acts.erasing import personal_of, personal_of_party
from suyuan.trace.acts.parties import apply_for_party
from suyuan.trace.acts.people import add_person
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.events.queries import event
from suyuan.trace.log.audit import check_log
from suyuan.trace.log.projection_audit import audit_projections
from suyuan.trace.parties.actor import SYSTEM
from suyuan.trace.parties.facts import PartyFacts, PersonFacts
from suyuan.trace.projections import PROJECTIONS
from suyuan.trace.records import SCHEMAS
from tests import world
from tests.shell import Shell

NAME = "扎西平措多吉"
PHONE = "+8613898765432"


@pytest.fixture
def shell(ledger: Ledger, tmp_path: Path) -> Shell:
    """Commands over the ledger's own installation."""
    return Shell(tmp_path, ledger.settings.database_url)


@pytest.fixture
def household(ledger: Ledger) -> str:
    facts = PartyFacts("household_group", NAME, "540626", phone=PHONE)
    return ledger.perform(SYSTEM, apply_for_party, facts)


def erasures(said: str) -> list[str]:
    answer = json.loads(said)
    assert answer["files_rewritten"] is True
    ids: list[str] = answer["erasures"]
    return ids


def sound(ledger: Ledger) -> None:
    with ledger.database.read() as session:
        assert check_log(session, SCHEMAS).sound
        assert audit_projections(session, PROJECTIONS) == ()


def test_a_person_is_erased_by_the_number_that_signs_in(ledger: Ledger, shell: Shell) -> None:
    party = world.make_party(ledger)
    ledger.perform(SYSTEM, add_person, PersonFacts(NAME, PHONE), party, "clerk")
    typed = ("erase", "person", "138 9876 5432", "--reason", "asked_for", "--yes", "--json")
    assert len(erasures(shell.done(*typed))) == 1
    again = shell.run(*typed)
    assert (again.returncode, again.stdout) == (1, "")
    assert "Nobody signs in by this number" in again.stderr
    sound(ledger)


def test_a_household_is_erased_with_its_name(ledger: Ledger, shell: Shell, household: str) -> None:
    with ledger.database.read() as session:
        assert personal_of_party(session, household) == ("name", "names", "phone")
    said = shell.done("erase", "party", household, "--reason", "no_longer_needed", "--yes")
    assert "Erased. The log says so in" in said
    with ledger.database.read() as session:
        assert personal_of_party(session, household) == ()
    sound(ledger)


def test_fields_of_a_record_are_erased_by_name(ledger: Ledger, shell: Shell) -> None:
    head = world.make_producer(ledger)
    code = world.make_batch(ledger, head)
    uid = world.make_event(ledger, head, "purchase", code, payload={"seller": NAME})
    with ledger.database.read() as session:
        record = event(session, uid).record_id
        assert "kde.seller" in personal_of(session, record)
    asked = ("erase", "record", record, "--reason", "withdrawn_consent", "--yes", "--json")
    assert shell.run(*asked).returncode == 2, "which fields must be said"
    refused = shell.run(*asked, "--field", "kind")
    assert refused.returncode == 1
    assert "no personal one" in refused.stderr
    assert len(erasures(shell.done(*asked, "--field", "kde.seller"))) == 1
    with ledger.database.read() as session:
        assert "kde.seller" not in personal_of(session, record)
    sound(ledger)


@pytest.mark.parametrize("reason", [(), ("--reason", "扎西要求的")])
def test_nothing_is_erased_without_a_ground_of_the_law(
    ledger: Ledger, shell: Shell, household: str, reason: tuple[str, ...]
) -> None:
    assert shell.run("erase", "party", household, *reason, "--yes").returncode == 2
    with ledger.database.read() as session:
        assert personal_of_party(session, household)


def test_nothing_is_erased_that_was_not_meant(ledger: Ledger, shell: Shell, household: str) -> None:
    asked = shell.run("erase", "party", household, "--reason", "asked_for")
    assert asked.returncode == 1, "nobody answered the question"
    assert "cannot be brought back" in asked.stderr
    with ledger.database.read() as session:
        assert personal_of_party(session, household)


def test_the_files_are_written_anew_after_a_page_has_erased(shell: Shell, ledger: Ledger) -> None:
    assert erasures(shell.done("erase", "rewrite", "--json")) == []


def test_what_is_not_there_is_said_in_one_line(shell: Shell, ledger: Ledger) -> None:
    for words in (("party", "01kt07nv00nobodyatall00000"), ("record", "01kt", "--field", "phone")):
        done = shell.run("erase", *words, "--reason", "asked_for", "--yes")
        assert done.returncode == 1
        assert len(done.stderr.strip().splitlines()) == 1


def test_what_is_due_is_listed_with_its_rule(ledger: Ledger, shell: Shell) -> None:
    actor = world.make_producer(ledger, "processor")
    code = world.make_batch(ledger, actor, best_before=date(2020, 1, 31))
    world.make_event(ledger, actor, "purchase", code, payload={"seller": NAME})
    world.make_event(ledger, actor, "purchase", world.make_batch(ledger, actor))
    told = json.loads(shell.done("erase", "due", "--json"))
    assert told["fields"] == ["kde.seller"]
    assert (told["kept_until"], told["rule"]) == ("2020-07-31", "food_purchase")
    assert told["held"] is False
