"""Looking for results that come nearer to their limit from one report to the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from itertools import pairwise
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from suyuan.trace.batches.tables import Batch
from suyuan.trace.notices.looking import PAGE, Found, Look, Page
from suyuan.trace.notices.tables import Sweep
from suyuan.trace.notices.wording import Evidence
from suyuan.trace.quality.grounds import verdict_on
from suyuan.trace.quality.parameters import parameters
from suyuan.trace.quality.queries import is_believed
from suyuan.trace.quality.tables import KeptVerdict, TestReport
from suyuan.trace.quality.verdicts import Word, share_of_limit

_RESULTS_READ = 60
"""The newest verdicts of a series that are read; some are of one report, or of nobody believed."""


@dataclass(frozen=True)
class Series:
    """What successive results are of: a parameter in one product of one producer and place."""

    party: int
    site: int | None
    product: int | None
    variant: str
    parameter: str


@dataclass(frozen=True)
class Point:
    """One report's worst result in a series, as a part of its limit; no ``share``: none that can
    be held against it, or one that did not pass."""

    report: TestReport
    batch: Batch
    share: Fraction | None


def near_the_limit(session: Session, look: Look) -> Page:
    """Series with a verdict since the last look whose last results rise to near the limit."""
    rows = session.execute(_touched(session, look)).all()
    series = dict.fromkeys(
        Series(one.party_id, one.site_id, one.product_id, one.variant, one.parameter)
        for one in rows
    )
    found = [trend for one in series if (trend := _trend(look, one, _points(session, look, one)))]
    return Page(found, rows[-1].id if len(rows) == PAGE else None)


def _touched(session: Session, look: Look) -> sa.Select[int, int, int | None, int | None, str, str]:
    """One page of the verdicts since the last look, and the hours before it that the rule names:
    what was being written when that look ended."""
    query = (
        sa.select(
            KeptVerdict.id, Batch.party_id, Batch.site_id, Batch.product_id, Batch.variant,
            KeptVerdict.parameter,
        )
        .join(Batch, Batch.id == KeptVerdict.batch_id)
        .where(KeptVerdict.id > (look.after or 0), KeptVerdict.verdict == "pass")
    )  # fmt: skip
    last = session.get(Sweep, look.rule.key)
    if last is not None:
        since = last.swept_at - timedelta(hours=look.rule.fact("hours").integer())
        query = query.where(KeptVerdict.judged_at >= since)
    return query.order_by(KeptVerdict.id).limit(PAGE)


def _points(session: Session, look: Look, of: Series) -> list[Point]:
    """The results of a series, the newest report first: one for each laboratory's report that is
    believed and that no later one decided otherwise."""
    since = look.today - timedelta(days=look.rule.fact("days").integer())
    query = (
        sa.select(KeptVerdict)
        .join(Batch, Batch.id == KeptVerdict.batch_id)
        .join(TestReport, TestReport.id == KeptVerdict.report_id)
        .where(
            Batch.party_id == of.party,
            Batch.site_id.is_not_distinct_from(of.site),
            Batch.product_id.is_not_distinct_from(of.product),
            Batch.variant == of.variant,
            KeptVerdict.parameter == of.parameter,
            KeptVerdict.overturned_by_id.is_(None),
            TestReport.kind == "laboratory",
            TestReport.issued_on >= since,
        )
        .options(
            joinedload(KeptVerdict.report).joinedload(TestReport.entered_by),
            joinedload(KeptVerdict.batch),
        )
    )
    newest = query.order_by(TestReport.issued_on.desc(), TestReport.id.desc(), KeptVerdict.id)
    points: dict[int, Point] = {}
    for one in session.scalars(newest.limit(_RESULTS_READ)):
        if is_believed(one.report, of.party):
            point = Point(one.report, one.batch, _share(one))
            points[one.report_id] = _worse(points.get(one.report_id, point), point)
    return list(points.values())


def _share(one: KeptVerdict) -> Fraction | None:
    if one.verdict != "pass":
        return None
    return share_of_limit(verdict_on(cast(Word, one.verdict), one.grounds))


def _worse(one: Point, other: Point) -> Point:
    """Of two results of one report that which is nearer to the limit; one that tells nothing of
    that leaves the report telling nothing."""
    if one.share is None or other.share is None:
        return one if one.share is None else other
    return other if other.share > one.share else one


def _trend(look: Look, of: Series, points: Sequence[Point]) -> Found | None:
    """What there is to warn of: as many results as the rule says, each nearer to the limit than
    the one before, and the last as near as it says."""
    least = look.rule.fact("results").integer()
    course = [one.share for one in points[:least]][::-1]
    shares = [one for one in course if one is not None]
    if len(shares) < least or any(one >= other for one, other in pairwise(shares)):
        return None
    if shares[-1] * 100 < Fraction(look.rule.fact("percent").number()):
        return None
    newest = points[0]
    evidence: Evidence = {
        "parameter": parameters().find(of.parameter).names,
        "course": " → ".join(_percent(one) for one in shares),
        "since": points[least - 1].report.issued_on.isoformat(),
        "report": newest.report.uid,
        "number": newest.report.number,
        "trace_code": newest.batch.trace_code,
    }
    return Found(_key(newest.batch, of.parameter), newest.batch.id, of.party, evidence)


def _percent(share: Fraction) -> str:
    """To a tenth of one per cent, never shown as nearer than it is."""
    tenths = share * 1000 // 1
    return f"{tenths // 10}.{tenths % 10} %"


def _key(batch: Batch, parameter: str) -> str:
    site = batch.site.uid if batch.site is not None else "-"
    product = batch.product.uid if batch.product is not None else batch.variant
    return f"{batch.party.uid}:{site}:{product}:{parameter}"
