"""Looking for steps of which it is known by when they are due, and which nobody has taken.

Which steps, and how many working days each may take, are rows of the rule. Re-tests and deliveries
have rules of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from suyuan.trace.clock import day_of
from suyuan.trace.notices.looking import PAGE, Found, Look, Page
from suyuan.trace.parties.tables import Party
from suyuan.trace.release.tables import Release
from suyuan.trace.samples.chain import SAMPLE as THE_SAMPLE
from suyuan.trace.samples.queries import chain_of, reports_on
from suyuan.trace.samples.tables import Sample, SampleStep
from suyuan.trace.sourced import Row
from suyuan.trace.words import Names, read_names
from suyuan.trace.working_days import after_working_days

Told = dict[str, str | int | Names]


def late_steps(session: Session, look: Look) -> Page:
    """What is late of the rule's steps, one kind of step after the other."""
    rows = look.rule.fact("steps").rows()
    at, _, after = str(look.after or "0:0").partition(":")
    row = rows[int(at)]
    page = _LOOKERS[row.get("key").text()](session, look, row, int(after))
    if page.after is not None:
        return Page(page.found, f"{at}:{page.after}")
    following = int(at) + 1
    return Page(page.found, f"{following}:0" if following < len(rows) else None)


def _applications(session: Session, look: Look, row: Row, after: int) -> Page:
    """Organisations that applied and that nobody has checked."""
    query = sa.select(Party).where(
        Party.state == "applied",
        Party.applied_at < look.now - _shortest(row),
        Party.id > after,
    )
    found = session.scalars(query.order_by(Party.id).limit(PAGE)).all()
    late = [
        Found(f"{_key(row)}:{one.uid}", None, one.id, told)
        for one in found
        if (told := _late(look, row, day_of(one.applied_at)))
    ]
    return Page(late, found[-1].id if len(found) == PAGE else None)


def _overrides(session: Session, look: Look, row: Row, after: int) -> Page:
    """Overrides that one person asked for and no second one answered, of goods that wait for it."""
    later = aliased(Release)
    let_go = sa.exists().where(
        later.batch_id == Release.batch_id, later.state == "given", later.id > Release.id
    )
    query = (
        sa.select(Release)
        .where(
            Release.state == "asked",
            Release.at < look.now - _shortest(row),
            Release.id > after,
            ~let_go,
        )
        .options(joinedload(Release.batch))
    )
    found = session.scalars(query.order_by(Release.id).limit(PAGE)).all()
    late = [
        Found(
            f"{_key(row)}:{one.uid}",
            one.batch_id,
            one.batch.party_id,
            told | {"trace_code": one.batch.trace_code},
        )
        for one in found
        if (told := _late(look, row, day_of(one.at)))
    ]
    return Page(late, found[-1].id if len(found) == PAGE else None)


def _unreceived(session: Session, look: Look, row: Row, after: int) -> Page:
    """Samples that no laboratory has received, though they were taken long ago."""
    samples = _samples(session, look, row, after, received=False)
    late = [
        _of_sample(row, one, told) for one in samples if (told := _late(look, row, one.taken_on))
    ]
    return Page(late, samples[-1].id if len(samples) == PAGE else None)


def _unreported(session: Session, look: Look, row: Row, after: int) -> Page:
    """Samples that a laboratory received long ago, and of which no report names the number."""
    samples = _samples(session, look, row, after, received=True)
    reports = reports_on(session, samples)
    late = []
    for one in samples:
        receipt = chain_of(one).receipt(THE_SAMPLE)
        if receipt is None or reports[one.id]:
            continue
        if told := _late(look, row, receipt.on):
            late.append(_of_sample(row, one, told))
    return Page(late, samples[-1].id if len(samples) == PAGE else None)


_LOOKERS: Mapping[str, Callable[[Session, Look, Row, int], Page]] = {
    "application": _applications,
    "override": _overrides,
    "sample_receipt": _unreceived,
    "sample_report": _unreported,
}
"""What finds the late ones of each step that a row may be about."""


def _samples(session: Session, look: Look, row: Row, after: int, *, received: bool) -> list[Sample]:
    """A page of the samples of the row's kinds that were taken long enough ago."""
    receipt = sa.exists().where(
        SampleStep.sample_id == Sample.id,
        SampleStep.portion == THE_SAMPLE,
        SampleStep.kind == "received",
    )
    query = (
        sa.select(Sample)
        .where(
            Sample.kind.in_(row.list_of("kinds", Row.text)),
            Sample.taken_on < look.today - _shortest(row),
            Sample.taken_on >= look.today - timedelta(days=look.rule.fact("days").integer()),
            Sample.id > after,
            receipt if received else ~receipt,
        )
        .options(joinedload(Sample.batch), selectinload(Sample.steps))
    )
    return list(session.scalars(query.order_by(Sample.id).limit(PAGE)))


def _of_sample(row: Row, one: Sample, told: Told) -> Found:
    """A late step of a sample: the laboratory's that it was sent to, else the taker's."""
    at = chain_of(one).laboratory(THE_SAMPLE)
    late = at.id if at is not None and at.id is not None else one.taken_by_id
    evidence = told | {"sample": one.number, "trace_code": one.batch.trace_code}
    return Found(f"{_key(row)}:{one.uid}", one.batch_id, late, evidence)


def _late(look: Look, row: Row, since: date) -> Told:
    """What is told of a step that was to follow a day; nothing where it is in time still."""
    due = after_working_days(since, row.get("working_days").integer())
    if due >= look.today:
        return {}
    return {"step": read_names(row), "since": since.isoformat(), "due_at": due.isoformat()}


def _shortest(row: Row) -> timedelta:
    """So many working days take as many days at least."""
    return timedelta(days=row.get("working_days").integer())


def _key(row: Row) -> str:
    return row.get("key").text()
