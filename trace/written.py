"""Text as people write it: full-width forms, Tibetan digits, spaces and dashes of every kind."""

from __future__ import annotations

import re

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_TIBETAN_DIGITS = {0x0F20 + value: str(value) for value in range(10)}
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−⁃﹘﹣"), "-")
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u200e\u200f"), "")
_FOLD = _FULL_WIDTH | _TIBETAN_DIGITS | _DASHES | _INVISIBLE


def folded(text: str) -> str:
    """The same text in half-width characters, ASCII digits and plain dashes, spaces made single.

    Nothing else is changed: letters keep their case and lookalikes (O for 0) stay what they are.
    """
    return " ".join(text.translate(_FOLD).split())


def compacted(text: str) -> str:
    """``folded``, in capitals, without any space: how a number is compared."""
    return re.sub(r"\s", "", folded(text)).upper()
