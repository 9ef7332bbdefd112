"""Reading warnings, whom they go to, and the outbox."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from suyuan.trace.errors import NotFound
from suyuan.trace.notices.levels import codes_above
from suyuan.trace.notices.rules import LEVELS, WarningRule, warning_rules
from suyuan.trace.notices.tables import EarlyWarning, Notice, NoticeContact, WarningStep
from suyuan.trace.parties.actor import Actor, Competent, in_force
from suyuan.trace.parties.divisions import divisions, stems
from suyuan.trace.parties.tables import Competence, Party

OPEN = EarlyWarning.state != "closed"


def warning(session: Session, uid: str, field: str | None = "warning") -> EarlyWarning:
    """The warning with this uid. Raises NotFound."""
    found = session.scalar(sa.select(EarlyWarning).where(EarlyWarning.uid == uid))
    if found is None:
        raise NotFound("There is no warning {uid}.", field=field, uid=uid)
    return found


def is_told(session: Session, rule: WarningRule, key: str, now: datetime) -> bool:
    """Whether a cause has its warning: an open one, or one that was closed not long enough ago."""
    return key in told_keys(session, rule, [key], now)


def told_keys(session: Session, rule: WarningRule, keys: Sequence[str], now: datetime) -> set[str]:
    """Of some causes those that have their warning (``is_told``)."""
    query = sa.select(EarlyWarning.key, EarlyWarning.state, EarlyWarning.closed_at)
    rows = session.execute(
        query.where(EarlyWarning.rule == rule.key, EarlyWarning.key.in_(list(keys)))
    )
    return {row.key for row in rows if _holds(rule, row.closed_at, now)}


def _holds(rule: WarningRule, closed_at: datetime | None, now: datetime) -> bool:
    return closed_at is None or rule.cool_down is None or closed_at + rule.cool_down > now


def has_room(session: Session, rule: WarningRule, party_id: int) -> bool:
    """Whether one more warning of a rule may be open for an organisation."""
    if rule.most_open is None:
        return True
    own = sa.select(sa.func.count()).where(
        EarlyWarning.rule == rule.key, EarlyWarning.party_id == party_id, OPEN
    )
    return (session.scalar(own) or 0) < rule.most_open


def regulators_for(
    session: Session, division: str, family: str | None, stage: str | None, on: date
) -> list[Party]:
    """The regulators to be told of something at a division: those that are competent for it
    itself, else the nearest above that there are."""
    above = codes_above(division)
    query = (
        sa.select(Competence, Party)
        .join(Party, Party.id == Competence.party_id)
        .where(Party.kind == "regulator", Party.state == "active", Competence.division.in_(above))
    )
    found: dict[str, dict[int, Party]] = {}
    for row, party in session.execute(query.order_by(Party.id)):
        own = Competent(row.division, row.family, row.stage)
        if in_force(row.valid_from, row.valid_to, on) and own.covers(division, family, stage):
            place = divisions().current(row.division).code
            found.setdefault(place, {})[party.id] = party
    nearest = next((found[code] for code in above if code in found), {})
    return list(nearest.values())


def warnings_here(
    session: Session,
    *,
    state: str = "",
    rule: str = "",
    before: int | None = None,
    limit: int = 50,
) -> list[EarlyWarning]:
    """Every warning here, newest first, for whoever is at the machine; the open ones where no
    state is named."""
    query = sa.select(EarlyWarning).where(EarlyWarning.state == state if state else OPEN)
    if rule:
        query = query.where(EarlyWarning.rule == rule)
    return _page(session, query, before, limit)


def warnings_for(
    session: Session,
    actor: Actor,
    *,
    party_id: int | None = None,
    state: str = "",
    rule: str = "",
    severity: str = "",
    batch_id: int | None = None,
    before: int | None = None,
    limit: int = 50,
) -> list[EarlyWarning]:
    """Warnings newest first, from the one before row ``before``: one organisation's as it is told
    of them, else those that the actor is competent for. ``state``: ``open`` means not closed."""
    query = sa.select(EarlyWarning).where(_meant(actor, party_id))
    if state == "open":
        query = query.where(OPEN)
    elif state:
        query = query.where(EarlyWarning.state == state)
    if rule:
        query = query.where(EarlyWarning.rule == rule)
    if severity:
        query = query.where(EarlyWarning.severity == severity)
    if batch_id is not None:
        query = query.where(EarlyWarning.batch_id == batch_id)
    return _page(session, query, before, limit)


def open_count(session: Session, actor: Actor, party_id: int | None = None) -> int:
    """How many warnings are open: an organisation's, else those the actor is competent for."""
    query = sa.select(sa.func.count()).select_from(EarlyWarning)
    return session.scalar(query.where(_meant(actor, party_id), OPEN)) or 0


