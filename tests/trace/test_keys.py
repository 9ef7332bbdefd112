"""Keys as they come, sign and go: drafted here, signed by the root elsewhere, then in force."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from suyuan.trace.acts.directories import accept_directory, request_directory, write_root_file
from suyuan.trace.acts.keys import drop_draft, make_key, retire_key, revoke_key, rotate_key
from suyuan.trace.acts.opening import unlock
from suyuan.trace.acts.orders import recall
from suyuan.trace.acts.printing import issue_print_run
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.clock import SetClock
from suyuan.trace.codes.queries import newest_directory, newest_status, status_body
from suyuan.trace.codes.signing import NoCodeKey
from suyuan.trace.codes.status import open_status
from suyuan.trace.codes.verify import Verdict
from suyuan.trace.database import Database
from suyuan.trace.errors import Conflict, Forbidden, InvalidInput, NotFound, SuyuanError
from suyuan.trace.keys import queries
from suyuan.trace.keys.directory import Directory, KeyUse, open_directory, parse_directory
from suyuan.trace.keys.facts import KeyFacts
from suyuan.trace.keys.notes import (
    COSIGNATURE,
    Ed25519Signer,
    NoteError,
    VerifierKey,
    parse_verifier_key,
    sign_note,
)
from suyuan.trace.log.audit import check_log
from suyuan.trace.log.tables import Record
from suyuan.trace.parties.actor import SYSTEM, Actor
from suyuan.trace.printing.online import check_issuer
from suyuan.trace.printing.queries import codes_of, print_run
from suyuan.trace.settings import Settings
from tests import world
from tests.root_machine import root_of, sign_and_accept, signed_draft

CODES = "trace.example.cn/codes-1"
STATUS = "trace.example.cn/status-1"
LOG = "trace.example.cn/log"


def directory(ledger: Ledger) -> Directory:
    with ledger.database.read() as session:
        return open_directory(newest_directory(session).note, (root_of(ledger).verifier,))


def printed(ledger: Ledger, actor: Actor, code: str) -> tuple[str, str]:
    """The code of one more label, and the name of the key that signed it."""
    run = ledger.perform(actor, issue_print_run, code, 1, "x", try_out=lambda *_: None)
    with ledger.database.read() as session:
        return codes_of(session, run)[0].url, print_run(session, run).key_name


def verdict(ledger: Ledger, url: str) -> Verdict:
    with ledger.database.read() as session:
        return check_issuer(session, url, ledger.clock.now()).verdict


def records(ledger: Ledger) -> list[str]:
    with ledger.database.read() as session:
        ours = sa.select(Record.type).where(Record.schema == "key/1").order_by(Record.leaf_index)
        return list(session.scalars(ours))


# --- from draft to force -------------------------------------------------------------------------


def test_a_key_signs_once_the_root_has_signed_its_directory(ledger: Ledger) -> None:
    actor = world.make_producer(ledger)
    code = world.make_batch(ledger, actor)
    made = ledger.perform(SYSTEM, make_key, KeyFacts("code", "索县站", division=("540626",)))
    assert printed(ledger, actor, code)[1] == CODES
    assert sign_and_accept(ledger) == 2
    url, name = printed(ledger, actor, code)
    assert made.startswith(f"{name}+"), "the key with the narrower scope signs"
    assert verdict(ledger, url) is Verdict.GOOD
    entry = next(one for one in directory(ledger).keys if str(one.key) == made)
    assert (entry.issuer, entry.division) == ("索县站", ("540626",))
    assert records(ledger) == ["key.made"]
    with ledger.database.read() as session:
        assert check_log(session).sound


def test_a_process_that_runs_already_signs_with_the_new_key_and_no_more_with_the_old(
    ledger: Ledger, database: Database, settings: Settings, clock: SetClock
) -> None:
    running = unlock(database, settings, clock)
    actor = world.make_producer(ledger)
    code = world.make_batch(ledger, actor)
    ledger.perform(SYSTEM, rotate_key, CODES)
    ledger.perform(SYSTEM, revoke_key, CODES)
    with pytest.raises(NoCodeKey):
        printed(running, actor, code)
    sign_and_accept(ledger)
    url, name = printed(running, actor, code)
    assert name == "trace.example.cn/codes-2"
    assert verdict(running, url) is Verdict.GOOD


def test_only_what_was_drafted_last_and_signed_by_the_root_is_accepted(ledger: Ledger) -> None:
    with pytest.raises(NotFound):
        ledger.perform(SYSTEM, accept_directory, directory_note(ledger))
    ledger.perform(SYSTEM, make_key, KeyFacts("code"))
    first = signed_draft(ledger)
    stranger = Ed25519Signer.generate("trace.example.cn/root")
    with pytest.raises(NoteError):
        ledger.perform(SYSTEM, accept_directory, signed_draft(ledger, stranger))
    with pytest.raises(NoteError):
        ledger.perform(SYSTEM, accept_directory, first.replace('"seq":2', '"seq":3'))
    ledger.perform(SYSTEM, make_key, KeyFacts("code"))
    with pytest.raises(Conflict):
        ledger.perform(SYSTEM, accept_directory, first)
    text = ledger.perform(SYSTEM, request_directory)
    for wrong in (text.replace('"seq":2', '"seq":3'), text.replace("t.example.cn", "s.example.cn")):
        with pytest.raises((Conflict, InvalidInput)):
            ledger.perform(SYSTEM, accept_directory, str(sign_note(wrong, (root_of(ledger),))))
    assert directory(ledger).seq == 1
    sign_and_accept(ledger)
    assert len(directory(ledger).keys) == 5
    with pytest.raises(NotFound):
        ledger.perform(SYSTEM, accept_directory, directory_note(ledger))


def directory_note(ledger: Ledger) -> str:
    with ledger.database.read() as session:
        return newest_directory(session).note


def test_a_directory_is_renewed_without_any_change_of_a_key(
    ledger: Ledger, clock: SetClock
) -> None:
    before = directory(ledger)
    clock.move(clock.now() + timedelta(days=400))
    sign_and_accept(ledger)
    after = directory(ledger)
    assert (after.seq, after.keys) == (2, before.keys)
    assert after.expires > before.expires


def test_what_waits_can_be_taken_back(ledger: Ledger) -> None:
    before = directory(ledger).keys
    ledger.perform(SYSTEM, make_key, KeyFacts("code"))
    ledger.perform(SYSTEM, revoke_key, CODES)
    assert ledger.perform(SYSTEM, drop_draft) == 2
    with pytest.raises(NotFound):
        ledger.perform(SYSTEM, drop_draft)
    actor = world.make_producer(ledger)
    assert printed(ledger, actor, world.make_batch(ledger, actor))[1] == CODES
    sign_and_accept(ledger)
    assert directory(ledger).keys == before
    assert records(ledger) == ["key.made", "key.revoked", "key.dropped", "key.dropped"]


# --- rotating, retiring, revoking ----------------------------------------------------------------


def test_a_rotated_key_goes_out_of_use_and_what_it_signed_stays_good(
    ledger: Ledger, clock: SetClock
) -> None:
    actor = world.make_producer(ledger)
    code = world.make_batch(ledger, actor)
    old, _ = printed(ledger, actor, code)
    ledger.perform(SYSTEM, rotate_key, CODES)
    assert printed(ledger, actor, code)[1] == CODES, "until the root has signed"
    sign_and_accept(ledger)
    assert printed(ledger, actor, code)[1] == "trace.example.cn/codes-2"
    entry = next(one for one in directory(ledger).keys if one.key.name == CODES)
    assert entry.until == clock.now().date() + timedelta(days=30)
    clock.move(clock.now() + timedelta(days=90))
    assert verdict(ledger, old) is Verdict.GOOD


def test_the_log_and_the_status_list_go_on_with_their_new_keys(ledger: Ledger) -> None:
    for name in (LOG, STATUS):
        with pytest.raises(Conflict):
            ledger.perform(SYSTEM, retire_key, name)
        with pytest.raises(Conflict):
            ledger.perform(SYSTEM, revoke_key, name)
        with ledger.database.read() as session:
            old = queries.key(session, name).verifier
        ledger.perform(SYSTEM, rotate_key, name)
        ledger.perform(SYSTEM, revoke_key, old)
    sign_and_accept(ledger)
    trusted = directory(ledger)
    actor = world.make_producer(ledger)
    ledger.perform(actor, recall, world.make_batch(ledger, actor), "metal found")
    with ledger.database.read() as session:
        edition = newest_status(session)
        body = status_body(session, edition.seq)
        listed = open_status(edition.note, body, trusted.keys_for(KeyUse.STATUS))
        assert check_log(session).sound
    assert len(listed.states) == 1
    (log_key,) = trusted.keys_for(KeyUse.LOG)
    assert log_key.name == LOG


def test_what_is_published_with_a_directory_is_signed_by_its_keys(ledger: Ledger) -> None:
    """The directory that revokes the status key comes with a list that can still be read."""
    ledger.perform(SYSTEM, rotate_key, STATUS)
    ledger.perform(SYSTEM, revoke_key, STATUS)
    sign_and_accept(ledger)
    with ledger.database.read() as session:
        edition = newest_status(session)
        keys = directory(ledger).keys_for(KeyUse.STATUS)
        assert open_status(edition.note, status_body(session, edition.seq), keys).seq == 2


def test_a_revoked_key_signs_nothing_from_that_moment(ledger: Ledger) -> None:
    actor = world.make_producer(ledger)
    code = world.make_batch(ledger, actor)
    before, _ = printed(ledger, actor, code)
    ledger.perform(SYSTEM, revoke_key, CODES)
    with pytest.raises(NoCodeKey):
        printed(ledger, actor, code)
    sign_and_accept(ledger)
    assert verdict(ledger, before) is Verdict.GOOD
    with pytest.raises(Conflict):
        ledger.perform(SYSTEM, revoke_key, CODES)
    ledger.perform(SYSTEM, revoke_key, CODES, 1)
    sign_and_accept(ledger)
    assert verdict(ledger, before) is Verdict.REVOKED_KEY, "an older size believes less"


def test_a_retired_key_signs_until_its_day(ledger: Ledger, clock: SetClock) -> None:
    actor = world.make_producer(ledger)
    code = world.make_batch(ledger, actor)
    ledger.perform(SYSTEM, retire_key, CODES, clock.now().date() + timedelta(days=1))
    sign_and_accept(ledger)
    clock.move(clock.now() + timedelta(days=1))
    printed(ledger, actor, code)
    clock.move(clock.now() + timedelta(days=1))
    with pytest.raises(NoCodeKey, match="out of its scope, its dates, or revoked"):
        printed(ledger, actor, code)


def test_a_witness_is_listed_by_its_public_key(ledger: Ledger) -> None:
    witness = VerifierKey("witness.example.org", bytes(range(32)), COSIGNATURE)
    ledger.perform(SYSTEM, make_key, KeyFacts("witness", "那曲市局", public=witness))
    sign_and_accept(ledger)
    assert directory(ledger).keys_for(KeyUse.WITNESS) == (witness,)


@pytest.mark.parametrize(
    "facts",
    [
        KeyFacts("root"),
        KeyFacts("witness"),
        KeyFacts("code", public=VerifierKey("w", bytes(32), COSIGNATURE)),
        KeyFacts("code", division=("5x",)),
        KeyFacts("code", gtin=("",)),
        KeyFacts("code", since=date(2026, 5, 31)),
        KeyFacts("code", since=date.max),
        KeyFacts("code", until=date(2026, 5, 31)),
        KeyFacts("log", division=("54",)),
        KeyFacts("status", until=date(2027, 1, 1)),
        KeyFacts("status", since=date(2026, 6, 2)),
        KeyFacts("code", issuer="a" * 300),
        KeyFacts("code", issuer="a\0"),
    ],
)
def test_a_key_that_cannot_be_is_refused(ledger: Ledger, facts: KeyFacts) -> None:
    with pytest.raises(InvalidInput):
        ledger.perform(SYSTEM, make_key, facts)
    with ledger.database.read() as session:
        assert len(queries.signing_keys(session)) == 3


@pytest.mark.parametrize(
    ("act", "more"),
    [
        (make_key, (KeyFacts("code"),)),
        (rotate_key, (CODES,)),
        (retire_key, (CODES,)),
        (revoke_key, (CODES,)),
        (drop_draft, ()),
        (request_directory, ()),
        (accept_directory, ("",)),
    ],
)
def test_only_the_operator_changes_keys(
    ledger: Ledger, act: Callable[..., object], more: tuple[object, ...]
) -> None:
    with pytest.raises(Forbidden):
        ledger.perform(world.make_producer(ledger), act, *more)


@pytest.mark.parametrize("size", [-1, 10**6])
def test_a_key_is_revoked_at_a_size_that_the_log_has_had(ledger: Ledger, size: int) -> None:
    with pytest.raises(InvalidInput):
        ledger.perform(SYSTEM, revoke_key, CODES, size)


def test_a_key_that_nobody_has_is_not_found(ledger: Ledger) -> None:
    for act in (rotate_key, retire_key, revoke_key):
        with pytest.raises(SuyuanError):
            ledger.perform(SYSTEM, act, "trace.example.cn/secret")


# --- a new root ----------------------------------------------------------------------------------


def test_a_new_root_is_learned_from_a_directory_that_the_old_one_signs_too(
    ledger: Ledger,
) -> None:
    old, new = root_of(ledger), Ed25519Signer.generate("trace.example.cn/root-2")
    sign_and_accept(ledger, new=new)
    write_root_file(ledger)
    assert ledger.settings.root_key_file.read_text() == f"{new.verifier}\n"
    note = directory_note(ledger)
    learned = open_directory(note, (old.verifier,)).new_root
    assert learned == new.verifier
    assert open_directory(note, (learned,), 2).seq == 2
    with pytest.raises(NoteError):
        sign_and_accept(ledger, root=old)
    assert sign_and_accept(ledger, root=new) == 3
    assert open_directory(directory_note(ledger), (new.verifier,)).new_root is None
    with ledger.database.read() as session:
        told = session.scalar(sa.select(Record.body).where(Record.subject == "directory/2"))
    assert told is not None
    assert str(new.verifier).encode() in told


def test_a_new_root_that_has_not_signed_itself_is_refused(ledger: Ledger) -> None:
    old, new = root_of(ledger), Ed25519Signer.generate("trace.example.cn/root-2")
    both = signed_draft(ledger, new=new)
    alone = "\n".join(line for line in both.split("\n") if "root-2 " not in line)
    for roots in ((old.verifier,), (parse_verifier_key(str(old.verifier)),)):
        with pytest.raises(InvalidInput):
            open_directory(alone, roots)
    with pytest.raises(InvalidInput):
        ledger.perform(SYSTEM, accept_directory, alone)
    assert parse_directory(both.partition("\n\n")[0] + "\n").new_root == new.verifier
