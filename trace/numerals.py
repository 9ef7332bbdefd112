"""Numbers as people write them: ``1,200.50``, ``1.2万``, ``三千两百``, ``半``."""

from __future__ import annotations

import re
from decimal import Decimal

ARABIC = r"(?:(?:\d+(?:,\d{3})+|\d+)(?:\.\d+)?万?|\.\d+)"
"""A number in digits, for use inside a pattern; commas stand only between groups of three."""

CHINESE = r"(?:(?:两(?=[百千万])|[零〇一二三四五六七八九十百千万])+|两|半)"
"""A number in characters. 两 alone is two; as a weight it stands behind a number."""

_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")}
_DIGITS |= {"〇": 0, "两": 2}
_POWERS = {"十": 10, "百": 100, "千": 1000}


def is_number(written: str) -> bool:
    """Whether the whole (folded) text is one number."""
    return re.fullmatch(f"{ARABIC}|{CHINESE}", written) is not None


def decimal(written: str) -> Decimal:
    """The value of a text that ``is_number``.

    Raises ValueError where groups or characters do not make a number (0,500; 一二).
    """
    if re.fullmatch(CHINESE, written):
        return _chinese(written)
    if re.match(r"0\d*,|\d{4,},", written):
        raise ValueError(f"{written}: commas stand between groups of three digits")
    times = 10_000 if written.endswith("万") else 1
    return Decimal(written.rstrip("万").replace(",", "")) * times


def _chinese(written: str) -> Decimal:
    if written == "半":
        return Decimal("0.5")
    if re.search(r"[一二三四五六七八九][一二三四五六七八九]|万.*万|十.*[百千十]", written):
        raise ValueError(f"{written} is not one number")
    upper, myriad, lower = written.rpartition("万")
    myriads = _below_myriad(upper or "一") if myriad else 0
    return Decimal(myriads * 10_000 + _below_myriad(lower))


def _below_myriad(written: str) -> int:
    total, digit = 0, 0
    for character in written:
        if character in _POWERS:
            total += (digit or 1) * _POWERS[character]
            digit = 0
        else:
            digit = _DIGITS[character]
    return total + digit
