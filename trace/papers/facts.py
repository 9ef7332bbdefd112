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


@dataclass(frozen=True)
class ApplicationFacts:
    """That ``applicant`` (uid) asks an authority for a certification of its ``product`` (uid).

    ``kind`` is from ``own_certifications.json``; ``sites`` (uids) and ``area_m2`` say on which
    land the product grows, where the kind asks for it; ``amount`` is what a year is expected to
    give; ``months``, for how long it is wanted; ``renews``, the uid of the paper before it.
    """

    kind: str
    applicant: str
    product: str
    amount: Quantity
    months: int
    sites: tuple[str, ...] = ()
    area_m2: int | None = None
    note: str = ""
    evidence: tuple[str, ...] = ()
    renews: str | None = None


@dataclass(frozen=True)
class ReviewFacts:
    """What a reviewer approves, having looked ``against`` what: of an application the whole where
    None, else less."""

    against: str
    area_m2: int | None = None
    amount: Quantity | None = None
    months: int | None = None
