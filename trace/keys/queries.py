"""Reading which keys there are."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.keys.tables import SigningKey


def signing_keys(session: Session) -> list[SigningKey]:
    """Every key that signs something outsiders see, in order of coming; not the secret."""
    shown = sa.select(SigningKey).where(SigningKey.use != "secret")
    return list(session.scalars(shown.order_by(SigningKey.id)))
