"""The stranger's verifier, continued: codes, trees, records and proofs (see ``stranger``)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence

from tests.vectors.stranger import (
    Json,
    Refused,
    canonical,
    note_signers,
    read_base64,
    read_key,
    require,
    signature_holds,
)

# --- codes.md -------------------------------------------------------------------------------------

LOT = "[0-9A-Za-z](?:[0-9A-Za-z.-]{0,18}[0-9A-Za-z])?"
PATH = f"/01/([0-9]{{14}})/10/{LOT}(/21/[0-9]{{12}})?|/t/([0-9]{{16}})(/[0-9]{{12}})?"
NAME = r"[0-9A-Za-z][0-9A-Za-z.-]{0,252}|\[[0-9A-Fa-f:.]{2,45}\]"
CODE = re.compile(
    rf"([Hh][Tt][Tt][Pp][Ss]?)://((?:{NAME})(?::[0-9]{{1,5}})?)(?:/([1-9])([0-9]{{164}}))?"
    r"(/[^?#]+)(?:[?#][ -~]*)?"
)
LEFT_OUT = "-\u00ad\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u30fc\ufe63\uff0d" + (
    "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
)


def batch_of(path: str) -> str:
    parts = path.split("/")
    return "/".join(parts[:3] if parts[1] == "t" else parts[:5])


def state_of(states: Mapping[str, str], path: str) -> str | None:
    found = {states.get(token(path)), states.get(token(batch_of(path)))}
    return next((letter for letter in "RVHPE" if letter in found), None)


def token(path: str) -> str:
    digest = hashlib.sha256(path.encode()).digest()[:8]
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def require_path(path: str) -> None:
    match = re.fullmatch(PATH, path)
    require(match)
    assert match
    if match[1]:
        total = sum(int(d) * (3 if at % 2 == 0 else 1) for at, d in enumerate(match[1][12::-1]))
        require((10 - total % 10) % 10 == int(match[1][13]))
    else:
        require(iso7064(match[3][:15]) == match[3][15])


def iso7064(digits: str) -> str:
    rest = 10
    for digit in digits:
        rest = ((rest + int(digit)) % 10 or 10) * 2 % 11
    return str((11 - rest) % 10)


def typed(text: str) -> tuple[str | None, str | None]:
    """The trace code, and what is wrong."""
    plain = "".join(one for one in text if not one.isspace() and one not in LEFT_OUT)
    for zero in (0xFF10, 0x0F20):
        plain = "".join(str(ord(d) - zero) if 0 <= ord(d) - zero < 10 else d for d in plain)
    if re.search("[^0-9]", plain):
        return None, "character"
    if len(plain) != 16:
        return None, "length"
    return (plain, None) if iso7064(plain[:15]) == plain[15] else (None, "check digit")


def verdict(url: str, directory: Json, run: Json = None) -> str:
    try:
        match = CODE.fullmatch(url)
        require(match)
        assert match
        scheme, host, version, number, path = match.groups()
        require_path(path)
        entry = directory["hosts"].get(host.lower())
        require(scheme.lower() == "https" or (entry and entry.get("http")))
        require(version != "1" or int(number) < 2**544)
    except Refused:
        return "malformed"
    if version is None:
        return "unsigned"
    if version != "1":
        return "newer-format"
    stem = int(number).to_bytes(68, "big")
    return _judged(stem, path, directory, entry, run)


def _judged(stem: bytes, path: str, directory: Json, host: Json, run: Json) -> str:
    candidates = [one for one in directory["keys"] if read_key(one["key"]).id == stem[:4]]
    if not candidates:
        return "unknown-key"
    message = f"TQR1\n{stem[:4].hex()}\n{path}".encode()
    good = [
        one for one in candidates if signature_holds(read_key(one["key"]).public, stem[4:], message)
    ]
    if not good:
        return "forged"
    (key,) = good
    prefixes, digits = (
        (key["gtin"], path[5:18]) if path.startswith("/01/") else (key["division"], path[3:9])
    )
    if key["use"] != "code" or (prefixes and not digits.startswith(tuple(prefixes))):
        return "out-of-scope"
    if host is None:
        return "other-host"
    if key["state"] == "revoked" and not _logged_before(key["revoked_at_size"], path, run):
        return "revoked-key"
    return "good"


def _logged_before(size: int, path: str, run: Json) -> bool:
    if run is None or run["position"] >= size or run["proof"]["path"] != path:
        return False
    proof, salt = run["proof"], bytes.fromhex(run["proof"]["salt"])
    leaf = leaf_hash(hashlib.sha256(salt + path.encode()).digest())
    hashes = [bytes.fromhex(one) for one in proof["hashes"]]
    root = bytes.fromhex(run["manifest_root"])
    return len(salt) == 16 and included(leaf, proof["index"], proof["size"], hashes, root)


# --- log.md ---------------------------------------------------------------------------------------


def leaf_hash(entry: bytes) -> bytes:
    return hashlib.sha256(b"\0" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


def tree_root(leaves: Sequence[bytes]) -> bytes:
    """MTH of RFC 6962, from leaf hashes."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1 << (len(leaves) - 1).bit_length() - 1
    return node_hash(tree_root(leaves[:k]), tree_root(leaves[k:]))


