"""The table of scans: how often a code was opened and since when; nothing about who."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from suyuan.trace.database import Base, Moment


class ScanTally(Base):
    """How often a path was opened, first and last when."""

    __tablename__ = "scan_tally"

    path: Mapped[str] = mapped_column(sa.String(96), primary_key=True)
    count: Mapped[int] = mapped_column(sa.BigInteger)
    first_at: Mapped[datetime] = mapped_column(Moment)
    last_at: Mapped[datetime] = mapped_column(Moment)
