"""What an organisation's year comes to by the model: pure, and told line by line.

The score is the share of the points that could be lost and were not, of a hundred: dimensions of
which no facts are kept count for nothing either way. Shares are exact; a score shows one decimal
place, cut off, so that none shows a threshold that it has not reached.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction
from typing import Any, Self

from suyuan.trace.credit.model import UNRATED, CreditModel

_TENTH = Decimal("0.1")
_HUNDRED = 100


@dataclass(frozen=True)
class Found:
    """How often something was found, and the records that show it: the newest ones."""

    count: int = 0
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True)
class YearFacts:
    """What is counted of an organisation in a year: its batches, and each loss and veto by key."""

    batches: int
    losses: Mapping[str, Found] = field(default_factory=dict)
    vetoes: Mapping[str, Found] = field(default_factory=dict)


@dataclass(frozen=True)
class Line:
    """One thing that cost points. ``points``: what it cost in its dimension, which gives no more
    than its weight."""

    dimension: str
    loss: str
    count: int
    points: int
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class Assessment:
    """What the model comes to: so many points ``lost`` of those ``assessed``, and the grade.

    ``score``: None where too little is known to say one.
    """

    batches: int
    assessed: int
    lost: int
    score: Decimal | None
    grade: str
    lines: tuple[Line, ...]
    vetoes: Mapping[str, Found]

    def to_json(self) -> dict[str, Any]:
        """As it is logged."""
        return {
            "batches": self.batches,
            "assessed": self.assessed,
            "lost": self.lost,
            "score": str(self.score) if self.score is not None else None,
            "grade": self.grade,
            "lines": [{**vars(one), "evidence": list(one.evidence)} for one in self.lines],
            "vetoes": [
                {"veto": key, "count": found.count, "evidence": list(found.evidence)}
                for key, found in self.vetoes.items()
            ],
        }

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> Self:
        """As ``to_json`` wrote it."""
        return cls(
            batches=said["batches"],
            assessed=said["assessed"],
            lost=said["lost"],
            score=Decimal(said["score"]) if said["score"] is not None else None,
            grade=said["grade"],
            lines=tuple(
                Line(**{**one, "evidence": tuple(one["evidence"])}) for one in said["lines"]
            ),
            vetoes={
                one["veto"]: Found(one["count"], tuple(one["evidence"])) for one in said["vetoes"]
            },
        )


def assess(model: CreditModel, facts: YearFacts) -> Assessment:
    """The grade of a year. A veto gives the lowest, else too few batches give none."""
    lines = tuple(_lines(model, facts))
    assessed = sum(one.weight for one in model.dimensions.values() if one.kept)
    lost = sum(one.points for one in lines)
    vetoes = {key: found for key, found in facts.vetoes.items() if found.count}
    share = Fraction(_HUNDRED * (assessed - lost), assessed)
    rated = bool(vetoes) or facts.batches >= model.enough_batches
    return Assessment(
        batches=facts.batches,
        assessed=assessed,
        lost=lost,
        score=_cut_off(share) if rated else None,
        grade=_grade(model, share, bool(vetoes)) if rated else UNRATED,
        lines=lines,
        vetoes=vetoes,
    )


def _lines(model: CreditModel, facts: YearFacts) -> Sequence[Line]:
    room = {key: one.weight for key, one in model.dimensions.items() if one.kept}
    lines = []
    for loss in model.losses:
        found = facts.losses.get(loss.key, Found())
        if not found.count or loss.dimension not in room:
            continue
        points = min(room[loss.dimension], found.count * loss.points)
        room[loss.dimension] -= points
        lines.append(Line(loss.dimension, loss.key, found.count, points, found.evidence))
    return lines


def _grade(model: CreditModel, share: Fraction, vetoed: bool) -> str:
    falling = sorted(model.grades.values(), key=lambda one: one.least, reverse=True)
    if vetoed:
        return falling[-1].key
    return next(one.key for one in falling if share >= one.least)


def _cut_off(share: Fraction) -> Decimal:
    exact = Decimal(share.numerator) / Decimal(share.denominator)
    return exact.quantize(_TENTH, ROUND_DOWN)
