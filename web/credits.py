"""What pages of the yearly assessment share: an assessment told line by line, with its evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from suyuan.trace.credit.assessing import Assessment, Found
from suyuan.trace.credit.model import CreditModel, Figure, credit_model
from suyuan.trace.sourced import Provenance
from suyuan.web.showing import named

Links = Mapping[Figure, Callable[[str], str]]
"""Where a record leads to that shows what was found, by what was counted."""


@dataclass(frozen=True)
class ToldLine:
    """One thing that cost points, or that makes the grade the lowest (``points`` None)."""

    name: str
    dimension: str
    count: int
    points: int | None
    evidence: tuple[tuple[str, str | None], ...]
    provenance: Provenance


@dataclass(frozen=True)
class ToldAssessment:
    """An assessment in words. ``left_out``: sides of which no facts are kept here."""

    grade: str
    score: str
    batches: int
    assessed: int
    lost: int
    lines: tuple[ToldLine, ...]
    left_out: tuple[str, ...]
    sampling: str


def told(assessment: Assessment, links: Links) -> ToldAssessment:
    """An assessment as pages show it. It was made by a model that may have changed since: what the
    model of today does not name keeps its key."""
    model = credit_model()
    grade = model.grades.get(assessment.grade)
    return ToldAssessment(
        grade=grade_name(assessment.grade),
        score=str(assessment.score) if assessment.score is not None else "",
        batches=assessment.batches,
        assessed=assessment.assessed,
        lost=assessment.lost,
        lines=tuple(_lines(model, assessment, links)),
        left_out=tuple(named(one.names) for one in model.dimensions.values() if not one.kept),
        sampling=f"{grade.sampling:f}" if grade else "",
    )


def grade_name(grade: str) -> str:
    """What a grade is called; nothing for none."""
    model = credit_model()
    known = grade in model.grades or grade == "unrated"
    return named(model.names_of(grade)) if known else grade


def veto_name(veto: str) -> str:
    """What a person stated that makes the grade the lowest."""
    known = credit_model().vetoes.get(veto)
    return named(known.names) if known else veto


def _lines(model: CreditModel, assessment: Assessment, links: Links) -> Iterator[ToldLine]:
    for key, found in assessment.vetoes.items():
        veto = model.vetoes.get(key)
        if veto is not None:
            shown = _evidence(veto.counts, found, links)
            yield ToldLine(named(veto.names), "", found.count, None, shown, veto.provenance)
    losses = {one.key: one for one in model.losses}
    for line in assessment.lines:
        loss = losses.get(line.loss)
        if loss is not None:
            yield ToldLine(
                named(loss.names),
                named(model.dimensions[line.dimension].names),
                line.count,
                line.points,
                _evidence(loss.counts, Found(line.count, line.evidence), links),
                loss.provenance,
            )


def _evidence(
    counts: Figure | None, found: Found, links: Links
) -> tuple[tuple[str, str | None], ...]:
    link = links.get(counts) if counts else None
    return tuple((uid, link(uid) if link else None) for uid in found.evidence)
