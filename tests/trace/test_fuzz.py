"""Readers of what strangers send: whatever the bytes, an answer or an error of the family.

Each reader gets valid inputs, mutated: bits turned, bytes put in, taken out or doubled, parts of
two put together, numbers made huge. ``make fuzz`` gives each a million of them; the inputs follow
from the seed, so that what fails once fails again.
"""

from __future__ import annotations

import io
import json
import os
import random
import re
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from suyuan.commands.passport_file import check_passport, tell
from suyuan.trace.canonical import read_canonical
from suyuan.trace.codes.manifest import ManifestProof, PrintedItem
from suyuan.trace.codes.paths import TracePath, parse_path
from suyuan.trace.codes.signed_code import parse_code, sign_code
from suyuan.trace.codes.status import State, apply_delta, list_states, open_status
from suyuan.trace.codes.trace_code import parse_trace_code
from suyuan.trace.codes.verify import verify
from suyuan.trace.errors import SuyuanError
from suyuan.trace.keys.directory import Directory, HostEntry, KeyEntry, KeyUse, parse_directory
from suyuan.trace.keys.notes import Ed25519Signer, parse_note, parse_verifier_key, sign_note
from suyuan.trace.log import merkle, tiles
from suyuan.trace.log.add_checkpoint import parse_request, write_request
from suyuan.trace.log.checkpoint import parse_checkpoint, sign_checkpoint
from suyuan.trace.log.commitments import Commitments, Disclosure
from suyuan.trace.log.merkle import verify_consistency, verify_inclusion
from suyuan.trace.log.policy import parse_policy
from suyuan.trace.log.proof_file import ProofFile, parse_proof_file
from suyuan.trace.printing.run_proof import OPENED, RunProof, parse_run_proof

TIMES = int(os.environ.get("SUYUAN_FUZZ", "3000"))
SEED = int(os.environ.get("SUYUAN_FUZZ_SEED", "1"))
NOW = datetime(2026, 6, 1, tzinfo=UTC)
SIGNER = Ed25519Signer("t.example.cn/codes-1", bytes(range(32)))
LOG = Ed25519Signer("t.example.cn/log", bytes(range(1, 33)))
HASHES = [merkle.leaf_hash(bytes([n])) for n in range(40)]
BATCH = TracePath("5406265067586954")
PACKAGE = TracePath("5406265067586954", "981975745447")
ODD = (
    b"\x00", b"\xff", b"\xc3", b"\xe2\x80\xae", b"\r\n", b"\n\n", b"\\", b"@", b"..", b"%2f", b" ",
    b"1" * 40, b"-1", b"1e999", b"9" * 5000, b"{" * 200, b"[" * 3000, "\u0664".encode(),
    "\uff11".encode(), "\u0f21".encode(), b"\\ud800", b"+", b"=", b"AAAA", "— ".encode(),
)  # fmt: skip


def checkpoint() -> str:
    return sign_checkpoint(LOG.name, len(HASHES), merkle.root(HASHES), LOG)


def directory() -> Directory:
    entry = KeyEntry(SIGNER.verifier, KeyUse.CODE, "县局", NOW.date(), None)
    host = HostEntry("t.example.cn", NOW.date())
    return Directory("t.example.cn", 1, NOW, NOW + timedelta(days=9), (host,), (entry,))


def status(*states: State) -> tuple[str, str]:
    listed = list_states(
        [(BATCH, state) for state in states],
        origin="t.example.cn", seq=1, as_of=NOW, next_by=NOW + timedelta(days=1),
    )  # fmt: skip
    return str(sign_note(listed.text(), (SIGNER,))), listed.body()


DIRECTORY = directory()
STATUS, BODY = status(State.RECALLED)
EMPTY = open_status(*status(), keys=(SIGNER.verifier,))
PROOF = ProofFile(3, tuple(merkle.inclusion_proof(HASHES, 3)), parse_note(checkpoint()), b"x")


def run_proof() -> bytes:
    opened = {name: Disclosure(name, "x", bytes(16)) for name in OPENED}
    code = ManifestProof(PrintedItem(PACKAGE, bytes(16)), 3, len(HASHES), PROOF.path)
    commitments = Commitments(dict.fromkeys(OPENED, HASHES[0]))
    return json.dumps(RunProof(code, opened, commitments, PROOF).to_json()).encode()


def passport() -> bytes:
    """The worked example of the specification; what its log signs with stands there too."""
    page = (Path(__file__).parents[2] / "docs" / "formats.md").read_text("utf-8")
    (example,) = re.findall(r"```json\n(.*?suyuan.field-proofs.*?)```", page, re.DOTALL)
    return str(example).encode()


PASSPORT_LOG = Ed25519Signer("log.example.cn", b"\x01" * 32)


def read_passport(data: bytes) -> None:
    """Told as well: what was read must also be such that a terminal can show it."""
    checked = check_passport(data, (PASSPORT_LOG.verifier,))
    with redirect_stdout(io.TextIOWrapper(io.BytesIO(), "utf-8")):
        tell(checked, as_json=False)
        tell(checked, as_json=True)


def text(data: bytes) -> str:
    """As a web server hands it on: bytes that are no UTF-8 come as what they are in Latin-1."""
    return data.decode("latin-1")


