"""The Merkle tree: published cases, and every small tree against the RFC's own recursion."""

from __future__ import annotations

import hashlib
import json
from base64 import b64decode
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suyuan.trace.log import frontier, merkle
from suyuan.trace.log.frontier import CompletedTile, Frontier
from suyuan.trace.log.merkle import ProofError

LEAVES = [merkle.leaf_hash(str(number).encode()) for number in range(70)]
PUBLISHED = 196
STRICTER = "consistency/additional/sizes-are-equal-one-and-proof-is-empty.json"
"""The one published case that we judge otherwise: it accepts roots of 12 bytes (the text "don't
care 2"), and a root of another length than 32 bytes is refused here in every case."""


def recursive_root(entries: list[bytes]) -> bytes:
    """MTH as RFC 6962 section 2.1 writes it."""
    if not entries:
        return hashlib.sha256().digest()
    if len(entries) == 1:
        return hashlib.sha256(b"\x00" + entries[0]).digest()
    k = 1
    while k * 2 < len(entries):
        k *= 2
    left, right = recursive_root(entries[:k]), recursive_root(entries[k:])
    return hashlib.sha256(b"\x01" + left + right).digest()


def refused(case: dict[str, object], kind: str) -> bool:
    """Whether our verifier refuses a published case."""

    def decoded(name: str) -> bytes:
        return b64decode(str(case.get(name) or ""))

    def number(name: str) -> int:
        value = case[name]
        assert isinstance(value, int)
        return value

    listed = case["proof"]
    proof = [b64decode(text) for text in listed] if isinstance(listed, list) else []
    try:
        if kind == "inclusion":
            leaf, index, size = decoded("leafHash"), number("leafIdx"), number("treeSize")
            merkle.verify_inclusion(leaf, index, size, proof, decoded("root"))
        else:
            old, new = number("size1"), number("size2")
            merkle.verify_consistency(old, new, decoded("root1"), decoded("root2"), proof)
    except ProofError:
        return True
    return False


def test_every_published_proof_but_one_is_judged_as_its_authors_judge_it(shared: Path) -> None:
    folder = shared / "vectors" / "merkle"
    files = sorted(folder.glob("*/**/*.json"))
    otherwise = set()
    for file in files:
        case = json.loads(file.read_text("utf-8"))
        kind = "inclusion" if "leafIdx" in case else "consistency"
        if refused(case, kind) != case["wantErr"]:
            otherwise.add(file.relative_to(folder).as_posix())
    assert otherwise == {STRICTER}
    assert len(files) == PUBLISHED


def test_the_one_that_we_judge_otherwise_is_refused_for_the_length_of_its_roots_alone(
    shared: Path,
) -> None:
    case = json.loads((shared / "vectors" / "merkle" / STRICTER).read_text("utf-8"))
    root = b64decode(case["root1"])
    assert (len(root), case["root2"]) == (12, case["root1"])
    with pytest.raises(ProofError, match="12 bytes"):
        merkle.verify_consistency(case["size1"], case["size2"], root, root, [])
    whole = hashlib.sha256(root).digest()
    merkle.verify_consistency(case["size1"], case["size2"], whole, whole, [])


@given(st.lists(st.binary(min_size=32, max_size=32), max_size=9), st.binary(max_size=31))
def test_hashes_in_one_piece_have_the_same_root(hashes: list[bytes], beyond: bytes) -> None:
    assert merkle.joined_root(b"".join(hashes)) == merkle.root(hashes)
    if beyond:
        with pytest.raises(ProofError, match="should have 32"):
            merkle.joined_root(b"".join(hashes) + beyond)


@given(st.lists(st.binary(max_size=8), max_size=40))
def test_the_root_is_the_one_of_the_rfc(entries: list[bytes]) -> None:
    assert merkle.root([merkle.leaf_hash(entry) for entry in entries]) == recursive_root(entries)


@pytest.mark.parametrize("size", range(1, 35))
def test_each_leaf_of_each_small_tree_can_be_proved_and_stands_only_there(size: int) -> None:
    leaves = LEAVES[:size]
    root = merkle.root(leaves)
    for index in range(size):
        proof = merkle.inclusion_proof(leaves, index)
        merkle.verify_inclusion(leaves[index], index, size, proof, root)
        for elsewhere in {0, size - 1, (index + 1) % size} - {index}:
            with pytest.raises(ProofError):
                merkle.verify_inclusion(leaves[index], elsewhere, size, proof, root)


