"""Lengths of time as people state them: ``18个月``, ``三年``, ``1年半``."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal

from suyuan.trace import numerals
from suyuan.trace.errors import InvalidInput
from suyuan.trace.written import folded

_DURATION = re.compile(
    rf"(?P<n>{numerals.ARABIC}|{numerals.CHINESE})(?:个|整)?"
    r"(?P<of>年|岁|周岁|月|星期|周|天|日|years?|months?|weeks?|days?|y|m|d)(?P<half>半?)"
)
_MONTHS = {"年": 12, "岁": 12, "周岁": 12, "year": 12, "y": 12, "月": 1, "month": 1, "m": 1}
_LONGEST_MONTHS = 12_000
_LONGEST_DAYS = 400_000
_DAYS = {"星期": 7, "周": 7, "week": 7, "天": 1, "日": 1, "day": 1, "d": 1}


@dataclass(frozen=True)
class Duration:
    """A length of time as people state it: whole or half months, and days."""

    months: Decimal
    days: Decimal = Decimal(0)

    def before(self, day: dt.date) -> dt.date:
        """The day that lies this long before another; a missing day of the month counts back."""
        whole = int(self.months)
        extra = int((self.months - whole) * 30) + int(self.days)
        year, month = divmod(day.year * 12 + day.month - 1 - whole, 12)
        if year < dt.MINYEAR:
            return dt.date.min
        return dt.date(year, month + 1, min(day.day, 28)) - dt.timedelta(days=extra)


def read_duration(text: str) -> Duration:
    """``18个月``, ``三年``, ``1年半``, ``90天``. Raises InvalidInput for anything else."""
    rest = folded(text).lower().replace(" ", "")
    months = days = Decimal(0)
    try:
        while match := _DURATION.match(rest):
            word = match["of"].rstrip("s")
            number = numerals.decimal(match["n"]) + (Decimal("0.5") if match["half"] else 0)
            months += number * _MONTHS.get(word, 0)
            days += number * _DAYS.get(word, 0)
            rest = rest[match.end() :]
    except ValueError:
        rest = text
    if rest or not (months or days) or months > _LONGEST_MONTHS or days > _LONGEST_DAYS:
        raise InvalidInput(
            "{given} is not a length of time: write it like 18个月 or 3年.", given=text[:40]
        )
    return Duration(months, days)
