"""The Merkle tree of RFC 6962 section 2.1, with the algorithms of RFC 9162 section 2.1.

``D[n]`` of the RFC is here a sequence of *leaf hashes*: a log keeps those and need not read its
entries again. Every hash is 32 bytes of SHA-256; anything else is refused, because a root or a
leaf of another length can make a wrong proof look right.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from suyuan.trace.errors import InvalidInput

HASH_SIZE = 32
EMPTY_ROOT = sha256(b"").digest()
"""MTH({}), the root of the tree without leaves."""

Span = tuple[int, int]
"""A run of leaves ``D[start:end]``; a proof is the roots of some spans."""


class ProofError(InvalidInput):
    """A proof does not show what it should, or cannot be made."""


def leaf_hash(entry: bytes) -> bytes:
    """MTH({d(0)}) = SHA-256(0x00 ‖ d(0))."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 ‖ left ‖ right)."""
    return sha256(b"\x01" + left + right).digest()


def root(leaf_hashes: Sequence[bytes]) -> bytes:
    """MTH(D[n]). Raises ProofError for a hash that is not 32 bytes."""
    _require_hashes(leaf_hashes)
    return joined_root(b"".join(leaf_hashes))


def joined_root(hashes: bytes) -> bytes:
    """MTH(D[n]) of leaf hashes that stand one after another, as in a tile.

    Level by level: the last hash of an odd level moves up unchanged.
    Raises ProofError where the last hash is not whole.
    """
    if beyond := len(hashes) % HASH_SIZE:
        _require_hashes([hashes[-beyond:]])
    if not hashes:
        return EMPTY_ROOT
    level, pair = hashes, 2 * HASH_SIZE
    while len(level) > HASH_SIZE:
        whole = len(level) // pair * pair
        above = [sha256(b"\x01" + level[at : at + pair]).digest() for at in range(0, whole, pair)]
        level = b"".join((*above, level[whole:]))
    return level


def split(size: int) -> int:
    """k of RFC 6962: the largest power of two smaller than ``size`` (at least 2)."""
    return 1 << (size - 1).bit_length() - 1


def inclusion_spans(index: int, size: int) -> list[Span]:
    """The spans whose roots are PATH(index, D[size]) (RFC 9162 section 2.1.3.1), leaf side first.

    Raises ProofError when ``index`` is not in the tree.
    """
    if not 0 <= index < size:
        raise ProofError("There is no leaf {index} in a tree of {size}.", index=index, size=size)
    spans: list[Span] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + split(end - start)
        if index < middle:
            spans.append((middle, end))
            end = middle
        else:
            spans.append((start, middle))
            start = middle
    return spans[::-1]


def consistency_spans(old: int, new: int) -> list[Span]:
    """The spans whose roots are PROOF(old, D[new]) (RFC 9162 section 2.1.4.1).

    Raises ProofError unless 0 < old <= new: everything is consistent with the empty tree.
    """
    if not 0 < old <= new:
        raise ProofError(
            "A consistency proof needs 0 < old size <= new size, not {old} and {new}.",
            old=old,
            new=new,
        )
    spans: list[Span] = []
    start, end = 0, new
    while end != old:  # SUBPROOF(m, D[n], b), m = old - start, n = end - start
        middle = start + split(end - start)
        if old <= middle:
            spans.append((middle, end))
            end = middle
        else:
            spans.append((start, middle))
            start = middle
    if start > 0:  # b is false: the old tree's last subtree is not its root
        spans.append((start, end))
    return spans[::-1]


def inclusion_proof(leaf_hashes: Sequence[bytes], index: int) -> list[bytes]:
    """PATH(index, D[n]). Raises ProofError."""
    spans = inclusion_spans(index, len(leaf_hashes))
    return [root(leaf_hashes[start:end]) for start, end in spans]


def consistency_proof(leaf_hashes: Sequence[bytes], old: int) -> list[bytes]:
    """PROOF(old, D[n]). Raises ProofError."""
    spans = consistency_spans(old, len(leaf_hashes))
    return [root(leaf_hashes[start:end]) for start, end in spans]


def verify_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], expected_root: bytes
) -> None:
    """Checks that ``leaf`` (a leaf hash) is at ``index`` of the tree (RFC 9162 section 2.1.3.2).

    Raises ProofError.
    """
    _require_hashes([leaf, expected_root, *proof])
    if not 0 <= index < size:
        raise ProofError("There is no leaf {index} in a tree of {size}.", index=index, size=size)
    fn, sn = index, size - 1
    r = leaf
    for p in proof:
        if sn == 0:
            raise _wrong_length()
        if fn & 1 or fn == sn:
            r = node_hash(p, r)
            while not fn & 1 and fn != 0:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = node_hash(r, p)
        fn, sn = fn >> 1, sn >> 1
    if sn != 0:
        raise _wrong_length()
    if r != expected_root:
        raise ProofError("The proof leads to another root: the tree does not hold this leaf there.")


def verify_consistency(
    old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]
) -> None:
    """Checks that the old tree is the beginning of the new one (RFC 9162 section 2.1.4.2).

    Raises ProofError, also for ``old`` = 0, about which no proof can say anything.
    """
    _require_hashes([old_root, new_root, *proof])
    if not 0 < old <= new:
        raise ProofError(
            "A consistency proof needs 0 < old size <= new size, not {old} and {new}.",
            old=old,
            new=new,
        )
    if old == new:
        if proof or old_root != new_root:
            raise ProofError("Trees of one size are consistent only with one root and no proof.")
        return
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    if not path:
        raise _wrong_length()
    fn, sn = old - 1, new - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = path[0]
    for c in path[1:]:
        if sn == 0:
            raise _wrong_length()
        if fn & 1 or fn == sn:
            fr, sr = node_hash(c, fr), node_hash(c, sr)
            while not fn & 1 and fn != 0:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node_hash(sr, c)
        fn, sn = fn >> 1, sn >> 1
    if sn != 0:
        raise _wrong_length()
    if fr != old_root or sr != new_root:
        raise ProofError("The new tree does not begin with the old one: history was changed.")


def _wrong_length() -> ProofError:
    return ProofError("The proof has not as many hashes as these tree sizes ask for.")


def _require_hashes(hashes: Sequence[bytes]) -> None:
    for value in hashes:
        if len(value) != HASH_SIZE:
            raise ProofError(
                "A hash of the tree has {is_} bytes, it should have {should}.",
                is_=len(value),
                should=HASH_SIZE,
            )
