"""Steps from one edition of the status list to another, worked out on the lines as published.

A recall changes a few lines of a body that may have a hundred thousand. Nothing here reads a line
into anything: a body is cut, merged and joined, which takes milliseconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from suyuan.trace.codes.status import State

_TOKEN = 11
_OTHER = {"-": "+", "+": "-"}


def step(body: str, states: Mapping[str, State | None]) -> tuple[str, str]:
    """The body once these tokens have these states (None: not listed), and the delta to it."""
    before: set[str] = set()
    lines: list[str] = []
    for line in body.splitlines(keepends=True):
        if line[:_TOKEN] in states:
            before.add(line)
        else:
            lines.append(line)
    after = {f"{token} {state.value}\n" for token, state in states.items() if state is not None}
    lines += sorted(after)
    lines.sort()  # two sorted runs, which costs one pass
    changes = [f"-{line}" for line in before - after] + [f"+{line}" for line in after - before]
    return "".join(lines), "".join(sorted(changes))


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
