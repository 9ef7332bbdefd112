"""Who issued a code: the verdict, from the text of the code and signed lists alone.

This needs no database, no network and no web framework, so that anybody can check a label with a
directory that they fetched once. It says who issued a code and what is known to be wrong with
it; never that this package is the original, and never that a product is safe.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from suyuan.trace.codes.manifest import LoggedRun
from suyuan.trace.codes.paths import CodePath, GtinPath
from suyuan.trace.codes.signed_code import VERSION, PrintedCode, parse_code, signed_message
from suyuan.trace.codes.status import State, StatusList
from suyuan.trace.errors import InvalidInput
from suyuan.trace.keys.directory import Directory, KeyEntry, KeyUse
from suyuan.trace.spans import span

FindRun = Callable[[CodePath], LoggedRun | None]
"""The earliest logged print run whose manifest holds a path, if one is known."""


class Verdict(StrEnum):
    """What is said of a code, in the order of checking: the first that applies."""

    UNSIGNED = "unsigned"
    MALFORMED = "malformed"
    NEWER_FORMAT = "newer-format"
    UNKNOWN_KEY = "unknown-key"
    FORGED = "forged"
    OUT_OF_SCOPE = "out-of-scope"
    OTHER_HOST = "other-host"
    REVOKED_KEY = "revoked-key"
    GOOD = "good"

    @property
    def alarms(self) -> bool:
        """Whether somebody seems to have made a label that is not theirs to make."""
        return self in (Verdict.UNKNOWN_KEY, Verdict.FORGED)


@dataclass(frozen=True)
class Verification:
    """The answer about one code.

    ``path`` and ``host`` are there for all but malformed codes; ``key`` from the point on where
    its signature was right. ``state`` and ``as_of`` come from the status list, if one was given:
    the gravest state listed for the package or its batch. ``stale``: the status list or the key
    directory is past its date; ``clock_behind``: they were signed after ``now``, so they may be
    past their date as well. With either, nothing may be shown as being in order. ``fault`` says
    what is wrong with a malformed code.
    """

    verdict: Verdict
    path: CodePath | None = None
    host: str | None = None
    key: KeyEntry | None = None
    state: State | None = None
    as_of: datetime | None = None
    stale: bool = False
    clock_behind: bool = False
    fault: InvalidInput | None = None

    @property
    def issuer(self) -> str | None:
        """Who answers for the key that signed."""
        return self.key.issuer if self.key else None

    @property
    def clear(self) -> bool:
        """Good, nothing wrong is listed, and what was asked is in force.

        Without a status list (``as_of`` is None) it says no more than who issued the code.
        """
        doubtful = self.stale or self.clock_behind
        return self.verdict is Verdict.GOOD and self.state is None and not doubtful


def verify(
    url: str,
    directory: Directory,
    status: StatusList | None = None,
    now: datetime | None = None,
    find_run: FindRun | None = None,
) -> Verification:
    """The verdict about the raw text of a code.

    ``directory`` and ``status`` were opened, and so verified, before. ``now`` (UTC) decides
    whether they are stale, or its clock is behind; a status list without ``now`` counts as stale.
    ``find_run`` is how a code of a revoked key is confirmed online. Never raises for a bad code.
    """
    stale = now is not None and now > directory.expires
    if status is not None:
        stale = stale or now is None or status.stale(now)
    as_of = status.as_of if status else None
    behind = now is not None and clock_is_behind(now, directory.issued, as_of or directory.issued)
    about = Verification(Verdict.MALFORMED, as_of=as_of, stale=stale, clock_behind=behind)
    try:
        code = parse_code(url)
        _require_scheme(code, directory)
    except InvalidInput as fault:
        return replace(about, fault=fault)
    verdict, key = _judge(code, directory, find_run)
    state = status.state_of(code.path) if status else None
    return replace(about, verdict=verdict, path=code.path, host=code.host, key=key, state=state)


def clock_is_behind(now: datetime, *signed: datetime) -> bool:
    """Whether a clock that shows ``now`` (UTC) cannot be right: what is at hand is of later.

    Clocks may differ by the span ``clocks_differ``. Whoever sets a clock back would else make any
    old list a new one.
    """
    return max(signed) - now > span("clocks_differ")


def in_scope(key: KeyEntry, path: CodePath) -> bool:
    """Whether ``key`` may sign ``path``: it is a code key, and GTIN or division is in its scope."""
    if key.use is not KeyUse.CODE:
        return False
    if isinstance(path, GtinPath):
        return key.covers_gtin(path.gtin)
    return key.covers_division(path.code)


def _require_scheme(code: PrintedCode, directory: Directory) -> None:
    entry = directory.host(code.host)
    if code.scheme == "http" and not (entry and entry.http):
        raise InvalidInput("A code of this host begins with https.", field="code")


def _judge(
    code: PrintedCode, directory: Directory, find_run: FindRun | None
) -> tuple[Verdict, KeyEntry | None]:
    if code.version is None:
        return Verdict.UNSIGNED, None
    if code.version != VERSION:
        return Verdict.NEWER_FORMAT, None
    candidates = directory.with_id(code.key_id)
    if not candidates:
        return Verdict.UNKNOWN_KEY, None
    message = signed_message(code.key_id, code.path)
    key = next((e for e in candidates if e.key.verifies(code.signature, message)), None)
    if key is None:
        return Verdict.FORGED, None
    if not in_scope(key, code.path):
        return Verdict.OUT_OF_SCOPE, key
    if directory.host(code.host) is None:
        return Verdict.OTHER_HOST, key
    if key.revoked_at_size is not None and not _logged_before(
        key.revoked_at_size, code.path, find_run
    ):
        return Verdict.REVOKED_KEY, key
    return Verdict.GOOD, key


def _logged_before(size: int, path: CodePath, find_run: FindRun | None) -> bool:
    run = find_run(path) if find_run else None
    return run is not None and 0 <= run.leaf_index < size and run.holds(path)
