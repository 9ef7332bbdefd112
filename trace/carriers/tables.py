"""The table of foreign carriers: numbers of other systems that lead to a package or batch here."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from suyuan.trace.database import Base, Id, Json, Moment
from suyuan.trace.log.tables import said_in
from suyuan.trace.parties.tables import Party


class Carrier(Base):
    """A carrier bound to ``path``, the canonical path of a package or of a batch.

    Of one kind and number only one is bound at a time. ``warnings`` are doubts about how the
    number is written, which were no reason to refuse it.
    """

    __tablename__ = "carrier"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    uid: Mapped[str] = mapped_column(sa.String(26), unique=True)
    kind: Mapped[str] = mapped_column(sa.String(20))
    number: Mapped[str] = mapped_column(sa.String(40))
    path: Mapped[str] = mapped_column(sa.String(96), index=True)
    party_id: Mapped[int] = mapped_column(sa.ForeignKey("party.id"), index=True)
    warnings: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    bound_at: Mapped[datetime] = mapped_column(Moment)
    unbound_at: Mapped[datetime | None] = mapped_column(Moment)
    person_uid: Mapped[str | None] = mapped_column(sa.String(26))
    record_id: Mapped[str] = mapped_column(said_in())

    party: Mapped[Party] = relationship()

    __table_args__ = (
        sa.Index(
            "uq_carrier_bound",
            "number",
            "kind",
            unique=True,
            sqlite_where=sa.text("unbound_at IS NULL"),
            postgresql_where=sa.text("unbound_at IS NULL"),
        ),
    )
