"""Finding a code in a message that somebody wrote, as they wrote it."""

from __future__ import annotations

import re

from suyuan.trace.codes.trace_code import (
    LENGTH,
    SERIAL_LENGTH,
    TraceCodeError,
    parse_trace_code,
    with_plain_digits,
)

_ADDRESS = re.compile(r"https?://[!-~]+", re.IGNORECASE)
_DIGITS = re.compile(r"[0-9]+(?:[\s/]+[0-9]+)*")


def codes_in(message: str) -> list[str]:
    """The codes that a message names, each once: addresses as they stand, else trace codes with
    the serial that stands behind them, as ``codes.typed.read_typed`` reads them.

    Between the groups of a number there may be spaces, hyphens or a slash; a telephone number
    before it is no part of it. Where no number has a right check digit, what is as long as a trace
    code is given, so that the one who asks hears what is wrong with it.
    """
    addresses = _ADDRESS.findall(message)
    if addresses:
        return list(dict.fromkeys(addresses))
    right: list[str] = []
    wrong: list[str] = []
    for run in _DIGITS.findall(with_plain_digits(message)):
        for found in _numbers(re.split(r"[\s/]+", run)):
            (right if _is_right(found) else wrong).append(found)
    return list(dict.fromkeys(right or wrong[:1]))


def _numbers(groups: list[str]) -> list[str]:
    """The numbers that neighbouring groups make and that are as long as a code."""
    found = []
    for first in range(len(groups)):
        digits = ""
        for group in groups[first:]:
            digits += group
            if len(digits) in (LENGTH, LENGTH + SERIAL_LENGTH):
                found.append(digits)
    # a code with its serial says more than the code alone
    return [one for one in found if not any(o != one and o.startswith(one) for o in found)]


def _is_right(number: str) -> bool:
    try:
        parse_trace_code(number[:LENGTH])
    except TraceCodeError:
        return False
    return True
