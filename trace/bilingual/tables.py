"""The table of Tibetan texts that a language office has looked at."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from suyuan.trace.database import Base, Id, Moment
from suyuan.trace.log.tables import said_in
from suyuan.trace.parties.tables import Party

MOST_ZH, MOST_BO = 200, 400


class TibetanText(Base):
    """What a language office says of a Tibetan text for a Chinese one: ``approved`` or
    ``refused``; its last word counts, in its ``division`` and the divisions inside."""

    __tablename__ = "tibetan_text"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    uid: Mapped[str] = mapped_column(sa.String(26), unique=True)
    division: Mapped[str] = mapped_column(sa.String(12))
    zh: Mapped[str] = mapped_column(sa.String(MOST_ZH))
    bo: Mapped[str] = mapped_column(sa.String(MOST_BO))
    state: Mapped[str] = mapped_column(sa.String(10))
    reason: Mapped[str] = mapped_column(sa.String(500), default="")
    by_party_id: Mapped[int] = mapped_column(sa.ForeignKey("party.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    record_id: Mapped[str] = mapped_column(said_in())

    by_party: Mapped[Party] = relationship()

    __table_args__ = (
        sa.UniqueConstraint("zh", "bo", "division"),
        sa.Index("ix_tibetan_text_division", "division", "state"),
    )
