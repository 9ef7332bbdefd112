"""Whom to believe: logs, witnesses, and how many of these are needed (https://c2sp.org/tlog-policy).

The same file serves a log (whom to ask), an auditor and whoever checks a proof (whom to believe):

    log trace.example.cn/log+8c2a6a0b+AX…
    witness prefecture witness.example.cn/nagqu+55d2a6a1+BG… https://witness.example.cn
    witness retailer example.org/w1+0cd3b2a4+BC… https://example.org/witness
    group both 2 prefecture retailer
    quorum both
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from suyuan.trace.errors import InvalidInput, Misconfigured
from suyuan.trace.keys.notes import COSIGNATURE, ED25519, VerifierKey, parse_verifier_key
from suyuan.trace.transport import require_web_address

NONE = "none"
"""The quorum that needs nobody."""
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
_NUMBER = re.compile(r"[1-9][0-9]{0,3}")


class PolicyError(InvalidInput):
    """A policy is not written as c2sp.org/tlog-policy asks, or was not met."""


@dataclass(frozen=True)
class LogLine:
    """A log that is believed, and where it is served."""

    key: VerifierKey
    url: str | None = None


@dataclass(frozen=True)
class Witness:
    """A witness by the name that it has in this policy; ``url`` is its submission prefix."""

    name: str
    key: VerifierKey
    url: str | None = None


@dataclass(frozen=True)
class Group:
    """At least ``needed`` of ``members``, which are witnesses or groups."""

    needed: int
    members: tuple[str, ...]


@dataclass(frozen=True)
class Policy:
    """What makes a checkpoint valid: one of the logs, and the quorum of witnesses."""

    logs: tuple[LogLine, ...] = ()
    witnesses: tuple[Witness, ...] = ()
    groups: Mapping[str, Group] = field(default_factory=dict)
    quorum: str = NONE

    @property
    def witness_keys(self) -> tuple[VerifierKey, ...]:
        return tuple(one.key for one in self.witnesses)

    @property
    def needs_witnesses(self) -> bool:
        """Whether a checkpoint without any cosignature falls short."""
        return self.quorum != NONE

    def met_by(self, cosigned: Collection[VerifierKey]) -> bool:
        """Whether these witnesses are enough."""
        if self.quorum == NONE:
            return True
        witnessed = {one.name for one in self.witnesses if one.key in cosigned}
        for name, group in self.groups.items():  # a group stands behind all of its members
            if len(witnessed.intersection(group.members)) >= group.needed:
                witnessed.add(name)
        return self.quorum in witnessed


def parse_policy(data: bytes) -> Policy:
    """Reads a policy file. Raises PolicyError, naming the line, and NoteError for a bad key."""
    reading = _Reading()
    # names are opaque bytes to the specification: each stays what it is
    for number, line in enumerate(data.decode("utf-8", "surrogateescape").split("\n"), 1):
        if _CONTROL.search(line):
            raise PolicyError("Line {line} has control characters.", line=number)
        words = [word for word in re.split("[ \t]+", line) if word]
        if not words or words[0].startswith("#"):
            continue
        try:
            reading.take(words)
        except InvalidInput as error:
            raise PolicyError("Line {line}: {why}", line=number, why=str(error)) from error
    return reading.whole()


def policy_in(path: Path) -> Policy | None:
    """The policy in a file; none where there is no such file. Raises Misconfigured.

    The file is read again when it has changed.
    """
    try:
        state = path.stat()
        return _policy_in(path, state.st_mtime_ns, state.st_size)
    except FileNotFoundError:
        return None
    except (OSError, InvalidInput) as error:
        raise Misconfigured(
            "The policy of witnesses in {path} cannot be used: {why}", path=path, why=str(error)
        ) from error


@lru_cache(maxsize=4)
def _policy_in(path: Path, _changed: int, _size: int) -> Policy:
    return parse_policy(path.read_bytes())


class _Reading:
    """The lines of a policy as they are read, each of which may name those before."""

    def __init__(self) -> None:
        self._logs: list[LogLine] = []
        self._witnesses: list[Witness] = []
        self._groups: dict[str, Group] = {}
        self._grouped: set[str] = set()
        self._quorum: str | None = None

    def take(self, words: list[str]) -> None:
        match words:
            case ["log", key, *url] if len(url) <= 1:
                self._log(key, *url)
            case ["witness", name, key, *url] if len(url) <= 1:
                self._witness(name, key, *url)
            case ["group", name, needed, *members] if members:
                self._group(name, needed, tuple(members))
            case ["quorum", name]:
                self._choose(name)
            case _:
                raise PolicyError(
                    "A line is log KEY [URL], witness NAME KEY [URL], group NAME all|any|K "
                    "NAME… or quorum NAME."
                )

    def whole(self) -> Policy:
        if self._quorum is None:
            raise PolicyError("A policy has one line quorum NAME, or quorum none.")
        return Policy(tuple(self._logs), tuple(self._witnesses), self._groups, self._quorum)

    def _log(self, text: str, url: str | None = None) -> None:
        key = _key(text, ED25519, url)
        if any(one.key.public_key == key.public_key for one in self._logs):
            raise PolicyError("This log's key is there already.")
        self._logs.append(LogLine(key, url))

    def _witness(self, name: str, text: str, url: str | None = None) -> None:
        key = _key(text, COSIGNATURE, url)
        self._require_new(name)
        if any(one.key.public_key == key.public_key for one in self._witnesses):
            raise PolicyError("This witness's key is there already: it would count twice.")
        self._witnesses.append(Witness(name, key, url))

    def _group(self, name: str, needed: str, members: tuple[str, ...]) -> None:
        self._require_new(name)
        for member in members:
            self._require_known(member)
            if member in self._grouped:
                raise PolicyError("{name} is in a group already.", name=member)
            self._grouped.add(member)
        count = {"all": len(members), "any": 1}.get(needed)
        if count is None and _NUMBER.fullmatch(needed):
            count = int(needed)
        if count is None or count > len(members):
            raise PolicyError(
                "A group needs all, any, or 1 to {most} of its members.", most=len(members)
            )
        self._groups[name] = Group(count, members)

    def _choose(self, name: str) -> None:
        if self._quorum is not None:
            raise PolicyError("A policy has one line quorum NAME, or quorum none.")
        if name != NONE:
            self._require_known(name)
        self._quorum = name

    def _known(self) -> set[str]:
        return {one.name for one in self._witnesses} | self._groups.keys()

    def _require_known(self, name: str) -> None:
        if name not in self._known():
            raise PolicyError("No line before this one names {name}.", name=name)

    def _require_new(self, name: str) -> None:
        if name == NONE or name in self._known():
            raise PolicyError("The name {name} is taken.", name=name)


def _key(text: str, kind: int, url: str | None) -> VerifierKey:
    key = parse_verifier_key(text)
    if key.kind != kind:
        raise PolicyError(
            "A log's key has the signature type 01, a witness's has 04: this one has {is_}.",
            is_=f"{key.kind:02x}",
        )
    if url is not None:
        require_web_address(url)
    return key
