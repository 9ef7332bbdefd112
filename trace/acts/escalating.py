"""Warnings whose time is up go up to the next level, by the clock."""

from __future__ import annotations

import sqlalchemy as sa

from suyuan.trace.acts.transaction import Ledger, Writing
from suyuan.trace.acts.warnings import raised
from suyuan.trace.notices.rules import LEVELS
from suyuan.trace.notices.tables import EarlyWarning
from suyuan.trace.parties.actor import SYSTEM

AT_ONCE = 100
"""Warnings that go up in one transaction."""


def escalate_due(ledger: Ledger) -> int:
    """Hand up every warning whose deadline has passed; returns how many went up."""
    total = 0
    while moved := ledger.perform(SYSTEM, escalate_page):
        total += moved
    return total


def escalate_page(w: Writing) -> int:
    """Hand up some of the warnings whose deadline has passed; returns how many."""
    late = sa.select(EarlyWarning).where(
        EarlyWarning.state != "closed",
        EarlyWarning.level != LEVELS[-1],
        EarlyWarning.deadline <= w.now,
    )
    page = late.order_by(EarlyWarning.deadline, EarlyWarning.id).limit(AT_ONCE)
    locked = page.with_for_update(skip_locked=True, of=EarlyWarning)
    return sum(raised(w, found) for found in w.session.scalars(locked).all())
