"""Verifiers that others wrote accept what our log serves, and refuse it once it was tampered with.

sigstore's is the one that checks Python packages' signatures against Rekor; Go's is the one with
which every ``go get`` checks the checksum database. Neither has seen our code.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sigstore._internal.merkle import verify_merkle_inclusion
from sigstore._internal.rekor.checkpoint import verify_checkpoint
from sigstore._internal.trust import Keyring, RekorKeyring
from sigstore.errors import VerificationError
from sigstore_models.common import v1 as common

from suyuan.trace.acts.keys import rotate_key
from suyuan.trace.acts.transaction import Ledger, Writing
from suyuan.trace.acts.witnessing import ask_witnesses, policy_of
from suyuan.trace.canonical import write_base64
from suyuan.trace.keys.notes import VerifierKey, parse_verifier_key
from suyuan.trace.log import queries, tiles
from suyuan.trace.log.audit import log_key
from suyuan.trace.log.checkpoint import parse_checkpoint
from suyuan.trace.log.proof_file import ProofFile
from suyuan.trace.log.schemas import RecordSchema
from suyuan.trace.log.witnesses import proof_file_of, served_head
from suyuan.trace.parties.actor import SYSTEM
from tests import missing
from tests.root_machine import sign_and_accept
from tests.witnesses import witnessed_by

REMARK = RecordSchema("remark", 1, public=("text",))
SOURCE = Path(__file__).resolve().parent.parent / "foreign" / "check.go"
GO_PACKAGES = Path("/usr/share/gocode")
INDICES = (0, 1, 6, 255, 256, 511, 700)


@dataclass(frozen=True)
class Served:
    """What the log has served: its key, two checkpoints, proofs of entries and between the two."""

    key: VerifierKey
    old: str
    new: str
    entries: tuple[ProofFile, ...]
    consistency: tuple[bytes, ...]


@pytest.fixture
def served(ledger: Ledger, tmp_path: Path) -> Served:
    """A log of 701 entries, looked at before at 301, with two witnesses' cosignatures."""

    def write(w: Writing, count: int) -> None:
        for number in range(count):
            w.record(REMARK, "remark", {"text": str(number)})

    with witnessed_by(ledger, tmp_path, 2, "a", "b") as wired:
        heads = []
        for count in (300, 400):
            ledger.perform(SYSTEM, write, count)
            ask_witnesses(ledger, wired)
            with ledger.database.read() as session:
                heads.append(served_head(session, policy_of(ledger.settings)).note)
        policy = policy_of(ledger.settings)
        with ledger.database.read() as session:
            proofs = tuple(proof_file_of(session, index, policy) for index in INDICES)
            between = tiles.consistency_proof(queries.hash_reader(session), 301, 701)
            return Served(log_key(session), heads[0], heads[1], proofs, tuple(between))


# --- sigstore -------------------------------------------------------------------------------------


def rekor_entry(key: VerifierKey, proof: ProofFile) -> Any:
    """Our proof in the shape in which sigstore has Rekor's."""
    head = parse_checkpoint(proof.checkpoint.text)
    inclusion = SimpleNamespace(
        log_index=proof.index,
        tree_size=head.size,
        hashes=list(proof.path),
        root_hash=head.root,
        checkpoint=SimpleNamespace(envelope=str(proof.checkpoint)),
    )
    return SimpleNamespace(
        _inner=SimpleNamespace(
            inclusion_proof=inclusion,
            canonicalized_body=proof.extra,
            log_id=SimpleNamespace(key_id=key.key_id),
        )
    )


def keyring(key: VerifierKey) -> RekorKeyring:
    public = Ed25519PublicKey.from_public_bytes(key.public_key)
    der = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    kind = common.PublicKeyDetails.PKIX_ED25519
    return RekorKeyring(
        Keyring([common.PublicKey(raw_bytes=write_base64(der).encode(), key_details=kind)])
    )


def by_sigstore(key: VerifierKey, proof: ProofFile) -> None:
    entry = rekor_entry(key, proof)
    verify_merkle_inclusion(entry)
    verify_checkpoint(keyring(key), entry)


