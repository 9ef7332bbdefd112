"""The published vectors: the files are what the script makes, and our verifiers decide them so."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from suyuan.trace.canonical import read_base64, read_canonical
from suyuan.trace.codes.manifest import LoggedRun, ManifestProof, PrintedItem
from suyuan.trace.codes.paths import CodePath, parse_path
from suyuan.trace.codes.status import State, StatusList, apply_delta, open_status
from suyuan.trace.codes.trace_code import TraceCodeError, parse_trace_code
from suyuan.trace.codes.verify import Verdict, clock_is_behind, verify
from suyuan.trace.errors import InvalidInput
from suyuan.trace.keys.directory import Directory, open_directory
from suyuan.trace.keys.notes import VerifierKey, parse_note, parse_verifier_key
from suyuan.trace.log import merkle, positions, tiles
from suyuan.trace.log.checkpoint import open_checkpoint
from suyuan.trace.log.commitments import (
    Commitments,
    Disclosure,
    check_disclosures,
    commit,
    field_salt,
    leaf_data,
)
from suyuan.trace.log.policy import Policy, parse_policy
from suyuan.trace.log.proof_file import check_proof_file, parse_proof_file
from tests.vectors.lists import AS_OF, NEXT_BY
from tests.vectors.make import FOLDER, MADE, written
from tests.vectors.trees import entry


def published(name: str) -> Any:
    return json.loads((FOLDER / name).read_text("utf-8"))


def accepts(check: Callable[..., object], *args: Any) -> bool:
    try:
        check(*args)
    except InvalidInput:
        return False
    return True


def hexed(values: list[str]) -> list[bytes]:
    return [bytes.fromhex(one) for one in values]


def keys_of(texts: list[str]) -> list[VerifierKey]:
    return [parse_verifier_key(one) for one in texts]


@pytest.mark.parametrize("name", MADE)
def test_the_files_are_what_the_script_makes(name: str) -> None:
    assert (FOLDER / name).read_text("utf-8") == written(name)


def test_every_file_is_made_by_the_script() -> None:
    assert {file.name for file in FOLDER.glob("*.json")} == set(MADE)


# --- codes ----------------------------------------------------------------------------------------


def directory() -> Directory:
    said = published("codes.json")
    return open_directory(said["directory"], keys_of([said["root"]]))


def test_every_code_has_its_verdict() -> None:
    cases, listed = published("codes.json")["cases"], directory()
    wrong = [(one["why"], found) for one in cases
             if (found := verify(one["url"], listed).verdict) != one["verdict"]]  # fmt: skip
    assert not wrong
    assert len({one["url"] for one in cases}) == len(cases) >= 60


def test_the_codes_leave_no_verdict_out() -> None:
    counted = Counter(one["verdict"] for one in published("codes.json")["cases"])
    assert set(counted) == {one.value for one in Verdict}
    assert min(counted.values()) >= 2


def test_codes_of_revoked_keys_are_good_where_their_run_was_logged_before() -> None:
    def run_of(said: dict[str, Any]) -> Callable[[CodePath], LoggedRun]:
        proof = said["proof"]
        item = PrintedItem(parse_path(proof["path"]), bytes.fromhex(proof["salt"]))
        shown = ManifestProof(item, proof["index"], proof["size"], tuple(hexed(proof["hashes"])))
        run = LoggedRun(said["position"], bytes.fromhex(said["manifest_root"]), shown)
        return lambda _path: run

    for one in published("codes.json")["with_network"]:
        found = verify(one["url"], directory(), find_run=run_of(one["run"])).verdict
        assert found == one["verdict"], one["why"]


def test_every_typed_trace_code_is_read_or_refused() -> None:
    def read(typed: str) -> tuple[str | None, str | None]:
        try:
            return parse_trace_code(typed), None
        except TraceCodeError as error:
            return None, error.problem

    for one in published("trace-codes.json")["cases"]:
        assert read(one["typed"]) == (one["code"], one["problem"]), one["why"]


# --- notes and lists ------------------------------------------------------------------------------


def test_every_verifier_key_is_read_or_refused() -> None:
    for one in published("notes.json")["verifier_keys"]:
        assert accepts(parse_verifier_key, one["key"]) == one["accepted"], one["why"]
    for one in published("keys.json")["keys"]:
        key = parse_verifier_key(one["verifier_key"])
        assert (key.kind, key.key_id.hex(), key.name) == (one["type"], one["key_id"], one["name"])


def test_every_signature_holds_or_not() -> None:
    for one in published("notes.json")["signatures"]:
        key = VerifierKey("any", bytes.fromhex(one["public"]))
        signature, message = hexed([one["signature"], one["message"]])
        assert key.verifies(signature, message) == one["valid"], one["why"]


def test_every_note_has_the_signers_that_it_has() -> None:
    for one in published("notes.json")["notes"]:
        try:
            note = parse_note(one["note"])
            found = {str(key) for key in note.signed_by(keys_of(one["trusted"]))}
        except InvalidInput:
            assert one["signed_by"] is None, one["why"]
        else:
            assert found == set(one["signed_by"]), one["why"]
            assert str(note) == one["note"]


def test_every_directory_is_believed_or_refused() -> None:
    for one in published("directory.json")["cases"]:
        roots = keys_of(one["roots"])
        try:
            found = open_directory(one["note"], roots, one["least_seq"])
        except InvalidInput:
            assert not one["accepted"], one["why"]
            continue
        assert one["accepted"], one["why"]
        assert str(found.new_root or roots[0]) == one["believed_after"]


def test_every_status_list_is_believed_or_refused() -> None:
    said = published("status.json")
    for one in said["lists"]:
        keys = keys_of(said["keys"])
        asked = (one["note"], one["body"], keys, one["least_seq"], said["origin"])
        assert accepts(open_status, *asked) == one["accepted"], one["why"]
    for one in said["deltas"]:
        states = {line[:11]: State(line[12]) for line in one["older_body"].splitlines()}
        older = StatusList("trace.example.cn", 8, AS_OF, NEXT_BY, states)
        step = (older, one["delta"], one["note"], keys_of(said["keys"]))
        assert accepts(apply_delta, *step) == one["accepted"], one["why"]


def test_the_status_list_says_of_each_path_what_it_says() -> None:
    said = published("status.json")
    listed = open_status(said["worked_note"], said["worked_body"], keys_of(said["keys"]))
    for one in said["asked"]:
        assert listed.state_of(parse_path(one["path"])) == one["state"], one["why"]
        now = datetime.fromisoformat(one["now"])
        assert listed.stale(now) == one["stale"], one["why"]
        assert clock_is_behind(now, listed.as_of) == one["clock_behind"], one["why"]


# --- records --------------------------------------------------------------------------------------


def test_every_record_leads_to_its_leaf() -> None:
    for one in published("records.json")["records"]:
        record: Any = read_canonical(one["record"])
        salt = bytes.fromhex(one["salt"])
        salts = {name: field_salt(salt, name).hex() for name in record}
        assert salts == one["field_salts"]
        made = commit(record, salt)
        assert made.by_field == {n: read_base64(x) for n, x in one["commitments"].items()}
        assert made.digest.hex() == one["digest"]
        data = leaf_data(made.digest, datetime.fromisoformat(one["at"]))
        assert data.decode() == one["entry"]
        assert merkle.leaf_hash(data).hex() == one["leaf_hash"]


def test_every_shown_field_is_believed_or_refused() -> None:
    def check(one: Any) -> None:
        named = {name: read_base64(x, 32) for name, x in one["commitments"].items()}
        shown = [Disclosure(f["name"], f["value"], read_base64(f["salt"])) for f in one["shown"]]
        check_disclosures(shown, Commitments(named), bytes.fromhex(one["digest"]))

    for one in published("records.json")["disclosures"]:
        assert accepts(check, one) == one["accepted"], one["why"]


def test_every_text_is_canonical_or_not() -> None:
    for one in published("records.json")["canonical"]:
        assert accepts(read_canonical, one["text"]) == one["accepted"], one["why"]


# --- the tree -------------------------------------------------------------------------------------


def test_every_checkpoint_is_believed_or_refused() -> None:
    for one in published("log.json")["checkpoints"]:
        asked = (one["note"], parse_verifier_key(one["key"]))
        assert accepts(open_checkpoint, *asked) == one["accepted"], one["why"]


def test_every_proof_holds_or_not() -> None:
    said = published("log.json")
    for one in said["inclusion"]:
        leaf, root = hexed([one["leaf"], one["root"]])
        asked = (leaf, one["index"], one["size"], hexed(one["path"]), root)
        assert accepts(merkle.verify_inclusion, *asked) == one["accepted"], one["why"]
    for one in said["consistency"]:
        roots = hexed([one["old_root"], one["new_root"]])
        between = (one["old"], one["new"], *roots, hexed(one["proof"]))
        assert accepts(merkle.verify_consistency, *between) == one["accepted"], one["why"]


def test_every_address_of_a_tile_is_read_or_refused() -> None:
    for one in published("log.json")["tile_paths"]:
        try:
            tile = tiles.parse_tile_path(one["path"])
        except InvalidInput:
            assert one["level"] is None, one["path"]
        else:
            assert (tile.level, tile.index, tile.width) == (
                one["level"], one["index"], one["width"])  # fmt: skip


def test_the_large_log_is_read_by_its_tiles() -> None:
    large = published("log.json")["large"]
    hashes = [merkle.leaf_hash(entry(index)) for index in range(large["size"])]
    leaves = b"".join(hashes)

    def fetch(tile: tiles.Tile) -> bytes:
        if tile.path() in large["tiles"]:
            return bytes.fromhex(large["tiles"][tile.path()])
        if tile.level == 0:
            return leaves[tile.index * 8192 :][: tile.width * 32]
        below = range(tile.index * 256, tile.index * 256 + tile.width)
        return b"".join(merkle.root(hashes[at * 256 : at * 256 + 256]) for at in below)

    read = tiles.reader_of_tiles(fetch, large["size"])
    assert tiles.tree_root(read, large["size"]).hex() == large["root"]
    for one in large["inclusion"]:
        assert tiles.inclusion_proof(read, one["index"], large["size"]) == hexed(one["path"])
    between = large["consistency"]
    proof = tiles.consistency_proof(read, between["old"], large["size"])
    assert proof == hexed(between["proof"])


def test_positions_count_on_through_the_logs() -> None:
    for one in published("log.json")["positions"]:
        position = one["position"]
        assert positions.start_of(one["log"]) + one["index"] == position
        assert positions.number_at(position) == one["log"]
        assert positions.index_at(position) == one["index"]


def test_every_proof_file_is_believed_or_refused() -> None:
    said = published("proof-files.json")

    def check(one: Any) -> None:
        proof = parse_proof_file(one["file"])
        assert proof.extra is not None
        check_proof_file(proof, proof.extra, _policy(said, one["needed"]))

    for one in said["cases"]:
        assert accepts(check, one) == one["accepted"], one["why"]


def _policy(said: Any, needed: int) -> Policy:
    names = [f"w{number}" for number, _ in enumerate(said["witnesses"])]
    lines = [f"log {key}" for key in said["logs"]]
    lines += [f"witness {name} {key}" for name, key in zip(names, said["witnesses"], strict=True)]
    lines.append(f"group enough {needed} {' '.join(names)}" if needed else "")
    lines.append("quorum enough" if needed else "quorum none")
    return parse_policy("\n".join(lines).encode())
