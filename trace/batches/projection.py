"""What rows of batches hold, by their records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from suyuan.trace.batches.records import BATCH, BATCH_STATE, FACT
from suyuan.trace.batches.tables import Batch, BatchMark, Link, Share
from suyuan.trace.log.projections import (
    Column,
    Projection,
    Word,
    by_owner,
    name_of,
    newest,
    said_by,
    whether,
)
from suyuan.trace.log.tellings import Telling
from suyuan.trace.parties.tables import Party, Site
from suyuan.trace.products.tables import Product
from suyuan.trace.quantities import Quantity


def amount_said(said: Mapping[str, str] | None) -> Decimal | None:
    """The number of a quantity as records have it."""
    return None if said is None else Decimal(said["amount"])


def facts_said(prefix: str) -> Any:
    """The facts that stand in the first record as fields of their own, without their prefix."""

    def says(tellings: Sequence[Telling]) -> Word:
        fields = tellings[0].fields
        facts = {name: value for name, value in fields.items() if name.startswith(prefix)}
        return Word(
            {name.removeprefix(prefix): value for name, value in facts.items()}, tellings[0].id
        )

    return says


def _shares(session: Session, batches: Sequence[int]) -> dict[int, list[Any]]:
    holder = name_of(Party.uid, Share.party_id)
    query = sa.select(Share.batch_id, Share.household, holder, Share.quantity, Share.note)
    rows = by_owner(session, query.where(Share.batch_id.in_(batches)).order_by(Share.id))
    # what an erasure leaves of a share says nothing, and how many there were no record says then
    return {owner: [one for one in several if any(one)] for owner, several in rows.items()}


def _shares_said(tellings: Sequence[Telling]) -> Word | None:
    first = tellings[0]
    if "shares" in first.gone:
        return Word([], first.id)
    unit = first.fields["quantity"]["unit"]

    def share(said: Mapping[str, Any]) -> list[Any]:
        part = Quantity.from_json(said["quantity"]).to(unit).amount if said["quantity"] else None
        return [said["household"].strip(), said["party"], part, said["note"]]

    return Word([share(one) for one in first.fields.get("shares", [])], first.id)


def _marks(session: Session, batches: Sequence[int]) -> dict[int, list[Any]]:
    query = sa.select(BatchMark.batch_id, BatchMark.kind, BatchMark.value, BatchMark.stated)
    rows = by_owner(session, query.where(BatchMark.batch_id.in_(batches)))
    return {owner: sorted(map(list, several)) for owner, several in rows.items()}


def _marks_said(said: Sequence[Mapping[str, str]]) -> list[list[str]]:
    return sorted([one["kind"], one["value"], one.get("stated", "")] for one in said)


def _parents(session: Session, batches: Sequence[int]) -> dict[int, list[str]]:
    parent = aliased(Batch)
    query = sa.select(Link.child_id, parent.trace_code).join(parent, parent.id == Link.parent_id)
    rows = by_owner(session, query.where(Link.child_id.in_(batches)))
    return {child: sorted(code for (code,) in several) for child, several in rows.items()}


BATCHES = Projection(
    Batch,
    Batch.trace_code,
    BATCH,
    names=said_by("trace_code"),
    references=(Batch.record_id,),
    later=(BATCH_STATE,),
    columns=(
        Column("party_id", name_of(Party.uid, Batch.party_id), newest("party")),
        Column("site_id", name_of(Site.uid, Batch.site_id), newest("site")),
        Column("product_id", name_of(Product.uid, Batch.product_id), newest("product")),
        Column("family", Batch.family, newest("family")),
        Column("variant", Batch.variant, newest("variant")),
        Column("name", Batch.name, newest("name")),
        Column("division", Batch.division, newest("division")),
        Column("lot", Batch.lot, newest("lot")),
        Column("path", Batch.path, newest("path")),
        Column("quantity", Batch.quantity, newest("quantity", read=amount_said)),
        Column("unit", Batch.unit, newest("quantity", read=lambda said: said["unit"])),
        Column("produced", Batch.produced, newest("produced")),
        Column(
            "produced_on", Batch.produced_on, newest("produced", read=lambda said: said["earliest"])
        ),
        Column("best_before", Batch.best_before, newest("best_before")),
        Column("attributes", Batch.attributes, facts_said(FACT)),
        Column("gaps", Batch.gaps, newest("gaps", absent=[])),
        Column("warnings", Batch.warnings, newest("warnings", absent=[])),
        Column("registered_at", Batch.registered_at, newest("at", types=("batch.registered",))),
        # whether it is closed follows from what is left of it, and no record says so
        Column(
            "state",
            sa.case((Batch.state == "closed", "registered"), else_=Batch.state),
            whether("batch.withdrawn", "withdrawn", "registered"),
        ),
        Column("share", _shares, _shares_said),
        Column("batch_mark", _marks, newest("marks", read=_marks_said, absent=[])),
        Column("link", _parents, newest("parents", read=sorted, absent=[])),
    ),
)
PROJECTIONS = (BATCHES,)
