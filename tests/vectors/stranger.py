"""A verifier written from ``docs/specification`` alone, as somebody elsewhere would write one.

It shares nothing with the project: only hashlib, json and an Ed25519. It is short and slow, reads
nothing but what the pages say, and answers False, None or a verdict where the pages say refuse.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

Json = Any


class Refused(Exception):
    """The pages say: refuse."""


def require(holds: object) -> None:
    if not holds:
        raise Refused


# --- how things are written: RFC 8785, base64, times ----------------------------------------------


def canonical(value: Json) -> bytes:
    """RFC 8785."""
    return _text_of(value).encode()


def _text_of(value: Json) -> str:
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return "{" + ",".join(f"{_text_of(name)}:{_text_of(value[name])}" for name in names) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_text_of, value)) + "]"
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, int) and not isinstance(value, bool):
        require(abs(value) < 2**53)
    return json.dumps(value, ensure_ascii=False)


def _number(value: float) -> str:
    """ECMAScript's writing of a double (RFC 8785 section 3.2.2.3)."""
    require(abs(value) != float("inf") and value == value)
    if value == 0:
        return "0"
    sign, digits, power = ("-" if value < 0 else ""), *_shortest(abs(value))
    if len(digits) <= power <= 21:
        return sign + digits + "0" * (power - len(digits))
    if 0 < power <= 21:
        return f"{sign}{digits[:power]}.{digits[power:]}"
    if -6 < power <= 0:
        return f"{sign}0.{'0' * -power}{digits}"
    fraction = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{sign}{digits[0]}{fraction}e{power - 1:+d}"


def _shortest(value: float) -> tuple[str, int]:
    """Digits and n, so that the value is 0.digits x 10^n."""
    mantissa, _, exponent = repr(value).partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    power = len(digits) - len(fraction) + int(exponent or 0)
    return digits.rstrip("0"), power


def read_canonical(text: str) -> Json:
    try:
        value = json.loads(text)
        require(canonical(value) == text.encode())
    except (ValueError, UnicodeError) as error:
        raise Refused from error
    return value


def read_base64(text: str, length: int | None = None) -> bytes:
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except ValueError as error:
        raise Refused from error
    require(base64.b64encode(data).decode() == text)
    require(length is None or len(data) == length)
    return data


def moment(text: Json) -> datetime:
    require(isinstance(text, str) and re.fullmatch(r"[0-9-]{10}T[0-9:]{8}Z", text))
    return datetime.fromisoformat(_valid_day(text[:10]) + text[10:])


def _valid_day(text: Json) -> str:
    require(isinstance(text, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text))
    try:
        datetime.fromisoformat(text)
    except ValueError as error:
        raise Refused from error
    return cast("str", text)


# --- directory-and-status.md: signatures, verifier keys, notes -----------------------------------

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
EIGHTH = 2707385501144840649318225287225658788936804267575313519463743609750303402022


def low_order(point: bytes) -> bool:
    y = (int.from_bytes(point, "little") & (2**255 - 1)) % P
    return y in (0, 1, P - 1, EIGHTH, P - EIGHTH)


def signature_holds(public: bytes, signature: bytes, message: bytes) -> bool:
    if len(public) != 32 or len(signature) != 64:
        return False
    if low_order(public) or low_order(signature[:32]):
        return False
    if int.from_bytes(signature[32:], "little") >= L:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


@dataclass(frozen=True)
class Key:
    name: str
    kind: int
    public: bytes

    @property
    def id(self) -> bytes:
        hashed = self.name.encode() + b"\n" + bytes([self.kind]) + self.public
        return hashlib.sha256(hashed).digest()[:4]


def read_key(text: str) -> Key:
    match = re.fullmatch(r"([^\s+\x00-\x1f]+)\+([0-9a-f]{8})\+([0-9A-Za-z+/]+=*)", text)
    require(match)
    assert match
    material = read_base64(match[3])
    require(len(material) == 33 and material[0] in (1, 4))
    key = Key(match[1], material[0], material[1:])
    require(key.id.hex() == match[2])
    return key


