"""Reading samples, their chains, and the reports that answer them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from suyuan.trace.batches.tables import Batch
from suyuan.trace.doubts import Remark
from suyuan.trace.errors import NotFound
from suyuan.trace.parties.actor import Actor
from suyuan.trace.parties.tables import Party
from suyuan.trace.quality.queries import reports_of_batches
from suyuan.trace.quality.tables import TestReport
from suyuan.trace.samples.chain import (
    Answer,
    Chain,
    Laboratory,
    Step,
    doubts_of_answer,
    doubts_of_chain,
)
from suyuan.trace.samples.kinds import sampling_kinds
from suyuan.trace.samples.tables import Sample, SampleStep
from suyuan.trace.written import compacted


@dataclass(frozen=True)
class Answered:
    """A sample with its chain, a report that names it, and what is doubtful about the two."""

    sample: Sample
    chain: Chain
    report: TestReport
    doubts: tuple[Remark, ...]


def sample(session: Session, uid: str, field: str | None = "sample") -> Sample:
    """The sample with this uid. Raises NotFound."""
    found = session.scalar(_whole().where(Sample.uid == uid))
    if found is None:
        raise NotFound("There is no sample {uid}.", field=field, uid=uid)
    return found


def samples_of_batches(session: Session, batch_ids: Collection[int]) -> list[Sample]:
    """The samples taken from these batches, in order."""
    query = _whole().where(Sample.batch_id.in_(list(batch_ids))).order_by(Sample.id)
    return list(session.scalars(query))


def samples_with(
    session: Session, party_id: int, *, after: int | None = None, limit: int = 50
) -> list[Sample]:
    """The samples that a party took, was sent, or whose goods they are of, newest first."""
    came = sa.select(SampleStep.sample_id).where(SampleStep.to_party_id == party_id)
    own = sa.select(Batch.id).where(Batch.party_id == party_id)
    query = _whole().where(
        sa.or_(Sample.taken_by_id == party_id, Sample.id.in_(came), Sample.batch_id.in_(own))
    )
    if after is not None:
        query = query.where(Sample.id < after)
    return list(session.scalars(query.order_by(Sample.id.desc()).limit(limit)))


def chain_of(one: Sample) -> Chain:
    """The chain of a sample, apart from the tables."""
    return Chain(
        batch=one.batch_id,
        taken_by=one.taken_by_id,
        taken_on=one.taken_on,
        sealed=bool(one.seal),
        must_be_sealed=sampling_kinds()[one.kind].sealed,
        has_reserve=one.reserve is not None,
        steps=[
            Step(
                step.kind,
                step.portion,
                step.on,
                step.by_party_id,
                Laboratory(step.to_party_id, step.laboratory) if step.laboratory else None,
                step.intact,
            )
            for step in one.steps
        ],
    )


def teller(session: Session, actor: Actor, chain: Chain, portion: str) -> Party | None:
    """As which organisation the actor may tell of the next step of a portion: one that has it in
    hand; None where that is none of the actor's."""
    in_hand = (session.get_one(Party, one) for one in sorted(chain.tells(portion)))
    return next((one for one in in_hand if actor.may_for("record_event", one)), None)


def answered_by(session: Session, report: TestReport) -> list[Answered]:
    """The samples whose number a report names, of the goods of those whose goods it is on.

    A number is looked for among all goods of their owners: a sample of one batch that vouches for
    another is what the doubts are about.
    """
    number = compacted(report.sample_number)
    if not number:
        return []
    owners = {one.party_id for one in report.batches}
    of_theirs = _whole().join(Batch, Batch.id == Sample.batch_id).where(Batch.party_id.in_(owners))
    found = session.scalars(of_theirs.where(Sample.number == number).order_by(Sample.id))
    return [_answered(one, report) for one in found]


def reports_on(session: Session, samples: Collection[Sample]) -> dict[int, list[Answered]]:
    """For each of some samples (by id) the reports on its batch that name its number."""
    named = defaultdict(list)
    for report in reports_of_batches(session, {one.batch_id for one in samples}):
        number = compacted(report.sample_number)
        for batch in report.batches:
            named[batch.id, number].append(report)
    return {
        one.id: [_answered(one, report) for report in named[one.batch_id, one.number]]
        for one in samples
    }


def doubts_of(one: Sample) -> tuple[Remark, ...]:
    """What is doubtful about a sample itself."""
    return tuple(doubts_of_chain(chain_of(one)))


def _answered(one: Sample, report: TestReport) -> Answered:
    chain = chain_of(one)
    answer = Answer(
        Laboratory(report.laboratory_id, report.laboratory),
        frozenset(batch.id for batch in report.batches),
        report.sampled_on,
        report.issued_on,
    )
    return Answered(one, chain, report, tuple(doubts_of_answer(chain, answer)))


def _whole() -> sa.Select[Sample]:
    """A sample with all that its sheet and its chain are told by."""
    return sa.select(Sample).options(
        joinedload(Sample.batch),
        joinedload(Sample.taken_by),
        joinedload(Sample.site),
        joinedload(Sample.evidence),
        selectinload(Sample.steps).joinedload(SampleStep.by_party),
    )
