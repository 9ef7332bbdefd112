"""What the sweeps look for: facts that nobody brings about, but that the clock makes true.

Each looker reads one page of what might be found, from where the page before ended, and says what
of it is to be warned of; nothing is written here. A page holds at most ``PAGE`` findings.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy.orm import Session

from suyuan.trace.clock import day_of
from suyuan.trace.notices.rules import WarningRule
from suyuan.trace.notices.wording import Evidence
from suyuan.trace.products.families import Families

PAGE = 200
"""Rows that are looked at together, and findings that one transaction opens."""

After = int | str | None
"""Where the page before ended; None for the first."""


@dataclass(frozen=True)
class Look:
    """What a looker goes by."""

    rule: WarningRule
    now: datetime
    families: Families
    after: After = None

    @property
    def today(self) -> date:
        """The day it is for people here."""
        return day_of(self.now)


@dataclass(frozen=True)
class Found:
    """Something to be warned of; rows by their ids. ``key`` names the cause within the rule,
    ``stage`` that of the fact, where batch and organisation do not say it."""

    key: str
    batch: int | None
    party: int
    evidence: Evidence
    stage: str | None = None


@dataclass(frozen=True)
class Page:
    """What one page held, and where the next begins; ``after`` None where it was the last."""

    found: Collection[Found] = field(default_factory=tuple)
    after: After = None


Looker = Callable[[Session, Look], Page]
