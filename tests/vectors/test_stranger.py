"""A verifier written from the specification alone decides every vector as ours does."""

from __future__ import annotations

import ast
import base64
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.vectors import stranger, stranger_proofs

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "vectors"


def published(name: str) -> Any:
    return json.loads((FOLDER / name).read_text("utf-8"))


def accepts(check: Callable[..., object], *args: Any) -> bool:
    try:
        check(*args)
    except stranger.Refused:
        return False
    return True


def hexed(values: list[str]) -> list[bytes]:
    return [bytes.fromhex(one) for one in values]


def directory() -> Any:
    said = published("codes.json")
    return stranger.open_directory(said["directory"], [said["root"]], 0)[0]


def test_the_stranger_shares_nothing_with_the_project() -> None:
    names: set[str] = set()
    for module in (stranger, stranger_proofs):
        for node in ast.walk(ast.parse(Path(str(module.__file__)).read_text("utf-8"))):
            if isinstance(node, ast.Import):
                names |= {one.name for one in node.names}
            elif isinstance(node, ast.ImportFrom):
                names.add(str(node.module))
    roots = {name.split(".")[0] for name in names - {"tests.vectors.stranger"}}
    assert roots == {
        "__future__", "base64", "collections", "cryptography", "dataclasses", "datetime",
        "hashlib", "hmac", "json", "re", "typing",
    }  # fmt: skip


def test_codes() -> None:
    listed, said = directory(), published("codes.json")
    for one in said["cases"]:
        assert stranger_proofs.verdict(one["url"], listed) == one["verdict"], one["why"]
    for one in said["with_network"]:
        found = stranger_proofs.verdict(one["url"], listed, one["run"])
        assert found == one["verdict"], one["why"]


def test_typed_trace_codes() -> None:
    for one in published("trace-codes.json")["cases"]:
        assert stranger_proofs.typed(one["typed"]) == (one["code"], one["problem"]), one["why"]


def test_keys_signatures_and_notes() -> None:
    said = published("notes.json")
    for one in said["verifier_keys"]:
        assert accepts(stranger.read_key, one["key"]) == one["accepted"], one["why"]
    for one in said["signatures"]:
        public, signature, message = hexed([one["public"], one["signature"], one["message"]])
        found = stranger.signature_holds(public, signature, message)
        assert found == one["valid"], one["why"]
    for one in said["notes"]:
        try:
            _, signers = stranger.note_signers(one["note"], one["trusted"])
        except stranger.Refused:
            assert one["signed_by"] is None, one["why"]
        else:
            assert signers == set(one["signed_by"] or ()), one["why"]


def test_directories() -> None:
    for one in published("directory.json")["cases"]:
        try:
            _, root = stranger.open_directory(one["note"], one["roots"], one["least_seq"])
        except stranger.Refused:
            assert not one["accepted"], one["why"]
        else:
            assert root == one["believed_after"], one["why"]


def test_status_lists_and_deltas() -> None:
    said = published("status.json")
    for one in said["lists"]:
        asked = (one["note"], one["body"], said["keys"], one["least_seq"], said["origin"])
        assert accepts(stranger.open_status, *asked) == one["accepted"], one["why"]

    def step(one: Any) -> None:
        body = stranger.rebuilt(one["older_body"], one["delta"])
        stranger.open_status(one["note"], body, said["keys"], 0, said["origin"])

    for one in said["deltas"]:
        assert accepts(step, one) == one["accepted"], one["why"]
    worked = (said["worked_note"], said["worked_body"], said["keys"], 0, said["origin"])
    listed = stranger.open_status(*worked)
    for one in said["asked"]:
        found = stranger_proofs.state_of(listed["states"], one["path"])
        assert found == one["state"], one["why"]
        now = stranger.moment(one["now"])
        assert (now > listed["next_by"]) == one["stale"], one["why"]
        behind = stranger.clock_is_behind(now, listed["as_of"])
        assert behind == one["clock_behind"], one["why"]


