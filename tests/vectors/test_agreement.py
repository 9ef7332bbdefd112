"""Beyond the published vectors: the stranger's verifier and ours agree on whatever comes."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from suyuan.trace.canonical import read_canonical, write_canonical
from suyuan.trace.codes.trace_code import TraceCodeError, parse_trace_code
from suyuan.trace.codes.verify import Verdict, verify
from suyuan.trace.errors import InvalidInput
from suyuan.trace.keys.directory import open_directory
from suyuan.trace.keys.notes import parse_note, parse_verifier_key
from suyuan.trace.log import merkle
from tests.vectors import stranger, stranger_proofs
from tests.vectors.lists import NOTE
from tests.vectors.signed_notes import TEXT
from tests.vectors.trees import LEAVES
from tests.web import mutated_codes

NOW = datetime(2026, 6, 1, tzinfo=UTC)
HASHES = st.sampled_from(LEAVES) | st.sampled_from([merkle.root(LEAVES[:n]) for n in range(8)])


def test_codes_that_were_altered_in_every_way() -> None:
    note, root = mutated_codes.directory_note(), str(mutated_codes.ROOT.verifier)
    ours = open_directory(note, [parse_verifier_key(root)])
    theirs, _ = stranger.open_directory(note, [root], 0)
    counted: Counter[str] = Counter()
    for case in mutated_codes.cases():
        found = verify(case.text, ours, now=NOW).verdict
        counted[found] += 1
        assert stranger_proofs.verdict(case.text, theirs) == found, case
    assert set(counted) == set(Verdict)
    assert sum(counted.values()) > 500


@given(st.text(st.sampled_from("0123456789") | st.characters(), min_size=12, max_size=20))
@settings(max_examples=300)
def test_trace_codes_that_somebody_typed(typed: str) -> None:
    ours: tuple[str | None, str | None]
    try:
        ours = parse_trace_code(typed), None
    except TraceCodeError as error:
        ours = None, error.problem
    assert stranger_proofs.typed(typed) == ours


@given(
    st.sampled_from([NOTE, f"{TEXT}\n— a/b AAAAAAA=\n"]), st.integers(0, 300),
    st.characters() | st.sampled_from(["\n\n", "\n— ", "\t", "\r", " ", "+", ""]),
)  # fmt: skip
@settings(max_examples=300)
def test_notes_that_were_altered(note: str, at: int, put: str) -> None:
    altered = note[:at] + put + note[at + 1 :]
    try:
        ours: Any = [(s.name, s.key_id + s.signature) for s in parse_note(altered).signatures]
    except InvalidInput:
        ours = None
    try:
        theirs: Any = stranger.read_note(altered)[1]
    except stranger.Refused:
        theirs = None
    assert theirs == ours


@given(st.integers(-1, 9), st.integers(0, 8), st.lists(HASHES, max_size=4), HASHES)
@settings(max_examples=500)
def test_paths_that_lead_anywhere(
    index: int, size: int, path: list[bytes], root: bytes
) -> None:  # fmt: skip
    leaf = LEAVES[index % len(LEAVES)]
    for hashes in (path, merkle.inclusion_proof(LEAVES, index % len(LEAVES))):
        for signed in (root, merkle.root(LEAVES)):
            try:
                merkle.verify_inclusion(leaf, index, size, hashes, signed)
            except InvalidInput:
                assert not stranger_proofs.included(leaf, index, size, hashes, signed)
            else:
                assert stranger_proofs.included(leaf, index, size, hashes, signed)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text()
        | st.floats(-1e15, 1e15) | st.floats(1e21, 1e300),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
        max_leaves=8,
    )
)  # fmt: skip
@settings(max_examples=500)
def test_values_are_written_alike(value: Any) -> None:
    written = write_canonical(value)
    assert stranger.canonical(value) == written
    assert stranger.read_canonical(written.decode()) == read_canonical(written)
