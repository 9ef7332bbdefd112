"""What laboratories conclude in words of their own (``standards/conclusions.json``)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from suyuan.trace.sourced import PROVENANCE, Row, read_standard
from suyuan.trace.written import folded


def is_against(conclusion: str) -> bool:
    """Whether a laboratory's word on a line or a report is against the goods."""
    said = _plain(conclusion)
    for harmless in _words()["harmless"]:
        said = said.replace(harmless, "")
    return any(word in said for word in _words()["against"])


def is_for(conclusion: str) -> bool:
    """Whether it is for the goods; of an empty word neither is true."""
    said = _plain(conclusion)
    return not is_against(conclusion) and any(word in said for word in _words()["favour"])


def is_suspected(result: str) -> bool:
    """Whether a result or a word on it says that it may be a positive, and no more."""
    said, words = _plain(result), _words()
    marks = words["suspected_marks"]
    in_brackets = tuple(f"({one})" for one in marks)
    marked = said in marks or said.endswith(in_brackets)
    return marked or any(word in said for word in words["suspected"])


def _plain(text: str) -> str:
    return re.sub(r"\s", "", folded(text)).lower()


@cache
def _words() -> Mapping[str, tuple[str, ...]]:
    """Each list by its name. Raises Misconfigured."""
    file = read_standard("conclusions.json")
    file.only("against", "harmless", "favour", "suspected", "suspected_marks")
    return {name: _list(row) for name, row in file.entries()}


def _list(row: Row) -> tuple[str, ...]:
    row.only("about", "words", *PROVENANCE)
    row.provenance()
    return row.list_of("words", Row.text)
