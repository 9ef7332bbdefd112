"""A date as somebody stated it: its wording, and the days it can mean.

What it surely says stands as the earliest and the latest day; what would have to be assumed (the
year, the calendar, a lost zero) is a doubt instead. ``reading_dates`` makes these from text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from suyuan.trace.doubts import Doubt
from suyuan.trace.errors import InvalidInput


class Precision(StrEnum):
    DAY = "day"
    TEN_DAYS = "ten-days"
    """Ten days of a month: 上旬, 中旬, 下旬."""
    MONTH = "month"
    SEASON = "season"
    YEAR = "year"
    RANGE = "range"
    UNKNOWN = "unknown"


class Calendar(StrEnum):
    SOLAR = "solar"
    LUNAR = "lunar"
    TIBETAN = "tibetan"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class StatedDate:
    """The wording, and the days it can mean, both included; None where no day is sure."""

    text: str
    earliest: date | None
    latest: date | None
    precision: Precision
    calendar: Calendar
    doubts: tuple[Doubt, ...] = ()

    @property
    def day(self) -> date | None:
        """The one day it means, if there is only one."""
        return self.earliest if self.earliest == self.latest else None

    def to_json(self) -> dict[str, object]:
        return {
            "text": self.text,
            "earliest": self.earliest.isoformat() if self.earliest else None,
            "latest": self.latest.isoformat() if self.latest else None,
            "precision": self.precision.value,
            "calendar": self.calendar.value,
            "doubts": [doubt.to_json() for doubt in self.doubts],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> StatedDate:
        """The inverse of ``to_json``. Raises InvalidInput."""
        try:
            return cls(
                text=str(data["text"]),
                earliest=_iso_or_none(data["earliest"]),
                latest=_iso_or_none(data["latest"]),
                precision=Precision(data["precision"]),
                calendar=Calendar(data["calendar"]),
                doubts=tuple(Doubt.from_json(doubt) for doubt in data["doubts"]),
            )
        except (KeyError, TypeError, ValueError) as wrong:
            raise InvalidInput(
                "A stated date is text, earliest, latest, precision, calendar and doubts."
            ) from wrong


def _iso_or_none(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