@pytest.mark.parametrize("new", range(1, 35))
def test_each_small_tree_is_shown_to_begin_with_each_older_one(new: int) -> None:
    root = merkle.root(LEAVES[:new])
    for old in range(1, new + 1):
        proof = merkle.consistency_proof(LEAVES[:new], old)
        merkle.verify_consistency(old, new, merkle.root(LEAVES[:old]), root, proof)
        other = merkle.root([*LEAVES[: old - 1], LEAVES[-1]])
        with pytest.raises(ProofError):
            merkle.verify_consistency(old, new, other, root, proof)


@given(st.data())
def test_a_proof_with_one_bit_changed_proves_nothing(data: st.DataObject) -> None:
    size = data.draw(st.integers(2, 70))
    index = data.draw(st.integers(0, size - 1))
    proof = merkle.inclusion_proof(LEAVES[:size], index)
    place = data.draw(st.integers(0, len(proof) - 1))
    bit = data.draw(st.integers(0, 255))
    changed = int.from_bytes(proof[place], "big") ^ (1 << bit)
    proof[place] = changed.to_bytes(32, "big")
    with pytest.raises(ProofError):
        merkle.verify_inclusion(LEAVES[index], index, size, proof, merkle.root(LEAVES[:size]))


@given(
    st.integers(-1, 2**64),
    st.integers(-1, 2**64),
    st.binary(max_size=40),
    st.lists(st.binary(min_size=31, max_size=33) | st.just(bytes(32)), max_size=6),
)
def test_whatever_a_proof_is_made_of_it_is_refused_in_words(
    index: int, size: int, root: bytes, proof: list[bytes]
) -> None:
    for leaf in (root, bytes(32)):
        with pytest.raises(ProofError):
            merkle.verify_inclusion(leaf, index, size, proof, root or b"\x01" * 32)
        with pytest.raises(ProofError):
            merkle.verify_consistency(index, size, leaf, root or b"\x01" * 32, [*proof, root])


@pytest.mark.parametrize("size", [0, 31, 33])
def test_a_hash_of_another_length_is_refused(size: int) -> None:
    with pytest.raises(ProofError):
        merkle.root([bytes(size)])
    with pytest.raises(ProofError):
        frontier.append(Frontier(), [bytes(size)])
    with pytest.raises(ProofError):
        merkle.verify_inclusion(bytes(size), 0, 1, [], bytes(size))


# --- growing from the edge alone -----------------------------------------------------------------


@given(st.lists(st.integers(0, 30), max_size=12))
def test_growing_in_any_steps_gives_the_root_of_the_whole(steps: list[int]) -> None:
    leaves = [merkle.leaf_hash(str(number).encode()) for number in range(sum(steps))]
    edge, start = Frontier(), 0
    for step in steps:
        edge = frontier.append(edge, leaves[start : start + step]).frontier
        start += step
        edge = Frontier.from_bytes(edge.size, edge.to_bytes())
        assert edge.root() == merkle.root(leaves[:start])


def test_each_tile_is_completed_once_in_order_with_its_root() -> None:
    size = 2 * 65_536 + 300
    leaves = [number.to_bytes(32, "big") for number in range(size)]
    edge = Frontier()
    completed: list[CompletedTile] = []
    for start, end in pairwise([0, 255, 256, 70_000, 131_072, size]):
        growth = frontier.append(edge, leaves[start:end])
        edge = growth.frontier
        completed += growth.completed
    places = [(tile.level, tile.index) for tile in completed]
    assert len(places) == len(set(places)) == 513 + 2
    assert [index for level, index in places if level == 1] == [0, 1]
    tile = completed[300]
    assert tile.root == merkle.root(leaves[tile.index * 256 : (tile.index + 1) * 256])
    upper = next(tile for tile in completed if (tile.level, tile.index) == (1, 1))
    assert upper.root == merkle.root(leaves[65_536:131_072])


@pytest.mark.parametrize(("size", "data"), [(1, b""), (0, bytes(32)), (-1, b""), (2, bytes(33))])
def test_an_edge_that_does_not_fit_its_size_is_refused(size: int, data: bytes) -> None:
    with pytest.raises(ProofError):
        Frontier.from_bytes(size, data)
