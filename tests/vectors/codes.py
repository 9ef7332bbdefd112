"""Vectors of signed codes: the text of a symbol, and the verdict on it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from suyuan.trace.codes import manifest
from suyuan.trace.codes.manifest import ManifestProof, PrintedItem
from suyuan.trace.codes.paths import CodePath, GtinPath, TracePath
from suyuan.trace.codes.signed_code import STEM_DIGITS, sign_code, signed_message
from suyuan.trace.keys.notes import Ed25519Signer
from tests.vectors.cast import (
    BATCH,
    CODES,
    FIRST,
    FORMER,
    GTIN,
    GTIN_ONLY,
    HOST,
    LAN,
    LAN6,
    LOG,
    LOW_ORDER,
    NARROW,
    NEXT_LOG,
    PACKAGE,
    PAST,
    REVOKED,
    REVOKED_AT,
    REVOKED_LATER,
    ROOT,
    STATUS,
    STRANGER,
    TRACE,
    TRACE_PACKAGE,
    TWIN_A,
    TWIN_B,
    WITH_PORT,
    WITNESS,
    directory_note,
)

ORDER = 2**252 + 27742317777372353535851937790883648493
"""L, the order of the Ed25519 base point."""
NEUTRAL = (1).to_bytes(32, "little")
URL = sign_code(HOST, PACKAGE, CODES)
Case = tuple[str, str, str]
"""Verdict, text, why."""


def vectors() -> dict[str, Any]:
    """The content of ``codes.json``."""
    return {
        "about": "What a symbol says, and the verdict of a verifier that holds this directory.",
        "root": str(ROOT.verifier),
        "directory": directory_note(),
        "worked": _worked(),
        "cases": [
            {"verdict": verdict, "why": why, "url": url}
            for verdict, url, why in (*_good(), *_unsigned(), *_malformed(), *_untrue(), *_other())
        ],
        "with_network": list(_with_network()),
        "worked_manifest": _worked_manifest(),
    }


def stem_url(stem: bytes, path: str, host: str = HOST, version: str = "1") -> str:
    """A code with any 68 bytes and any path."""
    return f"https://{host}/{version}{int.from_bytes(stem):0{STEM_DIGITS}d}{path}"


def signed(path: str, signer: Ed25519Signer = CODES, host: str = HOST) -> str:
    """A code over any text, rightly signed."""
    message = b"TQR1\n" + signer.key_id.hex().encode() + b"\n" + path.encode()
    return stem_url(signer.key_id + signer.sign(message), path, host)


def _worked() -> dict[str, str]:
    message = signed_message(CODES.key_id, PACKAGE)
    stem = CODES.key_id + CODES.sign(message)
    return {
        "seed": CODES.seed().hex(),
        "public key": CODES.verifier.public_key.hex(),
        "key name": CODES.name,
        "key id": CODES.key_id.hex(),
        "verifier key": str(CODES.verifier),
        "path": str(PACKAGE),
        "signed message": message.hex(),
        "signature": stem[4:].hex(),
        "68 bytes": stem.hex(),
        "164 digits": f"{int.from_bytes(stem):0{STEM_DIGITS}d}",
        "code": URL,
    }


def _good() -> Iterator[Case]:
    for path in (BATCH, PACKAGE, TRACE, TRACE_PACKAGE):
        yield "good", sign_code(HOST, path, CODES), "as printed"
    yield "good", URL + "?from=chat&x=1", "a query is ignored"
    yield "good", URL + "#top", "a fragment is ignored"
    yield "good", URL + "?", "an empty query too"
    yield "good", URL + "#a?b//\\@ c", "whatever printable ASCII is in it"
    yield "good", URL.replace("https://t.ex", "HTTPS://T.eX"), "scheme and host: without case"
    yield "good", sign_code(FORMER, TRACE, CODES), "a host whose time is over stays valid"
    yield "good", sign_code(WITH_PORT, TRACE, CODES), "a host with its port"
    yield "good", sign_code(LAN, TRACE, CODES, "http"), "a host whose entry allows http"
    yield "good", sign_code(LAN, TRACE, CODES), "https is always allowed"
    yield "good", sign_code(LAN6, TRACE, CODES, "http"), "an IPv6 address"
    yield "good", sign_code(HOST, TRACE, PAST), "a key's dates do not limit verifying"
    yield "good", sign_code(HOST, TRACE, NARROW), "inside the key's division"
    yield "good", sign_code(HOST, PACKAGE, NARROW), "inside the key's GTIN prefix"
    yield "good", sign_code(HOST, TRACE, GTIN_ONLY), "an empty list of divisions means any"
    yield "good", sign_code(HOST, TRACE, TWIN_A), "one of two keys with this id"
    yield "good", sign_code(HOST, TRACE, TWIN_B), "the other of two keys with this id"
    carton = GtinPath("16901872446709", "7")
    yield "good", sign_code(HOST, carton, NARROW), "the prefix is counted from digit 2 of the GTIN"
    yield "good", sign_code(HOST, GtinPath(GTIN, "a"), CODES), "a lot of one character"
    yield "good", sign_code(HOST, GtinPath(GTIN, "A.-." + "b" * 15 + "9"), CODES), "one of twenty"
    zero = TracePath(TRACE.code, "000000000000")
    yield "good", sign_code(HOST, zero, CODES), "a serial may be all zeros"


def _unsigned() -> Iterator[Case]:
    for path in (BATCH, PACKAGE, TRACE, TRACE_PACKAGE):
        yield "unsigned", f"https://{HOST}{path}", "no stem"
    yield "unsigned", f"https://{HOST}{PACKAGE}?linkType=all", "no stem, with a query"
    yield "unsigned", f"https://elsewhere.example{TRACE}", "the host is not looked at"
    yield "unsigned", f"http://{LAN}{TRACE}", "http where the entry allows it"


def _malformed() -> Iterator[Case]:
    digits = URL.split("/")[3][1:]
    why = "malformed"
    yield why, "", "nothing"
    yield why, f"https://{HOST}/", "another address"
    yield why, f"https://{HOST}/1{digits}", "no path"
    yield why, URL.removeprefix("https://"), "no scheme"
    yield why, URL.replace("https:", "ftp:"), "another scheme"
    yield why, URL.replace("https:", "http:"), "http where the host's entry does not allow it"
    yield why, f"http://{HOST}{TRACE}", "http and no signature: as before"
    yield why, sign_code("elsewhere.example", TRACE, CODES, "http"), "http, and no such host"
    yield why, URL.replace("https://", "https://user@"), "user information"
    yield why, URL.replace("https://", "https:\\\\"), "backslashes"
    yield why, URL.replace(HOST, f"evil.example\\@{HOST}"), "backslash and at sign"
    yield why, URL.replace(HOST, "t_1.example.cn"), "an underscore in the host"
    yield why, URL.replace(HOST, "-t.example.cn"), "a host that begins with a hyphen"
    yield why, URL.replace(HOST, "2001:db8::7"), "an IPv6 address without brackets"
    yield why, URL.replace(HOST, HOST + ":"), "an empty port"
    yield why, URL.replace(HOST, HOST + ":123456"), "a port of six digits"
    yield why, URL.replace("t.ex", "\u017f.ex"), "a letter that is an s only without case"
    yield why, " " + URL, "a leading space"
    yield why, URL + " ", "a trailing space"
    yield why, URL + "\n", "a newline at the end"
    yield why, URL + "?a\tb", "a control character in the query"
    yield why, URL + "?产地", "a query beyond ASCII"
    yield why, URL.replace("/1" + digits, "/0" + digits), "version 0"
    yield why, URL.replace(digits, digits[:-1]), "163 digits"
    yield why, URL.replace(digits, "0" + digits), "165 digits"
    yield why, URL.replace(digits, "9" * 164), "a number that does not fit 68 bytes"
    yield why, stem_url(bytes(68), str(PACKAGE)).replace("0" * 164, str(1 << 544)), "2^544"
    yield why, URL.replace(digits, digits[:-1] + "\uff11"), "a full-width digit"
    yield why, URL.replace(digits, "+" + digits[1:]), "a plus sign"
    yield why, URL.replace(digits, digits[:80] + "_" + digits[81:]), "an underscore in the number"
    yield why, f"https://{HOST}{PACKAGE}/1{digits}", "the stem behind the path"
    yield why, signed(f"{PACKAGE}/"), "a slash at the end, although signed"
    yield why, signed(f"{TRACE}/"), "an empty serial, although signed"
    yield why, signed(f"/{TRACE}"), "an empty segment, although signed"
    yield why, signed(f"{BATCH}/21/12345678901"), "a serial of 11 digits, although signed"
    yield why, signed(f"{TRACE}/1234567890123"), "a serial of 13 digits, although signed"
    yield why, signed(f"/01/{GTIN}/10/..", CODES), "a lot of dots, although signed"
    yield why, signed(f"/01/{GTIN}/10/A-"), "a lot that ends with a hyphen, although signed"
    yield why, signed(f"/01/{GTIN}/10/{'A' * 21}"), "a lot of 21 characters, although signed"
    yield why, signed(f"/01/{GTIN}/10/A%2FB"), "a percent escape, although signed"
    yield why, signed(f"/01/{GTIN}/10/A/17/270101"), "more than the path, although signed"
    yield why, signed(f"/01/{GTIN[1:]}/10/A"), "a GTIN of 13 digits, although signed"
    yield why, signed(f"/01/{GTIN[:-1]}3/10/A"), "a GTIN's check digit, although signed"
    yield why, signed("/t/5406260847047298"), "a trace code's check digit, although signed"
    yield why, signed("/T/5406260847047297"), "a path in capitals, although signed"
    yield why, f"https://{HOST}/2{digits}/t/5406260847047298", "a newer format over no path"


def _untrue() -> Iterator[Case]:
    digits = URL.split("/")[3][1:]
    path = str(PACKAGE)
    message = signed_message(CODES.key_id, PACKAGE)
    right = CODES.sign(message)
    yield "newer-format", URL.replace(f"/1{digits}", f"/2{digits}"), "version 2"
    yield "newer-format", URL.replace(f"/1{digits}", f"/9{digits}"), "version 9"
    yield "newer-format", URL.replace(f"/1{digits}", "/2" + "9" * 164), "its number is not read"
    yield "newer-format", URL.replace(f"{HOST}/1", "elsewhere.example/3"), "nor its host looked at"
    yield "unknown-key", sign_code(HOST, PACKAGE, STRANGER), "not in the directory: an alarm"
    yield "unknown-key", sign_code("elsewhere.example", PACKAGE, STRANGER), "before the host"
    yield "unknown-key", sign_code(HOST, PACKAGE, ROOT), "the root is in no directory"
    yield "unknown-key", stem_url(bytes(68), path), "all zeros"

    def forged(signature: bytes, why: str, key_id: bytes = CODES.key_id) -> Case:
        return "forged", stem_url(key_id + signature, path), why

    changed = str((int(digits[-1]) + 1) % 10)
    yield "forged", URL.replace(digits, digits[:-1] + changed), "one digit changed"
    yield "forged", URL.replace("005932402442", "005932402443"), "another serial"
    yield "forged", URL.replace("Y266200-A", "y266200-A"), "the lot in another case"
    yield "forged", stem_url(CODES.key_id + right, str(BATCH)), "the batch, by its package's code"
    yield forged(STRANGER.sign(message), "the id of a listed key, the signature of another")
    yield forged(CODES.sign(message + b"\n"), "a newline behind what is signed")
    capitals = message.replace(CODES.key_id.hex().encode(), CODES.key_id.hex().upper().encode())
    yield forged(CODES.sign(capitals), "the key id signed in capitals")
    yield forged(CODES.sign(path.encode()), "the path alone signed")
    yield forged(CODES.sign(message.replace(b"TQR1", b"TQR2")), "another version signed")
    scalar = int.from_bytes(right[32:], "little")
    more = (scalar + ORDER).to_bytes(32, "little")
    yield forged(right[:32] + more, "S + L in place of S (RFC 8032 section 5.1.7)")
    yield forged(_neutral_signature(message), "R is of low order")
    yield forged(right[:32] + bytes(32), "S is 0")
    yield forged(bytes(64), "all zeros")
    yield forged(_for_any_message(), "the key is a point of low order", LOW_ORDER.key_id)
    yield "forged", sign_code("elsewhere.example", PACKAGE, CODES)[:-1] + "3", "before the host"


def _other() -> Iterator[Case]:
    elsewhere = TracePath("2113240000000011")
    yield "out-of-scope", sign_code(HOST, elsewhere, NARROW), "another division"
    other = GtinPath("06909999000111", "1")
    yield "out-of-scope", sign_code(HOST, other, NARROW), "another GTIN prefix"
    yield "out-of-scope", sign_code(HOST, other, GTIN_ONLY), "another GTIN prefix"
    indicator = GtinPath("69018700000001", "1")
    yield "out-of-scope", sign_code(HOST, indicator, GTIN_ONLY), "digit 1 is not of the prefix"
    yield "out-of-scope", sign_code(HOST, elsewhere, TWIN_A), "of two keys with this id, this one"
    yield "out-of-scope", sign_code(HOST, TRACE, LOG), "a log key signs no codes"
    yield "out-of-scope", sign_code(HOST, TRACE, STATUS), "a status key signs no codes"
    yield "out-of-scope", _by_witness(TRACE), "a witness signs no codes"
    yield "out-of-scope", sign_code("elsewhere.example", other, NARROW), "before the host"
    yield "other-host", sign_code("elsewhere.example", TRACE, CODES), "not listed"
    yield "other-host", sign_code(f"x.{HOST}", TRACE, CODES), "a name below a listed one"
    yield "other-host", sign_code(f"{HOST}.", TRACE, CODES), "a dot at the end"
    yield "other-host", sign_code(f"{HOST}:443", TRACE, CODES), "a port that the entry has not"
    yield "other-host", sign_code("t.example.cn:08443", TRACE, CODES), "a port written otherwise"
    yield "other-host", sign_code("192.0.2.7", TRACE, CODES), "the port is missing"
    yield "other-host", sign_code("elsewhere.example", TRACE, REVOKED), "before the revocation"
    yield "revoked-key", sign_code(HOST, TRACE, REVOKED), "nothing is known of its print run"
    yield "revoked-key", sign_code(HOST, PACKAGE, REVOKED_LATER), "nor of this one's"


def _by_witness(path: CodePath) -> str:
    key_id = FIRST.verifier.key_id
    return stem_url(key_id + WITNESS.sign(signed_message(key_id, path)), str(path))


def _secret_scalar(seed: bytes) -> int:
    """s of RFC 8032 section 5.1.5."""
    low = bytearray(hashlib.sha512(seed).digest()[:32])
    low[0] &= 248
    low[31] = low[31] & 127 | 64
    return int.from_bytes(low, "little")


def _neutral_signature(message: bytes) -> bytes:
    """R is the neutral point and S is k·s: right by the equation, and never made honestly."""
    hashed = hashlib.sha512(NEUTRAL + CODES.verifier.public_key + message).digest()
    scalar = int.from_bytes(hashed, "little") * _secret_scalar(CODES.seed()) % ORDER
    return NEUTRAL + scalar.to_bytes(32, "little")


def _for_any_message() -> bytes:
    """R = S·B: by the equation a signature of every message under the neutral point as key."""
    key = Ed25519Signer("any", b"\x0f" * 32)
    return key.verifier.public_key + (_secret_scalar(key.seed()) % ORDER).to_bytes(32, "little")


# --- the print run behind a code -----------------------------------------------------------------

RUN = [
    PrintedItem(TracePath(TRACE.code, f"{number:012d}"), bytes([number]) * 16)
    for number in (1, 2, 3, 4, 5)
]


def _with_network() -> Iterator[dict[str, Any]]:
    item = RUN[2]
    proof, root = manifest.prove_item(RUN, 2), manifest.manifest_root(RUN)
    url = sign_code(HOST, item.path, REVOKED)
    later = sign_code(HOST, item.path, REVOKED_LATER)

    def case(
        verdict: str, why: str, position: int, shown: ManifestProof = proof, url: str = url,
        root: bytes = root,
    ) -> dict[str, Any]:  # fmt: skip
        return {
            "verdict": verdict, "why": why, "url": url,
            "run": {"position": position, "manifest_root": root.hex(), "proof": _shown(shown)},
        }  # fmt: skip

    yield case("good", "logged below the size of the revocation", REVOKED_AT - 1)
    yield case("revoked-key", "logged at that size", REVOKED_AT)
    yield case("revoked-key", "logged in a later log", NEXT_LOG)
    yield case("good", "revoked at a size of the second log", NEXT_LOG + REVOKED_AT - 1, url=later)
    yield case("good", "logged in the first log", 70, url=later)
    yield case("revoked-key", "logged after it", NEXT_LOG + REVOKED_AT, url=later)
    other = manifest.prove_item(RUN, 1)
    yield case("revoked-key", "the proof is of another code", 0, other)
    yield case("revoked-key", "another root", 0, root=RUN[0].leaf_hash())
    short = PrintedItem(item.path, item.salt[:15])
    yield case("revoked-key", "a salt of 15 bytes", 0, ManifestProof(short, 2, 5, proof.hashes))
    moved = ManifestProof(item, 1, 5, proof.hashes)
    yield case("revoked-key", "another place in the run", 0, moved)
    longer = ManifestProof(item, 2, 5, (*proof.hashes, root))
    yield case("revoked-key", "a hash too many", 0, longer)


def _shown(proof: ManifestProof) -> dict[str, Any]:
    return {
        "path": str(proof.item.path),
        "salt": proof.item.salt.hex(),
        "index": proof.index,
        "size": proof.size,
        "hashes": [one.hex() for one in proof.hashes],
    }


def _worked_manifest() -> dict[str, str]:
    item = RUN[2]
    data = hashlib.sha256(item.salt + str(item.path).encode()).digest()
    return {
        "path": str(item.path),
        "salt": item.salt.hex(),
        "leaf data": data.hex(),
        "leaf hash": item.leaf_hash().hex(),
        "root of the five": manifest.manifest_root(RUN).hex(),
    }
