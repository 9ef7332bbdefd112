"""The tables of scratch PINs: tries and the one confirmation of a code, what was tried today."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from suyuan.trace.database import Base, Moment
from suyuan.trace.log.tables import said_in


class PinEntry(Base):
    """What was entered for one package: how often in vain, and when rightly for the first time.

    ``tries`` counts wrong entries, and every entry whose answer had to wait, right or wrong; half
    of them are forgotten each day since ``tries_since``.
    ``sent`` is a keyed hash of the form that was first right, so that the same form coming twice
    is answered the same.
    """

    __tablename__ = "pin_entry"

    path: Mapped[str] = mapped_column(sa.String(96), primary_key=True)
    tries: Mapped[int] = mapped_column(default=0)
    tries_since: Mapped[datetime] = mapped_column(Moment)
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment)
    sent: Mapped[bytes | None] = mapped_column(sa.LargeBinary(32))
    record_id: Mapped[str | None] = mapped_column(said_in())


class PinDevice(Base):
    """How often a device tried in vain on one day, or a network at one code, or how many devices
    of a network became known.

    ``device`` is a keyed hash that holds the day too, so two days cannot be joined; rows of
    earlier days are deleted. ``queued_until``: when the last answer that waits is ready.
    """

    __tablename__ = "pin_device"

    device: Mapped[bytes] = mapped_column(sa.LargeBinary(32), primary_key=True)
    day: Mapped[date] = mapped_column(index=True)
    tries: Mapped[int] = mapped_column(default=0)
    queued_until: Mapped[datetime | None] = mapped_column(Moment)


class PinGuess(Base):
    """An entry that was counted today, so that the same from the same device is no new try.

    ``guess`` is a keyed hash over the device's, the code and the PIN. ``ready_at``: from when on
    it is answered, None where it was wrong at once.
    """

    __tablename__ = "pin_guess"

    guess: Mapped[bytes] = mapped_column(sa.LargeBinary(32), primary_key=True)
    day: Mapped[date] = mapped_column(index=True)
    ready_at: Mapped[datetime | None] = mapped_column(Moment)