def contacts_of(session: Session, party_id: int) -> list[NoticeContact]:
    """Where an organisation wants to hear of its warnings now."""
    own = sa.select(NoticeContact).where(
        NoticeContact.party_id == party_id, NoticeContact.ended_at.is_(None)
    )
    return list(session.scalars(own.order_by(NoticeContact.id)))


def contact(session: Session, uid: str) -> NoticeContact:
    """The contact with this uid. Raises NotFound."""
    found = session.scalar(sa.select(NoticeContact).where(NoticeContact.uid == uid))
    if found is None:
        raise NotFound("There is no contact {uid}.", field="contact", uid=uid)
    return found


def notices_of(session: Session, warning_id: int, limit: int = 100) -> list[Notice]:
    """The messages about a warning, the newest first."""
    query = sa.select(Notice).where(Notice.warning_id == warning_id)
    loaded = query.options(joinedload(Notice.party), joinedload(Notice.contact))
    return list(session.scalars(loaded.order_by(Notice.id.desc()).limit(limit)))


def outbox(
    session: Session, *, state: str = "", after: int = 0, limit: int = 50
) -> Sequence[Notice]:
    """Messages in order of their making, beside those that stand on the pages."""
    query = sa.select(Notice).where(Notice.channel != "page", Notice.id > after)
    if state:
        query = query.where(Notice.state == state)
    loaded = query.options(
        joinedload(Notice.party), joinedload(Notice.contact), joinedload(Notice.warning)
    )
    return session.scalars(loaded.order_by(Notice.id).limit(limit)).all()


def proposed(session: Session, warning: EarlyWarning) -> WarningStep | None:
    """What was proposed to be told to consumers since they were told last, if anything was."""
    query = sa.select(WarningStep).where(
        WarningStep.warning_id == warning.id,
        WarningStep.kind.in_(("proposed", "published", "ended")),
    )
    last = session.scalar(query.order_by(WarningStep.id.desc()).limit(1))
    return last if last is not None and last.kind == "proposed" else None


def published(
    session: Session, *, before: int | None = None, limit: int = 50
) -> list[EarlyWarning]:
    """What consumers are told of now, the newest first."""
    query = sa.select(EarlyWarning).where(EarlyWarning.published_at.is_not(None))
    return _page(session, query, before, limit)


def _page(
    session: Session, query: sa.Select[EarlyWarning], before: int | None, limit: int
) -> list[EarlyWarning]:
    """The newest of some warnings, from the one before row ``before``."""
    if before is not None:
        query = query.where(EarlyWarning.id < before)
    loaded = query.options(joinedload(EarlyWarning.batch), joinedload(EarlyWarning.party))
    return list(session.scalars(loaded.order_by(EarlyWarning.id.desc()).limit(limit)))


def _meant(actor: Actor, party_id: int | None) -> sa.ColumnElement[bool]:
    """The warnings that a list is of."""
    if party_id is not None:
        told = [rule.key for rule in warning_rules().values() if rule.tells_owner]
        seen = sa.or_(EarlyWarning.rule.in_(told), EarlyWarning.level == LEVELS[0])
        return sa.and_(EarlyWarning.party_id == party_id, seen)
    if actor.party_kind != "regulator":
        return sa.false()
    return sa.or_(sa.false(), *(_covered(one) for one in actor.competences))


def _covered(one: Competent) -> sa.ColumnElement[bool]:
    """What a competence is for, as ``Competent.covers`` says it of one warning."""
    inside = [EarlyWarning.division.startswith(stem) for stem in sorted(stems(one.division))]
    covered = sa.or_(*inside)
    if one.family is not None:
        covered = sa.and_(covered, EarlyWarning.family == one.family)
    if one.stage is not None:
        own = sa.or_(EarlyWarning.stage.is_(None), EarlyWarning.stage == one.stage)
        covered = sa.and_(covered, own)
    return covered
