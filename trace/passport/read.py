"""Reading a passport out of the record: one path from a code to its answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from suyuan.trace.batches.queries import batch as batch_by_code
from suyuan.trace.batches.queries import shares
from suyuan.trace.batches.tables import Batch
from suyuan.trace.clock import SHANGHAI
from suyuan.trace.codes.paths import CodePath, GtinPath, TracePath
from suyuan.trace.codes.trace_code import parse_trace_code
from suyuan.trace.codes.verify import Verdict
from suyuan.trace.events.kinds import EventKinds
from suyuan.trace.events.tables import Event
from suyuan.trace.lineage.queries import chain
from suyuan.trace.log.queries import head, record
from suyuan.trace.parties.divisions import divisions
from suyuan.trace.parties.queries import supervision_phone
from suyuan.trace.parties.tables import Party, Site
from suyuan.trace.passport.covering import papers_behind, tests_behind
from suyuan.trace.passport.facts import (
    Copies,
    Fact,
    Issued,
    Passport,
    Place,
    Stop,
    Unvouched,
    Who,
)
from suyuan.trace.passport.standing import standing_of
from suyuan.trace.passport.steps import PUBLIC, events_of, fact_of, family_of, shown_name, steps_of
from suyuan.trace.printing.online import check_online
from suyuan.trace.printing.tables import IssuedCode, PrintRun
from suyuan.trace.products.families import Families
from suyuan.trace.quantities import Quantity
from suyuan.trace.scans.tables import ScanTally
from suyuan.trace.stated_dates import StatedDate
from suyuan.trace.words import Names

MOST_BATCHES = 200
"""How many batches back a passport looks; an inspector's chain goes further."""
MOST_EVENTS = 400

VOUCHED = frozenset({Verdict.GOOD, Verdict.UNSIGNED})


def passport_of(
    session: Session,
    families: Families,
    scanned: str,
    *,
    now: datetime,
    otherwise_call: str = "12315",
) -> Passport | Unvouched:
    """The answer about a scanned code: the raw text of the URL, or its raw path.

    ``otherwise_call`` is the supervision line where the division has none. Never raises for a
    bad code: that is an ``Unvouched`` answer.
    """
    checked = check_online(session, scanned, now)
    verdict = checked.verdict
    if checked.path is None or verdict not in VOUCHED:
        code = checked.path.code if isinstance(checked.path, TracePath) else None
        return Unvouched(str(verdict), checked.issuer, checked.host, code, checked.fault)
    batch = _batch_of(session, checked.path)
    known = checked.path.serial is None or _was_issued(session, checked.path)
    if batch is None or not known:
        return Unvouched(
            "not-in-use" if known and _is_roll(session, checked.path) else "not-issued"
        )
    issued = Issued(str(verdict), checked.issuer)
    return _passport(session, families, batch, checked.path, issued, now, otherwise_call)


def passport_of_typed(
    session: Session,
    families: Families,
    trace_code: str,
    *,
    now: datetime,
    otherwise_call: str = "12315",
) -> Passport:
    """The answer about a trace code that was typed in. Raises TraceCodeError, NotFound."""
    batch = batch_by_code(session, parse_trace_code(trace_code))
    path = TracePath(batch.trace_code)
    issued = Issued(Verdict.UNSIGNED.value, None, typed=True)
    return _passport(session, families, batch, path, issued, now, otherwise_call)


def _batch_of(session: Session, path: CodePath) -> Batch | None:
    query = sa.select(Batch).options(
        joinedload(Batch.party), joinedload(Batch.site), joinedload(Batch.product)
    )
    if isinstance(path, GtinPath):
        return session.scalar(query.where(Batch.path == str(path.batch)))
    found = session.scalar(query.where(Batch.trace_code == path.code))
    if found is None and path.serial is not None:
        # a roll's code is no batch's: the run says what it was bound to
        run = session.scalar(
            sa.select(PrintRun).join(IssuedCode).where(IssuedCode.path == str(path))
        )
        return run.batch if run else None
    return found


def _was_issued(session: Session, path: CodePath) -> bool:
    wanted = sa.select(IssuedCode.id).where(IssuedCode.path == str(path))
    return session.scalar(wanted) is not None


def _is_roll(session: Session, path: CodePath) -> bool:
    """Whether the path is of a roll that was printed and is bound to no batch."""
    run = sa.select(PrintRun.id).join(IssuedCode).where(PrintRun.batch_id.is_(None))
    return session.scalar(run.where(IssuedCode.path == str(path))) is not None


