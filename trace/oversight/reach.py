"""What an order would reach: how many batches and packages, and who has them or is getting them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.batches.tables import Batch, Holding
from suyuan.trace.events.tables import Shipment
from suyuan.trace.lineage.queries import closure_select
from suyuan.trace.parties.tables import Party
from suyuan.trace.printing.rolls import ON_A_BATCH
from suyuan.trace.printing.tables import IssuedCode, PrintRun, RollBinding


@dataclass(frozen=True)
class PartyReached:
    """An organisation that made, has, or is about to receive some of what an order reaches.

    ``made``, ``holds``, ``awaits`` count batches.
    """

    party: Party
    made: int
    holds: int
    awaits: int


@dataclass(frozen=True)
class Reach:
    """The batch and all made of it: how many, with how many labelled packages, and whose."""

    batches: int
    packages: int
    parties: tuple[PartyReached, ...]


def reach_of(session: Session, batch: Batch) -> Reach:
    """What an order upon ``batch`` would reach now."""
    inside = closure_select(batch.id).subquery()
    chosen = sa.select(inside.c.id)
    made = _counted(session, sa.select(Batch.party_id).where(Batch.id.in_(chosen)))
    holds = _counted(
        session,
        sa.select(Holding.party_id).where(Holding.batch_id.in_(chosen), Holding.left > Decimal(0)),
    )
    awaits = _counted(
        session,
        sa.select(Shipment.to_party_id).where(
            Shipment.batch_id.in_(chosen), Shipment.state == "sent"
        ),
    )
    ids = sorted({*made, *holds, *awaits})
    parties = session.scalars(sa.select(Party).where(Party.id.in_(ids)).order_by(Party.id))
    return Reach(
        batches=session.scalar(sa.select(sa.func.count()).select_from(inside)) or 0,
        packages=_packages(session, chosen),
        parties=tuple(
            PartyReached(one, made[one.id], holds[one.id], awaits[one.id]) for one in parties
        ),
    )


def _counted(session: Session, owners: sa.Select[int]) -> defaultdict[int, int]:
    """How many rows each party has among these."""
    found = owners.subquery()
    party = found.c[0]
    rows = session.execute(sa.select(party, sa.func.count()).group_by(party))
    return defaultdict(int, {row[0]: row[1] for row in rows})


def _packages(session: Session, chosen: sa.Select[Any]) -> int:
    """The labels of single packages that were issued and not declared void."""
    query = (
        sa.select(sa.func.count())
        .select_from(IssuedCode)
        .join(PrintRun, PrintRun.id == IssuedCode.print_run_id)
        .outerjoin(RollBinding, ON_A_BATCH)
        .where(
            sa.func.coalesce(PrintRun.batch_id, RollBinding.batch_id).in_(chosen),
            IssuedCode.serial.is_not(None),
            IssuedCode.voided_at.is_(None),
        )
    )
    return session.scalar(query) or 0
