"""Vectors of ``.tlog-proof`` files under a policy of one log and two witnesses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from suyuan.trace.canonical import write_base64
from suyuan.trace.keys.cosigning import Cosigner
from suyuan.trace.keys.notes import Note, parse_note, sign_note
from suyuan.trace.log import merkle
from tests.vectors.cast import FIRST, LOG, LOG_2, SECOND, STATUS
from tests.vectors.signed_notes import AT
from tests.vectors.trees import ENTRIES, LEAVES, checkpoint

INDEX = 4
HEADER = "c2sp.org/tlog-proof@v1"


def vectors() -> dict[str, Any]:
    """The content of ``proof-files.json``."""
    return {
        "about": "Proof files; the logs and witnesses that are believed, and how many of these "
        "must have cosigned.",
        "logs": [str(LOG.verifier)],
        "witnesses": [str(FIRST.verifier), str(SECOND.verifier)],
        "worked_file": _file(),
        "cases": list(_cases()),
    }


def _head(*cosigners: Cosigner, note: str | None = None) -> str:
    read = parse_note(note or checkpoint(LEAVES))
    lines = [one.cosign(read.text, AT) for one in cosigners]
    return str(Note(read.text, (*read.signatures, *lines)))


def _file(
    *, head: str | None = None, index: int = INDEX, entry: bytes | None = ENTRIES[INDEX],
    path: Sequence[bytes] | None = None,
) -> str:  # fmt: skip
    hashes = merkle.inclusion_proof(LEAVES, INDEX) if path is None else path
    extra = [] if entry is None else [f"extra {write_base64(entry)}"]
    lines = [HEADER, *extra, f"index {index}", *map(write_base64, hashes)]
    return "\n".join(lines) + "\n\n" + (head or _head(FIRST, SECOND))


def _cases() -> Iterator[dict[str, Any]]:
    def case(why: str, file: str, accepted: bool = False, needed: int = 0) -> dict[str, Any]:
        return {"why": why, "file": file, "needed": needed, "accepted": accepted}

    right = _file()
    yield case("two of two witnesses", right, True, 2)
    yield case("one of two", _file(head=_head(SECOND)), True, 1)
    yield case("one where two are needed", _file(head=_head(SECOND)), needed=2)
    yield case("the same witness twice", _file(head=_head(FIRST, FIRST)), needed=2)
    yield case("no witness is needed", _file(head=_head()), True)
    alone = merkle.root(LEAVES[:1])
    one = str(sign_note(f"{LOG.name}\n1\n{write_base64(alone)}\n", (LOG,)))
    first = _file(head=one, index=0, entry=ENTRIES[0], path=[])
    yield case("a tree of one entry has an empty path", first, True)
    yield case("another entry", _file(entry=ENTRIES[3]))
    yield case("another index", _file(index=3))
    yield case("an index beyond the tree", _file(index=7))
    hashes = merkle.inclusion_proof(LEAVES, INDEX)
    yield case("a hash too few", _file(path=hashes[:-1]))
    yield case("a hash too many", _file(path=[*hashes, LEAVES[0]]))
    yield case("a hash of 31 bytes", _file(path=[hashes[0][:31], *hashes[1:]]))
    yield case("the checkpoint of another size", _file(head=checkpoint(LEAVES[:5])))
    yield case("a log that is not believed", _file(head=checkpoint(LEAVES, LOG_2)))
    text = parse_note(checkpoint(LEAVES)).text
    yield case("signed by no log", _file(head=str(sign_note(text, (STATUS,)))))
    wrong = _head(FIRST).replace("\n7\n", "\n8\n")
    yield case("the checkpoint was changed", _file(head=wrong), needed=1)
    yield case("another header", right.replace("@v1", "@v2"))
    yield case("no index", right.replace(f"index {INDEX}\n", ""))
    yield case("an index with zeros", right.replace("index 4", "index 04"))
    extra = right.split("\n")[1]
    yield case("the extra line behind the index", right.replace(
        f"{extra}\nindex 4\n", f"index 4\n{extra}\n"))  # fmt: skip
    yield case("two extra lines", right.replace(extra, f"{extra}\n{extra}"))
    yield case("a checkpoint without blank line before it", right.replace("\n\n", "\n", 1))
    yield case("64 hashes", _file(path=[LEAVES[0]] * 64))
