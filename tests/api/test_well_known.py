"""What outsiders read, over HTTP, checked with nothing but what was read."""

from __future__ import annotations

import json

import pytest
from flask import Flask
from flask.testing import FlaskClient

from suyuan.api.well_known import blueprint
from suyuan.trace.acts.statuses import mark_paths
from suyuan.trace.acts.transaction import Ledger, Writing
from suyuan.trace.codes.paths import TracePath
from suyuan.trace.codes.status import State, apply_delta, open_status
from suyuan.trace.keys.directory import Directory, KeyUse, open_directory
from suyuan.trace.keys.notes import parse_verifier_key
from suyuan.trace.log import tiles
from suyuan.trace.log.checkpoint import Checkpoint, open_checkpoint
from suyuan.trace.log.merkle import leaf_hash, verify_inclusion
from suyuan.trace.log.schemas import RecordSchema
from suyuan.trace.parties.actor import SYSTEM

REMARK = RecordSchema("remark", 1, public=("text",))
PATH = TracePath("5406260847047297")


@pytest.fixture
def client(ledger: Ledger) -> FlaskClient:
    app = Flask(__name__)
    app.extensions["suyuan"] = ledger
    app.register_blueprint(blueprint)
    return app.test_client()


def _remark(w: Writing, count: int) -> None:
    for number in range(count):
        w.record(REMARK, "remark", {"text": str(number)})


def _directory(client: FlaskClient, ledger: Ledger) -> Directory:
    root = parse_verifier_key(ledger.settings.root_key_file.read_text().strip())
    return open_directory(client.get("/.well-known/suyuan/keys").data, (root,))


def _checkpoint(client: FlaskClient, ledger: Ledger) -> Checkpoint:
    (key,) = _directory(client, ledger).keys_for(KeyUse.LOG)
    return open_checkpoint(client.get("/log/checkpoint").data, key)


def test_the_tiles_lead_to_the_root_that_the_checkpoint_signs(
    client: FlaskClient, ledger: Ledger
) -> None:
    ledger.perform(SYSTEM, _remark, 600)
    signed = _checkpoint(client, ledger)
    assert signed.size == 601  # the key directory was the first record

    def fetch(tile: tiles.Tile) -> bytes:
        answer = client.get(f"/log/{tile.path()}")
        assert answer.status_code == 200
        return bytes(answer.data)

    read = tiles.reader_of_tiles(fetch, signed.size)
    assert tiles.tree_root(read, signed.size) == signed.root
    bundle = tiles.Tile("entries", 2, signed.size - 512)
    entries = tiles.parse_entries(fetch(bundle), bundle.width)
    proof = tiles.inclusion_proof(read, 600, signed.size)
    verify_inclusion(leaf_hash(entries[-1]), 600, signed.size, proof, signed.root)
    assert set(json.loads(entries[-1])) == {"at", "digest", "v"}


def test_full_tiles_may_be_kept_for_ever_and_checkpoints_may_not(
    client: FlaskClient, ledger: Ledger
) -> None:
    ledger.perform(SYSTEM, _remark, 300)
    full = client.get("/log/tile/0/000")
    assert "immutable" in full.headers["Cache-Control"]
    assert full.content_type == "application/octet-stream"
    note = client.get("/log/checkpoint")
    assert "immutable" not in note.headers["Cache-Control"]
    assert note.content_type == "text/plain; charset=utf-8"
    again = client.get("/log/checkpoint", headers={"If-None-Match": note.headers["ETag"]})
    assert again.status_code == 304
    head = client.head("/log/tile/0/000")
    assert (head.status_code, head.data, head.content_length) == (200, b"", 256 * 32)


@pytest.mark.parametrize(
    "address",
    [
        "/log/tile/0/001",
        "/log/tile/0/000",  # not yet full
        "/log/tile/0/000.p/2",
        "/log/tile/1/000.p/1",
        "/log/tile/0/x000/000",
        "/log/tile/64/000",
        "/log/tile/0/x999/x999/x999/x999/x999/x999/999",
        "/log/tile/entries/../000",
        "/.well-known/suyuan/status/7",
        "/.well-known/suyuan/status/1-7",
        "/.well-known/suyuan/status/99999999999999999999",
    ],
)
def test_what_is_not_there_is_not_found(
    client: FlaskClient, database_kind: str, address: str
) -> None:
    assert client.get(address).status_code == 404


def test_no_cache_keeps_a_recall_back(client: FlaskClient, ledger: Ledger) -> None:
    for address in ("/.well-known/suyuan/keys", "/.well-known/suyuan/status"):
        first = client.get(address)
        assert first.headers["Cache-Control"] == "public, no-cache"
        known = {"If-None-Match": first.headers["ETag"]}
        assert client.get(address, headers=known).status_code == 304
    ledger.perform(SYSTEM, lambda w: mark_paths(w, (PATH,), State.RECALLED, "order"))
    newer = client.get("/.well-known/suyuan/status", headers=known)
    assert (newer.status_code, newer.data != first.data) == (200, True)


def test_a_status_list_is_rebuilt_from_the_one_before(client: FlaskClient, ledger: Ledger) -> None:
    keys = _directory(client, ledger).keys_for(KeyUse.STATUS)
    first = open_status(
        client.get("/.well-known/suyuan/status").data,
        client.get("/.well-known/suyuan/status/1").text,
        keys,
    )
    assert first.state_of(PATH) is None
    ledger.perform(SYSTEM, lambda w: mark_paths(w, (PATH,), State.RECALLED, "order"))
    note = client.get("/.well-known/suyuan/status").data
    delta = client.get("/.well-known/suyuan/status/1-2").text
    second = apply_delta(first, delta, note, keys)
    assert second.state_of(PATH) is State.RECALLED
    assert second == open_status(note, client.get("/.well-known/suyuan/status/2").text, keys)


def test_the_resolver_says_what_it_resolves(client: FlaskClient) -> None:
    answer = client.get("/.well-known/gs1resolver").get_json()
    assert answer["resolverRoot"] == "https://t.example.cn"
    assert answer["supportedPrimaryKeys"] == ["01"]
