"""Letting goods go: by the rule, by a person, or by two persons without what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from suyuan.trace.acts.claiming import require_claims_proved, require_own_marks_allowed
from suyuan.trace.acts.happenings import Happening, Part, grade_of, write_event
from suyuan.trace.acts.transaction import Writing
from suyuan.trace.batches import queries as batches
from suyuan.trace.batches.records import fact_fields
from suyuan.trace.batches.tables import Batch
from suyuan.trace.clock import day_of
from suyuan.trace.errors import Conflict, Forbidden, InvalidInput
from suyuan.trace.events.kinds import EventKinds
from suyuan.trace.events.rules import content_digest
from suyuan.trace.papers.needs import route_between
from suyuan.trace.parties.actor import Actor
from suyuan.trace.parties.tables import Party, Site
from suyuan.trace.release import releases
from suyuan.trace.release.conditions import Moment, conditions
from suyuan.trace.release.gate import Checklist, NotReleased
from suyuan.trace.release.queries import require_not_stopped
from suyuan.trace.release.reading import Occasion
from suyuan.trace.release.records import RELEASE
from suyuan.trace.release.rules import require_reason
from suyuan.trace.release.tables import Release


def release_batch(
    w: Writing, trace_code: str, reason: str = "", facts: Mapping[str, object] | None = None
) -> str:
    """Let a batch go for which nothing is missing; returns the release's uid.

    ``facts`` are those of its family that are known only now. With a ``reason`` a person lets it
    go, without one the rule does. Raises NotReleased with what is missing; Conflict where it is
    released already or an order stops it; Forbidden, InvalidInputs.
    """
    by = _actors_party(w)
    batch = _own(w, trace_code)
    stated = _checked_facts(w, batch, facts or {})
    now = releases.standing(w.session, w.families, batch, _occasion(w, "sell"), stated=stated)
    if not now.may_go:
        raise NotReleased(now.missing)
    if now.given is not None and not stated:
        raise Conflict("Batch {code} is released already.", "trace_code", code=trace_code)
    text = require_reason(reason) if reason.strip() else ""
    return _give(w, batch, by, "person" if text else "rule", text, stated).uid


def ask_override(w: Writing, trace_code: str, reason: str) -> str:
    """Ask to let a batch go without what is missing; returns the uid under which it is answered.

    Raises Conflict where nothing is missing, where nobody may let that pass, or where the same was
    asked already; Forbidden, InvalidInput without a reason.
    """
    by = _actors_party(w)
    batch = _own(w, trace_code)
    reason = require_reason(reason)
    missing, waiting = _missing_at_any_moment(w, batch)
    if waiting is not None:
        raise Conflict("This was asked already and waits for its answer.", "trace_code")
    if not missing.items:
        raise Conflict(
            "Nothing is missing of batch {code}: release it.", "trace_code", code=trace_code
        )
    _require_passable(missing)
    one = Release(
        uid=w.new_uid(),
        batch_id=batch.id,
        how="override",
        state="asked",
        reason=reason,
        covers=[item.key for item in missing.items],
        by_party_id=by.id,
        by_person_uid=w.actor.person_uid,
        at=w.now,
    )
    one.record_id = _record(w, "release.asked", one, batch, by, reason)
    w.session.add(one)
    w.session.flush()
    return one.uid


def answer_override(w: Writing, uid: str, approved: bool, reason: str) -> str:
    """Approve an override, or refuse it; returns its uid.

    Somebody else than who asked, who has the right; a regulator, where the law's own papers are
    missing. Raises Forbidden, InvalidInput without a reason; Conflict where it was answered, or
    where something is missing by now that nobody may let pass.
    """
    one = releases.release(w.session, uid)
    batch = _locked(w, one.batch.trace_code)
    by = _actors_party(w)
    w.session.refresh(one, with_for_update=True)
    reason = require_reason(reason)
    if one.state != "asked":
        raise Conflict("This was answered already.", "release")
    require_second(w.actor, one, batch)
    if approved:
        _require_passable(_missing_at_any_moment(w, batch)[0])
    one.state = "given" if approved else "refused"
    one.answered_party_id, one.answered_by_uid = by.id, w.actor.person_uid
    one.answered_at, one.answer = w.now, reason
    type_ = "release.approved" if approved else "release.refused"
    record_id = _record(w, type_, one, batch, by, reason)
    if approved:
        _tell(w, batch, by, "override", reason, record_id)
    w.session.flush()
    return one.uid


def let_go(
    w: Writing,
    some: Sequence[Batch],
    moment: Moment,
    at: datetime,
    by: Party,
    site: Site | None,
    to: Party | None,
) -> None:
    """Let batches go that ``by`` ships or sells; the first time the rule says so, for good.

    Raises NotReleased for the first of which something is missing.
    """
    here = site.division if site is not None else by.division
    route = route_between(here, to.division) if to is not None else None
    occasion = Occasion(moment, day_of(at), route)
    for batch in some:
        now = releases.standing(w.session, w.families, batch, occasion)
        if not now.may_go:
            raise NotReleased(now.missing)
        if now.given is None:
            _give(w, batch, by, "rule", "", {})


def _give(
    w: Writing, batch: Batch, by: Party, how: str, reason: str, facts: Mapping[str, Any]
) -> Release:
    one = Release(
        uid=w.new_uid(),
        batch_id=batch.id,
        how=how,
        state="given",
        reason=reason,
        covers=[],
        facts=dict(facts),
        by_party_id=by.id,
        by_person_uid=w.actor.person_uid,
        at=w.now,
    )
    one.record_id = _record(w, "release.given", one, batch, by, reason)
    w.session.add(one)
    w.session.flush()
    _tell(w, batch, by, how, reason, one.record_id)
    return one


def _record(w: Writing, type_: str, one: Release, batch: Batch, by: Party, reason: str) -> str:
    asked = w.families.get(batch.family).attributes if one.facts else {}
    answers = type_ not in ("release.given", "release.asked")
    fields, classes = fact_fields({} if answers else one.facts or {}, asked)
    return w.record(
        RELEASE,
        type_,
        {
            "release": one.uid,
            "trace_code": batch.trace_code,
            "how": one.how,
            "state": one.state,
            "reason": reason or None,
            "covers": (one.covers or None) if not answers else None,
            "party": by.uid,
            "evidence_grade": grade_of(by, False),
            "typed_by": w.actor.person_uid,
            **fields,
        },
        subject=batch.trace_code,
        classes=classes,
    )


def _tell(w: Writing, batch: Batch, by: Party, how: str, reason: str, record_id: str) -> None:
    """Write the event of a release, so that the chain of the batch shows it."""
    payload = {"how": how, **({"reason": reason[:200]} if reason else {})}
    what = Happening(
        kind=EventKinds.load().get("clearance"),
        party=by,
        site=None,
        happened_at=w.now,
        digest=content_digest(("clearance", batch.trace_code, record_id)),
        payload=payload,
        grade=grade_of(by, False),
    )
    write_event(w, what, [Part(batch, "subject", None)], asked_of=[batch], record_id=record_id)


def _locked(w: Writing, trace_code: str) -> Batch:
    """The batch, kept to this transaction. Raises NotFound, Conflict where an order stops it."""
    batch = batches.batch(w.session, trace_code)
    batches.lock(w.session, [batch.id])
    if batch.state == "withdrawn":
        raise Conflict(
            "Batch {code} was withdrawn: nothing more can happen to it.",
            "trace_code",
            code=trace_code,
        )
    require_not_stopped(w.session, [batch.id])
    return batch


def _own(w: Writing, trace_code: str) -> Batch:
    """The batch, kept to this transaction, of whoever may ship it: that is asked first."""
    w.actor.require("ship", batches.batch(w.session, trace_code).party)
    return _locked(w, trace_code)


def _actors_party(w: Writing) -> Party:
    if w.actor.party_id is None:
        raise Forbidden("A release is given in the name of an organisation.")
    return w.session.get_one(Party, w.actor.party_id)


def _occasion(w: Writing, moment: Moment) -> Occasion:
    return Occasion(moment, w.today)


def _missing_at_any_moment(w: Writing, batch: Batch) -> tuple[Checklist, Release | None]:
    """What is missing for shipping or for selling, and the override that waits for an answer."""
    selling = releases.standing(w.session, w.families, batch, _occasion(w, "sell"))
    shipping = releases.standing(w.session, w.families, batch, _occasion(w, "ship"))
    known = {item.key for item in selling.missing.items}
    more = tuple(item for item in shipping.missing.items if item.key not in known)
    missing = Checklist(
        batch.trace_code, "sell", selling.missing.checks, (*selling.missing.items, *more)
    )
    return missing, selling.asked


def _require_passable(missing: Checklist) -> None:
    """Raises NotReleased with what nobody may let pass, where that is missing."""
    never = tuple(item for item in missing.items if item.override == "never")
    if never:
        raise NotReleased(Checklist(missing.trace_code, missing.moment, missing.checks, never))


def require_second(actor: Actor, asked: Release, batch: Batch) -> None:
    """Raises Forbidden unless somebody else than who asked answers, and has the right to."""
    if actor.person_uid is None or actor.person_uid == asked.by_person_uid:
        raise Forbidden(
            "Whoever asked for it cannot answer it: a second person decides.", "release"
        )
    competent = actor.competent(batch.division, batch.family)
    if actor.party_kind == "regulator" and competent and actor.may("override_release"):
        return
    lawful = {conditions()[key.split(":", 1)[0]].override for key in asked.covers}
    if "regulator" in lawful:
        raise Forbidden(
            "What is missing is asked for by law: only a competent regulator lets it pass.",
            "release",
        )
    actor.require("override_release", batch.party)


def may_answer(actor: Actor, asked: Release, batch: Batch) -> bool:
    """Whether the actor may be the second person."""
    try:
        require_second(actor, asked, batch)
    except Forbidden:
        return False
    return True


def _checked_facts(w: Writing, batch: Batch, facts: Mapping[str, object]) -> dict[str, Any]:
    """The facts as records keep them. Raises InvalidInputs; Conflict for one that is known."""
    if not facts:
        return {}
    family = w.families.get(batch.family)
    clean, _ = family.check_attributes(facts, "registration", batch.variant)
    for key, value in clean.items():
        asked = family.attributes[key]
        if asked.type == "date" and not asked.may_be_ahead and str(value) > w.today.isoformat():
            raise InvalidInput(
                "This day is still to come: state what has happened.", f"facts.{key}"
            )
        if key in batch.attributes:
            raise Conflict(
                "{fact} was stated when the batch was registered.",
                f"facts.{key}",
                fact=family.attributes[key].names,
            )
    require_claims_proved(w, batch, batch.product, stated=clean)
    require_own_marks_allowed(w, batch, clean)
    return clean
