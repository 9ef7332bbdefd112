"""The commitment certificates of a batch and of what it was made of."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.batches.tables import Batch
from suyuan.trace.certificates.number import grouped
from suyuan.trace.certificates.tables import Certificate
from suyuan.trace.parties.tables import Party
from suyuan.trace.passport.facts import CertificateLine
from suyuan.trace.passport.steps import shown_name
from suyuan.trace.quantities import Quantity

MOST: Final = 20
"""Of a chain with more the newest are shown; each page of a certificate leads to those before."""

_one, _batch, _issuer = Certificate.__table__.c, Batch.__table__.c, Party.__table__.c
_member_of = Party.__table__.alias("member_of")
_parent = _member_of.c
_CERTIFICATES: sa.Select[Any] = (
    sa.select(
        _one.number, _one.batch_id, _one.quantity, _one.issued_on, _one.state, _one.state_reason,
        _batch.unit, _batch.name, _issuer.name.label("issuer"), _issuer.kind,
        _parent.name.label("parent"),
    )
    .join(Batch.__table__, _batch.id == _one.batch_id)
    .join(Party.__table__, _issuer.id == _one.issuer_id)
    .outerjoin(_member_of, _parent.id == _issuer.parent_id)
    .where(_one.batch_id.in_(sa.bindparam("chain", expanding=True)))
    .order_by(_one.id.desc())
    .limit(MOST)
)  # fmt: skip
"""Put together once: every scan page asks it."""


def certificates_behind(
    session: Session, batch_id: int, chain: Collection[int]
) -> tuple[CertificateLine, ...]:
    """The certificates of a batch, the newest first, then those of the others in its chain."""
    rows = session.execute(_CERTIFICATES, {"chain": list(chain)})
    lines = [
        CertificateLine(
            number=row.number,
            grouped=grouped(row.number),
            issuer=shown_name(row.issuer, row.kind, row.parent),
            quantity=Quantity(row.quantity, row.unit),
            issued_on=row.issued_on,
            state=row.state,
            state_reason=row.state_reason,
            batch=None if row.batch_id == batch_id else row.name,
        )
        for row in rows
    ]
    return tuple(sorted(lines, key=lambda line: line.batch is not None))
