"""A file goes with what it stood behind, and stays while anything that is left leans on it."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from suyuan.trace.acts.erased_files import sweep_files
from suyuan.trace.acts.erasing import erase
from suyuan.trace.acts.evidence import keep_evidence
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.errors import NotFound
from suyuan.trace.events.queries import event
from suyuan.trace.evidence.files import path_of
from suyuan.trace.evidence.queries import evidence
from suyuan.trace.evidence.tables import EvidenceFile
from suyuan.trace.log.audit import check_log
from suyuan.trace.log.projection_audit import audit_projections
from suyuan.trace.parties.actor import SYSTEM, Actor
from suyuan.trace.projections import PROJECTIONS
from suyuan.trace.records import SCHEMAS
from tests import world

CONTRACT = b"%PDF-1.4 bought of Tashi"
BECAUSE = "withdrawn_consent"


@pytest.fixture
def head(ledger: Ledger) -> Actor:
    return world.make_producer(ledger)


def keep(ledger: Ledger, head: Actor) -> str:
    uid: str = ledger.perform(head, keep_evidence, str(head.party_uid), CONTRACT, "Tashi.pdf")
    return uid


def bought(ledger: Ledger, head: Actor, *evidence: str) -> str:
    """The record of a purchase of somebody, with these files behind it."""
    code = world.make_batch(ledger, head)
    uid = world.make_event(
        ledger, head, "purchase", code, payload={"seller": "Tashi"}, evidence=evidence
    )
    with ledger.database.read() as session:
        return event(session, uid).record_id


def place(ledger: Ledger) -> Path:
    with ledger.database.read() as session:
        (sha256,) = set(session.scalars(sa.select(EvidenceFile.sha256)))
    return path_of(ledger.settings.evidence_folder, sha256)


def forget(ledger: Ledger, record: str, *fields: str) -> list[str]:
    return ledger.perform(SYSTEM, erase, record, fields or ("kde.seller",), BECAUSE)


def test_a_file_goes_with_what_it_stood_behind(ledger: Ledger, head: Actor) -> None:
    uid = keep(ledger, head)
    record = bought(ledger, head, uid)
    assert sweep_files(ledger) == 0
    assert len(forget(ledger, record)) == 2, "the fact, and the name of the file"
    assert place(ledger).exists(), "whoever is killed here has not lost the row"
    with ledger.database.read() as session, pytest.raises(NotFound):
        evidence(session, uid)
    assert [sweep_files(ledger), sweep_files(ledger)] == [1, 0]
    assert not place(ledger).exists()
    with ledger.database.read() as session:
        assert check_log(session, SCHEMAS).sound
        assert audit_projections(session, PROJECTIONS) == ()


def test_who_typed_it_takes_no_file_along(ledger: Ledger, head: Actor) -> None:
    record = bought(ledger, head, keep(ledger, head))
    forget(ledger, record, "typed_by")
    assert sweep_files(ledger) == 0
    assert place(ledger).exists()


def test_a_file_stays_until_the_last_that_leans_on_it_is_erased(
    ledger: Ledger, head: Actor
) -> None:
    uid = keep(ledger, head)
    first, last = bought(ledger, head, uid), bought(ledger, head, uid)
    forget(ledger, first)
    assert sweep_files(ledger) == 0
    assert place(ledger).exists()
    forget(ledger, last)
    assert sweep_files(ledger) == 1


def test_the_same_bytes_of_another_record_stay(ledger: Ledger, head: Actor) -> None:
    other = keep(ledger, head)
    bought(ledger, head, other)
    record = bought(ledger, head, keep(ledger, head))
    assert len(forget(ledger, record)) == 2
    assert sweep_files(ledger) == 0
    with ledger.database.read() as session:
        assert evidence(session, other).sha256 in str(place(ledger))
    assert place(ledger).exists()


def test_bytes_that_come_again_are_kept_again(ledger: Ledger, head: Actor) -> None:
    record = bought(ledger, head, keep(ledger, head))
    forget(ledger, record)
    keep(ledger, head)
    assert sweep_files(ledger) == 0
    assert place(ledger).exists()