def read_proof(data: bytes) -> None:
    """An inclusion and a consistency proof out of raw bytes: two numbers, then hashes."""
    index, size = (int.from_bytes(data[at : at + 9], "big", signed=True) for at in (0, 9))
    rest = data[18:]
    hashes = [rest[at : at + 32] for at in range(0, len(rest), 32)]
    first, last = hashes[:1] or [b""], hashes[-1:] or [b""]
    with suppress(SuyuanError):
        verify_inclusion(first[0], index, size, hashes[1:-1], last[0])
    with suppress(SuyuanError):
        verify_consistency(index, size, first[0], last[0], hashes[1:-1])


def proof_bytes(index: int) -> bytes:
    path = merkle.inclusion_proof(HASHES, index)
    numbers = index.to_bytes(9, "big") + len(HASHES).to_bytes(9, "big")
    return numbers + b"".join([HASHES[index], *path, merkle.root(HASHES)])


@dataclass(frozen=True)
class Reader:
    """What is tried, and valid inputs to begin from."""

    read: Callable[[bytes], object]
    valid: Sequence[bytes]


READERS = {
    "code": Reader(
        lambda data: verify(text(data), DIRECTORY, None, NOW),
        [
            sign_code("t.example.cn", PACKAGE, SIGNER).encode(),
            f"https://t.example.cn{PACKAGE}".encode(),
            b"https://t.example.cn/01/06901234567892/10/C261015/21/612197255560",
        ],
    ),
    "code grammar": Reader(
        lambda data: parse_code(text(data)), [sign_code("t.example.cn", BATCH, SIGNER).encode()]
    ),
    "path": Reader(
        lambda data: parse_path(text(data)), [str(PACKAGE).encode(), b"/01/06901234567892/10/A1"]
    ),
    "typed trace code": Reader(
        lambda data: parse_trace_code(data.decode("utf-8", "replace")),
        [b"5406 2650 6758 6954", "５４０６２６５０６７５８６９５４".encode()],
    ),
    "note": Reader(parse_note, [checkpoint().encode(), STATUS.encode()]),
    "verifier key": Reader(
        lambda data: parse_verifier_key(text(data)), [str(LOG.verifier).encode()]
    ),
    "key directory": Reader(
        lambda data: parse_directory(text(data)), [DIRECTORY.text().encode("latin-1", "replace")]
    ),
    "status list": Reader(
        lambda data: open_status(STATUS, text(data), (SIGNER.verifier,)), [BODY.encode()]
    ),
    "status delta": Reader(
        lambda data: apply_delta(EMPTY, text(data), STATUS, (SIGNER.verifier,)),
        [b"".join(b"+" + line for line in BODY.encode().splitlines(keepends=True))],
    ),
    "checkpoint": Reader(
        lambda data: parse_checkpoint(text(data)), [checkpoint().split("\n\n")[0].encode() + b"\n"]
    ),
    "proof": Reader(read_proof, [proof_bytes(3), proof_bytes(39)]),
    "proof file": Reader(parse_proof_file, [PROOF.text().encode()]),
    "proof of a print run": Reader(parse_run_proof, [run_proof()]),
    "passport": Reader(read_passport, [passport()]),
    "witness request": Reader(
        parse_request, [write_request(3, HASHES[:4], checkpoint())]
    ),
    "witness policy": Reader(
        parse_policy, [f"log {LOG.verifier}\nquorum none\n".encode()]
    ),
    "tile address": Reader(
        lambda data: tiles.parse_tile_path(text(data)),
        [b"tile/0/x001/x234/067.p/3", b"tile/entries/000"],
    ),
    "tile of hashes": Reader(
        lambda data: tiles.parse_hashes(data, 3), [tiles.write_hashes(HASHES[:3])]
    ),
    "bundle of entries": Reader(
        lambda data: tiles.parse_entries(data, 3), [tiles.write_entries([b"a", b"bc", b""])]
    ),
    "canonical JSON": Reader(read_canonical, [b'{"a":[1,"x",null,true],"b":{"c":"\\u0001"}}']),
}  # fmt: skip


def mutated(valid: Sequence[bytes], rng: random.Random) -> bytes:
    """A valid input with some things wrong with it; sometimes nothing but noise."""
    if rng.random() < 0.02:
        return rng.randbytes(rng.randrange(400))
    data = bytearray(rng.choice(valid))
    for _ in range(1 + min(int(rng.expovariate(0.7)), 8)):
        at = rng.randrange(len(data) + 1)
        what = rng.randrange(6)
        if what == 0 and data:
            data[at % len(data)] ^= 1 << rng.randrange(8)
        elif what == 1:
            data[at:at] = rng.choice(ODD)
        elif what == 2:
            del data[at : at + 1 + int(rng.expovariate(0.3))]
        elif what == 3:
            data[at:at] = data[at : at + rng.randrange(80)]
        elif what == 4:
            other = rng.choice(valid)
            data[at:] = other[rng.randrange(len(other) + 1) :]
        elif data:
            data[at % len(data)] = rng.choice(b'0123456789/.:+-= \n{}[]",ABCxyz\x00\x7f')
    return bytes(data)


@pytest.mark.parametrize("name", READERS)
def test_a_reader_answers_or_refuses_whatever_comes(name: str) -> None:
    reader, rng = READERS[name], random.Random(f"{SEED} {name}")
    for valid in reader.valid:
        reader.read(valid)  # what is valid is read: else only refusals would be tried
    refused = 0
    for _ in range(TIMES):
        data = mutated(reader.valid, rng)
        try:
            reader.read(data)
        except SuyuanError:
            refused += 1
        except Exception as error:
            raise AssertionError(f"{name}: {type(error).__name__} for {data!r}") from error
    assert refused or name in ("code", "proof"), "nothing was wrong with any of them"
