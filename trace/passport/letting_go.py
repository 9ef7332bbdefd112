"""Whether a batch is released for shipment and sale, as the public reads it."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from suyuan.trace.batches.tables import Batch
from suyuan.trace.passport.facts import Released
from suyuan.trace.products.families import Families
from suyuan.trace.release.conditions import conditions
from suyuan.trace.release.reading import Occasion
from suyuan.trace.release.releases import standing


def released(session: Session, families: Families, batch: Batch, today: date) -> Released:
    """Whether the batch may be sold today; of an override who let it go, why, and without what."""
    now = standing(session, families, batch, Occasion("sell", today))
    given = now.given
    if given is None:
        return Released(now.state)
    overridden = now.state == "overridden"
    by = given.answered_party if overridden else given.by_party
    known = conditions()
    passed = dict.fromkeys(known[one.condition].names for one in now.passed.items)
    return Released(
        now.state,
        since=given.answered_at or given.at,
        by=by.name if by is not None else "",
        reason=given.reason if overridden else "",
        without=tuple(passed),
    )
