"""Steps from one edition of the status list to another, worked out on the lines as published.

A recall changes a few lines of a body that may have a hundred thousand. All lines are equally long,
so their places are found by halving, and a body is cut there and joined: nothing reads the rest.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping

from suyuan.trace.codes.status import State

_TOKEN = 11
_LINE = _TOKEN + 3
"""A token, a space, a letter and the newline."""
_OTHER = {"-": "+", "+": "-"}


def step(body: str, states: Mapping[str, State | None]) -> tuple[str, str]:
    """The body once these tokens have these states (None: not listed), and the delta to it."""
    lines = range(len(body) // _LINE)
    pieces: list[str] = []
    changes: list[str] = []
    taken = 0
    for token, state in sorted(states.items()):
        at = _LINE * bisect_left(lines, token, key=lambda line: _token_at(body, line))
        there = body[at : at + _LINE] if body.startswith(token, at) else ""
        wanted = "" if state is None else f"{token} {state.value}\n"
        if there != wanted:
            pieces += (body[taken:at], wanted)
            taken = at + len(there)
            changes += (f"-{there}",) * bool(there) + (f"+{wanted}",) * bool(wanted)
    return "".join([*pieces, body[taken:]]), "".join(sorted(changes))


def _token_at(body: str, line: int) -> str:
    return body[line * _LINE : line * _LINE + _TOKEN]


def joined(deltas: Iterable[str]) -> str:
    """One delta in place of several that follow each other."""
    out: set[str] = set()
    put: set[str] = set()
    for delta in deltas:
        for change in delta.splitlines(keepends=True):
            line = change[1:]
            come, gone = (out, put) if change[0] == "-" else (put, out)
            if line in gone:  # what was done before is undone
                gone.remove(line)
            else:
                come.add(line)
    return "".join(sorted([f"-{line}" for line in out] + [f"+{line}" for line in put]))


def undone(delta: str) -> str:
    """The delta that leads back."""
    changes = delta.splitlines(keepends=True)
    return "".join(sorted(_OTHER[change[0]] + change[1:] for change in changes))


def applied(body: str, delta: str) -> str:
    """The body that a delta of this installation leads to; it is not checked against a hash."""
    lines = set(body.splitlines(keepends=True))
    for change in delta.splitlines(keepends=True):
        if change[0] == "-":
            lines.discard(change[1:])
        else:
            lines.add(change[1:])
    return "".join(sorted(lines))
