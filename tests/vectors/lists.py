"""Vectors of the two signed lists: key directory and status list."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from suyuan.trace.canonical import write_base64
from suyuan.trace.codes.paths import CodePath
from suyuan.trace.codes.status import State, StatusList, list_states, status_token
from suyuan.trace.keys.directory import Directory
from suyuan.trace.keys.notes import Ed25519Signer, sign_note
from tests.vectors.cast import (
    BATCH,
    CODES,
    EXPIRES,
    HOSTS,
    ISSUED,
    KEYS,
    LOG,
    ORIGIN,
    PACKAGE,
    ROOT,
    ROOT_2,
    SECOND,
    STATUS,
    STRANGER,
    TRACE,
    TRACE_PACKAGE,
    directory,
    directory_note,
    entry,
)

# --- key directory -------------------------------------------------------------------------------


def directory_vectors() -> dict[str, Any]:
    """The content of ``directory.json``."""
    return {
        "about": "A directory as it comes, the roots that are believed and the highest number seen "
        "before; whether it is accepted, and which root is believed from then on.",
        "worked_note": str(sign_note(_small().text(), (ROOT,))),
        "worked_roll_over": str(sign_note(_small(5, True).text(), (ROOT, ROOT_2))),
        "worked": {
            "root": str(ROOT.verifier),
            "next root": str(ROOT_2.verifier),
            "SHA-256 of the text": hashlib.sha256(_small().text().encode()).hexdigest(),
        },
        "cases": [*_directories(), *_texts()],
    }


def _small(seq: int = 4, rolls: bool = False) -> Directory:
    new = ROOT_2.verifier if rolls else None
    keys = (KEYS[0], entry(LOG.verifier, KEYS[9].use), entry(STATUS.verifier, KEYS[11].use))
    return Directory(ORIGIN, seq, ISSUED, EXPIRES, HOSTS[:1], keys, new)


def _case(
    why: str, note: str, root: str | None, *, roots: tuple[Ed25519Signer, ...] = (ROOT,),
    least: int = 0,
) -> dict[str, Any]:  # fmt: skip
    """``root``: who is believed afterwards; None where the note is refused."""
    believed = [str(one.verifier) for one in roots]
    return {
        "why": why, "roots": believed, "least_seq": least, "note": note,
        "accepted": root is not None, "believed_after": root,
    }  # fmt: skip


def _directories() -> Iterator[dict[str, Any]]:
    old, new = str(ROOT.verifier), str(ROOT_2.verifier)
    note = directory_note()
    yield _case("signed by the root", note, old)
    yield _case("the same number again", note, old, least=4)
    yield _case("a lower number than seen", note, None, least=5)
    yield _case("another root is believed", note, None, roots=(ROOT_2,))
    by_code_key = str(sign_note(directory().text(), (CODES,)))
    yield _case("signed by one of its own code keys", by_code_key, None)
    rolling = directory(5, ROOT_2.verifier).text()
    both = str(sign_note(rolling, (ROOT, ROOT_2)))
    yield _case("the old root and the new one sign", both, new, least=4)
    yield _case("so says a reader that knows the new one already", both, new, roots=(ROOT_2,))
    yield _case("the new root has not signed", str(sign_note(rolling, (ROOT,))), None)
    yield _case("the old root has not signed", str(sign_note(rolling, (ROOT_2,))), None)
    other = str(sign_note(rolling, (ROOT, STRANGER)))
    yield _case("another has signed for the new root", other, None)
    after = str(sign_note(directory(6).text(), (ROOT_2,)))
    yield _case("the next edition, by the new root", after, new, roots=(ROOT_2,), least=5)
    yield _case("the next edition, to who missed the one before", after, None, least=4)
    back = str(sign_note(directory(6).text(), (ROOT,)))
    yield _case("the old root signs after it was replaced", back, None, roots=(ROOT_2,), least=5)
    spoilt = both.replace(str(sign_note(rolling, (ROOT_2,)).signatures[0]), "")
    wrong = sign_note("other\n", (ROOT_2,)).signatures[0]
    yield _case("a wrong signature of the new root", spoilt + str(wrong), None)
    unsorted = str(sign_note(_reordered(), (ROOT,)))
    yield _case("hosts and keys in any order", unsorted, old)


def _reordered() -> str:
    head, rest = directory().text().split("\n", 3)[:3], directory().text().split("\n")[3:-1]
    return "".join(f"{line}\n" for line in (*head, *reversed(rest)))


def _texts() -> Iterator[dict[str, Any]]:
    text = _small().text()
    key_line = text.split("\n")[4]
    changes = [
        ("another first line", text.replace("suyuan.keys/1", "suyuan.keys/2"), False),
        ("no origin", text.replace(f"\n{ORIGIN}\n", "\n\n"), False),
        ("no header", "\n".join(text.split("\n")[:2]) + "\n", False),
        ("no newline after the last line but one more", text + "\n", False),
        ("a member that nobody knows", text.replace('"seq":4', '"seq":4,"sequel":1'), True),
        ("no number", text.replace(',"seq":4', ""), False),
        ("a number as text", text.replace('"seq":4', '"seq":"4"'), False),
        ("a number below zero", text.replace('"seq":4', '"seq":-4'), False),
        ("a number that is not whole", text.replace('"seq":4', '"seq":4.5'), False),
        ("a number not written the one way", text.replace('"seq":4', '"seq":4.0'), False),
        ("a space", text.replace('"seq":4', '"seq": 4'), False),
        ("members in another order", _swapped(text), False),
        ("an escape that is not needed", text.replace('"use":"code"', '"use":"cod\\u0065"'), False),
        ("a time with a zone", text.replace("2026-06-01T00:00:00Z", "2026-06-01T00:00:00+00:00"),
         False),
        ("a day that is none", text.replace('"from":"2026-01-01"', '"from":"2026-02-30"'), False),
        ("a key twice", text + key_line + "\n", False),
        ("a key twice, for two uses", text + key_line.replace('"code"', '"log"') + "\n", False),
        ("a host twice", text + text.split("\n")[3] + "\n", False),
        ("a host in capitals", text.replace("t.example.cn", "T.example.cn"), False),
        ("a host and a key in one line", text.replace('"host"', '"key":"","host"'), False),
        ("a line that is neither", text + "{}\n", False),
        ("another use", text.replace('"use":"code"', '"use":"root"'), False),
        ("another state", text.replace('"state":"active"', '"state":"gone"', 1), False),
        ("revoked, and not at which size", text.replace('"active"', '"revoked"', 1), False),
        ("active, with a size of revocation",
         text.replace('"state":"active"', '"revoked_at_size":1,"state":"active"', 1), False),
        ("a prefix of letters", text.replace('"gtin":[]', '"gtin":["a"]', 1), False),
        ("a prefix of seven digits", text.replace('"division":[]', '"division":["5406261"]', 1),
         False),
        ("an empty prefix", text.replace('"gtin":[]', '"gtin":[""]', 1), False),
        ("a prefix as number", text.replace('"gtin":[]', '"gtin":[690187]', 1), False),
        ("http is no truth value", text.replace('cn","to"', 'cn","http":1,"to"'), False),
        ("a plain key as witness", text.replace('"use":"code"', '"use":"witness"'), False),
        ("a witness's key as plain", _with_witness(text), False),
    ]  # fmt: skip
    for why, changed, accepted in changes:
        assert changed != text, why
        note = str(sign_note(changed, (ROOT,)))
        yield _case(why, note, str(ROOT.verifier) if accepted else None)


def _swapped(text: str) -> str:
    header = text.split("\n")[2]
    first, *rest = header[1:-1].split(",")
    return text.replace(header, "{" + ",".join([*rest, first]) + "}")


def _with_witness(text: str) -> str:
    return text.replace(str(CODES.verifier), str(SECOND.verifier))


# --- status list ---------------------------------------------------------------------------------

AS_OF = datetime(2026, 6, 1, tzinfo=UTC)
NEXT_BY = datetime(2026, 6, 2, tzinfo=UTC)
LISTED: list[tuple[CodePath, State]] = [
    (TRACE, State.RECALLED),
    (BATCH, State.RECALLED),
    (BATCH, State.HELD),
    (TRACE_PACKAGE, State.VOIDED),
    (PACKAGE, State.EXPIRED_EARLY),
]


def _edition(seq: int, listed: list[tuple[CodePath, State]]) -> StatusList:
    return list_states(listed, origin=ORIGIN, seq=seq, as_of=AS_OF, next_by=NEXT_BY)


OLDER = _edition(8, [(BATCH, State.HELD), (TRACE.batch, State.RECALLED)])
NEWER = _edition(9, LISTED)
NOTE = str(sign_note(NEWER.text(), (STATUS,)))


def status_vectors() -> dict[str, Any]:
    """The content of ``status.json``."""
    digest = hashlib.sha256(str(BATCH).encode()).digest()
    return {
        "about": "Status lists with their bodies, deltas between them, and what they say of paths.",
        "origin": ORIGIN,
        "keys": [str(STATUS.verifier)],
        "worked": {
            "path": str(BATCH),
            "SHA-256 of it": digest.hex(),
            "its first 8 bytes": digest[:8].hex(),
            "token": status_token(BATCH),
            "SHA-256 of the body": hashlib.sha256(NEWER.body().encode()).hexdigest(),
            "the same in base64": write_base64(hashlib.sha256(NEWER.body().encode()).digest()),
        },
        "worked_note": NOTE,
        "worked_body": NEWER.body(),
        "worked_older_body": OLDER.body(),
        "worked_delta": OLDER.delta_to(NEWER),
        "lists": list(_lists()),
        "deltas": list(_deltas()),
        "asked": list(_asked()),
    }


def _lists() -> Iterator[dict[str, Any]]:
    body, text = NEWER.body(), NEWER.text()

    def case(why: str, note: str, body: str, accepted: bool = False, least: int = 0) -> Any:
        return {
            "why": why, "note": note, "body": body, "least_seq": least, "accepted": accepted,
        }  # fmt: skip

    def signed(text: str, body: str, signer: Ed25519Signer = STATUS) -> tuple[str, str]:
        return str(sign_note(text, (signer,))), body

    def over(body: str) -> tuple[str, str]:
        """A body that is signed as it is, whatever it is."""
        return signed(_text_over(body), body)

    yield case("as it is served", NOTE, body, True)
    yield case("the same number again", NOTE, body, True, 9)
    yield case("a lower number than seen", NOTE, body, least=10)
    empty = _edition(1, [])
    yield case("nothing is listed", *signed(empty.text(), ""), accepted=True)
    yield case("signed by the log's key", *signed(text, body, LOG))
    other = replace(NEWER, origin="other.example.cn").text()
    yield case("of another installation, signed by the same key", *signed(other, body))
    yield case("the body of the edition before", NOTE, OLDER.body())
    yield case("a line is missing", NOTE, "".join(body.splitlines(True)[1:]))
    yield case("another letter", NOTE, body.replace(" V", " R"))
    yield case("another count", *signed(text.replace('"count":4', '"count":5'), body))
    yield case("not sorted, although signed", *over("".join(reversed(body.splitlines(True)))))
    yield case("a token twice, although signed", *over(_twice(body)))
    yield case("no newline at the end, although signed", *over(body[:-1]))
    yield case("an unknown letter, although signed", *over(body.replace(" V", " X")))
    yield case("a token whose last bits are not zero", *over(_last_bits(body)))
    yield case("a blank line, although signed", *over("\n" + body))
    yield case("another first line", *signed(text.replace("status/1", "status/2"), body))
    yield case("a fourth line", *signed(text + "more\n", body))
    more = text.replace(',"seq"', ',"note":"","seq"')
    yield case("a member that nobody knows", *signed(more, body))
    yield case("a header with a space", *signed(text.replace('"seq":9', '"seq": 9'), body))


def _text_over(body: str) -> str:
    digest = write_base64(hashlib.sha256(body.encode()).digest())
    old = write_base64(hashlib.sha256(NEWER.body().encode()).digest())
    text = NEWER.text().replace(old, digest)
    return text.replace('"count":4', f'"count":{body.count(chr(10))}')


def _twice(body: str) -> str:
    first = body.splitlines(True)[0]
    other = f"{first[:-2]}H\n" if first[-2] != "H" else f"{first[:-2]}R\n"
    return "".join(sorted([*body.splitlines(True), other]))


def _last_bits(body: str) -> str:
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    first = body.splitlines(True)[0]
    return body.replace(first, first[:10] + alphabet[alphabet.index(first[10]) + 1] + first[11:])


def _deltas() -> Iterator[dict[str, Any]]:
    delta = OLDER.delta_to(NEWER)

    def case(why: str, delta: str, accepted: bool) -> dict[str, Any]:
        return {
            "why": why, "older_body": OLDER.body(), "delta": delta, "note": NOTE,
            "accepted": accepted,
        }  # fmt: skip

    yield case("as it is served", delta, True)
    yield case("its lines in another order", "".join(reversed(delta.splitlines(True))), True)
    yield case("a line is missing", "".join(delta.splitlines(True)[1:]), False)
    yield case("nothing changed", "", False)
    yield case("no sign", delta.replace("+", "", 1), False)
    yield case("no newline at the end", delta[:-1], False)


def _asked() -> Iterator[dict[str, Any]]:
    other = TRACE.__class__("2113240000000011", "000000000001")
    in_time, late = "2026-06-02T00:00:00Z", "2026-06-02T00:00:01Z"
    slow, behind = "2026-05-31T23:45:00Z", "2026-05-31T23:44:59Z"
    for path, now, state, why in (
        (BATCH, in_time, "R", "of two states the gravest is listed"),
        (PACKAGE, in_time, "R", "the gravest of package and batch"),
        (TRACE, in_time, "R", "the batch"),
        (TRACE_PACKAGE, in_time, "R", "the batch is recalled, the package only void"),
        (other, in_time, None, "nothing is listed"),
        (other, late, None, "nothing is listed, and that is old news"),
        (BATCH, late, "R", "bad news stays news"),
        (other, slow, None, "a clock is a quarter of an hour slow"),
        (other, behind, None, "a clock is more behind than clocks may differ"),
        (BATCH, behind, "R", "bad news is told by any clock"),
    ):
        yield {
            "why": why, "path": str(path), "now": now, "state": state, "stale": now == late,
            "clock_behind": now == behind,
        }  # fmt: skip
