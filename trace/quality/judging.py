"""The verdicts on the lines of a report, for one product made on one day.

Results on n samples stand in one line (``3200, 2800, 4100``) or in several lines of the same
parameter; they are judged together, and so are substances that a limit takes as a sum. Where a
report gives the moisture, limits on dry basis use it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from suyuan.trace.errors import InvalidInput
from suyuan.trace.quality.explaining import limit_text
from suyuan.trace.quality.limits import Standard
from suyuan.trace.quality.parameters import parameters
from suyuan.trace.quality.readings import read_number
from suyuan.trace.quality.sums import Line, sums
from suyuan.trace.quality.verdicts import MOST_RESULTS, Asked, Verdict, evaluate
from suyuan.trace.words import Language
from suyuan.trace.written import compacted

_MOISTURE: Final = "moisture"


def judge(
    lines: Sequence[Line], product_class: str, made_on: date, county: Sequence[Standard] = ()
) -> dict[int, Verdict]:
    """The verdict on each line, by its place in ``lines``; ``county`` as for ``evaluate``.

    A line whose parameter the standards kept here do not know has none: that they are silent does
    not mean that nothing is set.
    """
    found: dict[int, Verdict] = {}
    moisture = _moisture(lines)
    for (parameter, unit, lod), places in _samples(lines):
        results = tuple(lines[at].result for at in places)
        asked = Asked(product_class, made_on, parameter, results, unit, lod, moisture)
        verdict = _evaluate(asked, county)
        found.update(dict.fromkeys(places, verdict))
    for one in sums(lines):
        together = Asked(
            product_class, made_on, one.parameter, (one.result,), one.unit, "", moisture
        )
        found.update(dict.fromkeys(one.places, _evaluate(together, county)))
    return found


def binds(verdict: Verdict, named: str) -> bool:
    """Whether goods may be stopped by this: a recommended standard binds whom it names.

    ``named``: the standard that the label names for the product.
    """
    if verdict.force != "recommended":
        return True
    key = compacted(str(verdict.standard).rpartition("-")[0])
    return key in compacted(named)


def in_brief(verdict: Verdict, language: Language = "zh") -> str:
    """What was found and what it breaks, for an order's reason: names, numbers and the standard.

    In Chinese, as orders are read, unless another language is asked for; the numbers and the
    standard's title are the same everywhere.
    """
    asked, limit, words = verdict.asked, verdict.limit, _ZH if language == "zh" else {}
    value = f"{'、'.join(asked.results)} {asked.unit}".strip()
    beside = limit_text(limit, lambda word: words.get(word, word)) if limit else ""
    where = " ".join(part for part in (verdict.standard, limit.clause if limit else "") if part)
    return f"{verdict.parameter.names.say(language)} {value} ({beside}; {where})"


_ZH: Final[Mapping[str, str]] = {"not detectable": "不得检出", "on dry basis": "以干基计"}
"""As the catalogues have them: an order's reason is written once and not translated."""


def _samples(lines: Sequence[Line]) -> Iterator[tuple[tuple[str, str, str], list[int]]]:
    """Which lines belong together: of one parameter, in one unit, with one detection limit."""
    found: defaultdict[tuple[str, str, str], list[int]] = defaultdict(list)
    for at, line in enumerate(lines):
        key = parameters().known_key(line.parameter)
        if key is not None:
            found[key, line.unit.strip(), line.lod.strip()].append(at)
    for asked, places in found.items():
        for start in range(0, len(places), MOST_RESULTS):
            yield asked, places[start : start + MOST_RESULTS]


def _moisture(lines: Sequence[Line]) -> str:
    """The moisture that the report gives, where it gives one number."""
    stated = [line for line in lines if parameters().known_key(line.parameter) == _MOISTURE]
    if len(stated) != 1:
        return ""
    written = f"{stated[0].result.strip()} {stated[0].unit.strip()}".strip()
    try:
        read_number(written, "moisture")
    except InvalidInput:
        return ""
    return written


def _evaluate(asked: Asked, county: Sequence[Standard]) -> Verdict:
    """The verdict; a detection limit or moisture that is no number is as good as none."""
    for one in (asked, replace(asked, lod=""), replace(asked, lod="", moisture="")):
        try:
            return evaluate(one, county)
        except InvalidInput as error:
            if error.field not in ("lod", "moisture"):
                raise
    raise AssertionError("unreachable: without them there is nothing to misread")
