"""Texts as they are read for what they claim, however they are written: ``有·機`` is 有机.

Which characters stand for others, and which only set words apart, is data
(``standards/folding.json``).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from suyuan.trace.sourced import PROVENANCE, Row, read_standard


@dataclass(frozen=True)
class _Folding:
    characters: dict[int, str]
    between_latin: re.Pattern[str]
    separators: re.Pattern[str]


def folded(text: str) -> str:
    """A text in small letters, of one width, in simplified characters and plain numerals.

    Separators go; between Latin letters or digits one space stays, since 12 5 is not 125.
    """
    rules = _folding()
    plain = unicodedata.normalize("NFKC", text).casefold().translate(rules.characters)
    return rules.separators.sub("", rules.between_latin.sub("\0", plain)).replace("\0", " ")


@cache
def _folding() -> _Folding:
    row = read_standard("folding.json")
    row.only("separators", "characters", *PROVENANCE)
    row.provenance()
    apart = f"[{re.escape(row.get('separators').text())}]+"
    return _Folding(
        str.maketrans({key: Row.text(one) for key, one in row.get("characters").entries()}),
        re.compile(f"(?<=[0-9a-z]){apart}(?=[0-9a-z])"),
        re.compile(apart),
    )
