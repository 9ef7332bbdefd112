"""Reading cartons."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.cartons.tables import CartonRun
from suyuan.trace.errors import NotFound
from suyuan.trace.products.gs1 import SSCC_BODY
from suyuan.trace.products.identifiers import sscc


def carton_of(session: Session, typed: str) -> CartonRun:
    """The run in which the carton with this SSCC was labelled. Raises NotFound, InvalidInput."""
    body = sscc(typed, "sscc").value[:SSCC_BODY]
    found = session.scalar(
        sa.select(CartonRun).where(CartonRun.first <= body, CartonRun.last >= body)
    )
    if found is None:
        raise NotFound("No carton here has this number.", field="sscc")
    return found


def last_numbered(session: Session, company_prefix: str) -> CartonRun | None:
    """The cartons that were numbered last under a company prefix."""
    under = sa.select(CartonRun).where(CartonRun.company_prefix == company_prefix)
    return session.scalar(under.order_by(CartonRun.last.desc()).limit(1))


def usual_prefix(session: Session, party_id: int) -> str:
    """The company prefix that a party numbered cartons under last; empty where it never did."""
    prefixes = sa.select(CartonRun.company_prefix).where(CartonRun.party_id == party_id)
    return session.scalar(prefixes.order_by(CartonRun.id.desc()).limit(1)) or ""
