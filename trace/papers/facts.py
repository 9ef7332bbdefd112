"""What is said of a paper, as the acts take it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from suyuan.trace.quantities import Quantity


@dataclass(frozen=True)
class Covers:
    """One thing a paper covers: ``party``, ``site`` or ``product`` by uid, ``batch`` by code."""

    target: str
    key: str


@dataclass(frozen=True)
class PaperFacts:
    """A certificate or permit of ``holder`` (uid); ``kind`` is from ``paper_kinds.json``.

    ``renews``: the uid of the paper that it succeeds.
    """

    kind: str
    number: str
    holder: str
    issuer: str = ""
    issued_on: date | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    amount: Quantity | None = None
    note: str = ""
    covers: tuple[Covers, ...] = ()
    evidence: str | None = None
    checked_by: str = ""
    checked_where: str = ""
    renews: str | None = None


@dataclass(frozen=True)
class CheckFacts:
    """That a paper was compared: ``where`` or with what (the original, the issuer's register),
    ``by`` whom (the actor where empty) and ``on`` which day (today where None)."""

    where: str
    by: str = ""
    on: date | None = None
