"""The status list ``suyuan.status/1``: what is wrong with a batch or package, for offline use.

The note is signed by a status key and holds ``{seq, as_of, next_by, count, sha256}`` of a sorted
body. A body line is base64url of the first 8 bytes of SHA-256(path), a space and the letter of a
state. A batch stands under every path that it has; a verifier asks for package and batch. Past
``next_by`` nothing may be shown as being in order.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from suyuan.trace.canonical import Members, read_canonical, write_base64, write_canonical
from suyuan.trace.clock import utc_text
from suyuan.trace.codes.paths import CodePath
from suyuan.trace.errors import InvalidInput
from suyuan.trace.keys.notes import Note, VerifierKey, parse_note

FORMAT = "suyuan.status/1"
_LINE = re.compile(r"(?P<token>[0-9A-Za-z_-]{10}[AEIMQUYcgkosw048]) (?P<state>[RVHPE])")
_CHANGE = re.compile(rf"(?P<sign>[+-]){_LINE.pattern}")


class State(StrEnum):
    """What is wrong, the gravest first; it is what stands for a path with several."""

    RECALLED = "R"
    VOIDED = "V"
    HELD = "H"
    PAPER_REVOKED = "P"
    EXPIRED_EARLY = "E"


class StatusListError(InvalidInput):
    """A status list or a delta cannot be read or does not lead to what was signed."""


def status_token(path: CodePath) -> str:
    """The 11 characters under which a path is listed."""
    return token_of(str(path))


def token_of(path: str) -> str:
    """As ``status_token``, for a path that is known to be written right."""
    digest = hashlib.sha256(path.encode()).digest()
    return base64.urlsafe_b64encode(digest[:8]).decode("ascii").rstrip("=")


def gravest(states: Iterable[State | None]) -> State | None:
    """The gravest of some states, if there is any."""
    found = set(states)
    return next((state for state in State if state in found), None)


@dataclass(frozen=True)
class StatusList:
    """One edition: in force from ``as_of`` to ``next_by``, with the states by token."""

    origin: str
    seq: int
    as_of: datetime
    next_by: datetime
    states: Mapping[str, State]

    def state_of(self, path: CodePath) -> State | None:
        """The gravest state of the package or its batch, if one of them is listed."""
        tokens = {status_token(path), status_token(path.batch)}
        return gravest(self.states.get(token) for token in tokens)

    def stale(self, now: datetime) -> bool:
        """Whether a newer list is due."""
        return now > self.next_by

    def body(self) -> str:
        """The sorted lines; as text, each ends in a newline."""
        return "".join(sorted(f"{token} {state}\n" for token, state in self.states.items()))

    def text(self) -> str:
        """The text of the note, to be signed by a status key."""
        return note_text(self.origin, self.seq, self.as_of, self.next_by, self.body())

    def delta_to(self, newer: StatusList) -> str:
        """What to take out (-) and put in (+) of this list's body to make ``newer``'s."""
        return delta_between(self.body(), newer.body())


def note_text(origin: str, seq: int, as_of: datetime, next_by: datetime, body: str) -> str:
    """The text of the note over a body, which is sorted."""
    header = {
        "seq": seq,
        "as_of": utc_text(as_of),
        "next_by": utc_text(next_by),
        "count": body.count("\n"),
        "sha256": write_base64(hashlib.sha256(body.encode()).digest()),
    }
    return f"{FORMAT}\n{origin}\n{write_canonical(header).decode()}\n"


def delta_between(body: str, newer: str) -> str:
    """What to take out (-) and put in (+) of one body to make another."""
    mine, other = set(body.splitlines(keepends=True)), set(newer.splitlines(keepends=True))
    out = [f"-{line}" for line in mine - other]
    put = [f"+{line}" for line in other - mine]
    return "".join(sorted(out + put))


def list_states(
    states: Iterable[tuple[CodePath, State]],
    *,
    origin: str,
    seq: int,
    as_of: datetime,
    next_by: datetime,
) -> StatusList:
    """The list of ``states``; of several states of one path the gravest stands."""
    found: dict[str, State] = {}
    for path, state in states:
        token = status_token(path)
        found[token] = gravest((state, found.get(token))) or state
    return StatusList(origin, seq, as_of, next_by, found)


def open_status(
    note: bytes | str | Note,
    body: str,
    keys: Iterable[VerifierKey],
    least_seq: int = 0,
    origin: str | None = None,
) -> StatusList:
    """Reads a list that one of the status ``keys`` signed.

    ``least_seq``: the highest ``seq`` seen before, in a list of a key that is not revoked since; a
    lower one is refused. ``origin``: that of the
    key directory that names the keys; the list of another installation is refused, for one key
    may stand in two directories.
    Raises NoteError, NotCanonical and StatusListError.
    """
    read = note if isinstance(note, Note) else parse_note(note)
    read.signed_by(keys)
    lines = read.text.split("\n")
    if len(lines) != 4 or lines[0] != FORMAT:
        raise StatusListError(
            "A status list has three lines and begins with {should}.", should=FORMAT
        )
    header = Members(read_canonical(lines[2]))
    states = _parse_body(body)
    found = StatusList(
        lines[1], header.count("seq"), header.moment("as_of"), header.moment("next_by"), states
    )
    if found.body() != body or found.text() != read.text:
        raise StatusListError(
            "This body is not the one that was signed: its hash or its count is another.",
            field="body",
        )
    if origin is not None and found.origin != origin:
        raise StatusListError(
            "The status list is of {is_}, the key directory of {should}.",
            field="origin",
            is_=found.origin,
            should=origin,
        )
    if found.seq < least_seq:
        raise StatusListError(
            "This status list has number {is_}; number {should} was seen before.",
            field="seq",
            is_=found.seq,
            should=least_seq,
        )
    return found


def apply_delta(
    older: StatusList, delta: str, note: bytes | str | Note, keys: Iterable[VerifierKey]
) -> StatusList:
    """Rebuilds the newer list that ``note`` signs from an older one and a delta.

    Raises StatusListError unless the result is exactly what was signed; fetch the body then.
    """
    states = dict(older.states)
    for line in _lines(delta):
        change = _CHANGE.fullmatch(line)
        if change is None:
            raise StatusListError("A line of a delta is + or -, a token and a state.")
        token, state = change["token"], State(change["state"])
        if change["sign"] == "+":
            states[token] = state
        elif states.get(token) == state:
            del states[token]
    rebuilt = StatusList(older.origin, older.seq, older.as_of, older.next_by, states)
    return open_status(note, rebuilt.body(), keys, older.seq)


def _parse_body(body: str) -> dict[str, State]:
    states: dict[str, State] = {}
    for line in _lines(body):
        match = _LINE.fullmatch(line)
        if match is None or match["token"] in states:
            raise StatusListError(
                "A line of the body is a token and a state, and each token comes once.",
                field="body",
            )
        states[match["token"]] = State(match["state"])
    return states


def _lines(text: str) -> list[str]:
    lines = text.split("\n")
    if lines.pop():
        raise StatusListError("Each line ends in a newline.", field="body")
    return lines
