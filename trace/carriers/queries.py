"""Reading foreign carriers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from suyuan.trace.carriers.facts import BoundCarrier
from suyuan.trace.carriers.kinds import CarrierKind, carrier_kind, carrier_kinds
from suyuan.trace.carriers.tables import Carrier
from suyuan.trace.errors import InvalidInput, NotFound
from suyuan.trace.parties.tables import Party

_BOUND = Carrier.unbound_at.is_(None)

_carrier, _binder = Carrier.__table__.c, Party.__table__.c
_ON_PATH: sa.Select[Any] = (
    sa.select(_carrier.kind, _carrier.number, _binder.name, _carrier.bound_at)
    .join(Party.__table__, _binder.id == _carrier.party_id)
    .where(_carrier.path == sa.bindparam("path"), _carrier.unbound_at.is_(None))
    .order_by(_carrier.id)
)
"""Put together once: every scan asks it."""


def carrier(session: Session, uid: str) -> Carrier:
    """The carrier with this uid, bound or not. Raises NotFound."""
    found = session.scalar(sa.select(Carrier).where(Carrier.uid == uid))
    if found is None:
        raise NotFound("There is no carrier {uid}.", field="carrier", uid=uid)
    return found


def bound_carrier(session: Session, kind: CarrierKind, number: str) -> Carrier | None:
    """The carrier of this kind that is bound under this number, as ``kind.read`` gave it."""
    query = sa.select(Carrier).where(Carrier.kind == kind.key, Carrier.number == number, _BOUND)
    return session.scalar(query)


def carrier_at(session: Session, kind_key: str, typed: str) -> Carrier:
    """The carrier that is bound under what somebody typed. Raises NotFound, InvalidInput."""
    kind = carrier_kind(kind_key)
    found = bound_carrier(session, kind, kind.read(typed))
    if found is None:
        raise NotFound("Nothing here is bound to this number.", field="number")
    return found


def carriers_by_number(session: Session, typed: str) -> list[Carrier]:
    """The carriers of any kind that are bound under what somebody typed, in order of kinds."""
    found = []
    for kind in carrier_kinds().values():
        try:
            number = kind.read(typed)
        except InvalidInput:
            continue
        if (one := bound_carrier(session, kind, number)) is not None:
            found.append(one)
    return found


def carriers_on(session: Session, path: str) -> tuple[BoundCarrier, ...]:
    """What is bound to the package or batch with this canonical path, the oldest first."""
    return tuple(
        BoundCarrier(kind, carrier_kind(kind).names, number, by, at)
        for kind, number, by, at in session.execute(_ON_PATH, {"path": path})
    )


def carriers_of(
    session: Session, party_id: int, *, after: int | None = None, limit: int = 50
) -> Sequence[Carrier]:
    """What a party bound and did not unbind, newest first; ``after`` the id last seen."""
    query = sa.select(Carrier).where(Carrier.party_id == party_id, _BOUND)
    if after is not None:
        query = query.where(Carrier.id < after)
    newest = query.order_by(Carrier.id.desc()).options(joinedload(Carrier.party))
    return session.scalars(newest.limit(limit)).all()