def included(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """By recursion over the tree's shape, other than RFC 9162 has it."""
    if any(len(one) != 32 for one in (leaf, root, *path)) or not 0 <= index < size:
        return False
    hashes = list(path)
    try:
        found = _climb(leaf, index, size, hashes)
    except IndexError:
        return False
    return not hashes and found == root


def _climb(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    if size == 1:
        return leaf
    k = 1 << (size - 1).bit_length() - 1
    sibling = path.pop()
    if index < k:
        return node_hash(_climb(leaf, index, k, path), sibling)
    return node_hash(sibling, _climb(leaf, index - k, size - k, path))


def consistent(
    old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]
) -> bool:
    if any(len(one) != 32 for one in (old_root, new_root, *proof)) or not 0 < old <= new:
        return False
    if old == new:
        return not proof and old_root == new_root
    hashes = list(proof)
    try:
        roots = _subproof(old, new, hashes, old_root, True)
    except IndexError:
        return False
    return not hashes and roots == (old_root, new_root)


def _subproof(
    m: int, n: int, proof: list[bytes], old_root: bytes, whole: bool
) -> tuple[bytes, bytes]:
    """SUBPROOF of RFC 6962 section 2.1.2, read backwards: old and new root of this subtree."""
    if m == n:
        one = old_root if whole else proof.pop()
        return one, one
    k = 1 << (n - 1).bit_length() - 1
    sibling = proof.pop()
    if m <= k:
        old, new = _subproof(m, k, proof, old_root, whole)
        return old, node_hash(new, sibling)
    old, new = _subproof(m - k, n - k, proof, old_root, False)
    return node_hash(sibling, old), node_hash(sibling, new)


def open_checkpoint(note: str, key: str) -> tuple[str, int, bytes]:
    text, _ = note_signers(note, [key])
    lines = text.split("\n")
    require(len(lines) == 4 and lines[0] == read_key(key).name)
    require(re.fullmatch("0|[1-9][0-9]*", lines[1]) and int(lines[1]) < 2**63)
    return lines[0], int(lines[1]), read_base64(lines[2], 32)


TILE = re.compile(
    r"tile/(entries|[0-9]|[1-5][0-9]|6[0-3])/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]*))?"
)


def read_tile_path(path: str) -> tuple[str, int, int] | None:
    match = TILE.fullmatch(path)
    if match is None or match[2].startswith("x000") or int(match[3] or 1) > 255:
        return None
    return match[1], int(re.sub("[x/]", "", match[2])), int(match[3] or 256)


# --- records-and-proofs.md ------------------------------------------------------------------------


def field_salt(record_salt: bytes, name: str) -> bytes:
    return hmac.digest(record_salt, name.encode(), "sha256")[:16]


def commitment(salt: bytes, value: Json) -> bytes:
    require(len(salt) == 16)
    return hashlib.sha256(salt + canonical(value)).digest()


def digest_of(commitments: Mapping[str, str]) -> bytes:
    for one in commitments.values():
        read_base64(one, 32)
    return hashlib.sha256(canonical(dict(commitments))).digest()


def check_fields(shown: Sequence[Json], commitments: Mapping[str, str], digest: bytes) -> None:
    require(digest_of(commitments) == digest)
    for one in shown:
        made = commitment(read_base64(one["salt"], 16), one["value"])
        require(commitments.get(one["name"]) == base64.b64encode(made).decode())


def check_erased(case: Json) -> None:
    shown = [{"name": name, **one} for name, one in case["kept"].items()]
    check_fields(shown, case["commitments"], bytes.fromhex(case["digest"]))
    record = case["kept"]["id"]["value"]
    ordered = {name for one in case["orders"] if one["record"] == record for name in one["fields"]}
    for name in set(case["commitments"]) - set(case["kept"]):
        require(name in ordered and case["classes"][name] == "personal")


def check_proof_file(
    file: str, logs: Sequence[str], witnesses: Sequence[str], needed: int, entry: bytes | None
) -> None:
    """``entry`` is what is to be proven; the file's own extra line where None is given."""
    head, blank, note = file.partition("\n\n")
    header, *lines = head.split("\n")
    require(blank and header == "c2sp.org/tlog-proof@v1" and lines)
    if lines[0].startswith("extra "):
        extra = read_base64(lines.pop(0)[6:])
        entry = extra if entry is None else entry
    index = re.fullmatch("index (0|[1-9][0-9]*)", lines[0] if lines else "")
    require(index and len(lines) <= 64)
    assert index
    path = [read_base64(one, 32) for one in lines[1:]]
    _, signers = note_signers(note, [*logs, *witnesses])
    signed = [one for one in logs if one in signers]
    require(signed and len(signers.intersection(witnesses)) >= needed)
    _, size, root = open_checkpoint(note, signed[0])
    require(entry is not None)
    require(included(leaf_hash(entry or b""), int(index[1]), size, path, root))
