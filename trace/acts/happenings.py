"""Writing an event with its record; part of the acts, never called by edges."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from suyuan.trace.acts.believing import kept, place_doubt, require_made_before
from suyuan.trace.acts.claiming import require_stated_grade_borne
from suyuan.trace.acts.transaction import Writing
from suyuan.trace.batches import queries as batches
from suyuan.trace.batches.records import fact_fields
from suyuan.trace.batches.tables import Batch
from suyuan.trace.clock import utc_text
from suyuan.trace.errors import Conflict, Forbidden, InvalidInput, NotFound
from suyuan.trace.events import rules
from suyuan.trace.events.facts import Portion
from suyuan.trace.events.kinds import EventKind, completeness
from suyuan.trace.events.records import EVENT, KDE
from suyuan.trace.events.tables import Event, EventBatch
from suyuan.trace.evidence.queries import evidence_of
from suyuan.trace.evidence.tables import EvidenceFile
from suyuan.trace.parties import queries as parties
from suyuan.trace.parties.tables import Party, Site
from suyuan.trace.products.family import Family
from suyuan.trace.quantities import Quantity
from suyuan.trace.stated_dates import StatedDate


@dataclass(frozen=True)
class Part:
    """A batch in an event, with the quantity concerned in the batch's unit, if one is known."""

    batch: Batch
    role: str
    quantity: Decimal | None


class Said(Protocol):
    """What every kind of facts about an event says."""

    @property
    def id(self) -> str | None: ...
    @property
    def happened_at(self) -> datetime: ...
    @property
    def site(self) -> str | None: ...
    @property
    def payload(self) -> Mapping[str, Any]: ...
    @property
    def evidence(self) -> tuple[str, ...]: ...


@dataclass(frozen=True)
class Happening:
    """An event that is about to be written: everything checked but its key data."""

    kind: EventKind
    party: Party
    site: Site | None
    happened_at: datetime
    digest: str
    id: str | None = None
    happened: StatedDate | None = None
    payload: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""
    evidence: Sequence[EvidenceFile] = ()
    grade: str = "self_declared"


def happening(w: Writing, kind: EventKind, party: Party, said: Said) -> Happening:
    """Check what all facts about events share. Raises InvalidInput, Forbidden, NotFound."""
    require_active(party)
    if not kind.system and party.kind not in kind.recorded_by:
        raise Forbidden(
            "A {party_kind} does not record events of the kind {kind}.",
            "kind",
            party_kind=party.kind,
            kind=kind.key,
        )
    rules.require_client_id(said.id)
    rules.require_happened(said.happened_at, w.now, getattr(said, "happened", None))
    evidence = evidence_of(w.session, said.evidence, party.id)
    claimed = getattr(said, "evidence_grade", "self_declared")
    return Happening(
        kind=kind,
        party=party,
        site=parties.site(w.session, said.site) if said.site else None,
        happened_at=said.happened_at,
        digest=rules.content_digest(said),
        id=said.id,
        happened=getattr(said, "happened", None),
        payload=said.payload,
        note=getattr(said, "note", ""),
        evidence=evidence,
        grade=grade_of(party, bool(evidence), claimed),
    )


def grade_of(party: Party, has_evidence: bool, claimed: str = "self_declared") -> str:
    """The grade of what a party tells. Raises InvalidInput where it claims too much."""
    third_party = rules.is_third_party(party.kind, party.state)
    return rules.evidence_grade(third_party, has_evidence, claimed)


def require_active(party: Party) -> None:
    """Raises Forbidden for a suspended party; an unchecked one may act, and its codes say so."""
    if party.state == "suspended":
        raise Forbidden("This organisation is suspended: {reason}", reason=party.state_reason)


def told_before(w: Writing, id_: str | None, digest: str) -> Event | None:
    """The event that came under this id before. Raises OtherContent where it said otherwise.

    Asked with the batches locked: of two that come at once, the second sees the first.
    """
    before = w.session.scalar(sa.select(Event).where(Event.uid == id_)) if id_ else None
    if before is not None and before.content_digest != digest:
        raise rules.OtherContent(
            "The event id {id} was used for another content. Use a new id for a new event.",
            "id",
            id=id_,
        )
    return before


def locked_batches(w: Writing, portions: Sequence[Portion], field: str) -> dict[str, Batch]:
    """The batches of some portions, kept to this transaction. Raises InvalidInput, NotFound."""
    codes = [portion.trace_code for portion in portions]
    if not codes:
        raise InvalidInput("Say which batches this is about.", field)
    if len(set(codes)) < len(codes):
        raise InvalidInput("A batch stands here twice: give each once.", field)
    found = batches.lock_by_code(w.session, codes)
    for code in codes:
        if code not in found:
            raise NotFound("There is no batch {code}.", field, code=code)
    return found


def require_there(some: Iterable[Batch]) -> None:
    """Raises Conflict for a batch that was withdrawn."""
    for batch in some:
        if batch.state == "withdrawn":
            raise Conflict(
                "Batch {code} was withdrawn: nothing more can happen to it.",
                "trace_code",
                code=batch.trace_code,
            )


