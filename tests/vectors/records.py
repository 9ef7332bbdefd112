"""Vectors of records: RFC 8785, salts, commitments, digests, entries, disclosures, erasures."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from suyuan.trace.canonical import Json, write_base64, write_canonical
from suyuan.trace.log import commitments
from suyuan.trace.log.merkle import leaf_hash

SALT = bytes(range(16))
AT = datetime(2026, 6, 1, 0, 0, 31, tzinfo=UTC)
RECORD: dict[str, Json] = {
    "at": "2026-06-01T00:00:31Z",
    "batches": [{"code": "5406260847047297", "quantity": {"amount": "182.5", "unit": "KGM"},
                 "role": "input"}],
    "by": "01kt07nv00partyexample0000",
    "event": "01kt07nv00eventexample0000",
    "fact.remark": "མཚེར་ས 牧场",
    "household.name": "次仁",
    "id": "01kt07nv31recordexample000",
    "kind": "slaughter",
    "price": {"amount": "86.00", "unit": "CNY"},
    "schema": "event/1",
    "type": "event.recorded",
    "withdrawn": False,
}  # fmt: skip
OTHERS: list[dict[str, Json]] = [
    {"id": "01kt07nv31recordexample001"},
    {"": None, "a": [], "b": {}, "\U0001f33e": 1, "ﬃ": -1, "\u00e9": True, "e\u0301": 0.5},
    {"numbers": [0, -1, 9007199254740991, 1e21, 1e-7, 0.1, -2.5e-5, 5e-324, 1e300]},
    {"text": '\u0000\u001f"\\/\u007f\u2028\U0010ffff', "nested": {"b": [1, {"z": 0, "a": []}]}},
]


def vectors() -> dict[str, Any]:
    """The content of ``records.json``."""
    return {
        "about": "Records with their salts, commitments, digests and entries; single fields shown "
        "of them; what is left after an erasure; texts that are RFC 8785, or not.",
        "worked": _worked(),
        "worked_record": write_canonical(RECORD).decode(),
        "worked_entry": _entry(RECORD, SALT).decode(),
        "worked_commitments": write_canonical(_named(RECORD, SALT)).decode(),
        "records": [_record(RECORD, SALT), *(
            _record(one, hashlib.sha256(bytes([number])).digest()[:16])
            for number, one in enumerate(OTHERS)
        )],
        "disclosures": list(_disclosures()),
        "erasures": list(_erasures()),
        "canonical": [
            {"text": text, "accepted": accepted, "why": why} for text, accepted, why in _canonical()
        ],
    }  # fmt: skip


def _worked() -> dict[str, str]:
    name = "kind"
    salt = commitments.field_salt(SALT, name)
    found = commitments.commit(RECORD, SALT)
    entry = _entry(RECORD, SALT)
    return {
        "record salt": SALT.hex(),
        "field": name,
        "field salt": salt.hex(),
        "RFC 8785 of the value": write_canonical(RECORD[name]).decode(),
        "hashed for the commitment": (salt + write_canonical(RECORD[name])).hex(),
        "commitment": found.by_field[name].hex(),
        "commitment in base64": write_base64(found.by_field[name]),
        "digest": found.digest.hex(),
        "leaf hash": leaf_hash(entry).hex(),
    }


def _named(record: dict[str, Json], salt: bytes) -> dict[str, str]:
    by_field = commitments.commit(record, salt).by_field
    return {name: write_base64(one) for name, one in by_field.items()}


def _entry(record: dict[str, Json], salt: bytes) -> bytes:
    return commitments.leaf_data(commitments.commit(record, salt).digest, AT)


def _record(record: dict[str, Json], salt: bytes) -> dict[str, Any]:
    entry = _entry(record, salt)
    return {
        "record": write_canonical(record).decode(),
        "salt": salt.hex(),
        "field_salts": {name: commitments.field_salt(salt, name).hex() for name in record},
        "commitments": _named(record, salt),
        "digest": commitments.commit(record, salt).digest.hex(),
        "at": "2026-06-01T00:00:31Z",
        "entry": entry.decode(),
        "leaf_hash": leaf_hash(entry).hex(),
    }


def _shown(name: str, value: Json, salt: bytes) -> dict[str, Any]:
    return {"name": name, "value": value, "salt": write_base64(salt)}


def _disclosures() -> Iterator[dict[str, Any]]:
    named = _named(RECORD, SALT)
    digest = commitments.commit(RECORD, SALT).digest
    salts = {name: commitments.field_salt(SALT, name) for name in RECORD}

    def case(
        why: str, accepted: bool, *shown: dict[str, Any], digest: bytes = digest,
        named: dict[str, str] = named,
    ) -> dict[str, Any]:  # fmt: skip
        return {
            "why": why, "accepted": accepted, "shown": list(shown), "commitments": named,
            "digest": digest.hex(),
        }  # fmt: skip

    kind = _shown("kind", "slaughter", salts["kind"])
    yield case("one field", True, kind)
    remark = _shown("fact.remark", RECORD["fact.remark"], salts["fact.remark"])
    yield case("a text beyond ASCII", True, remark)
    yield case("members of the value in another order", True, _shown(
        "price", {"unit": "CNY", "amount": "86.00"}, salts["price"]))  # fmt: skip
    yield case("all of them", True, *(_shown(n, v, salts[n]) for n, v in RECORD.items()))
    yield case("none of them", True)
    yield case("another value", False, _shown("kind", "store", salts["kind"]))
    yield case("a number for the text of it", False, _shown(
        "price", {"amount": 86, "unit": "CNY"}, salts["price"]))  # fmt: skip
    yield case("false and 0 are two values", False, _shown("withdrawn", 0, salts["withdrawn"]))
    yield case("another field's name", False, _shown("type", "slaughter", salts["kind"]))
    yield case("a field that the record has not", False, _shown("colour", "red", salts["kind"]))
    yield case("another salt", False, _shown("kind", "slaughter", salts["type"]))
    yield case("the record's salt", False, _shown("kind", "slaughter", SALT))
    value = write_canonical("slaughter")
    longer = _shown("kind", 1, salts["kind"] + value[:1])
    yield case("a salt of 17 bytes", False, longer)
    yield case("a salt of 15 bytes", False, _shown("kind", "slaughter", salts["kind"][:15]))
    yield case("another digest", False, kind, digest=leaf_hash(b""))
    fewer = {name: one for name, one in named.items() if name != "price"}
    yield case("a commitment is missing", False, kind, named=fewer)
    short = named | {"price": write_base64(base64.b64decode(named["price"])[:31])}
    digest_of_short = hashlib.sha256(write_canonical(short)).digest()
    yield case("a commitment of 31 bytes", False, kind, named=short, digest=digest_of_short)


def _erasures() -> Iterator[dict[str, Any]]:
    named = _named(RECORD, SALT)
    digest = commitments.commit(RECORD, SALT).digest.hex()
    erased = "household.name"
    kept = {
        name: {"value": value, "salt": write_base64(commitments.field_salt(SALT, name))}
        for name, value in RECORD.items()
        if name != erased
    }
    order: dict[str, Any] = {
        "id": "01kt07nv31recordexample009", "type": "erasure", "schema": "erasure/1",
        "record": RECORD["id"], "fields": [erased], "reason": "consent_withdrawn",
    }  # fmt: skip
    classes = dict.fromkeys(RECORD, "public") | {erased: "personal", "price": "trade"}
    case = {"commitments": named, "digest": digest, "kept": kept, "classes": classes}
    without = {name: one for name, one in kept.items() if name != "price"}
    yield {"why": "a field is gone, and a record says so", "accepted": True, "orders": [order],
           **case}  # fmt: skip
    yield {"why": "no record says so", "accepted": False, "orders": [], **case}
    other = order | {"record": "01kt07nv31recordexample001"}
    yield {"why": "the order is of another record", "accepted": False, "orders": [other], **case}
    yield {"why": "more is gone than was ordered", "accepted": False, "orders": [order],
           **(case | {"kept": without})}  # fmt: skip
    more = order | {"fields": [erased, "price"]}
    yield {"why": "only what is personal may go", "accepted": False, "orders": [more],
           **(case | {"kept": without})}  # fmt: skip
    changed = kept | {"kind": {**kept["kind"], "value": "store"}}
    yield {"why": "what is kept was changed", "accepted": False, "orders": [order],
           **(case | {"kept": changed})}  # fmt: skip


def _canonical() -> list[tuple[str, bool, str]]:
    return [
        ('{"a":1,"b":[true,false,null]}', True, "as RFC 8785 writes it"),
        ('{"b":1,"a":2}', False, "members not in order"),
        ('{"a":1,"a":1}', False, "a member twice"),
        ('{"a": 1}', False, "a space"),
        ('{"a":1}\n', False, "a newline"),
        ("1.0", False, "a fraction that is none"),
        ("1e21", False, "an exponent without its sign"),
        ("1e+21", True, "an exponent"),
        ("-0", False, "minus zero"),
        ("0.000001", True, "the least that is written without exponent"),
        ("1e-6", False, "the same with it"),
        ("9007199254740991", True, "2^53 - 1"),
        ("9007199254740992", False, "2^53"),
        ("10000000000000000", False, "a whole number beyond it, without exponent"),
        ("NaN", False, "no number"),
        ('"\\u00e9"', False, "an escape that is not needed"),
        ('"é"', True, "the letter itself"),
        ('"\\/"', False, "a slash escaped"),
        ('"\\u001F"', False, "an escape in capitals"),
        ('"\\u001f"', True, "a control character"),
        ('"\\t"', True, "one that has a short escape"),
        ('"\\ud800"', False, "half a character"),
        ('{"\U0001f33e":1,"ﬃ":2}', True, "order by UTF-16, not by code point"),
        ('{"ﬃ":2,"\U0001f33e":1}', False, "order by code point"),
        ("", False, "nothing"),
    ]
