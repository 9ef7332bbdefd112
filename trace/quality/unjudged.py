"""What a report finds in goods and nobody judges: neither the standards kept here nor the
laboratory."""

from __future__ import annotations

from collections.abc import Sequence

from suyuan.trace.errors import InvalidInput
from suyuan.trace.quality.conclusions import is_against, is_for
from suyuan.trace.quality.parameters import parameters
from suyuan.trace.quality.readings import read_results
from suyuan.trace.quality.tables import TestItem


def unjudged(items: Sequence[TestItem], conclusion: str) -> list[TestItem]:
    """The lines that give an amount of something that the standards here do not know, where the
    laboratory concludes nothing either, neither on the line nor, with ``conclusion``, on the whole.

    What is told in words (色泽正常) and what is not detected asks nobody anything.
    """
    if _concludes(conclusion):
        return []
    return [
        one
        for one in items
        if parameters().known_key(one.parameter) is None
        and not _concludes(one.conclusion)
        and _found(one.result)
    ]


def _concludes(word: str) -> bool:
    return is_for(word) or is_against(word)


def _found(result: str) -> bool:
    try:
        return any(reading.detected for reading in read_results(result))
    except InvalidInput:
        return False
