"""Keys of the log that follow each other: whoever knows either reads on while both are in force."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from suyuan.trace.acts.keys import make_key, retire_key, revoke_key, rotate_key
from suyuan.trace.acts.opening import unlock
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.acts.witnessing import ask_witnesses
from suyuan.trace.clock import SetClock
from suyuan.trace.errors import Conflict, InvalidInput
from suyuan.trace.keys import queries
from suyuan.trace.keys.facts import KeyFacts
from suyuan.trace.keys.notes import NoteError, VerifierKey, parse_note, parse_verifier_key
from suyuan.trace.log.audit import check_log, log_key
from suyuan.trace.log.outside_audit import Audited, Remembered, audit
from suyuan.trace.log.policy import LogLine, Policy
from suyuan.trace.log.queries import head
from suyuan.trace.log.remote import RemoteLog
from suyuan.trace.parties.actor import SYSTEM
from suyuan.web.app import create_app
from tests import world
from tests.root_machine import sign_and_accept
from tests.web_clients import site
from tests.witnesses import Wired, witnessed_by

LOG = "trace.example.cn/log"
CODES = "trace.example.cn/codes-1"
URL = "https://trace.example.cn"


def rotate(ledger: Ledger) -> tuple[VerifierKey, VerifierKey]:
    """Rotate the key of the log, the root's signature and all; the old key and the new."""
    with ledger.database.read() as session:
        old = log_key(session)
    new = parse_verifier_key(ledger.perform(SYSTEM, rotate_key, str(old)))
    sign_and_accept(ledger)
    return old, new


def signers(ledger: Ledger, *keys: VerifierKey) -> list[VerifierKey]:
    """Those of ``keys`` that signed the checkpoint which is served, in order of their lines."""
    return list(parse_note(site(ledger).get("/log/checkpoint").data).signed_by(keys))


def look(ledger: Ledger, key: VerifierKey, last: Remembered | None = None) -> Audited:
    over = Wired({URL: create_app(ledger, testing=True)})
    return audit(RemoteLog(over, URL), Policy(logs=(LogLine(key),)), last)


def test_while_one_key_follows_another_an_auditor_with_either_reads_on(
    ledger: Ledger, clock: SetClock
) -> None:
    with ledger.database.read() as session:
        before = look(ledger, log_key(session)).remember
    old, new = rotate(ledger)
    assert signers(ledger, old, new) == [new, old]
    world.make_party(ledger)
    for key in (old, new):
        done = look(ledger, key, before)
        assert not done.findings
        assert done.remember is not None
        assert done.remember.key == key
    clock.move(clock.now() + timedelta(days=30))
    world.make_party(ledger)
    assert signers(ledger, old, new) == [new, old], "its last day"
    clock.move(clock.now() + timedelta(days=1))
    world.make_party(ledger)
    assert signers(ledger, old, new) == [new]
    with pytest.raises(NoteError):
        look(ledger, old, before)
    assert not look(ledger, new, before).findings, "what was remembered goes on under the new key"
    with ledger.database.read() as session:
        assert check_log(session).sound


def test_before_the_root_has_signed_and_after_a_theft_one_key_signs(ledger: Ledger) -> None:
    with ledger.database.read() as session:
        old = log_key(session)
    new = parse_verifier_key(ledger.perform(SYSTEM, rotate_key, LOG))
    world.make_party(ledger)
    assert signers(ledger, old, new) == [old]
    ledger.perform(SYSTEM, revoke_key, str(old))
    world.make_party(ledger)
    assert signers(ledger, old, new) == [old], "the log does not fall silent meanwhile"
    sign_and_accept(ledger)
    assert signers(ledger, old, new) == [new]


def test_a_process_that_starts_meanwhile_signs_with_both(ledger: Ledger) -> None:
    old, new = rotate(ledger)
    world.make_party(unlock(ledger.database, ledger.settings, ledger.clock))
    assert signers(ledger, old, new) == [new, old]


def test_a_witness_that_knows_the_old_key_only_cosigns_meanwhile(
    ledger: Ledger, tmp_path: Path, clock: SetClock
) -> None:
    with witnessed_by(ledger, tmp_path, 1, "a") as wired:
        old, new = rotate(ledger)
        (heard,) = ask_witnesses(ledger, wired)
        assert heard.cosignature is not None
        assert signers(ledger, old, new) == [new, old]
        clock.move(clock.now() + timedelta(days=31))
        world.make_party(ledger)
        (refused,) = ask_witnesses(ledger, wired)
        assert refused.trouble is not None
        assert refused.trouble.startswith("403")
        with ledger.database.read() as session:
            assert check_log(session).sound


def test_a_key_is_revoked_at_a_size_that_witnesses_have_seen(
    ledger: Ledger, tmp_path: Path
) -> None:
    def revoked_at() -> int | None:
        with ledger.database.read() as session:
            return queries.key(session, CODES).revoke_at

    with witnessed_by(ledger, tmp_path, 1, "a", "b") as wired:
        with pytest.raises(Conflict, match="cosigned by enough witnesses yet"):
            ledger.perform(SYSTEM, revoke_key, CODES)
        world.make_party(ledger)
        ask_witnesses(ledger, wired)
        with ledger.database.read() as session:
            seen = head(session).size
        world.make_party(ledger)
        with pytest.raises(InvalidInput, match=f"have cosigned {seen} of"):
            ledger.perform(SYSTEM, revoke_key, CODES, seen + 1)
        ledger.perform(SYSTEM, revoke_key, CODES)
        assert revoked_at() == seen
        ledger.perform(SYSTEM, revoke_key, CODES, 0)
        assert revoked_at() == 0


def test_a_key_that_retires_though_it_is_the_newest_signs_no_longer_alone(
    ledger: Ledger, clock: SetClock
) -> None:
    with ledger.database.read() as session:
        first = log_key(session)
    second = parse_verifier_key(ledger.perform(SYSTEM, make_key, KeyFacts(use="log")))
    sign_and_accept(ledger)
    assert signers(ledger, first, second) == [second, first]
    ledger.perform(SYSTEM, retire_key, str(second))
    sign_and_accept(ledger)
    assert signers(ledger, first, second) == [first, second]
    clock.move(clock.now() + timedelta(days=1))
    world.make_party(ledger)
    assert signers(ledger, first, second) == [first]
    with pytest.raises(Conflict):
        ledger.perform(SYSTEM, retire_key, str(first))
    with ledger.database.read() as session:
        assert check_log(session).sound
        assert log_key(session) == first
