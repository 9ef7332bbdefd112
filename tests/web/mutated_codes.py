"""Good codes and what becomes of them by mutation: the same some 900 in every run.

Both verifiers, Python's and the page's, are asked about each. Keys come from fixed seeds and
Ed25519 has no randomness, so the texts never change; ``random.Random`` is seeded too.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from suyuan.trace.codes.paths import CodePath, GtinPath, TracePath
from suyuan.trace.codes.signed_code import STEM_BYTES, STEM_DIGITS, sign_code, signed_message
from suyuan.trace.codes.trace_code import new_trace_code
from suyuan.trace.keys.directory import Directory, HostEntry, KeyEntry, KeyUse
from suyuan.trace.keys.notes import Ed25519Signer, VerifierKey, sign_note

ORIGIN = "trace.example.cn"
HOST = "t.example.cn"
LAN = "192.0.2.7:8771"
SINCE = date(2026, 1, 1)
ORDER = 2**252 + 27742317777372353535851937790883648493
IDENTITY = b"\x01" + bytes(31)

# names under which two keys have the same id, found by trying some hundred thousand
TWINS = ("codes-a105393", "codes-b5272")


@dataclass(frozen=True)
class Case:
    """The text of a code, and what was done to it."""

    text: str
    why: str


def signer(name: str, seed: str) -> Ed25519Signer:
    """The key of this name that a word stands for."""
    return Ed25519Signer(f"{ORIGIN}/{name}", hashlib.sha256(seed.encode()).digest())


ROOT = signer("root", "root")
CODES = signer("codes-1", "codes")
TWIN_A, TWIN_B = signer(TWINS[0], "code-1"), signer(TWINS[1], "code-2")
SCOPED = signer("codes-vinegar", "vinegar")
REVOKED = signer("codes-0", "revoked")
LOG = signer("log", "log")
STRANGER = signer("codes-1", "stranger")
LOW_ORDER_KEY = VerifierKey(f"{ORIGIN}/codes-low", IDENTITY)


def directory() -> Directory:
    """Hosts and keys of every kind, among them two of one id and one of low order."""
    return Directory(
        origin=ORIGIN,
        seq=4,
        issued=datetime(2026, 6, 1, tzinfo=UTC),
        expires=datetime(2036, 6, 1, tzinfo=UTC),
        hosts=(
            HostEntry(HOST, SINCE),
            HostEntry("alt.example.cn", SINCE, date(2026, 3, 1)),
            HostEntry(LAN, SINCE, http=True),
        ),
        keys=(
            *(_entry(one.verifier) for one in (CODES, TWIN_A, TWIN_B)),
            _entry(SCOPED.verifier, gtin=("6909999",), division=("211324",)),
            _entry(REVOKED.verifier, revoked_at_size=17),
            _entry(LOW_ORDER_KEY),
            _entry(LOG.verifier, use=KeyUse.LOG),
        ),
    )


def directory_note() -> str:
    """The directory as the root signs it."""
    return str(sign_note(directory().text(), (ROOT,)))


def _entry(
    key: VerifierKey,
    use: KeyUse = KeyUse.CODE,
    gtin: tuple[str, ...] = (),
    division: tuple[str, ...] = (),
    revoked_at_size: int | None = None,
) -> KeyEntry:
    return KeyEntry(
        key, use, "索县农业农村局", SINCE, date(2028, 12, 31), gtin, division, revoked_at_size
    )


def cases() -> list[Case]:
    """Every case, each text once."""
    rng = random.Random(20261122)
    found: dict[str, Case] = {}
    for case in _all(rng):
        found.setdefault(case.text, case)
    return list(found.values())


def _all(rng: random.Random) -> Iterator[Case]:
    paths = [*_paths(rng)]
    good = [sign_code(HOST, path, CODES) for path in paths]
    yield from (Case(text, "as printed") for text in good)
    for path in paths:
        yield from _signed_by_others(path)
        yield from _other_hosts(path)
        yield from _hostile_signatures(path)
        yield Case(f"https://{HOST}{path}", "no signature")
    for text in good:
        yield from _digits_changed(text, rng)
        yield from _other_numbers(text)
        yield from _path_changed(text, rng)
        yield from _written_otherwise(text)


def _paths(rng: random.Random) -> Iterator[CodePath]:
    yield GtinPath("06901872446702", "Y266200-A")
    yield GtinPath("06901872446702", "Y266200-A", "005932402442")
    yield GtinPath("06909999000111", "1", "000000000000")
    yield TracePath(new_trace_code("540626", rng))
    yield TracePath(new_trace_code("211324", rng), "999999999999")


def _signed_by_others(path: CodePath) -> Iterator[Case]:
    for why, key in (
        ("one of two keys with this id", TWIN_A),
        ("the other of two keys with this id", TWIN_B),
        ("a key of narrow scope", SCOPED),
        ("a revoked key", REVOKED),
        ("a log key", LOG),
        ("a key that is on no list", STRANGER),
    ):
        yield Case(sign_code(HOST, path, key), why)
    # the id of a key that is listed, and the signature of one that is not
    message = signed_message(CODES.key_id, path)
    yield Case(_write(HOST, CODES.key_id + STRANGER.sign(message), path), "a listed id, stolen")
    other = signed_message(STRANGER.key_id, path)
    yield Case(_write(HOST, CODES.key_id + CODES.sign(other), path), "signed for another id")


def _other_hosts(path: CodePath) -> Iterator[Case]:
    for host in (
        "alt.example.cn", LAN, "evil.example.com", f"{HOST}:443", f"{HOST}.", f"{HOST}.evil.com",
        "t.example.c", "[2001:db8::7]", "localhost", "192.0.2.7", f"{HOST}:", f"{HOST}:123456",
        "xn--fsq.example.cn", "-t.example.cn", "t_example.cn", "",
    ):  # fmt: skip
        yield Case(sign_code(host, path, CODES), f"on the host {host}")
        yield Case(sign_code(host, path, CODES, "http"), f"by http on the host {host}")


def _hostile_signatures(path: CodePath) -> Iterator[Case]:
    """What Ed25519 implementations disagree about."""
    own, message = CODES.key_id, signed_message(CODES.key_id, path)
    signature = CODES.sign(message)
    r, s = signature[:32], int.from_bytes(signature[32:], "little")
    for times in (1, 2, 7):
        malleated = r + (s + times * ORDER).to_bytes(32, "little")
        yield Case(_write(HOST, own + malleated, path), f"S and {times} times the order")
    yield Case(_write(HOST, own + bytes(64), path), "all zero")
    yield Case(_write(HOST, own + b"\xff" * 64, path), "all ones")
    yield Case(_write(HOST, own + IDENTITY + bytes(32), path), "R of low order, S zero")
    yield Case(_write(HOST, own + _with_low_order_r(message), path), "R of low order, S fits")
    low = LOW_ORDER_KEY.key_id
    for point in (IDENTITY, b"\xee" + b"\xff" * 30 + b"\x7f", bytes(32), b"\xec" + b"\xff" * 31):
        yield Case(_write(HOST, low + point + bytes(32), path), "a key of low order")
    for bit in (0, 7, 255, 256, 503, 511):
        turned = int.from_bytes(signature, "little") ^ (1 << bit)
        yield Case(_write(HOST, own + turned.to_bytes(64, "little"), path), f"bit {bit} turned")


def _with_low_order_r(message: bytes) -> bytes:
    """What only the key's holder can make: OpenSSL takes it, WebCrypto's specification does not."""
    private = Ed25519PrivateKey.from_private_bytes(CODES.seed())
    scalar = bytearray(hashlib.sha512(CODES.seed()).digest()[:32])
    scalar[0] &= 248
    scalar[31] = scalar[31] & 127 | 64
    public = private.public_key().public_bytes_raw()
    k = int.from_bytes(hashlib.sha512(IDENTITY + public + message).digest(), "little")
    s = k * int.from_bytes(scalar, "little") % ORDER
    return IDENTITY + s.to_bytes(32, "little")


def _digits_changed(text: str, rng: random.Random) -> Iterator[Case]:
    start = text.index("/", 8) + 1
    for at in (start, *rng.sample(range(start + 1, start + STEM_DIGITS + 1), 12)):
        other = rng.choice([digit for digit in "0123456789" if digit != text[at]])
        yield Case(text[:at] + other + text[at + 1 :], f"digit {at - start} of the stem")
    yield Case(text[: start + 5] + text[start + 6 :], "a digit lost")
    yield Case(text[: start + 5] + "0" + text[start + 5 :], "a digit more")
    for digits in ("٠", "０", "༠", "²", "𝟎"):
        yield Case(text[: start + 9] + digits + text[start + 10 :], "a digit outside ASCII")
        yield Case(text[:-1] + digits, "a digit outside ASCII at the end")


def _other_numbers(text: str) -> Iterator[Case]:
    start = text.index("/", 8) + 2
    before, after = text[:start], text[start + STEM_DIGITS :]
    for number in (0, 1, 256**STEM_BYTES - 1, 256**STEM_BYTES, 10**STEM_DIGITS - 1):
        yield Case(f"{before}{number:0{STEM_DIGITS}d}{after}", "another number")
    yield Case(f"{before}{'-1':>0{STEM_DIGITS}}{after}", "a number with a sign")
    for version in ("0", "2", "9", "11", "", "x"):
        yield Case(before[:-1] + version + text[start:], f"version {version}")


def _path_changed(text: str, rng: random.Random) -> Iterator[Case]:
    start = text.index("/", 8) + 2 + STEM_DIGITS
    head, path = text[:start], text[start:]
    for at in rng.sample(range(len(path)), 10):
        other = rng.choice([c for c in "0123456789ABCabc/.-" if c != path[at]])
        yield Case(head + path[:at] + other + path[at + 1 :], "a character of the path")
    for changed in (
        path + "/", "/" + path, path + "/21/000000000001", path + "/000000000001", path + "%20",
        path.replace("/", "//", 1), path.replace("/", "/./", 1), path.replace("/", "\\", 1),
        path.replace("-", "%2D"), path.replace("/10/", "/010/"), path.upper(), path.lower(),
        path + "/../x", path[:-1], "", "/", path.replace("/t/", "/T/"), path + ".", path + "-",
        path + "\u200b", path + "é",
    ):  # fmt: skip
        yield Case(head + changed, "another path")


def _written_otherwise(text: str) -> Iterator[Case]:
    rest = text.removeprefix("https://")
    for changed in (
        text + "?from=singlemessage&isappinstalled=0", text + "#a", text + "?a#b?c", text + "?",
        text + "?é", text + "?a\tb", text + "\n", text + "\r\n", " " + text, text + " ",
        text + "\0", "\ufeff" + text, f"HTTPS://{rest}", f"hTtPs://{rest}", f"https:/{rest}",
        f"https:{rest}", f"//{rest}", rest, f"ftp://{rest}", f"https://user@{rest}",
        f"https://user:1@{rest}", f"https://{rest}".replace(HOST, HOST.upper()),
        f"https://{rest}".replace(HOST, "t.ex\u212ample.cn"), f"http\u017f://{rest}",
        f"https://evil.com\\@{rest}", f"https://evil.com#@{rest}", f"https://{HOST}/../{rest}",
        text.replace("/1", "/1/", 1), text[::-1], text * 2,
    ):  # fmt: skip
        yield Case(changed, "written otherwise")


def _write(host: str, stem: bytes, path: CodePath) -> str:
    return f"https://{host}/1{int.from_bytes(stem, 'big'):0{STEM_DIGITS}d}{path}"
