"""Administrative divisions (行政区划): who is inside whom, now and on an earlier day.

Codes are those of GB/T 2260 (six digits, province to county) and of the statistical codes (nine
digits, township). Papers, ear tags and credit codes keep the code of the day they were issued, so
a replaced code is never corrected: it stays known, with its last day and the code after it.
A county directly under a province (白沙 469025) has the province as its parent.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from suyuan.trace.errors import InvalidInput
from suyuan.trace.written import folded


class Level(StrEnum):
    PROVINCE = "province"
    PREFECTURE = "prefecture"
    COUNTY = "county"
    TOWNSHIP = "township"


class UnknownDivision(InvalidInput):
    """The code or name is not in the catalogue."""


@dataclass(frozen=True, slots=True)
class Division:
    """One row: a code, its name, and the days on which the code holds (both days included).

    ``valid_from`` is None where the first day is not recorded, ``valid_to`` while it holds.
    ``grade_bo`` says how sure the Tibetan name is: A attested, B usual, C needs a translator.
    """

    code: str
    name: str
    level: Level
    parent: str | None
    valid_from: date | None = None
    valid_to: date | None = None
    replaced_by: str | None = None
    confidence: str = ""
    name_bo: str | None = None
    grade_bo: str | None = None

    def in_force(self, on: date) -> bool:
        """Whether the code was in force on this day, as far as recorded."""
        begun = self.valid_from is None or self.valid_from <= on
        return begun and (self.valid_to is None or on <= self.valid_to)


class Divisions:
    """The catalogue. Rows do not change while the program runs; see ``divisions()``."""

    def __init__(self, rows: Iterator[Division]) -> None:
        self._rows = {row.code: row for row in sorted(rows, key=lambda row: row.code)}
        self._children: dict[str | None, list[Division]] = {}
        for row in self._rows.values():
            self._children.setdefault(row.parent, []).append(row)

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Division]:
        return iter(self._rows.values())

    def __contains__(self, code: str) -> bool:
        return code in self._rows

    def get(self, code: str, field: str | None = None) -> Division:
        """The row of this code, replaced or not. Raises UnknownDivision."""
        row = self._rows.get(code)
        if row is None:
            raise UnknownDivision(
                "There is no administrative division {code}: give six digits for a province, "
                "prefecture or county, or nine for a township.",
                field=field,
                code=code,
            )
        return row

    def current(self, code: str) -> Division:
        """The row that stands for this code today, after every replacement."""
        row = self.get(code)
        while row.replaced_by is not None:
            row = self.get(row.replaced_by)
        return row

    def path(self, code: str) -> tuple[Division, ...]:
        """From the province down to the division itself."""
        row = self.get(code)
        above = () if row.parent is None else self.path(row.parent)
        return (*above, row)

    def name_path(self, code: str) -> str:
        """As an address begins: 西藏自治区 那曲市 索县 亚拉镇."""
        return " ".join(row.name for row in self.path(code))

    def parents(self, code: str) -> tuple[Division, ...]:
        """The divisions above, the nearest first."""
        return self.path(code)[-2::-1]

    def children(self, code: str | None, on: date | None = None) -> tuple[Division, ...]:
        """The divisions directly below, by code; the provinces for None.

        Without a day: those of today, or of the last day of a division that was replaced.
        """
        if on is None and code is not None:
            on = self.get(code).valid_to
        rows = self._children.get(code, [])
        if on is None:
            return tuple(row for row in rows if row.valid_to is None)
        return tuple(row for row in rows if row.in_force(on))

    def search(
        self,
        text: str,
        *,
        level: Level | None = None,
        within: str | None = None,
        on: date | None = None,
        limit: int = 20,
    ) -> tuple[Division, ...]:
        """Divisions whose name, Tibetan name or code begins with or holds the text.

        Whole names come first, then beginnings, then the rest, counties before townships; without
        a day only today's codes.
        """
        wanted = folded(text)
        if not wanted:
            return ()
        ranked = []
        for row in self:
            rank = _rank(row, wanted)
            if rank is None or (level is not None and row.level is not level):
                continue
            if not (row.in_force(on) if on else row.valid_to is None):
                continue
            if within is not None and not self.contains(within, row.code):
                continue
            ranked.append(((rank, len(row.code), row.code), row))
        ranked.sort(key=lambda item: item[0])
        return tuple(row for _, row in ranked[:limit])

    def contains(self, outer: str, inner: str) -> bool:
        """Whether ``inner`` is ``outer`` or lies in it today; replaced codes count as their heirs.

        This is what rights rest on. Raises UnknownDivision for a code nobody knows.
        """
        holder = self.current(outer).code
        return any(row.code == holder for row in self.path(self.current(inner).code))


@cache
def divisions() -> Divisions:
    """The catalogue of ``standards/divisions``, read once."""
    return Divisions(_read_rows())


@cache
def stems(division: str) -> frozenset[str]:
    """What the codes of all that lies in a division begin with, former codes too."""
    code = divisions().current(division).code
    own = code
    if len(code) == 6 and code.endswith("00"):
        own = code[:2] if code.endswith("0000") else code[:4]
    former = (one.code for one in divisions() if one.replaced_by is not None)
    return frozenset({own, *(one for one in former if divisions().contains(code, one))})


def _rank(row: Division, wanted: str) -> int | None:
    names = [name for name in (row.name, row.name_bo, row.code) if name]
    if wanted in names:
        return 0
    if any(name.startswith(wanted) for name in names):
        return 1
    return 2 if any(wanted in name for name in names) else None


def _read_rows() -> Iterator[Division]:
    replaced = _data("replaced")["rows"]
    begins = {
        row["replaced_by"]: date.fromisoformat(row["valid_to"]) + timedelta(days=1)
        for row in replaced
    }
    in_force = _data("counties"), _data("townships")
    known = {code for file in in_force for code in file["names"]} | {r["code"] for r in replaced}
    tibetan = _data("tibetan")["names"]
    for file in in_force:
        for code, name in file["names"].items():
            yield Division(
                code,
                name,
                _level(code),
                _parent(code, known),
                valid_from=begins.get(code),
                confidence=file["confidence"],
                name_bo=tibetan[code]["text"] if code in tibetan else None,
                grade_bo=tibetan[code]["grade"] if code in tibetan else None,
            )
    for row in replaced:
        yield Division(
            row["code"],
            row["name"],
            _level(row["code"]),
            _parent(row["code"], known),
            valid_from=begins.get(row["code"]),
            valid_to=date.fromisoformat(row["valid_to"]),
            replaced_by=row["replaced_by"],
            confidence=row["confidence"],
        )


def _data(name: str) -> dict[str, Any]:
    source = files("suyuan.trace.standards") / "divisions" / f"{name}.json"
    data: dict[str, Any] = json.loads(source.read_text(encoding="utf-8"))
    return data


def _level(code: str) -> Level:
    if len(code) > 6:
        return Level.TOWNSHIP
    if code.endswith("0000"):
        return Level.PROVINCE
    return Level.PREFECTURE if code.endswith("00") else Level.COUNTY


def _parent(code: str, known: set[str]) -> str | None:
    """The nearest known division above: 469000 is a grouping, no division, so 460000 is next."""
    if code.endswith("0000") and len(code) == 6:
        return None
    above = (code[:6],) if len(code) > 6 else (code[:4] + "00", code[:2] + "0000")
    return next(parent for parent in above if parent in known and parent != code)
