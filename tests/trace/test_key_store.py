"""Where keys are kept: a store of somebody else's, as a module for keys would have it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from suyuan.trace.acts.keys import make_key, rotate_key
from suyuan.trace.acts.opening import open_instance, unlock
from suyuan.trace.acts.printing import issue_print_run
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.canonical import read_base64, write_base64
from suyuan.trace.clock import SetClock
from suyuan.trace.codes.verify import Verdict
from suyuan.trace.database import Database
from suyuan.trace.errors import Conflict, Misconfigured, SuyuanError
from suyuan.trace.keys import queries
from suyuan.trace.keys.facts import KeyFacts
from suyuan.trace.keys.notes import Ed25519Signer, VerifierKey
from suyuan.trace.keys.root_file import read_root, write_root
from suyuan.trace.keys.sealing import Keyring, WrongPassphrase
from suyuan.trace.keys.store import MadeKey
from suyuan.trace.log.audit import check_log
from suyuan.trace.parties.actor import SYSTEM
from suyuan.trace.printing.online import check_issuer
from suyuan.trace.printing.queries import codes_of
from suyuan.trace.settings import Settings
from tests import world
from tests.opened import CHEAP, OPENING
from tests.root_machine import sign_and_accept

MODULE = """
import base64, json, sys
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
keys = {}
for line in sys.stdin:
    asked = json.loads(line)
    if asked["do"] == "make":
        key = keys[str(len(keys))] = Ed25519PrivateKey.generate()
        said = {"slot": str(len(keys) - 1), "public": key.public_key().public_bytes_raw()}
    else:
        said = {"signature": keys[asked["slot"]].sign(base64.b64decode(asked["message"]))}
    print(json.dumps({k: v if isinstance(v, str) else base64.b64encode(v).decode()
                      for k, v in said.items()}), flush=True)
"""
"""A process that keeps keys and never gives them away."""


class Device:
    """A key store in another process. What the database keeps of a key is the number of a slot."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", MODULE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def ask(self, **asked: str) -> dict[str, str]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()
        said: dict[str, str] = json.loads(self.process.stdout.readline())
        return said

    def make(self, name: str) -> MadeKey:
        said = self.ask(do="make", name=name)
        return MadeKey(VerifierKey(name, read_base64(said["public"])), said["slot"].encode())

    def open(self, verifier: VerifierKey, kept: bytes) -> DeviceSigner:
        return DeviceSigner(self, verifier, kept.decode())

    def close(self) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.wait(10)
        self.process.stdout.close()


class DeviceSigner:
    def __init__(self, device: Device, verifier: VerifierKey, slot: str) -> None:
        self.device, self.verifier, self.slot = device, verifier, slot

    @property
    def name(self) -> str:
        return self.verifier.name

    @property
    def key_id(self) -> bytes:
        return self.verifier.key_id

    def sign(self, message: bytes) -> bytes:
        said = self.device.ask(do="sign", slot=self.slot, message=write_base64(message))
        return read_base64(said["signature"])


@pytest.fixture
def device(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Device]:
    """A device, found as the setting ``county_device:plugged_in`` names it."""
    found = Device()
    (tmp_path / "modules").mkdir()
    (tmp_path / "modules" / "county_device.py").write_text("plugged_in = None\n")
    monkeypatch.syspath_prepend(tmp_path / "modules")
    monkeypatch.delitem(sys.modules, "county_device", raising=False)
    import county_device  # type: ignore[import-not-found]  # written a moment ago

    county_device.plugged_in = lambda: found
    yield found
    found.close()


def prints_a_good_label(ledger: Ledger) -> bool:
    actor = world.make_producer(ledger)
    code = world.make_batch(ledger, actor)
    run = ledger.perform(actor, issue_print_run, code, 1, "x", try_out=lambda *_: None)
    with ledger.database.read() as session:
        url = codes_of(session, run)[0].url
        return check_issuer(session, url, ledger.clock.now()).verdict is Verdict.GOOD