def _passport(
    session: Session,
    families: Families,
    batch: Batch,
    path: CodePath,
    issued: Issued,
    now: datetime,
    otherwise_call: str,
) -> Passport:
    family = family_of(families, batch)
    today = now.astimezone(SHANGHAI).date()
    walked = chain(session, batch.id, "back", most=MOST_BATCHES)
    ids = [node.batch_id for node in walked.nodes]
    behind = [batch, *_others(session, [one for one in ids if one != batch.id])]
    events = events_of(session, ids, MOST_EVENTS + 1)
    said = record(session, batch.record_id)
    grade = family.grade(batch.attributes) if family else None
    asked = family.attributes if family else {}
    return Passport(
        trace_code=batch.trace_code,
        path=str(path),
        serial=path.serial,
        issued=issued,
        standing=standing_of(session, batch, path, now, today),
        copies=_copies(session, path),
        name=batch.name,
        names=dict(batch.product.names) if batch.product else {},
        family=batch.family,
        family_names=family.names if family else Names(batch.family, batch.family),
        variant_names=family.variant(batch.variant).names
        if family and batch.variant in family.variants
        else Names(batch.variant, batch.variant),
        is_food=family.is_food if family else True,
        gtin=batch.product.gtin if batch.product else None,
        lot=batch.lot,
        quantity=Quantity(batch.quantity, batch.unit),
        produced=StatedDate.from_json(batch.produced) if batch.produced else None,
        best_before=batch.best_before,
        grade=grade.names if grade else None,
        grade_scheme=f"{grade.scheme} {grade.version}" if grade else None,
        facts=_facts(families, batch),
        label=dict(batch.product.label) if batch.product else {},
        producer=who(batch.party),
        origin=place(batch.site) if batch.site else None,
        households=len(shares(session, batch.id)),
        route=_route(events[:MOST_EVENTS]),
        papers=papers_behind(session, batch, behind, today),
        tests=tests_behind(session, behind),
        steps=steps_of(session, families, events[:MOST_EVENTS], PUBLIC),
        not_recorded=tuple(asked[key].names for key in batch.gaps if key in asked),
        truncated=walked.truncated or len(events) > MOST_EVENTS,
        supervision_phone=supervision_phone(session, batch.division, otherwise_call),
        registered_at=batch.registered_at,
        record_id=said.id,
        leaf_index=said.leaf_index,
        log_size=head(session).size,
    )


def who(party: Party) -> Who:
    """A party as the public sees it. A household's own number is nobody's but its own."""
    answers = party.parent if party.kind == "household_group" and party.parent else party
    return Who(
        uid=party.uid,
        name=shown_name(party),
        names=dict(party.names) if party.kind != "household_group" else {},
        kind=party.kind,
        state=party.state,
        division=divisions().name_path(party.division),
        phone=answers.phone if answers.kind != "household_group" else "",
        supervision_phone=party.supervision_phone,
        uscc=party.uscc,
        warnings=tuple(party.warnings),
    )


def place(site: Site) -> Place:
    """A site as the public sees it: to the township and its altitude, not to the metre."""
    return Place(
        uid=site.uid,
        name=site.name,
        names=dict(site.names),
        kind=site.kind,
        division_code=site.division,
        division=divisions().name_path(site.division),
        altitude_m=site.altitude_m,
        latitude=_coarse(site.latitude),
        longitude=_coarse(site.longitude),
    )


def _coarse(degrees: str | None) -> str | None:
    """To a hundredth of a degree, about a kilometre: a pasture, and not a tent."""
    return None if degrees is None else f"{float(degrees):.2f}"


def _others(session: Session, ids: Sequence[int]) -> list[Batch]:
    if not ids:
        return []
    return list(session.scalars(sa.select(Batch).where(Batch.id.in_(ids))))


def _facts(families: Families, batch: Batch) -> tuple[Fact, ...]:
    family = family_of(families, batch)
    if family is None:
        return ()
    return tuple(
        fact_of(asked, batch.attributes[asked.key])
        for asked in family.asked(batch.variant)
        if asked.key in batch.attributes and asked.disclosure in PUBLIC
    )


def _copies(session: Session, path: CodePath) -> Copies | None:
    if path.serial is None:
        return None
    tally = session.get(ScanTally, str(path))
    return Copies(tally.count, tally.first_at, tally.last_at) if tally else Copies(0, None, None)


def _route(events: Sequence[Event]) -> tuple[Stop, ...]:
    """The places in the order in which the goods first came to them."""
    stops: dict[int, Stop] = {}
    for event in events:
        if event.site is not None and event.site.id not in stops and not event.corrected_by_id:
            kind = EventKinds.load().get(event.kind)
            stops[event.site.id] = Stop(
                place(event.site), shown_name(event.party), kind.names, event.happened_at
            )
    return tuple(stops.values())
