"""The stranger's verifier reads what an installation really serves, and finds it as specified."""

from __future__ import annotations

import base64
import json
import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from suyuan.trace.acts.continuing import continue_log
from suyuan.trace.acts.orders import recall
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.log.append import newest_head
from suyuan.trace.parties.actor import SYSTEM
from suyuan.web.app import create_app
from tests import world
from tests.jerky import Jerky, make_jerky
from tests.vectors import stranger, stranger_proofs

KEYS, STATUS = "/.well-known/suyuan/keys", "/.well-known/suyuan/status"


@pytest.fixture
def jerky(ledger: Ledger) -> Jerky:
    return make_jerky(ledger)


@pytest.fixture
def client(ledger: Ledger) -> FlaskClient:
    return create_app(ledger, testing=True).test_client()


def read(client: FlaskClient, path: str) -> bytes:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return bytes(answer.data)


def directory(client: FlaskClient, ledger: Ledger) -> Any:
    root = ledger.settings.root_key_file.read_text("utf-8").strip()
    return stranger.open_directory(read(client, KEYS).decode(), [root], 0)[0]


def keys(listed: Any, use: str) -> list[str]:
    return [one["key"] for one in listed["keys"] if one["use"] == use]


def test_codes_and_what_is_wrong_with_them(
    client: FlaskClient, ledger: Ledger, jerky: Jerky
) -> None:
    listed = directory(client, ledger)
    assert {stranger_proofs.verdict(code, listed) for code in jerky.codes} == {"good"}

    def status() -> tuple[Any, str, int]:
        note = read(client, STATUS).decode()
        seq = json.loads(note.split("\n")[2])["seq"]
        body = read(client, f"{STATUS}/{seq}").decode()
        asked = (note, body, keys(listed, "status"), 0, listed["origin"])
        return stranger.open_status(*asked), body, seq

    _, older, before = status()
    ledger.perform(jerky.actor, recall, jerky.trace_code, "检出超标")
    found, body, after = status()
    delta = read(client, f"{STATUS}/{before}-{after}").decode()
    assert stranger.rebuilt(older, delta) == body
    path = "/" + jerky.code.split("/", 4)[4]
    assert stranger_proofs.state_of(found["states"], path) == "R"


def test_the_log_and_its_proofs(client: FlaskClient, ledger: Ledger, jerky: Jerky) -> None:
    (key,) = keys(directory(client, ledger), "log")
    _, size, root = stranger_proofs.open_checkpoint(read(client, "/log/checkpoint").decode(), key)
    entries = _entries(read(client, f"/log/tile/entries/000.p/{size}"))
    leaves = [stranger_proofs.leaf_hash(one) for one in entries]
    assert stranger_proofs.tree_root(leaves) == root
    assert read(client, f"/log/tile/0/000.p/{size}") == b"".join(leaves)
    for index in (0, size // 2, size - 1):
        file = read(client, f"/log/proof/{index}").decode()
        stranger_proofs.check_proof_file(file, [key], [], 0, entries[index])
    assert client.get(f"/log/tile/0/000.p/{size + 1}").status_code == 404
    assert client.get("/log/tile/0/x000/000.p/1").status_code == 404


def test_every_field_that_a_passport_opens(
    client: FlaskClient, ledger: Ledger, jerky: Jerky
) -> None:
    (key,) = keys(directory(client, ledger), "log")
    proofs = json.loads(read(client, f"/api/v1/passport?code={jerky.trace_code}"))["proofs"]
    hashes = [stranger.read_base64(one, 32) for one in proofs["hashes"]]
    heads = [stranger_proofs.open_checkpoint(one["checkpoint"], key) for one in proofs["logs"]]
    assert proofs["records"]
    for record in proofs["records"]:
        opened = {
            one["name"]: stranger_proofs.commitment(
                stranger.read_base64(one["salt"], 16), one["value"]
            )
            for one in record["fields"]
        }
        assert not set(opened) & set(record["commitments"])
        made = {name: base64.b64encode(one).decode() for name, one in opened.items()}
        digest = stranger_proofs.digest_of(record["commitments"] | made)
        assert set(record["leaf"]) == {"at", "digest", "v"}
        assert stranger.read_base64(record["leaf"]["digest"]) == digest
        leaf = stranger_proofs.leaf_hash(stranger.canonical(record["leaf"]))
        _, size, root = heads[record["log"]]
        path = [hashes[at] for at in record["path"]]
        assert stranger_proofs.included(leaf, record["index"], size, path, root)


def test_logs_that_follow_each_other(client: FlaskClient, ledger: Ledger) -> None:
    world.make_batch(ledger, world.make_producer(ledger))
    (key,) = keys(directory(client, ledger), "log")
    last = read(client, "/log/checkpoint").decode()
    origin, size, _ = stranger_proofs.open_checkpoint(last, key)
    with ledger.database.write() as session:
        newest_head(session).halted = "a witness holds more"
        session.commit()
    opened = ledger.perform(SYSTEM, continue_log, "the disk was lost")
    world.make_party(ledger)
    assert re.fullmatch(rf"{origin}/2-[0-9a-z]{{26}}", opened.opened)
    new = read(client, "/log/checkpoint").decode()
    assert stranger_proofs.open_checkpoint(new, opened.key)[0] == opened.opened
    assert stranger_proofs.open_checkpoint(read(client, "/log/1/checkpoint").decode(), key)[:2] == (
        origin, size)  # fmt: skip
    for number, trusted in ((1, key), (2, opened.key)):
        file = read(client, f"/log/{number}/proof/0").decode()
        stranger_proofs.check_proof_file(file, [trusted], [], 0, None)
        entry = _entries(read(client, f"/log/{number}/tile/entries/000.p/1"))[0]
        assert base64.b64encode(entry).decode() in file


def _entries(bundle: bytes) -> list[bytes]:
    found = []
    while bundle:
        length = int.from_bytes(bundle[:2], "big")
        found.append(bundle[2 : 2 + length])
        bundle = bundle[2 + length :]
    return found
