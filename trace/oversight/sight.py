"""Who may see what of a batch: the classes of disclosure that are open to the one who asks.

Public fields are for everybody. The rest follows two roads (design, rights by role × organisation
× division). Who registered a batch, or serves who did, sees all of it that its role allows; who
has or had some of it in hand, or is about to receive it, sees the trade fields. A regulator that
is competent for one batch of a chain sees the trade fields of the whole chain across divisions;
personal fields only in its own division, elsewhere after a disclosure asked for with a reason
(个人信息保护法 Art. 6: no more than the purpose needs).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.batches.tables import Batch, Holding
from suyuan.trace.events.tables import Event, EventBatch, Shipment, event_evidence
from suyuan.trace.evidence.tables import EvidenceFile
from suyuan.trace.lineage import queries as lineage
from suyuan.trace.log.schemas import CLASSES, Class
from suyuan.trace.papers.tables import Paper
from suyuan.trace.parties.actor import Actor
from suyuan.trace.parties.divisions import divisions
from suyuan.trace.parties.tables import Disclosure, Party
from suyuan.trace.quality.tables import TestReport, test_report_batch
from suyuan.trace.samples.tables import Sample
from suyuan.trace.sourced import read_standard

PUBLIC: frozenset[Class] = frozenset({"public"})
TRADE: frozenset[Class] = PUBLIC | {"trade"}
ALL: frozenset[Class] = frozenset(CLASSES)
_AT_ONCE = 500
"""Keys in one query: well below what either database takes as parameters."""


@cache
def disclosure_time() -> timedelta:
    """For how long a disclosure that was asked for stays open (``standards/disclosure.json``)."""
    asked = read_standard("disclosure.json").get("asked_disclosure")
    return timedelta(days=asked.get("days").integer())


def sight(
    session: Session, actor: Actor | None, batch: Batch, *, now: datetime
) -> frozenset[Class]:
    """What the actor may see of this batch. ``None`` is anybody."""
    if actor is None:
        return PUBLIC
    classes: set[Class] = set(PUBLIC)
    if actor.may_for("read_trade", batch.party) or _is_custodian(session, actor, batch):
        classes |= TRADE
    if actor.may_for("read_personal", batch.party):
        classes.add("personal")
    if classes != ALL and actor.competences:
        classes |= _regulator_sight(session, actor, batch, now)
    return frozenset(classes)


def party_sight(actor: Actor | None, party: Party) -> frozenset[Class]:
    """What the actor may see of a party itself, its places and its papers.

    Who may admit it sees all that it stated: an application cannot be checked otherwise.
    """
    if actor is None:
        return PUBLIC
    competent = competent_at(actor, party.division)
    if actor.may("approve_party") and (competent or actor.party_kind == "platform_operator"):
        return ALL
    return books_sight(actor, party)


def books_sight(actor: Actor | None, party: Party) -> frozenset[Class]:
    """What the actor may see of a party's books: its batches, events and files as a whole.

    The platform's operator runs the books and does not read them.
    """
    if actor is None:
        return PUBLIC
    competent = competent_at(actor, party.division)
    classes: set[Class] = set(PUBLIC)
    if actor.may_for("read_trade", party) or (competent and actor.may("read_trade")):
        classes.add("trade")
    if actor.may_for("read_personal", party) or (competent and actor.may("read_personal")):
        classes.add("personal")
    return frozenset(classes)


def event_sight(
    session: Session, actor: Actor | None, event: Event, *, now: datetime
) -> frozenset[Class]:
    """What the actor may see of an event: all of its own, else what it may of every batch in it."""
    if actor is None:
        return PUBLIC
    if event.party_id == actor.party_id:
        return books_sight(actor, event.party)
    touched = [sight(session, actor, one.batch, now=now) for one in event.batches]
    return frozenset.intersection(*touched) if touched else books_sight(actor, event.party)


def evidence_sight(
    session: Session, actor: Actor | None, file: EvidenceFile, *, now: datetime
) -> frozenset[Class]:
    """What the actor may see of a file: as of its party, and of any batch that it stands behind.

    The file of a paper is seen as the paper is.
    """
    if actor is None:
        return PUBLIC
    party = session.get_one(Party, file.party_id)
    of_paper = session.scalar(sa.select(Paper.id).where(Paper.evidence_id == file.id).limit(1))
    seen = books_sight(actor, party) if of_paper is None else party_sight(actor, party)
    for batch in _batches_behind(session, file):
        if file.disclosure in seen:
            break
        seen |= sight(session, actor, batch, now=now)
    return seen


def sample_sight(
    session: Session, actor: Actor | None, sample: Sample, *, now: datetime
) -> frozenset[Class]:
    """What the actor may see of a sample: of its own books, or of the goods that it is of.

    A laboratory that it was sent to sees what stands on the sheet, but who took it.
    """
    if actor is None:
        return PUBLIC
    seen = sight(session, actor, sample.batch, now=now)
    if actor.party_id == sample.taken_by_id:
        seen |= books_sight(actor, sample.taken_by)
    came = any(one.to_party_id == actor.party_id for one in sample.steps if one.to_party_id)
    return seen | TRADE if came and actor.may("read_trade") else seen


def competent_at(actor: Actor, division: str, family: str | None = None) -> bool:
    """Whether a regulator is competent here, for whatever stage: to look, any stage will do."""
    return any(
        divisions().contains(one.division, division)
        and (family is None or one.family in (None, family))
        for one in actor.competences
    )


def competent_for_chain(session: Session, actor: Actor, batch: Batch) -> bool:
    """Whether a regulator is competent for this batch or one before or after it."""
    if competent_at(actor, batch.division, batch.family):
        return True
    around = {*lineage.ancestors(session, batch.id), *lineage.closure(session, batch.id)}
    return any(
        competent_at(actor, division, family)
        for division, family in _places(session, around - {batch.id})
    )


def open_disclosure(
    session: Session, actor: Actor, trace_code: str, now: datetime
) -> Disclosure | None:
    """The disclosure that this person asked for and that is still open, if there is one."""
    asked = sa.select(Disclosure).where(
        Disclosure.trace_code == trace_code,
        Disclosure.person_id == actor.person_id,
        Disclosure.party_id == actor.party_id,
        Disclosure.until > now,
    )
    return session.scalar(asked.order_by(Disclosure.until.desc()).limit(1))


def _regulator_sight(
    session: Session, actor: Actor, batch: Batch, now: datetime
) -> frozenset[Class]:
    classes: set[Class] = set(PUBLIC)
    if actor.may("read_trade") and competent_for_chain(session, actor, batch):
        classes.add("trade")
    if actor.may("read_personal") and (
        competent_at(actor, batch.division, batch.family)
        or open_disclosure(session, actor, batch.trace_code, now) is not None
    ):
        classes.add("personal")
    return frozenset(classes)


def _is_custodian(session: Session, actor: Actor, batch: Batch) -> bool:
    if actor.party_id is None or not actor.may("read_trade"):
        return False
    held = sa.select(Holding.batch_id).where(
        Holding.batch_id == batch.id, Holding.party_id == actor.party_id
    )
    coming = sa.select(Shipment.id).where(
        Shipment.batch_id == batch.id, Shipment.to_party_id == actor.party_id
    )
    return session.scalar(held) is not None or session.scalar(coming.limit(1)) is not None


def _places(session: Session, batch_ids: Iterable[int]) -> set[tuple[str, str]]:
    """The divisions and families of these batches, each pair once."""
    ids = sorted(batch_ids)
    found: set[tuple[str, str]] = set()
    for at in range(0, len(ids), _AT_ONCE):
        some = sa.select(Batch.division, Batch.family).distinct()
        rows = session.execute(some.where(Batch.id.in_(ids[at : at + _AT_ONCE])))
        found.update((row[0], row[1]) for row in rows)
    return found


def _batches_behind(session: Session, file: EvidenceFile) -> list[Batch]:
    """The batches of the events, test reports and sampling sheets that cite this file."""
    by_event = (
        sa.select(EventBatch.batch_id)
        .join(event_evidence, event_evidence.c.event_id == EventBatch.event_id)
        .where(event_evidence.c.evidence_id == file.id)
    )
    by_report = (
        sa.select(test_report_batch.c.batch_id)
        .join(TestReport, TestReport.id == test_report_batch.c.report_id)
        .where(TestReport.evidence_id == file.id)
    )
    by_sample = sa.select(Sample.batch_id).where(Sample.evidence_id == file.id)
    behind = sa.or_(*(Batch.id.in_(one) for one in (by_event, by_report, by_sample)))
    return list(session.scalars(sa.select(Batch).where(behind).order_by(Batch.id).limit(_AT_ONCE)))
