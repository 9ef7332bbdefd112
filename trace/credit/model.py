"""By what organisations are assessed once a year (信用评价): ``standards/credit.json``.

Points are lost for what the system itself has found, so that each has its evidence. The law asks
for credit records (农产品质量安全法 Art. 54, 食品安全法 Art. 113) and leaves the model to
each place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Literal, cast, get_args

from suyuan.trace.clock import end_of_day
from suyuan.trace.parties.roles import Rights
from suyuan.trace.sourced import PROVENANCE, Provenance, Row, keyed, read_standard
from suyuan.trace.words import Names, read_names

Figure = Literal[
    "warnings", "papers_revoked", "failed_batches", "untested", "recalls", "without_paper",
    "forbidden_found", "recalls_not_done",
]  # fmt: skip
"""What can be counted of an organisation in a year (``counted.py``)."""
UNRATED = "unrated"


@dataclass(frozen=True)
class Year:
    """A calendar year of people here."""

    number: int

    @property
    def since(self) -> datetime:
        """The first moment of it."""
        return end_of_day(date(self.number - 1, 12, 31))

    @property
    def until(self) -> datetime:
        """The first moment after it."""
        return end_of_day(self.last)

    @property
    def last(self) -> date:
        return date(self.number, 12, 31)


@dataclass(frozen=True)
class Dimension:
    """One side of how an organisation works. ``kept``: whether facts of it are kept here."""

    key: str
    names: Names
    weight: int
    kept: bool
    provenance: Provenance


@dataclass(frozen=True)
class Loss:
    """What costs points: each of what ``counts`` counts (``of``: of these rules or kinds)."""

    key: str
    dimension: str
    names: Names
    counts: Figure
    of: tuple[str, ...]
    points: int
    provenance: Provenance


@dataclass(frozen=True)
class Veto:
    """What makes the grade the lowest, whatever the score. ``counts`` None: a person states it."""

    key: str
    names: Names
    counts: Figure | None
    provenance: Provenance


@dataclass(frozen=True)
class Grade:
    """A grade from so many points of a hundred. ``sampling``: how much oftener it is sampled."""

    key: str
    least: int
    names: Names
    sampling: Decimal
    provenance: Provenance


@dataclass(frozen=True)
class CreditModel:
    """All of the file. ``enough_batches``: with fewer in the year an organisation is not rated;
    ``due_months``: months after the year in which its assessment is decided;
    ``notice_working_days``: how long the organisation may object. ``grades``: the best first."""

    version: str
    organisations: tuple[str, ...]
    enough_batches: int
    due_months: int
    notice_working_days: int
    dimensions: Mapping[str, Dimension]
    losses: tuple[Loss, ...]
    vetoes: Mapping[str, Veto]
    grades: Mapping[str, Grade]
    unrated: Names
    provenance: Provenance

    def names_of(self, grade: str) -> Names:
        """What a grade is called, the want of one included."""
        return self.unrated if grade == UNRATED else self.grades[grade].names

    def due(self, year: Year) -> date:
        """The last day on which the assessment of a year is to be decided: the end of a month."""
        months = self.due_months
        following = date(year.number + 1 + months // 12, months % 12 + 1, 1)
        return following - timedelta(days=1)


@cache
def credit_model() -> CreditModel:
    """The model as shipped, read once. Raises Misconfigured."""
    root = read_standard("credit.json")
    root.only("model", "dimensions", "losses", "vetoes", "grades", "unrated")
    head = root.get("model")
    head.only("version", "organisations", "enough_batches", "due_months", "notice_working_days",
              *PROVENANCE)  # fmt: skip
    dimensions = keyed(root.get("dimensions").rows(), _read_dimension, lambda one: one.key)
    kinds = tuple(Rights.load().organisation_kinds)
    return CreditModel(
        version=head.get("version").text(),
        organisations=head.list_of("organisations", lambda row: row.one_of(kinds)),
        enough_batches=head.get("enough_batches").integer(),
        due_months=head.get("due_months").integer(),
        notice_working_days=head.get("notice_working_days").integer(),
        dimensions=dimensions,
        losses=root.list_of("losses", lambda row: _read_loss(row, tuple(dimensions))),
        vetoes=keyed(root.get("vetoes").rows(), _read_veto, lambda one: one.key),
        grades=keyed(root.get("grades").rows(), _read_grade, lambda one: one.key),
        unrated=read_names(root.get("unrated")),
        provenance=head.provenance(),
    )


def _read_dimension(row: Row) -> Dimension:
    row.only("key", "names", "weight", "kept", *PROVENANCE)
    return Dimension(
        row.get("key").text(),
        read_names(row),
        row.get("weight").integer(),
        row.get("kept").flag(),
        row.provenance(),
    )


def _read_loss(row: Row, dimensions: tuple[str, ...]) -> Loss:
    row.only("key", "dimension", "names", "counts", "of", "points", *PROVENANCE)
    return Loss(
        row.get("key").text(),
        row.get("dimension").one_of(dimensions),
        read_names(row),
        cast("Figure", row.get("counts").one_of(get_args(Figure))),
        row.list_of("of", Row.text),
        row.get("points").integer(),
        row.provenance(),
    )


def _read_veto(row: Row) -> Veto:
    row.only("key", "names", "counts", *PROVENANCE)
    counts = row.maybe("counts", lambda one: one.one_of(get_args(Figure)))
    return Veto(
        row.get("key").text(), read_names(row), cast("Figure | None", counts), row.provenance()
    )


def _read_grade(row: Row) -> Grade:
    row.only("key", "least", "names", "sampling", *PROVENANCE)
    return Grade(
        row.get("key").text(),
        row.get("least").integer(),
        read_names(row),
        row.get("sampling").number(),
        row.provenance(),
    )
