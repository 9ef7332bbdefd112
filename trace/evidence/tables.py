"""The table of evidence files: the bytes lie in the evidence folder under their hash."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from suyuan.trace.database import Base, Id, Moment


class EvidenceFile(Base):
    """A photo or document that stands behind a record.

    ``sha256`` (hex) is of the bytes as kept, after a photo's EXIF data were stripped.
    ``disclosure`` is public, trade or personal, as for record fields. ``erased_at``: since when the
    bytes are no longer kept, because all that they stood behind was erased.
    """

    __tablename__ = "evidence_file"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    uid: Mapped[str] = mapped_column(sa.String(26), unique=True)
    party_id: Mapped[int] = mapped_column(sa.ForeignKey("party.id"), index=True)
    sha256: Mapped[str] = mapped_column(sa.String(64), index=True)
    media_type: Mapped[str] = mapped_column(sa.String(80))
    size: Mapped[int]
    name: Mapped[str] = mapped_column(sa.String(200))
    disclosure: Mapped[str] = mapped_column(sa.String(10))
    at: Mapped[datetime] = mapped_column(Moment)
    person_uid: Mapped[str | None] = mapped_column(sa.String(26))
    erased_at: Mapped[datetime | None] = mapped_column(Moment, index=True)
