"""How much one text message holds, and what of an answer goes into it.

Lengths are data (``standards/text_messages.json``).
"""

from __future__ import annotations

import string
from collections.abc import Iterable
from functools import cache
from typing import Final

from suyuan.trace.sourced import PROVENANCE, read_standard

_IN_SEVEN_BITS: Final = frozenset(
    string.ascii_letters + string.digits + " \n!\"#$%&'()*+,-./:;<=>?@"
)
"""What both the default alphabet of 3GPP TS 23.038 and ASCII hold, each as one character."""


def fits_one(text: str) -> bool:
    """Whether a text goes out as a single message, whose parts nobody can lose or mix up."""
    if _IN_SEVEN_BITS.issuperset(text):
        return len(text) <= _lengths()["gsm_7bit"]
    return len(text.encode("utf-16-le")) // 2 <= _lengths()["ucs2"]


def one_message(statements: Iterable[str], between: str) -> str:
    """As many statements as one message holds, each whole; those that come first matter most.

    A statement that is too long is passed over, and a shorter one after it may still go in.
    """
    said = ""
    for statement in statements:
        longer = f"{said}{between}{statement}" if said else statement
        if statement and fits_one(longer):
            said = longer
    return said


@cache
def _lengths() -> dict[str, int]:
    """Characters of one message, by alphabet."""
    file = read_standard("text_messages.json")
    file.only("alphabets")
    lengths = {}
    for row in file.get("alphabets").rows():
        row.provenance()
        row.only("key", "characters", *PROVENANCE)
        lengths[row.get("key").text()] = row.get("characters").integer()
    return lengths