def test_records() -> None:
    said = published("records.json")
    for one in said["canonical"]:
        assert accepts(stranger.read_canonical, one["text"]) == one["accepted"], one["why"]
    for one in said["records"]:
        record, salt = stranger.read_canonical(one["record"]), bytes.fromhex(one["salt"])
        salts = {name: stranger_proofs.field_salt(salt, name) for name in record}
        assert {name: x.hex() for name, x in salts.items()} == one["field_salts"]
        for name, value in record.items():
            made = stranger_proofs.commitment(salts[name], value)
            assert made == stranger.read_base64(one["commitments"][name])
        digest = stranger_proofs.digest_of(one["commitments"])
        assert digest.hex() == one["digest"]
        entry = stranger.read_canonical(one["entry"])
        assert set(entry) == {"at", "digest", "v"}
        assert entry["v"] == 1
        assert stranger.read_base64(entry["digest"]) == digest
        assert entry["at"] == one["at"][:16] + "Z"
        assert stranger_proofs.leaf_hash(one["entry"].encode()).hex() == one["leaf_hash"]


def test_disclosures_and_erasures() -> None:
    said = published("records.json")
    for one in said["disclosures"]:
        asked = (one["shown"], one["commitments"], bytes.fromhex(one["digest"]))
        assert accepts(stranger_proofs.check_fields, *asked) == one["accepted"], one["why"]
    for one in said["erasures"]:
        assert accepts(stranger_proofs.check_erased, one) == one["accepted"], one["why"]


def test_the_tree() -> None:
    said = published("log.json")
    leaves = [stranger_proofs.leaf_hash(one.encode()) for one in said["entries"]]
    assert [one.hex() for one in leaves] == said["leaf_hashes"]
    roots = [stranger_proofs.tree_root(leaves[:size]).hex() for size in range(len(leaves) + 1)]
    assert roots == said["roots"]
    for one in said["inclusion"]:
        leaf, root = hexed([one["leaf"], one["root"]])
        path = hexed(one["path"])
        found = stranger_proofs.included(leaf, one["index"], one["size"], path, root)
        assert found == one["accepted"], one["why"]
    for one in said["consistency"]:
        old_root, new_root = hexed([one["old_root"], one["new_root"]])
        proof = hexed(one["proof"])
        found = stranger_proofs.consistent(one["old"], one["new"], old_root, new_root, proof)
        assert found == one["accepted"], one["why"]
    for one in said["checkpoints"]:
        asked = (one["note"], one["key"])
        assert accepts(stranger_proofs.open_checkpoint, *asked) == one["accepted"], one["why"]


def test_tiles() -> None:
    said = published("log.json")
    for one in said["tile_paths"]:
        found = stranger_proofs.read_tile_path(one["path"])
        wanted = None if one["level"] is None else (str(one["level"]), one["index"], one["width"])
        assert found == wanted, one["path"]
    assert said["tiles"]["tile/0/000.p/7"] == "".join(said["leaf_hashes"])
    bundle = b"".join(len(x).to_bytes(2, "big") + x.encode() for x in said["entries"])
    assert said["tiles"]["tile/entries/000.p/7"] == bundle.hex()


def test_the_large_log() -> None:
    said = published("log.json")
    large = said["large"]

    def leaf(index: int) -> bytes:
        digest = base64.b64encode(hashlib.sha256(b"%d" % index).digest()).decode()
        entry = {"at": "2026-06-01T00:00Z", "digest": digest, "v": 1}
        return stranger_proofs.leaf_hash(stranger.canonical(entry))

    leaves = [leaf(index) for index in range(large["size"])]
    root = stranger_proofs.tree_root(leaves)
    assert root.hex() == large["root"]
    assert stranger_proofs.open_checkpoint(large["checkpoint"], said["key"])[1:] == (
        large["size"], root)  # fmt: skip
    for one in large["inclusion"]:
        index, path = one["index"], hexed(one["path"])
        assert stranger_proofs.included(leaves[index], index, large["size"], path, root)
    between = large["consistency"]
    old_root, proof = bytes.fromhex(between["old_root"]), hexed(between["proof"])
    assert stranger_proofs.consistent(between["old"], large["size"], old_root, root, proof)
    tile = "".join(one.hex() for one in leaves[257 * 256 :])
    assert large["tiles"]["tile/0/257.p/44"] == tile
    for address, start, width in (("tile/1/001.p/1", 65_536, 256), ("tile/2/000.p/1", 0, 65_536)):
        found = stranger_proofs.tree_root(leaves[start : start + width]).hex()
        assert large["tiles"][address] == found


def test_proof_files() -> None:
    said = published("proof-files.json")
    for one in said["cases"]:
        asked = (one["file"], said["logs"], said["witnesses"], one["needed"], None)
        assert accepts(stranger_proofs.check_proof_file, *asked) == one["accepted"], one["why"]
