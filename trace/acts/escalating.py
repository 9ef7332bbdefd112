"""Warnings whose time is up go up to the next level where somebody is, by the clock.

Where nobody is above, a warning stays in the hands that have it and is told once more.
"""

from __future__ import annotations

import sqlalchemy as sa

from suyuan.trace.acts.transaction import Ledger, Writing
from suyuan.trace.acts.warnings import raised, told_again
from suyuan.trace.notices.rules import LEVELS
from suyuan.trace.notices.tables import EarlyWarning
from suyuan.trace.parties.actor import SYSTEM

AT_ONCE = 100
"""Warnings that go up in one transaction."""


def escalate_due(ledger: Ledger) -> int:
    """Hand up every warning whose deadline has passed; returns how many went up."""
    total = 0
    while any(page := ledger.perform(SYSTEM, escalate_page)):
        total += page[0]
    return total


def escalate_page(w: Writing) -> tuple[int, int]:
    """Hand up some of the warnings whose deadline has passed; returns how many went up, and how
    many stay where they are for want of anybody above."""
    late = sa.select(EarlyWarning).where(
        EarlyWarning.state != "closed",
        EarlyWarning.level != LEVELS[-1],
        EarlyWarning.deadline <= w.now,
    )
    page = late.order_by(EarlyWarning.deadline, EarlyWarning.id).limit(AT_ONCE)
    locked = page.with_for_update(skip_locked=True, of=EarlyWarning)
    up = stayed = 0
    for found in w.session.scalars(locked).all():
        if raised(w, found):
            up += 1
        else:
            told_again(w, found)
            stayed += 1
    return up, stayed
