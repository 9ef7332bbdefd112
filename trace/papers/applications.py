"""Reading the applications for certifications that an authority issues here."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from suyuan.trace.errors import NotFound
from suyuan.trace.log.tables import Record
from suyuan.trace.papers.tables import Paper, PaperApplication
from suyuan.trace.parties.actor import Actor, Competent
from suyuan.trace.parties.divisions import stems
from suyuan.trace.parties.tables import Membership
from suyuan.trace.products.tables import Product


def application(session: Session, uid: str, *, for_update: bool = False) -> PaperApplication:
    """The application with this uid, kept to this transaction where that is asked.

    Raises NotFound.
    """
    query = sa.select(PaperApplication).where(PaperApplication.uid == uid)
    if for_update:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = session.scalar(query)
    if found is None:
        raise NotFound("There is no application {uid}.", field="application", uid=uid)
    return found


def applications_of(
    session: Session, party_id: int, *, after: int = 0, limit: int = 200
) -> list[PaperApplication]:
    """A party's applications in order of coming."""
    query = sa.select(PaperApplication).where(
        PaperApplication.applicant_id == party_id, PaperApplication.id > after
    )
    return list(session.scalars(query.order_by(PaperApplication.id).limit(limit)))


def applications_for(
    session: Session, actor: Actor, *, open_only: bool, before: int | None = None, limit: int = 50
) -> list[PaperApplication]:
    """The applications that the actor is competent for, the newest first."""
    query = (
        sa.select(PaperApplication)
        .join(Product, Product.id == PaperApplication.product_id)
        .where(sa.or_(sa.false(), *(_covered(one) for one in actor.competences)))
        .options(joinedload(PaperApplication.product), joinedload(PaperApplication.applicant))
    )
    if open_only:
        query = query.where(PaperApplication.state == "applied")
    if before is not None:
        query = query.where(PaperApplication.id < before)
    return list(session.scalars(query.order_by(PaperApplication.id.desc()).limit(limit)))


def _covered(one: Competent) -> sa.ColumnElement[bool]:
    inside = sa.or_(*(PaperApplication.division.startswith(stem) for stem in stems(one.division)))
    return inside if one.family is None else sa.and_(inside, Product.family == one.family)


def is_competent(actor: Actor, one: PaperApplication) -> bool:
    """Whether the actor is of an authority whose competence covers land and family."""
    regulator = actor.party_kind == "regulator" and actor.may("check_paper")
    return regulator and actor.competent(one.division, one.product.family)


def is_own(session: Session, actor: Actor, one: PaperApplication) -> bool:
    """Whether the actor typed the application, or belongs to the applicant or its co-operative."""
    typed = sa.select(Record.person).where(Record.id == one.record_id)
    if actor.person_uid is not None and session.scalar(typed) == actor.person_uid:
        return True
    own = sa.select(Membership.id).where(
        Membership.person_id == actor.person_id,
        Membership.party_id.in_((one.applicant_id, one.applicant.parent_id)),
        Membership.until.is_(None),
    )
    return actor.party_id == one.applicant_id or session.scalar(own.limit(1)) is not None


def issued_upon(session: Session, paper: Paper) -> PaperApplication | None:
    """The application upon which a paper was issued here; None for one issued elsewhere."""
    return session.scalar(sa.select(PaperApplication).where(PaperApplication.paper_id == paper.id))


def may_withdraw(actor: Actor, one: PaperApplication) -> bool:
    """Whether the actor may withdraw what was issued: the authority that issued it."""
    return actor.may("check_paper") and actor.party_id == one.decided_by_id
