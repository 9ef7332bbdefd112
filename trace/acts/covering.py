"""What a paper of the register may cover and renew; part of the acts, never called by edges."""

from __future__ import annotations

import sqlalchemy as sa

from suyuan.trace.acts.holdings import holding
from suyuan.trace.acts.transaction import Writing
from suyuan.trace.batches.tables import Batch
from suyuan.trace.codes.trace_code import parse_trace_code
from suyuan.trace.errors import Conflict, Forbidden, InvalidInput, NotFound
from suyuan.trace.papers import queries
from suyuan.trace.papers.facts import Covers
from suyuan.trace.papers.kinds import PaperKind
from suyuan.trace.papers.tables import Paper, PaperScope
from suyuan.trace.parties import queries as parties
from suyuan.trace.parties.tables import Party, Site
from suyuan.trace.products import queries as products
from suyuan.trace.products.tables import Product


def scope_of(w: Writing, kind: PaperKind, holder: Party, covers: Covers) -> PaperScope:
    """A row that says that a paper of the holder covers this. Raises InvalidInput, NotFound;
    Forbidden where it is no business of the holder."""
    if covers.target not in kind.covers:
        raise InvalidInput(
            "A paper of this kind covers: {targets}.", "covers", targets=", ".join(kind.covers)
        )
    target = _target(w, covers)
    if not is_business_of(w, holder, target):
        raise Forbidden(
            "{key} is another organisation's: its own papers cover it.", "covers", key=covers.key
        )
    return PaperScope(target=covers.target, target_id=target.id)


def _target(w: Writing, covers: Covers) -> Party | Site | Product | Batch:
    if covers.target == "party":
        return parties.party(w.session, covers.key, "covers")
    if covers.target == "site":
        return parties.site(w.session, covers.key, "covers")
    if covers.target == "product":
        return products.product(w.session, covers.key, "covers")
    code = parse_trace_code(covers.key)
    found = w.session.scalar(sa.select(Batch).where(Batch.trace_code == code))
    if found is None:
        raise NotFound("There is no batch {code}.", field="covers", code=code)
    return found


def is_business_of(w: Writing, holder: Party, target: Party | Site | Product | Batch) -> bool:
    """Whether a paper of the holder may speak of this: else anybody could write on, and by a
    revocation spoil, the page of a stranger's goods."""
    owner = target if isinstance(target, Party) else target.party
    if holder.id in (owner.id, owner.parent_id) or owner.id == holder.parent_id:
        return True
    if isinstance(target, Batch) and holding(w, target, holder) is not None:
        return True
    return w.actor.may_for("register_paper", owner)


def renewable(w: Writing, kind: PaperKind, holder: Party, uid: str) -> Paper:
    """The paper that a new one succeeds. Raises NotFound, InvalidInput, Conflict."""
    renewed = queries.paper(w.session, uid, "renews")
    if renewed.kind != kind.key or renewed.holder_id != holder.id:
        raise InvalidInput("A paper renews one of its own kind and holder.", "renews")
    if renewed.state == "revoked":
        raise Conflict("What was revoked is not renewed: enter the new paper by itself.", "renews")
    return renewed
