"""What is kept: legal holds, and the refusal to erase what a rule or a case still keeps."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, cast

import sqlalchemy as sa

from suyuan.trace.acts.transaction import Ledger, Writing
from suyuan.trace.batches.queries import batch
from suyuan.trace.clock import day_of
from suyuan.trace.codes.trace_code import parse_trace_code
from suyuan.trace.errors import Conflict, Forbidden, NotFound
from suyuan.trace.log.queries import record as record_with
from suyuan.trace.log.tables import Record
from suyuan.trace.parties import queries as parties
from suyuan.trace.parties.actor import SYSTEM
from suyuan.trace.parties.tables import Party
from suyuan.trace.records import SCHEMAS
from suyuan.trace.release.rules import require_reason
from suyuan.trace.retention import due, queries
from suyuan.trace.retention.records import LEGAL_HOLD
from suyuan.trace.retention.rules import rules_state
from suyuan.trace.retention.tables import KeptUntil, LegalHold, Reckoned


class StillKept(Conflict):
    """A rule of law or a case keeps what somebody wanted to erase."""

    kind = "still-kept"


def require_erasable(w: Writing, record: Record, fields: Collection[str]) -> None:
    """Raises StillKept while a hold, an open case or a rule keeps these fields of a record."""
    goods = queries.batches_of(w.session, record)
    hold = queries.held_by(w.session, record, goods)
    if hold is not None:
        raise StillKept(
            "A legal hold keeps this: {hold}, since {day}. It can be erased when that is lifted.",
            "record",
            hold=hold.uid,
            day=day_of(hold.at),
        )
    case = queries.open_case(w.session, goods)
    if case is not None:
        raise StillKept(
            "A case about batch {code} is open (a hold, a recall or an objection): nothing of it "
            "is erased before it ends.",
            "record",
            code=case,
        )
    kept = queries.kept_until(w.session, record, goods, fields)
    if kept is not None and kept.until >= w.today:
        raise StillKept(
            "This is kept until {day}: {rule} ({source}).",
            "fields",
            day=kept.until,
            rule=kept.rule.names,
            source=kept.rule.basis,
        )


def reckon_kept(ledger: Ledger) -> int:
    """Reckon until when what was recorded since the last time is kept, a page and a transaction at
    a time, so that what is due is found by index; returns how many records that found kept."""
    kept = 0
    while _is_behind(ledger):
        kept += ledger.perform(SYSTEM, _reckon_page)
    return kept


def _is_behind(ledger: Ledger) -> bool:
    with ledger.database.read() as session:
        return bool(due.ruled_after(session, due.reckoned_to(session)))


def _reckon_page(w: Writing) -> int:
    rules = rules_state()
    if w.session.get(Reckoned, rules) is None:
        w.session.execute(sa.delete(KeptUntil))
        w.session.execute(sa.delete(Reckoned))
    page = due.ruled_after(w.session, due.reckoned_to(w.session))
    found = list(due.days_of(w.session, page, SCHEMAS))
    for one in found:
        w.session.merge(one)
    if page:
        w.session.merge(Reckoned(rules=rules, leaf_index=page[-1].leaf_index))
    w.session.flush()
    return len(found)


def reckon_erased(w: Writing, record: Record) -> None:
    """Reckon a record anew whose fields were erased."""
    gone = sa.delete(KeptUntil).where(KeptUntil.record_id == record.id)
    if cast("sa.CursorResult[Any]", w.session.execute(gone)).rowcount:
        w.session.add_all(due.days_of(w.session, [record], SCHEMAS))


def place_legal_hold(w: Writing, about: str, reason: str) -> str:
    """Put out of reach of erasure what there is about a batch, an organisation, a person or a
    record; returns the hold's uid.

    Operators may for everything, regulators for the goods and organisations of their competence.
    Raises NotFound, Forbidden, InvalidInput.
    """
    reason = require_reason(reason)
    named = _resolved(w, about.strip())
    by = _party_of(w)
    hold = LegalHold(
        uid=w.new_uid(),
        about=named,
        reason=reason,
        by_party_id=by.id,
        by_person_uid=w.actor.person_uid,
        at=w.now,
    )
    hold.record_id = w.record(
        LEGAL_HOLD,
        "legal_hold.placed",
        {"hold": hold.uid, "about": named, "reason": reason, "typed_by": w.actor.person_uid},
        subject=hold.uid,
    )
    w.session.add(hold)
    w.session.flush()
    return hold.uid


def lift_legal_hold(w: Writing, uid: str, reason: str) -> str:
    """End a hold; a person of the organisation that placed it does. Returns its uid.

    Raises NotFound, Forbidden, Conflict where it was lifted already, InvalidInput.
    """
    hold = queries.legal_hold(w.session, uid)
    reason = require_reason(reason)
    _require_may(w)
    if w.actor.person_uid is None or _party_of(w).id != hold.by_party_id:
        raise Forbidden("A person of the organisation that placed this hold lifts it.", "hold")
    w.session.refresh(hold, with_for_update=True)
    if hold.lifted_at is not None:
        raise Conflict("This hold was lifted already.", "hold")
    hold.lifted_at, hold.lifted_by_uid, hold.lift_reason = w.now, w.actor.person_uid, reason
    w.record(
        LEGAL_HOLD,
        "legal_hold.lifted",
        {"hold": hold.uid, "reason": reason, "typed_by": w.actor.person_uid},
        subject=hold.uid,
    )
    return hold.uid


def _resolved(w: Writing, about: str) -> str:
    """The name by which records are found, of something the actor may hold. Raises as the act."""
    _require_may(w)
    digits = about.replace(" ", "")
    if len(digits) == 16 and digits.isdecimal():
        goods = batch(w.session, parse_trace_code(digits), "about")
        _require_competent(w, goods.division, goods.family)
        return goods.trace_code
    for find in (parties.party, record_with):
        try:
            found = find(w.session, about)
        except NotFound:
            continue
        answers = found if isinstance(found, Party) else None
        if isinstance(found, Record) and found.party:
            answers = parties.party(w.session, found.party)
        _require_competent(w, answers.division if answers is not None else "")
        return about
    parties.person(w.session, about, "about")
    _require_competent(w, "")
    return about


def _require_may(w: Writing) -> None:
    w.actor.require("hold" if w.actor.party_kind == "regulator" else "administer")


def _require_competent(w: Writing, division: str, family: str | None = None) -> None:
    if w.actor.may("administer"):
        return
    if not division or not w.actor.competent(division, family):
        raise Forbidden("You are not competent for what this is about.", "about")


def _party_of(w: Writing) -> Party:
    if w.actor.party_id is None:
        raise Forbidden("A legal hold is placed in the name of an organisation.")
    return w.session.get_one(Party, w.actor.party_id)
