"""Taking a sample, handing it over, and what is warned of where its chain does not hold."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

import sqlalchemy as sa

from suyuan.trace.acts.transaction import Writing
from suyuan.trace.acts.warnings import warn
from suyuan.trace.batches import queries as batches
from suyuan.trace.batches.tables import Batch
from suyuan.trace.codes.trace_code import parse_trace_code
from suyuan.trace.doubts import Remark
from suyuan.trace.errors import Conflict, Forbidden, InvalidInput
from suyuan.trace.evidence.queries import evidence_of
from suyuan.trace.parties import queries as parties
from suyuan.trace.parties.actor import Actor
from suyuan.trace.parties.tables import Party, Site
from suyuan.trace.quality.tables import TestReport
from suyuan.trace.quantities import Quantity
from suyuan.trace.samples import queries
from suyuan.trace.samples.facts import SampleFacts, StepFacts
from suyuan.trace.samples.kinds import SamplingKind, called
from suyuan.trace.samples.records import SAMPLE, SAMPLE_STEP
from suyuan.trace.samples.rules import (
    kind_of,
    require_next,
    require_portion,
    require_whole,
    require_within,
)
from suyuan.trace.samples.tables import Sample, SampleStep
from suyuan.trace.words import Names, listed
from suyuan.trace.written import compacted

WARNING: Final = "sample_doubt"
"""The rule of early warning for a chain of a sample that does not hold."""


def take_sample(w: Writing, facts: SampleFacts) -> str:
    """Enter a sampling sheet; returns the sample's uid.

    Raises InvalidInput also for more than the batch holds, InvalidInputs with all that is missing,
    NotFound, Forbidden for whoever
    may not take samples of this kind from these goods, Conflict for a number that was used.
    """
    batch = batches.batch(w.session, parse_trace_code(facts.trace_code))
    kind = kind_of(facts.kind)
    by = _taker(w, kind, batch)
    require_whole(facts, kind, w.today)
    require_within(facts, Quantity(batch.quantity, batch.unit))
    number = compacted(facts.number)
    same = sa.select(Sample.id).where(Sample.taken_by_id == by.id, Sample.number == number)
    if w.session.scalar(same) is not None:
        raise Conflict("A sample with this number was entered already.", "number")
    taken = _row(w, facts, batch, by)
    taken.number = number
    taken.record_id = _record(w, taken)
    w.session.add(taken)
    w.session.flush()
    return taken.uid


def hand_over(w: Writing, sample_uid: str, facts: StepFacts) -> str:
    """Tell of the next step of a sample or its reserve; returns the step's uid.

    A seal that was broken is kept as it was found, and warned of. Raises NotFound, InvalidInput,
    InvalidInputs, Forbidden for all who do not have it in hand, Conflict where it is not its turn.
    """
    require_portion(facts.portion)
    # of two who tell of the same step the second sees that it was told
    w.session.execute(sa.select(Sample.id).where(Sample.uid == sample_uid).with_for_update())
    found = queries.sample(w.session, sample_uid)
    chain = queries.chain_of(found)
    by = queries.teller(w.session, w.actor, chain, facts.portion)
    if by is None:
        raise Forbidden("Only whoever has the sample in hand tells what happened to it.", "sample")
    require_next(chain, facts, w.today)
    to = _laboratory(w, facts)
    step = SampleStep(
        uid=w.new_uid(),
        sample_id=found.id,
        kind=facts.kind,
        portion=facts.portion,
        on=facts.on,
        by_party_id=by.id,
        person_uid=w.actor.person_uid,
        to_party_id=to.id if to else None,
        laboratory=to.name if to else facts.to_name.strip() if facts.kind == "sent" else "",
        seal=facts.seal.strip() if facts.kind == "sealed" else "",
        intact=facts.intact if facts.kind == "received" else None,
        keep_until=facts.keep_until if facts.kind == "kept" else None,
        note=facts.note.strip(),
        at=w.now,
    )
    step.record_id = _record_step(w, found, step, by, to)
    if step.seal:
        found.seal = step.seal
    found.steps.append(step)
    w.session.flush()
    if step.intact is False:
        doubts = queries.doubts_of(found)
        _warn(w, f"{found.uid}:{step.portion}", found.batch, found, doubts)
    return step.uid


def warn_of_answer(w: Writing, report: TestReport) -> None:
    """Warn of a report that names a sample whose chain does not bear it out."""
    for one in queries.answered_by(w.session, report):
        if one.doubts:
            key = f"{one.sample.uid}:{report.uid}"
            _warn(w, key, report.batches[0], one.sample, one.doubts, report)


def _may_take(actor: Actor, kind: SamplingKind, batch: Batch) -> bool:
    if not actor.may("record_event"):
        return False
    if "owner" in kind.taken_by and actor.may_for("record_event", batch.party):
        return True
    if actor.party_kind not in kind.taken_by or actor.party_state != "active":
        return False
    return actor.party_kind != "regulator" or actor.competent(batch.division, batch.family)


def _taker(w: Writing, kind: SamplingKind, batch: Batch) -> Party:
    if not _may_take(w.actor, kind, batch):
        raise Forbidden(
            "{kind} is done by a regulator who is competent for the goods, or by a laboratory."
            if "owner" not in kind.taken_by
            else "{kind} is done by whoever answers for the goods, or by a laboratory.",
            "kind",
            kind=kind.names,
        )
    own = parties.party(w.session, w.actor.party_uid or "")
    return own if own.kind in kind.taken_by else batch.party


def _laboratory(w: Writing, facts: StepFacts) -> Party | None:
    if facts.kind != "sent" or not facts.to:
        return None
    to = parties.party(w.session, facts.to, "to")
    if to.kind != "laboratory":
        raise InvalidInput("{name} is no laboratory.", "to", name=to.name)
    return to


def _row(w: Writing, facts: SampleFacts, batch: Batch, by: Party) -> Sample:
    evidence = evidence_of(w.session, (facts.evidence,), by.id) if facts.evidence else []
    site = _site(w, facts, by, batch)
    base, reserve = facts.base, facts.reserve
    return Sample(
        uid=w.new_uid(),
        kind=facts.kind,
        batch=batch,
        taken_by=by,
        taken_on=facts.taken_on,
        site=site,
        place=facts.place.strip(),
        base=base.amount if base else None,
        base_unit=base.unit if base else None,
        quantity=facts.quantity.amount,
        unit=facts.quantity.unit,
        reserve=reserve.amount if reserve else None,
        reserve_unit=reserve.unit if reserve else None,
        seal=facts.seal.strip(),
        samplers=_names(facts.samplers),
        present=_names(facts.present),
        note=facts.note.strip(),
        evidence=evidence[0] if evidence else None,
        at=w.now,
        steps=[],
    )


def _site(w: Writing, facts: SampleFacts, by: Party, batch: Batch) -> Site | None:
    """The place, one of whoever took it or of whoever answers for the goods."""
    if not facts.site:
        return None
    site = parties.site(w.session, facts.site, "site")
    if site.party_id not in (by.id, batch.party_id):
        raise InvalidInput("This place is another organisation's.", "site")
    return site


def _names(names: tuple[str, ...]) -> list[str]:
    return list(dict.fromkeys(text for one in names if (text := one.strip())))


def _record(w: Writing, one: Sample) -> str:
    return w.record(
        SAMPLE,
        "sample.taken",
        {
            "sample": one.uid,
            "trace_code": one.batch.trace_code,
            "kind": one.kind,
            "taken_by": one.taken_by.uid,
            "taken_on": one.taken_on.isoformat(),
            "number": one.number,
            "seal": one.seal or None,
            "base": _said(one.base, one.base_unit),
            "quantity": _said(one.quantity, one.unit),
            "reserve": _said(one.reserve, one.reserve_unit),
            "site": one.site.uid if one.site else None,
            "place": one.place or None,
            "note": one.note or None,
            "evidence": one.evidence.uid if one.evidence else None,
            "samplers": one.samplers,
            "present": one.present or None,
            "typed_by": w.actor.person_uid,
        },
        subject=one.uid,
    )


def _said(amount: Decimal | None, unit: str | None) -> dict[str, str] | None:
    return Quantity(amount, unit).to_json() if amount is not None and unit else None


def _record_step(w: Writing, found: Sample, step: SampleStep, by: Party, to: Party | None) -> str:
    return w.record(
        SAMPLE_STEP,
        f"sample.{step.kind}",
        {
            "step": step.uid,
            "sample": found.uid,
            "kind": step.kind,
            "portion": step.portion,
            "on": step.on.isoformat(),
            "told_by": by.uid,
            "laboratory_party": to.uid if to else None,
            "laboratory": step.laboratory or None,
            "seal": step.seal or None,
            "intact": step.intact,
            "keep_until": step.keep_until.isoformat() if step.keep_until else None,
            "note": step.note or None,
            "typed_by": w.actor.person_uid,
        },
        subject=found.uid,
    )


def _warn(
    w: Writing,
    key: str,
    batch: Batch,
    found: Sample,
    doubts: tuple[Remark, ...],
    report: TestReport | None = None,
) -> None:
    evidence: dict[str, str | Names] = {"sample": found.number, "trace_code": batch.trace_code}
    if report is not None:
        evidence |= {"report": report.uid, "number": report.number}
    evidence["finding"] = listed(called("doubts")[one.code] for one in doubts)
    warn(w, WARNING, key, batch=batch, evidence=evidence)
