"""What authorised people tell consumers of the risk of goods, until they take it back."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.batches.tables import Batch
from suyuan.trace.notices.tables import EarlyWarning


@dataclass(frozen=True)
class Risk:
    """A published warning of a risk. ``text`` is as it was approved; ``division`` that of who tells
    it. ``trace_code``: the batch it is of; None where it is about an organisation."""

    uid: str
    text: str
    published_at: datetime
    division: str
    trace_code: str | None


_warning, _batch = EarlyWarning.__table__.c, Batch.__table__.c
_IDS: sa.BindParameter[Any] = sa.bindparam("ids", expanding=True)
_OWNERS = sa.select(_batch.party_id).where(_batch.id.in_(_IDS))
_TOLD: sa.Select[Any] = (
    sa.select(
        _warning.uid, _warning.public_text, _warning.published_at, _warning.level_division,
        _batch.trace_code,
    )
    .outerjoin(Batch.__table__, _batch.id == _warning.batch_id)
    .where(
        _warning.published_at.is_not(None),
        sa.or_(
            _warning.batch_id.in_(_IDS),
            sa.and_(_warning.batch_id.is_(None), _warning.party_id.in_(_OWNERS)),
        ),
    )
    .order_by(_warning.published_at.desc(), _warning.id.desc())
)  # fmt: skip


def risks_of(session: Session, batch_ids: Collection[int]) -> tuple[Risk, ...]:
    """What is told of these batches, or of those whose goods they are; the newest first."""
    return tuple(Risk(*row) for row in session.execute(_TOLD, {"ids": list(batch_ids)}))