def read_note(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    require(len(note.encode("utf-8", "surrogatepass")) <= 16 * 2**20)
    require(not re.search("[\x00-\x09\x0b-\x1f]", note))
    text, blank, block = note.rpartition("\n\n")
    require(blank and block.endswith("\n"))
    lines = [re.fullmatch(r"— ([^\s+]+) ([0-9A-Za-z+/=]+)", one) for one in block[:-1].split("\n")]
    require(len(lines) <= 100)
    found = []
    for line in lines:
        require(line)
        assert line
        data = read_base64(line[2])
        require(len(data) >= 5)
        found.append((line[1], data))
    return text + "\n", found


def note_signers(note: str, trusted: Sequence[str]) -> tuple[str, set[str]]:
    """The text, and those of the trusted verifier keys that signed."""
    text, lines = read_note(note)
    signers: set[str] = set()
    for name, data in lines:
        named = [one for one in trusted if (read_key(one).name, read_key(one).id)
                 == (name, data[:4])]  # fmt: skip
        good = [one for one in named if _line_holds(read_key(one), data[4:], text)]
        require(good or not named)
        signers.update(good)
    require(signers)
    return text, signers


def _line_holds(key: Key, data: bytes, text: str) -> bool:
    if key.kind == 1:
        return signature_holds(key.public, data, text.encode())
    time = int.from_bytes(data[:8], "big")
    return signature_holds(key.public, data[8:], f"cosignature/v1\ntime {time}\n{text}".encode())


# --- directory-and-status.md: the key directory ---------------------------------------------------


def open_directory(note: str, roots: Sequence[str], least: int) -> tuple[Json, str]:
    """The header with hosts and keys, and the root that is believed from then on."""
    text, signers = note_signers(note, roots)
    lines = text.split("\n")
    require(len(lines) >= 4 and lines[0] == "suyuan.keys/1" and lines[1] and lines[-1] == "")
    header, *entries = [read_canonical(line) for line in lines[2:-1]]
    require(all(isinstance(one, dict) for one in (header, *entries)))
    count(header, "seq")
    header |= {"origin": lines[1], "issued": moment(header.get("issued")),
               "expires": moment(header.get("expires"))}  # fmt: skip
    require(all(("host" in one) != ("key" in one) for one in entries))
    header["hosts"] = {one["host"]: _host(one) for one in entries if "host" in one}
    header["keys"] = [_key_entry(one) for one in entries if "key" in one]
    require(len(header["hosts"]) + len(header["keys"]) == len(entries))
    publics = [read_key(one["key"]).public for one in header["keys"]]
    new = header.get("root")
    if "root" in header:
        publics.append(read_key(new).public)
        require(new in signers or note_signers(note, [new])[1])
    require(len(set(publics)) == len(publics))
    require(header["seq"] >= least)
    return header, new or roots[0]


def count(members: Mapping[str, Json], name: str) -> int:
    value = members.get(name)
    require(isinstance(value, int) and not isinstance(value, bool) and value >= 0)
    return cast("int", value)


def _host(line: Json) -> Json:
    name = r"[0-9a-z]([0-9a-z.-]{0,251}[0-9a-z])?|\[[0-9a-f:.]{2,45}\]"
    require(isinstance(line["host"], str))
    require(re.fullmatch(rf"({name})(:[1-9][0-9]{{0,4}})?", line["host"]))
    _dates(line)
    require(isinstance(line.get("http", False), bool))
    return line


def _dates(line: Json) -> None:
    _valid_day(line.get("from"))
    if line.get("to") is not None:
        _valid_day(line["to"])


def _key_entry(line: Json) -> Json:
    key = read_key(line["key"])
    _dates(line)
    require(isinstance(line.get("issuer"), str))
    require(line.get("use") in ("code", "log", "status", "witness"))
    require((key.kind == 4) == (line["use"] == "witness"))
    require(line.get("state") in ("active", "revoked"))
    require((line["state"] == "revoked") == ("revoked_at_size" in line))
    if line["state"] == "revoked":
        count(line, "revoked_at_size")
    for name, longest in (("gtin", 13), ("division", 6)):
        prefixes = line.get(name)
        require(isinstance(prefixes, list))
        for one in cast("list[Json]", prefixes):
            require(isinstance(one, str) and re.fullmatch(f"[0-9]{{1,{longest}}}", one))
    return line


# --- directory-and-status.md: the status list -----------------------------------------------------


def open_status(note: str, body: str, keys: Sequence[str], least: int, origin: str) -> Json:
    text, _ = note_signers(note, keys)
    lines = text.split("\n")
    require(len(lines) == 4 and lines[:2] == ["suyuan.status/1", origin])
    header = read_canonical(lines[2])
    require(set(header) == {"as_of", "count", "next_by", "seq", "sha256"})
    rows = _lines(body)
    require(all(re.fullmatch("[0-9A-Za-z_-]{10}[AEIMQUYcgkosw048] [RVHPE]", one) for one in rows))
    tokens = [one[:11] for one in rows]
    require(tokens == sorted(set(tokens)))
    require(count(header, "count") == len(rows) and count(header, "seq") >= least)
    digest = hashlib.sha256(body.encode()).digest()
    require(read_base64(header["sha256"], 32) == digest)
    return {
        "as_of": moment(header["as_of"]), "next_by": moment(header["next_by"]),
        "states": {one[:11]: one[12] for one in rows},
    }  # fmt: skip


def clock_is_behind(now: datetime, *signed: datetime) -> bool:
    return now + timedelta(minutes=15) < max(signed)


def rebuilt(older: str, delta: str) -> str:
    lines, changes = set(_lines(older)), _lines(delta)
    require(all(re.fullmatch("[+-][0-9A-Za-z_-]{11} [RVHPE]", one) for one in changes))
    lines -= {one[1:] for one in changes if one[0] == "-"}
    lines |= {one[1:] for one in changes if one[0] == "+"}
    return "".join(f"{one}\n" for one in sorted(lines))


def _lines(text: str) -> list[str]:
    lines = text.split("\n")
    require(lines.pop() == "")
    return lines
