"""Checkpoints: three lines, signed by the log, cosigned by witnesses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suyuan.trace.errors import InvalidInput
from suyuan.trace.keys import notes
from suyuan.trace.keys.notes import Ed25519Signer, NoteError
from suyuan.trace.log import checkpoint, merkle
from suyuan.trace.log.checkpoint import Checkpoint, CheckpointError

ORIGIN = "trace.example.cn/log"
SIGNER = Ed25519Signer(ORIGIN, bytes(range(32)))


def test_the_published_log_is_read_down_to_its_leaves(shared: Path) -> None:
    log = json.loads((shared / "vectors/suyuan/log.json").read_text("utf-8"))
    key = notes.parse_verifier_key(log["log_key"])
    read = checkpoint.open_checkpoint(log["checkpoint"], key)
    leaves = [merkle.leaf_hash(entry["leaf"].encode()) for entry in log["records"]]
    assert (read.origin, read.size, read.root) == (ORIGIN, 5, merkle.root(leaves))


@given(st.integers(0, 2**63 - 1), st.binary(min_size=32, max_size=32))
def test_a_signed_checkpoint_is_read_back(size: int, root: bytes) -> None:
    written = checkpoint.sign_checkpoint(ORIGIN, size, root, SIGNER)
    assert checkpoint.open_checkpoint(written, SIGNER.verifier) == Checkpoint(ORIGIN, size, root)


ROOT = "3F4fV64zPbVR7CkEhMHG2OIh2KlJS+5dA2s0WHC2OfI="


@pytest.mark.parametrize(
    "text",
    [
        "", "a\n", f"a\n5\n{ROOT}", f"\n5\n{ROOT}\n", f"a\n05\n{ROOT}\n", f"a\n+5\n{ROOT}\n",
        f"a\n-5\n{ROOT}\n", f"a\n5\n{ROOT}\nmore\n", f"a\n5\n{ROOT[:-4]}\n", f"a\n5\n{ROOT[:-1]}\n",
        f"a\n9223372036854775808\n{ROOT}\n", f"a\n٥\n{ROOT}\n", f"a\n5 \n{ROOT}\n", "a\n5\n\n",
        f"a\n5\n{ROOT.replace('I=', 'J=')}\n",
    ],
)  # fmt: skip
def test_what_is_not_exactly_three_lines_is_refused(text: str) -> None:
    with pytest.raises(CheckpointError):
        checkpoint.parse_checkpoint(text)


@given(st.text(max_size=80))
def test_whatever_comes_is_a_checkpoint_or_refused_in_words(text: str) -> None:
    for candidate in (text, f"{text}\n5\n{ROOT}\n", f"a\n{text}\n{ROOT}\n", f"a\n5\n{text}\n"):
        try:
            said = checkpoint.parse_checkpoint(candidate).text()
        except InvalidInput as error:
            said = str(error)
        assert said


def test_a_log_is_signed_and_read_only_under_its_own_name() -> None:
    other = Ed25519Signer("trace.example.cn/other", bytes(range(32)))
    with pytest.raises(CheckpointError):
        checkpoint.sign_checkpoint(ORIGIN, 0, merkle.EMPTY_ROOT, other)
    foreign = notes.sign_note(Checkpoint(ORIGIN, 0, merkle.EMPTY_ROOT).text(), [other])
    with pytest.raises(CheckpointError):
        checkpoint.open_checkpoint(foreign, other.verifier)
    with pytest.raises(NoteError):
        checkpoint.open_checkpoint(foreign, SIGNER.verifier)
