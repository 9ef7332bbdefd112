"""Vectors of verifier keys, bare signatures, and signed notes."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from typing import Any

from suyuan.trace.canonical import write_base64
from suyuan.trace.keys.notes import Note, Signature, VerifierKey, key_id, sign_note
from tests.vectors.cast import CODES, FIRST, LOG, LOG_2, LOW_ORDER, SECOND, STRANGER
from tests.vectors.codes import ORDER

TEXT = "trace.example.cn/log\n5\nqRCrUSs+P8BBoVFPPIRp3FYYzPTmpHmQ7DLtiN6Ubwo=\n"
AT = 1780272000
"""2026-06-01T00:00:00Z."""
NOTE = sign_note(TEXT, (LOG,))


def vectors() -> dict[str, Any]:
    """The content of ``notes.json``."""
    return {
        "about": "Verifier keys; bare Ed25519 signatures; signed notes and who of the trusted has "
        "signed them (null: the note is refused).",
        "worked": _worked(),
        "worked_note": str(_cosigned()),
        "verifier_keys": [
            {"key": text, "accepted": accepted, "why": why} for text, accepted, why in _keys()
        ],
        "signatures": list(_signatures()),
        "notes": list(_notes()),
    }


def _cosigned() -> Note:
    return Note(TEXT, (*NOTE.signatures, FIRST.cosign(TEXT, AT)))


def _worked() -> dict[str, str]:
    message = f"cosignature/v1\ntime {AT}\n{TEXT}".encode()
    line = FIRST.cosign(TEXT, AT)
    return {
        "log's key": str(LOG.verifier),
        "hashed for its id": (LOG.name.encode() + b"\n\x01" + LOG.verifier.public_key).hex(),
        "log's key id": LOG.key_id.hex(),
        "log's signature": NOTE.signatures[0].signature.hex(),
        "witness's key": str(FIRST.verifier),
        "witness's key id": FIRST.verifier.key_id.hex(),
        "time": str(AT),
        "message cosigned": message.hex(),
        "time and signature": line.signature.hex(),
    }


def _keys() -> Iterator[tuple[str, bool, str]]:
    log = str(LOG.verifier)
    name, hexed, encoded = log.split("+", 2)
    public = LOG.verifier.public_key
    yield log, True, "a key of type 01"
    yield str(FIRST.verifier), True, "a key of type 04"
    yield f"{name}+{hexed.upper()}+{encoded}", False, "the id in capitals"
    yield f"{name}+00000000+{encoded}", False, "another id"
    yield f"other+{hexed}+{encoded}", False, "another name has another id"
    yield f"{name}+{hexed}+{encoded}\n", False, "a newline"
    yield f"{name} {hexed} {encoded}", False, "spaces between the parts"
    for kind, key, why in ((2, public, "type 02"), (1, public[:31], "31 bytes"),
                           (1, public + b"\0", "33 bytes")):  # fmt: skip
        material = write_base64(bytes([kind]) + key)
        yield f"{name}+{key_id(name, key, kind).hex()}+{material}", False, why
    for bad in ("", "a b", "a\u00a0b"):
        yield f"{bad}+{key_id(bad, public).hex()}+{encoded}", False, f"the name {bad!r}"
    urlsafe = encoded.replace("+", "-").replace("/", "_")
    if urlsafe != encoded:
        yield f"{name}+{hexed}+{urlsafe}", False, "base64 for addresses"


def _signatures() -> Iterator[dict[str, Any]]:
    message = b"suyuan"
    right = CODES.sign(message)
    public = CODES.verifier.public_key

    def case(valid: bool, why: str, signature: bytes, key: bytes = public) -> dict[str, Any]:
        return {
            "valid": valid, "why": why, "public": key.hex(), "message": message.hex(),
            "signature": signature.hex(),
        }  # fmt: skip

    yield case(True, "as RFC 8032 makes it", right)
    scalar = int.from_bytes(right[32:], "little")
    for times in (1, 2, 14):
        more = (scalar + times * ORDER).to_bytes(32, "little")
        yield case(False, f"S + {times} L in place of S", right[:32] + more)
    yield case(False, "S is L", right[:32] + ORDER.to_bytes(32, "little"))
    yield case(False, "63 bytes", right[:63])
    yield case(False, "65 bytes", right + b"\0")
    yield case(False, "another key", right, STRANGER.verifier.public_key)
    for point in low_order_points():
        yield case(False, "R is of low order", point + bytes(32))
        yield case(False, "the key is of low order", right, point)
    for point in low_order_points():
        # the right side is R alone, whatever k is where k times the key is neutral
        yield case(False, "the key is of low order, and S·B = R", _base(b"\x0f" * 32), point)


def _base(seed: bytes) -> bytes:
    """R = S·B for the S of a seed."""
    low = bytearray(hashlib.sha512(seed).digest()[:32])
    low[0] &= 248
    low[31] = low[31] & 127 | 64
    scalar = int.from_bytes(low, "little") % ORDER
    public = CODES.__class__("any", seed).verifier.public_key
    return public + scalar.to_bytes(32, "little")


def low_order_points() -> list[bytes]:
    """Every 32 bytes that write a point whose order divides 8, canonically or not."""
    p = 2**255 - 19
    eighth = 2707385501144840649318225287225658788936804267575313519463743609750303402022
    values = [0, 1, p - 1, p, p + 1, eighth, p - eighth]
    return [(y | sign << 255).to_bytes(32, "little") for y in values for sign in (0, 1)]


def _notes() -> Iterator[dict[str, Any]]:
    log, witness = LOG.verifier, FIRST.verifier
    plain = str(NOTE)
    own = str(NOTE.signatures[0])
    line = FIRST.cosign(TEXT, AT)

    def case(
        why: str, note: str, signed_by: list[VerifierKey] | None, *trusted: VerifierKey
    ) -> dict[str, Any]:
        return {
            "why": why, "note": note, "trusted": [str(key) for key in trusted or (log,)],
            "signed_by": None if signed_by is None else [str(key) for key in signed_by],
        }  # fmt: skip

    yield case("signed by the log", plain, [log])
    both = str(_cosigned())
    yield case("the witness's line is of no concern here", both, [log])
    yield case("both are trusted", both, [log, witness], log, witness)
    yield case("only the witness is trusted", both, [witness], witness)
    yield case("lines in any order", f"{TEXT}\n{line}{own}", [log, witness], log, witness)
    yield case("one line twice", plain + own, [log])
    stranger = str(sign_note(TEXT, (STRANGER,)).signatures[0])
    yield case("a line of a key that nobody knows", plain + stranger, [log])
    yield case("nobody known has signed", f"{TEXT}\n{stranger}", None)
    yield case("another log's key is trusted", plain, None, LOG_2.verifier)
    yield case("the text was changed", plain.replace("\n5\n", "\n6\n"), None)
    wrong = str(Signature(LOG.name, LOG.key_id, STRANGER.sign(TEXT.encode())))
    yield case("a wrong signature under a known key's name and id", f"{TEXT}\n{wrong}", None)
    yield case("one right and one wrong line of one key", plain + wrong, None)
    bare = str(Signature(FIRST.verifier.name, witness.key_id, line.signature[8:]))
    yield case("a witness's line without its time", plain + bare, None, log, witness)
    late = (AT + 1).to_bytes(8, "big") + line.signature[8:]
    moved = str(Signature(witness.name, witness.key_id, late))
    yield case("a witness's line with another time", plain + moved, None, log, witness)
    other = str(SECOND.cosign(TEXT, AT)).replace(SECOND.verifier.name, witness.name)
    yield case("another id under the witness's name", plain + other, [log], log, witness)
    yield case("no blank line", TEXT + own, None)
    yield case("no signatures", TEXT + "\n", None)
    yield case("no newline at the end", plain[:-1], None)
    yield case("a carriage return", plain.replace("\n5\n", "\r\n5\r\n"), None)
    yield case("a hyphen for the dash", plain.replace("\u2014 ", "- "), None)
    yield case("two spaces", plain.replace(f"{LOG.name} ", f"{LOG.name}  "), None)
    encoded = own.split(" ")[2].strip()
    yield case("no padding", plain.replace(encoded, encoded.rstrip("=")), None)
    yield case("last bits not zero", plain.replace(encoded, _last_bits_set(encoded)), None)
    yield case("base64 for addresses", _urlsafe(plain, encoded), None)
    only_id = f"\u2014 {LOG.name} {write_base64(LOG.key_id)}\n"
    yield case("an id and no signature", f"{TEXT}\n{only_id}", None)
    yield case("100 lines", plain + stranger * 99, [log])
    yield case("101 lines", plain + stranger * 100, None)
    yield case("the blank line is the last one", _with_blank_inside(), [log])
    weak = str(Signature(LOW_ORDER.name, LOW_ORDER.key_id, _base(b"\x0f" * 32)))
    yield case("signed by a key of low order", f"{TEXT}\n{weak}", None, LOW_ORDER)


def _with_blank_inside() -> str:
    return str(sign_note("a text\n\nwith a blank line\n", (LOG,)))


def _last_bits_set(encoded: str) -> str:
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    digits = encoded.rstrip("=")
    following = alphabet[alphabet.index(digits[-1]) + 1]
    return digits[:-1] + following + "=" * (len(encoded) - len(digits))


def _urlsafe(note: str, encoded: str) -> str:
    other = base64.urlsafe_b64encode(base64.b64decode(encoded)).decode()
    assert other != encoded
    return note.replace(encoded, other)
