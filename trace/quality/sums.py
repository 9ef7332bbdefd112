"""Substances that a limit takes together and a report gives apart.

GB 31650 limits enrofloxacin as the sum of itself and ciprofloxacin: two results that each stay
below the limit may break it together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from suyuan.trace.quality.parameters import Parameter, parameters
from suyuan.trace.quality.readings import Reading, UnreadableResult, read_result


class Line(Protocol):
    """A line of a report, each field as the laboratory wrote it."""

    @property
    def parameter(self) -> str: ...
    @property
    def result(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def lod(self) -> str: ...


@dataclass(frozen=True)
class Sum:
    """Lines that are one result together: ``60+70``, or ``≥60`` where a member was not measured.

    ``places``: where they stand in the report. ``unit`` is empty where the result names it itself.
    """

    parameter: str
    places: tuple[int, ...]
    result: str
    unit: str


def sums(lines: Sequence[Line]) -> Iterator[Sum]:
    """What a report gives apart.

    Nothing is added where the report states the sum itself, nor where a member has several
    results, of which nobody says how they belong together. The first member alone is taken for
    the sum, as laboratories name it.
    """
    for parameter in parameters().by_key.values():
        given = _given(parameter, lines)
        places = tuple(at for found in given.values() for at in found)
        if len(places) != len(given) or set(given) <= {0} or _is_stated(parameter, lines, given):
            continue
        result, unit = _added([lines[at] for at in places], len(parameter.sum_of))
        if result:
            yield Sum(parameter.key, places, result, unit)


def _given(parameter: Parameter, lines: Sequence[Line]) -> Mapping[int, list[int]]:
    """The places of the lines that name a member, by the number of that."""
    found: defaultdict[int, list[int]] = defaultdict(list)
    for at, line in enumerate(lines):
        member = parameter.member(line.parameter)
        if member is not None:
            found[member].append(at)
    return dict(sorted(found.items()))


def _is_stated(
    parameter: Parameter, lines: Sequence[Line], given: Mapping[int, Sequence[int]]
) -> bool:
    members = {at for found in given.values() for at in found}
    return any(
        parameters().known_key(line.parameter) == parameter.key
        for at, line in enumerate(lines)
        if at not in members
    )


def _added(members: Sequence[Line], count: int) -> tuple[str, str]:
    """The members' results as one, and the unit that all of them have."""
    units = {line.unit.strip() for line in members}
    apart = len(units) > 1
    if len(members) == count:
        said = [_said(line, with_unit=apart) for line in members]
    else:
        said = [f"≥{_said(line, with_unit=apart)}" for line in members if _is_amount(line)]
    return "+".join(said), "" if apart else units.pop()


def _said(line: Line, *, with_unit: bool) -> str:
    """A member's result, with the detection limit that stands in a column of its own."""
    result, unit = line.result.strip(), line.unit.strip() if with_unit else ""
    read = _read(line)
    if read is not None and read.lacks_detection_limit and line.lod.strip():
        return f"<{line.lod.strip().lstrip('<≤')}{unit}"
    return f"{result}{unit}"


def _is_amount(line: Line) -> bool:
    read = _read(line)
    return read is not None and read.low > 0 and read.low == read.high


def _read(line: Line) -> Reading | None:
    try:
        return read_result(line.result)
    except UnreadableResult:
        return None
