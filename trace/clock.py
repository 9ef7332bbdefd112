"""The time, handed in: rules never ask the machine what time it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
"""The zone in which times are shown to people; they are stored in UTC."""


class Clock(Protocol):
    """Anything that tells the time in UTC, with microseconds."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass
class SetClock:
    """A clock that stands still until it is moved: for demonstrations and tests."""

    at: datetime
    step: timedelta = field(default=timedelta(0))

    def now(self) -> datetime:
        current = self.at
        self.at = current + self.step
        return current

    def move(self, to: datetime) -> None:
        self.at = to


def day_of(moment: datetime) -> date:
    """The day that it is for people here."""
    return moment.astimezone(SHANGHAI).date()


def end_of_day(day: date) -> datetime:
    """The first moment that is no longer this day for people here."""
    return datetime.combine(day + timedelta(days=1), time(), SHANGHAI)


def shown(moment: datetime) -> str:
    """``moment`` as people here read it: Shanghai time to the minute."""
    return moment.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


def utc_text(moment: datetime) -> str:
    """``moment`` as records and notes hold it: RFC 3339, UTC, whole seconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def utc_text_of(seconds: int) -> str:
    """A POSIX time, as cosignatures have it, as ``utc_text`` writes it; of any size."""
    try:
        return utc_text(datetime.fromtimestamp(seconds, UTC))
    except (OverflowError, ValueError, OSError):
        return str(seconds)