def family_of(w: Writing, some: Sequence[Batch]) -> tuple[Family | None, str | None]:
    """The family and variant that some batches share, so far as they share them."""
    families = {batch.family for batch in some}
    variants = {batch.variant for batch in some}
    if len(families) != 1:
        return None, None
    return w.families.get(families.pop()), variants.pop() if len(variants) == 1 else None


def write_event(
    w: Writing,
    what: Happening,
    parts: Sequence[Part],
    *,
    asked_of: Sequence[Batch],
    said: Mapping[str, Any] | None = None,
    corrects: Event | None = None,
    withdrawn: bool = False,
    record_id: str | None = None,
    doubts: Sequence[Mapping[str, Any]] = (),
) -> Event:
    """Write the event row, its batches and evidence, and its record.

    ``asked_of``: the batches whose family says which key data are asked. ``said``: further
    fields of the record. ``record_id``: the record that says it already, where there is one.
    ``doubts``: what is hard to believe of it, as rows keep warnings.
    Raises InvalidInputs for key data that cannot be, InvalidInput for a day before the batch was
    made, Unborne for a grade that its facts do not bear, OtherContent where the id is taken.
    """
    told_of = [part.batch for part in parts if part.role != "output"]
    require_made_before(w, what.kind, what.happened_at, told_of)
    elsewhere = place_doubt(w, what.party, what.site, told_of) if corrects is None else None
    if elsewhere is not None:
        doubts = [*doubts, kept(elsewhere, "site")]
    family, variant = family_of(w, asked_of)
    clean, _ = what.kind.check(what.payload, family, variant)
    payload = rules.tags_checked(clean)
    if not withdrawn:
        require_stated_grade_borne(w, told_of, payload)
    complete = completeness(what.kind, payload, _known(what, parts), family, variant)
    event = Event(
        uid=what.id or w.new_uid(),
        kind=what.kind.key,
        happened=what.happened.to_json() if what.happened else None,
        happened_at=what.happened_at,
        recorded_at=w.now,
        party_id=what.party.id,
        person_uid=w.actor.person_uid,
        site_id=what.site.id if what.site else None,
        payload=payload,
        note=what.note,
        evidence_grade=what.grade,
        completeness=complete.score,
        missing=[gap.key for gap in complete.missing],
        warnings=[dict(doubt) for doubt in doubts],
        corrects_id=corrects.id if corrects else None,
        withdrawn=withdrawn,
        content_digest=what.digest,
    )
    asked = {element.key: element for element in what.kind.all_key_data(family, variant)}
    fields, classes = fact_fields(payload, asked, KDE)
    event.record_id = record_id or w.record(
        EVENT,
        f"event.{what.kind.key}",
        {**_fields(w, what, event, parts, corrects), **fields, **(said or {})},
        subject=event.uid,
        classes=classes,
    )
    _insert(w, event, chosen=what.id is not None)
    _attach(w, event, parts, what.evidence)
    return event


def _known(what: Happening, parts: Sequence[Part]) -> set[str]:
    """Which of who, what, when, where and quantity an event says."""
    known = {"who", "what", "when"}
    if what.site is not None:
        known.add("where")
    if any(part.quantity is not None for part in parts):
        known.add("quantity")
    return known


def _fields(
    w: Writing, what: Happening, event: Event, parts: Sequence[Part], corrects: Event | None
) -> dict[str, Any]:
    return {
        "event": event.uid,
        "kind": event.kind,
        "happened_at": utc_text(event.happened_at),
        "happened": event.happened,
        "party": what.party.uid,
        "site": what.site.uid if what.site else None,
        "batches": [{"code": part.batch.trace_code, "role": part.role} for part in parts],
        "quantities": [_amount(part) for part in parts],
        "evidence": [file.sha256 for file in what.evidence] or None,
        "evidence_grade": event.evidence_grade,
        "completeness": event.completeness,
        "missing": event.missing or None,
        "warnings": event.warnings or None,
        "corrects": corrects.uid if corrects else None,
        "withdrawn": event.withdrawn or None,
        "note": event.note or None,
        "typed_by": w.actor.person_uid,
    }


def _amount(part: Part) -> dict[str, str] | None:
    if part.quantity is None:
        return None
    return Quantity(part.quantity, part.batch.unit).to_json()


def _insert(w: Writing, event: Event, *, chosen: bool) -> None:
    """Insert the row. An event of other batches may have taken the id since it was looked up."""
    if not chosen:  # an id of ours is nobody else's
        w.session.add(event)
        w.session.flush()
        return
    try:
        with w.session.begin_nested():
            w.session.add(event)
            w.session.flush()
    except IntegrityError as error:
        raise rules.OtherContent(
            "The event id {id} was used for another content. Use a new id for a new event.",
            "id",
            id=event.uid,
        ) from error


def _attach(
    w: Writing, event: Event, parts: Sequence[Part], evidence: Sequence[EvidenceFile]
) -> None:
    w.session.add_all(
        EventBatch(
            event_id=event.id, batch_id=part.batch.id, role=part.role, quantity=part.quantity
        )
        for part in parts
    )
    if evidence:
        event.evidence.extend(evidence)
    w.session.flush()
