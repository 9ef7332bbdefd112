"""Events: what happened to batches and made no new ones; and corrections of what was told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, cast

import sqlalchemy as sa

from suyuan.trace.acts import holdings
from suyuan.trace.acts.balancing import surpluses, warn_of_surpluses
from suyuan.trace.acts.believing import Kept, kept, surplus_doubt
from suyuan.trace.acts.certified_goods import require_certified
from suyuan.trace.acts.event_draws import plan_for_event, write_for_event
from suyuan.trace.acts.happenings import (
    Happening,
    Part,
    happening,
    locked_batches,
    require_there,
    told_before,
    write_event,
)
from suyuan.trace.acts.overtaken import warn_of_forbidden_inputs, warn_of_overtaken_certificates
from suyuan.trace.acts.releasing import let_go
from suyuan.trace.acts.sending import send, take_back
from suyuan.trace.acts.stopped_goods import warn_of_stopped_goods, watched
from suyuan.trace.acts.trained import require_trained_station
from suyuan.trace.acts.transaction import Writing
from suyuan.trace.batches.tables import Batch
from suyuan.trace.errors import Conflict, Forbidden, InvalidInput
from suyuan.trace.events import queries, rules
from suyuan.trace.events.facts import CorrectionFacts, EventFacts, Portion
from suyuan.trace.events.kinds import EventKind, EventKinds
from suyuan.trace.events.tables import Event, EventBatch
from suyuan.trace.parties import queries as parties
from suyuan.trace.parties.divisions import divisions
from suyuan.trace.parties.roles import Rights
from suyuan.trace.parties.tables import Party
from suyuan.trace.release.conditions import Moment
from suyuan.trace.release.queries import require_not_stopped
from suyuan.trace.release.rules import require_reason
from suyuan.trace.stated_dates import StatedDate

_PERMISSIONS = {"ship": "ship", "return": "ship"}
"""What an event of a kind asks the actor for, where it is not ``record_event``."""


def record_event(w: Writing, facts: EventFacts) -> str:
    """Record something that happened to batches; returns the event's uid.

    Raises InvalidInput and InvalidInputs for what cannot be, NotFound, Forbidden, Untrained for a
    station without trained people; Conflict where there is not enough in hand, an order stops the
    batch, or the id was used for other content.
    """
    kind = _kind(facts.kind)
    party = parties.party(w.session, facts.party)
    w.actor.require(_PERMISSIONS.get(kind.key, "record_event"), party)
    what = happening(w, kind, party, facts)
    found = locked_batches(w, facts.batches, "batches")
    before = told_before(w, facts.id, what.digest)
    if before is not None:
        return before.uid
    require_trained_station(w, party, kind.key)
    concerned = list(found.values())
    require_there(concerned)
    _require_concerned(w, kind, party, concerned)
    if kind.key in rules.STOPPED_BY_ORDER:
        require_not_stopped(w.session, [batch.id for batch in concerned])
        _let_go(w, what, concerned, facts)
    doubts = _doubts(w, kind, party, found, facts)
    more = surpluses(w, kind, party, found, facts.batches)
    stopped = watched(w, kind, party, concerned)
    parts = [_effect(w, kind, party, found[one.trace_code], one, facts) for one in facts.batches]
    drawn = plan_for_event(w, kind, party, parts, facts.payload)
    event = _write(w, what, parts, facts, [*doubts, *drawn.doubts])
    write_for_event(w, drawn)
    holdings.settle(w, concerned, party)
    warn_of_surpluses(w, event, more)
    warn_of_stopped_goods(w, event, stopped)
    warn_of_overtaken_certificates(w, event)
    warn_of_forbidden_inputs(w, event)
    return event.uid


def correct_event(w: Writing, facts: CorrectionFacts) -> str:
    """Mend what was told of an event by telling it again; returns the new event's uid.

    The first telling stays as it is and points at the new one. Raises NotFound, Forbidden,
    InvalidInput; Conflict where a later correction is there, or where an event that moved
    quantity is to be withdrawn (it is set right by a further event instead).
    """
    old = queries.event(w.session, facts.event)
    w.actor.require("correct_event", old.party)
    rules.require_client_id(facts.id)
    reason = require_reason(facts.reason)
    # whoever corrects waits here for whoever is correcting the same event
    w.session.execute(
        sa.select(Event)
        .where(Event.id == old.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    digest = rules.content_digest(facts)
    before = told_before(w, facts.id, digest)
    if before is not None:
        return before.uid
    kind = EventKinds.load().get(old.kind)
    _require_correctable(w, kind, old, facts)
    happened_at = facts.happened_at or old.happened_at
    rules.require_happened(happened_at, w.now)
    same_day = facts.happened_at is None
    what = Happening(
        kind=kind,
        party=old.party,
        site=old.site,
        happened_at=happened_at,
        digest=digest,
        id=facts.id,
        happened=StatedDate.from_json(old.happened) if old.happened and same_day else None,
        payload={**old.payload, **(facts.payload or {})},
        note=old.note if facts.note is None else facts.note,
        evidence=old.evidence,
        grade=old.evidence_grade,
    )
    new = write_event(
        w,
        what,
        [Part(part.batch, part.role, part.quantity) for part in old.batches],
        asked_of=_asked_of(kind, old.batches),
        said={"reason": reason},
        corrects=old,
        withdrawn=facts.withdrawn,
        doubts=old.warnings,
    )
    new.correction_reason = reason
    old.corrected_by_id = new.id
    w.session.flush()
    if not new.withdrawn:
        warn_of_overtaken_certificates(w, new)
        warn_of_forbidden_inputs(w, new)
    return new.uid


def _let_go(w: Writing, what: Happening, some: Sequence[Batch], facts: EventFacts) -> None:
    """Have the gate say whether these batches may be shipped or sold. Raises NotReleased."""
    moment = cast("Moment", what.kind.key)
    to = parties.party(w.session, facts.to_party, "to_party") if facts.to_party else None
    let_go(w, some, moment, what.happened_at, what.party, what.site, to)
    portions = {one.trace_code: one.quantity for one in facts.batches}
    for batch in some:
        require_certified(w, batch, what.party, portions.get(batch.trace_code))


def _kind(key: str) -> EventKind:
    """The kind of event. Raises InvalidInput where it comes only from an act of its own."""
    kind = EventKinds.load().get(key)
    if kind.system or kind.makes_outputs or key == "receive":
        raise InvalidInput(
            "An event of the kind {kind} is not recorded by itself: register, receive or hold the "
            "batch, or say what was made of it.",
            "kind",
            kind=key,
        )
    return kind


def _require_concerned(
    w: Writing, kind: EventKind, party: Party, concerned: Sequence[Batch]
) -> None:
    """Raises InvalidInput for a kind that does not happen to the family, and Forbidden where the
    batches are no business of the party."""
    for batch in concerned:
        if not kind.happens_to(w.families.get(batch.family)):
            raise InvalidInput(
                "An event of the kind {kind} does not happen to {family}.",
                "kind",
                kind=kind.key,
                family=batch.family,
            )
        if not _is_concerned(w, party, batch):
            raise Forbidden(
                "Batch {code} was never in the hands of this organisation.",
                "batches",
                code=batch.trace_code,
            )


def _is_concerned(w: Writing, party: Party, batch: Batch) -> bool:
    if party.id == batch.party_id or holdings.holding(w, batch, party) is not None:
        return True
    if party.kind == "regulator":
        return w.actor.competent(batch.division, batch.family)
    if Rights.load().organisation_kind(party.kind).serves_division:
        return divisions().contains(party.division, batch.division)
    return rules.is_third_party(party.kind, party.state)


def _effect(
    w: Writing, kind: EventKind, party: Party, batch: Batch, portion: Portion, facts: EventFacts
) -> Part:
    """Do to the quantity in hand what events of the kind do, and say how much was concerned."""
    amount: Decimal | None = None
    if kind.effect == "adjusts":
        amount = holdings.count(w, batch, party, portion.quantity)
    elif kind.key == "return" and facts.to_party is None:
        amount = take_back(w, batch, party, portion.quantity)
    elif kind.effect in ("uses", "moves") or _is_sample(w, kind, party, batch, portion):
        amount = holdings.wanted(w, batch, party, portion.quantity)
        holdings.take(w, batch, party, amount)
    elif portion.quantity is not None:
        amount = holdings.wanted(w, batch, party, portion.quantity)
    return Part(batch, "subject", amount)


def _is_sample(w: Writing, kind: EventKind, party: Party, batch: Batch, portion: Portion) -> bool:
    """Whether something is taken out of what the party has; a laboratory has nothing in hand."""
    in_hand = holdings.holding(w, batch, party) is not None
    return kind.key in rules.SAMPLED and portion.quantity is not None and in_hand


def _doubts(
    w: Writing, kind: EventKind, party: Party, found: Mapping[str, Batch], facts: EventFacts
) -> list[Kept]:
    """What is hard to believe of the quantities, as rows keep it; asked before they change."""
    if kind.effect != "adjusts":
        return []
    some = (surplus_doubt(w, party, found[one.trace_code], one.quantity) for one in facts.batches)
    return [kept(doubt, "quantity") for doubt in some if doubt is not None]


def _write(
    w: Writing, what: Happening, parts: Sequence[Part], facts: EventFacts, doubts: Sequence[Kept]
) -> Event:
    """Write the event, and send off what it moves to another party."""
    concerned = [part.batch for part in parts]
    if what.kind.effect != "moves" or (what.kind.key == "return" and facts.to_party is None):
        if facts.to_party is not None:
            raise InvalidInput("Only a shipment or a return has a receiver.", "to_party")
        return write_event(w, what, parts, asked_of=concerned, doubts=doubts)
    if facts.to_party is None:
        raise InvalidInput("Say who is to receive it.", "to_party")
    receiver = parties.party(w.session, facts.to_party, "to_party")
    uids = [w.new_uid() for _ in parts]
    said: Mapping[str, Any] = {"to_party": receiver.uid, "shipments": uids}
    event = write_event(w, what, parts, asked_of=concerned, said=said)
    send(w, event, what.party, receiver, parts, uids)
    return event


def _require_correctable(w: Writing, kind: EventKind, old: Event, facts: CorrectionFacts) -> None:
    if old.corrected_by_id is not None:
        raise Conflict(
            "This event was corrected already: correct {newest}.",
            "event",
            newest=queries.newest(w.session, old).uid,
        )
    if old.withdrawn:
        raise Conflict("This event was withdrawn: it never happened.", "event")
    if facts.withdrawn and rules.moved_quantity(kind, (part.quantity for part in old.batches)):
        raise Conflict(
            "This event moved quantity and cannot be withdrawn: set the quantity right with a "
            "stocktake, a return or a loss.",
            "withdrawn",
        )
    if not (facts.withdrawn or _changes(old, facts)):
        raise InvalidInput("Nothing was changed: change what was wrong.", "reason")


def _changes(old: Event, facts: CorrectionFacts) -> bool:
    """Whether a correction tells anything differently."""
    return (
        {**old.payload, **(facts.payload or {})} != old.payload
        or facts.happened_at not in (None, old.happened_at)
        or facts.note not in (None, old.note)
    )


def _asked_of(kind: EventKind, parts: Sequence[EventBatch]) -> list[Batch]:
    """The batches whose family says which key data are asked: what was made, if anything was."""
    role = "output" if kind.makes_outputs else "subject"
    return [part.batch for part in parts if part.role == role]
