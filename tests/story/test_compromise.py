"""The compromise drill, from theft to clean labels, as docs/compromise-drill.md tells it.

A code key is stolen. The thief prints labels of fresh serials, some for batches that are older
than the theft. The operator revokes the key at a size of the log, rotates it, has the root sign,
and prints clean labels. Honest labels from before stay good online; the thief's never are.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from suyuan.trace.acts.keys import revoke_key, rotate_key
from suyuan.trace.acts.printing import issue_print_run
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.clock import SetClock
from suyuan.trace.codes.paths import CodePath, TracePath, parse_path
from suyuan.trace.codes.queries import newest_directory, newest_status, status_body
from suyuan.trace.codes.signed_code import sign_code
from suyuan.trace.codes.signing import NoCodeKey
from suyuan.trace.codes.status import StatusList, open_status
from suyuan.trace.codes.trace_code import new_serial
from suyuan.trace.codes.verify import Verdict, Verification, verify
from suyuan.trace.keys.directory import Directory, KeyUse, open_directory
from suyuan.trace.keys.notes import Signer
from suyuan.trace.log import queries as log
from suyuan.trace.parties.actor import SYSTEM, Actor
from suyuan.trace.printing.online import check_online
from suyuan.trace.printing.queries import codes_of
from tests import world
from tests.root_machine import root_of, sign_and_accept
from tests.web.scanning import open_code
from tests.web_clients import Client, site

HOST = "t.example.cn"
CODES = "trace.example.cn/codes-1"


@dataclass
class Phone:
    """A scanner without network: what it fetched the last time it had some."""

    directory: Directory
    status: StatusList

    def says(self, url: str, ledger: Ledger) -> Verification:
        return verify(url, self.directory, self.status, ledger.clock.now())


def fetch(ledger: Ledger) -> Phone:
    with ledger.database.read() as session:
        directory = open_directory(newest_directory(session).note, (root_of(ledger).verifier,))
        edition = newest_status(session)
        body = status_body(session, edition.seq)
        keys = directory.keys_for(KeyUse.STATUS)
        return Phone(directory, open_status(edition.note, body, keys))


def label(ledger: Ledger, actor: Actor, code: str, *, per_package: bool = True) -> str:
    run = ledger.perform(actor, issue_print_run, code, 1, "x", per_package, try_out=lambda *_: None)
    with ledger.database.read() as session:
        return codes_of(session, run)[0].url


def online(ledger: Ledger, url: str) -> Verdict:
    with ledger.database.read() as session:
        return check_online(session, url, ledger.clock.now()).verdict


def path_of(url: str) -> CodePath:
    return parse_path("/t/" + url.rsplit("/t/", 1)[1])


@pytest.fixture
def client(ledger: Ledger) -> Client:
    return site(replace(ledger, settings=replace(ledger.settings, https=True)))


def test_from_theft_to_clean_labels(ledger: Ledger, clock: SetClock, client: Client) -> None:
    coop = world.make_producer(ledger)
    batch, later = world.make_batch(ledger, coop), world.make_batch(ledger, coop)
    honest = label(ledger, coop, batch)
    whole = label(ledger, coop, batch, per_package=False)

    # 1. The key is stolen, and with it everything that the thief can sign
    stolen: Signer = ledger.keys.codes[0][1]
    fresh = sign_code(HOST, TracePath(batch, new_serial()), stolen)
    backdated = sign_code(HOST, TracePath(later), stolen)
    assert (online(ledger, backdated), fetch(ledger).says(fresh, ledger).verdict) == (
        Verdict.GOOD, Verdict.GOOD,
    ), "until somebody notices, the signature is all there is"  # fmt: skip
    assert open_code(client, fresh).status_code == 404, "a serial that was never issued here"

    # 2. It is noticed. The server signs nothing more with the key from this moment
    offline_before = fetch(ledger)
    with ledger.database.read() as session:
        size = log.head(session).size
    ledger.perform(SYSTEM, revoke_key, CODES, size)
    ledger.perform(SYSTEM, rotate_key, CODES)
    with pytest.raises(NoCodeKey):
        label(ledger, coop, batch)

    # 3. The root signs, on its own machine; the directory is out
    sign_and_accept(ledger)
    phone = fetch(ledger)
    entry = next(one for one in phone.directory.keys if one.key.name == CODES)
    assert entry.revoked_at_size == size

    # 4. Online: what was logged before the size is good, and nothing else that the key signs
    for good in (honest, whole):
        assert online(ledger, good) is Verdict.GOOD
        page = open_code(client, good)
        assert page.status_code == 200
        assert "was revoked since" in page.text
    for bad in (fresh, backdated):
        assert online(ledger, bad) is Verdict.REVOKED_KEY
        page = open_code(client, bad)
        assert page.status_code == 404
        assert "can no longer be confirmed" in page.text
        assert "is in no print run from before" in page.text
    # the thief cannot have runs logged, and cannot make what is logged his: another salt or path
    assert online(ledger, sign_code(HOST, TracePath(batch, new_serial()), stolen)) is (
        Verdict.REVOKED_KEY
    )

    # 5. Without network nothing of that key is green, on new lists or old ones past their date
    for code in (honest, whole, fresh, backdated):
        answer = phone.says(code, ledger)
        assert answer.verdict is Verdict.REVOKED_KEY
        assert not answer.clear
    clock.move(clock.now() + timedelta(hours=25))
    assert not offline_before.says(fresh, ledger).clear, "a phone that never heard of it"

    # 6. Clean labels for what is still on the shelves
    clean = label(ledger, coop, batch)
    assert online(ledger, clean) is Verdict.GOOD
    assert fetch(ledger).says(clean, ledger).verdict is Verdict.GOOD
    assert "was revoked since" not in open_code(client, clean).text
    told = open_code(client, honest, accept="application/json")
    assert told.status_code == 200
    assert told.get_json()["issued"]["revoked_at_size"] == size


def test_where_the_server_was_in_wrong_hands_an_older_size_is_named(ledger: Ledger) -> None:
    """The thief has print runs logged too. Only what a witness saw before the break-in counts."""
    coop = world.make_producer(ledger)
    batch = world.make_batch(ledger, coop)
    honest = label(ledger, coop, batch)
    with ledger.database.read() as session:
        witnessed = log.head(session).size
    planted = label(ledger, coop, batch)
    ledger.perform(SYSTEM, rotate_key, CODES)
    ledger.perform(SYSTEM, revoke_key, CODES, witnessed)
    sign_and_accept(ledger)
    assert online(ledger, honest) is Verdict.GOOD
    assert online(ledger, planted) is Verdict.REVOKED_KEY
    clean = label(ledger, coop, batch)
    assert online(ledger, clean) is Verdict.GOOD
    assert path_of(clean) != path_of(planted)