def tampered(proof: ProofFile) -> list[ProofFile]:
    """The proof with each of its parts changed."""
    assert proof.extra is not None
    note, line = proof.checkpoint, proof.checkpoint.signatures[0]
    size = parse_checkpoint(note.text).size
    spoilt = replace(line, signature=bytes([line.signature[0] ^ 1]) + line.signature[1:])
    return [
        replace(proof, extra=proof.extra.replace(b'"v":1', b'"v":2')),
        replace(proof, index=proof.index ^ 1),
        replace(proof, path=(bytes(32), *proof.path[1:])),
        replace(proof, path=proof.path[1:]),
        replace(proof, path=(*proof.path, bytes(32))),
        replace(proof, checkpoint=replace(note, text=note.text.replace(f"\n{size}\n", "\n702\n"))),
        replace(proof, checkpoint=replace(note, signatures=(spoilt, *note.signatures[1:]))),
        replace(proof, checkpoint=replace(note, signatures=note.signatures[1:])),
    ]


def test_sigstore_accepts_our_entries_and_refuses_tampered_ones(served: Served) -> None:
    for proof in served.entries:
        by_sigstore(served.key, proof)
        for wrong in tampered(proof):
            with pytest.raises(VerificationError):
                by_sigstore(served.key, wrong)


def test_sigstore_accepts_either_key_while_one_follows_another(ledger: Ledger) -> None:
    with ledger.database.read() as session:
        old = log_key(session)
    new = parse_verifier_key(ledger.perform(SYSTEM, rotate_key, str(old)))
    sign_and_accept(ledger)
    with ledger.database.read() as session:
        proof = proof_file_of(session, 0, policy_of(ledger.settings))
    for key in (old, new):
        by_sigstore(key, proof)


# --- Go -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Case:
    """One question to Go's verifier; see ``foreign/check.go``."""

    Key: str
    Note: str
    Entry: str = ""
    Index: int = -1
    Old: str = ""
    Proof: tuple[str, ...] = ()


@pytest.fixture(scope="session")
def go_verifier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Go's verifier, built from the packages that Debian has."""
    go = shutil.which("go")
    if go is None or not (GO_PACKAGES / "src/golang.org/x/mod/sumdb").is_dir():
        missing.leave_out("Go with x/mod", "no go, or no golang-golang-x-mod-dev")
    folder = tmp_path_factory.mktemp("go")
    ground = {
        **os.environ, "GO111MODULE": "off", "GOPATH": str(GO_PACKAGES), "CGO_ENABLED": "0",
        "GOCACHE": str(folder / "cache"), "GOFLAGS": "",
    }  # fmt: skip
    subprocess.run([go, "build", "-o", folder / "check", SOURCE], env=ground, check=True)
    return folder / "check"


def by_go(verifier: Path, cases: list[Case]) -> list[str]:
    """What Go has against each case; nothing where it accepts."""
    asked = json.dumps([asdict(case) for case in cases])
    done = subprocess.run([verifier], input=asked, capture_output=True, text=True, check=True)
    said: list[str] = json.loads(done.stdout)
    return said


def of_entry(key: VerifierKey, proof: ProofFile) -> Case:
    assert proof.extra is not None
    path = tuple(map(write_base64, proof.path))
    return Case(str(key), str(proof.checkpoint), write_base64(proof.extra), proof.index, "", path)


def test_go_accepts_our_entries_and_refuses_tampered_ones(
    served: Served, go_verifier: Path
) -> None:
    good = [of_entry(served.key, proof) for proof in served.entries]
    assert by_go(go_verifier, good) == [""] * len(good)
    wrong = [of_entry(served.key, bad) for proof in served.entries for bad in tampered(proof)]
    assert all(by_go(go_verifier, wrong))


def test_go_accepts_that_our_log_grew_and_refuses_another_history(
    served: Served, go_verifier: Path
) -> None:
    proof = tuple(map(write_base64, served.consistency))
    case = Case(str(served.key), served.new, Old=served.old, Proof=proof)
    assert by_go(go_verifier, [case]) == [""]
    zero = write_base64(bytes(32))
    wrong = [
        replace(case, Proof=(zero, *proof[1:])),
        replace(case, Proof=proof[1:]),
        replace(case, Proof=(*proof, zero)),
        replace(case, Old=served.new, Note=served.old),
        replace(case, Old=served.old.replace("\n301\n", "\n300\n")),
        replace(case, Note=served.new.replace("\n701\n", "\n700\n")),
        replace(case, Key=str(VerifierKey(served.key.name, bytes(31) + b"\1"))),
    ]
    assert all(by_go(go_verifier, wrong))
