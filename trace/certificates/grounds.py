"""What is known of a batch that is to be certified, gathered for the rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy.orm import Session

from suyuan.trace.batches import queries as batches
from suyuan.trace.batches.tables import Batch
from suyuan.trace.certificates.inputs import forbidden
from suyuan.trace.certificates.queries import PAPER_KIND, certified
from suyuan.trace.certificates.rules import Grounds, Tested
from suyuan.trace.certificates.sources import lots_of
from suyuan.trace.certificates.texts import certificate_texts
from suyuan.trace.events.intervals import InputUsed, inputs_used
from suyuan.trace.events.queries import events_of
from suyuan.trace.lineage.queries import ancestors
from suyuan.trace.products.families import Families
from suyuan.trace.products.family import Variant
from suyuan.trace.products.papers_needed import product_classes as decision_table
from suyuan.trace.quality.against import words_against
from suyuan.trace.quality.conclusions import is_against
from suyuan.trace.quality.conclusions import is_for as speaks_for
from suyuan.trace.quality.product_classes import product_classes
from suyuan.trace.quality.queries import Judged, judged, reports_of_batches
from suyuan.trace.quality.readings import is_nothing_found
from suyuan.trace.quality.tables import TestItem, TestReport


def grounds_of(session: Session, families: Families, batch: Batch, on: date) -> Grounds:
    """All that the rules of certificates look at, for a certificate dated ``on``."""
    variant = families.get(batch.family).variant(batch.variant)
    inputs = _inputs(session, batch)
    limits_of = product_classes().of_variant(batch.family, batch.variant)
    free_by = _free_by(batch, variant, on)
    stated_of = certificate_texts().rules.stated_of
    return Grounds(
        issuer=batch.party.name,
        listed=batch.party.state == "active",
        product=variant.names,
        required=is_for(variant),
        unit=batch.unit,
        made=batch.quantity,
        certified=certified(session, batch.id),
        left=batches.left(session, batch.id, batch.party_id),
        free_by=free_by,
        inputs=inputs,
        unended=tuple(one for one in inputs if one.ends is None and one.kind in stated_of),
        forbidden=forbidden(inputs, limits_of.key, free_by) if limits_of else (),
        tests=_tests(session, batch),
        lots=lots_of(session, batch),
    )


def is_for(variant: Variant) -> bool:
    """Whether the law knows a commitment certificate for goods of this kind."""
    table = decision_table()
    needs = table[variant.product_class].needs if variant.product_class in table else ()
    return any(one.kind == PAPER_KIND and one.necessity != "not_needed" for one in needs)


def _free_by(batch: Batch, variant: Variant, on: date) -> date:
    """The day on which intervals must be over: of harvest or slaughter, for live animals that of
    issue, and of issue where no other is known."""
    if variant.product_class in certificate_texts().rules.on_issue or batch.produced_on is None:
        return on
    return batch.produced_on


def _inputs(session: Session, batch: Batch) -> tuple[InputUsed, ...]:
    """What was used on a batch, and on what it was made of as long as that was not yet this."""
    chain = ancestors(session, batch.id)
    events = [
        event
        for event in events_of(session, chain)
        if event.happened_at <= batch.registered_at
        or any(part.batch_id == batch.id for part in event.batches)
    ]
    return inputs_used(events)


def _tests(session: Session, batch: Batch) -> tuple[Tested, ...]:
    """The reports on a batch, each with its lines that passed and that did not: by the standards,
    unless another laboratory decided otherwise, or by the laboratory's own word."""
    verdicts = {(one.report_uid, one.position): one for one in judged(session, [batch.id])}
    against: defaultdict[str, list[str]] = defaultdict(list)
    for word in words_against(session, [batch.id]):
        against[word.report_uid] += word.tested
    reports = reports_of_batches(session, [batch.id])
    return tuple(_tested(one, batch, verdicts, against[one.uid]) for one in reports)


def _tested(
    report: TestReport,
    batch: Batch,
    verdicts: Mapping[tuple[str, int], Judged],
    against: Sequence[str],
) -> Tested:
    own = report.laboratory_id == batch.party_id or report.laboratory == batch.party.name
    found = [(item, verdicts.get((report.uid, item.position))) for item in report.items]
    failed = [item.parameter for item, one in found if _is_failed(one)]
    return Tested(
        number=report.number,
        by_others=report.kind == "laboratory" and not own,
        issued_on=report.issued_on,
        taken_on=report.sampled_on or report.issued_on,
        valid_to=report.valid_to,
        passed=tuple(item.parameter for item, one in found if _is_passed(report, item, one)),
        failed=tuple(dict.fromkeys((*failed, *against))),
    )


def _is_failed(one: Judged | None) -> bool:
    return one is not None and one.verdict == "fail" and one.stands


def _is_passed(report: TestReport, item: TestItem, one: Judged | None) -> bool:
    """By a verdict; where no standard here has a limit, by the laboratory's own word, or that
    nothing was found."""
    if is_against(item.conclusion) or is_against(report.conclusion):
        return False
    if one is not None and one.verdict != "not_regulated":
        return one.verdict == "pass" and one.stands
    favourable = speaks_for(item.conclusion) or speaks_for(report.conclusion)
    return favourable or is_nothing_found(item.result)