def test_every_key_of_a_new_installation_may_be_in_a_device(
    device: Device, database: Database, settings: Settings, clock: SetClock
) -> None:
    elsewhere = replace(settings, key_store="county_device:plugged_in")
    ledger = open_instance(database, elsewhere, clock, OPENING, CHEAP)
    assert prints_a_good_label(ledger)
    with database.read() as session:
        kept = {row.use: (row.store, row.sealed) for row in queries.signing_keys(session)}
        assert check_log(session).sound
    assert kept["log"] == ("county_device:plugged_in", b"0")
    assert prints_a_good_label(unlock(database, elsewhere, clock))
    with pytest.raises(Misconfigured, match="SUYUAN_KEY_STORE"):
        unlock(database, settings, clock)


def test_keys_move_into_a_device_by_being_rotated(
    device: Device, ledger: Ledger, database: Database, settings: Settings, clock: SetClock
) -> None:
    elsewhere = replace(settings, key_store="county_device:plugged_in")
    moved = unlock(database, elsewhere, clock)
    for name in ("codes-1", "status-1", "log"):
        moved.perform(SYSTEM, rotate_key, f"trace.example.cn/{name}")
    sign_and_accept(moved)
    assert prints_a_good_label(unlock(database, elsewhere, clock))
    with database.read() as session:
        stores = [row.store for row in queries.signing_keys(session)]
        assert check_log(session).sound
    assert stores == [""] * 3 + ["county_device:plugged_in"] * 3


def test_a_device_that_signs_with_another_key_is_not_believed(
    device: Device, ledger: Ledger, database: Database, settings: Settings, clock: SetClock
) -> None:
    elsewhere = replace(settings, key_store="county_device:plugged_in")
    unlock(database, elsewhere, clock).perform(SYSTEM, make_key, KeyFacts("code"))
    device.make("another")
    with database.write() as session:
        row = queries.signing_keys(session)[-1]
        row.sealed, row.state = b"1", "active"
        session.commit()
    with pytest.raises(Misconfigured, match="another key"):
        unlock(database, elsewhere, clock)


@pytest.mark.parametrize("name", ["nowhere", "nowhere:at_all", "os:nothing", "os:path", ":", "os:"])
def test_a_store_that_is_not_there_is_told_by_its_name(
    ledger: Ledger, database: Database, settings: Settings, clock: SetClock, name: str
) -> None:
    lacking = unlock(database, replace(settings, key_store=name), clock)
    with pytest.raises(Misconfigured, match="SUYUAN_KEY_STORE"):
        lacking.perform(SYSTEM, make_key, KeyFacts("code"))


# --- the root key's file -------------------------------------------------------------------------


def test_the_root_opens_from_its_file_and_passphrase_alone(tmp_path: Path) -> None:
    root, file = Ed25519Signer.generate("trace.example.cn/root"), tmp_path / "root.sealed"
    write_root(file, root, Keyring.create("tashi", CHEAP))
    assert read_root(file.read_text(), "tashi").seed() == root.seed()
    assert str(root.verifier) in file.read_text()
    with pytest.raises(WrongPassphrase):
        read_root(file.read_text(), "delek")
    with pytest.raises(Conflict):
        write_root(file, root, Keyring.create("tashi", CHEAP))


@pytest.mark.parametrize(
    ("what", "instead"),
    [
        ("suyuan.root-key/1", "suyuan.root-key/2"),
        ('"keyring"', '"ring"'),
        ('"sealed": "', '"sealed": "AAAA'),
        ("{", ""),
        ('"n": 2', '"n": 3'),
        ("trace.example.cn/root+", "trace.example.cn/toor+"),
    ],
)
def test_a_damaged_file_of_a_root_is_refused_in_words(
    tmp_path: Path, what: str, instead: str
) -> None:
    file = tmp_path / "root.sealed"
    write_root(file, Ed25519Signer.generate("trace.example.cn/root"), Keyring.create("t", CHEAP))
    assert what in file.read_text()
    with pytest.raises(SuyuanError):
        read_root(file.read_text().replace(what, instead, 1), "t")
