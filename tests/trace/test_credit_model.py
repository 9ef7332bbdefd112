"""What a year comes to: every threshold, every cap, and nothing called good unseen."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suyuan.trace.clock import SHANGHAI
from suyuan.trace.credit.assessing import Assessment, Found, YearFacts, assess
from suyuan.trace.credit.model import CreditModel, Year, credit_model
from suyuan.trace.notices.rules import warning_rule
from suyuan.trace.papers.kinds import PaperKinds

MODEL = credit_model()
ENOUGH = MODEL.enough_batches


def one_point_each() -> CreditModel:
    """One dimension of a hundred points, and one loss of one point."""
    side = replace(MODEL.dimensions["tests"], weight=100)
    loss = replace(MODEL.losses[0], dimension="tests", points=1)
    return replace(MODEL, dimensions={"tests": side}, losses=(loss,))


@pytest.mark.parametrize(
    ("lost", "grade"),
    [(0, "A"), (10, "A"), (11, "B"), (25, "B"), (26, "C"), (40, "C"), (41, "D"), (100, "D"),
     (130, "D")],
)  # fmt: skip
def test_each_grade_begins_at_its_threshold(lost: int, grade: str) -> None:
    model = one_point_each()
    facts = YearFacts(ENOUGH, {model.losses[0].key: Found(lost)})
    found = assess(model, facts)
    assert (found.grade, found.score) == (grade, Decimal(max(100 - lost, 0)))


def test_a_score_never_shows_a_threshold_that_it_has_not_reached() -> None:
    """134 of 149 points are 89.93 of a hundred."""
    model = one_point_each()
    model = replace(model, dimensions={"tests": replace(model.dimensions["tests"], weight=149)})
    found = assess(model, YearFacts(ENOUGH, {model.losses[0].key: Found(15)}))
    assert (found.grade, str(found.score)) == ("B", "89.9")


def test_what_is_not_kept_counts_neither_for_nor_against() -> None:
    kept = sum(one.weight for one in MODEL.dimensions.values() if one.kept)
    assert sum(one.weight for one in MODEL.dimensions.values()) == 100
    assert {key for key, one in MODEL.dimensions.items() if not one.kept} == {
        "findings", "complaints",
    }  # fmt: skip
    found = assess(MODEL, YearFacts(ENOUGH))
    assert (found.assessed, found.lost, found.grade) == (kept, 0, "A")


def test_a_dimension_gives_no_more_than_its_weight() -> None:
    """Three failed batches cost 20 and not 21 points: 55 of 75."""
    found = assess(MODEL, YearFacts(ENOUGH, {"failed_result": Found(3), "untested": Found(1)}))
    assert [(one.loss, one.points) for one in found.lines] == [
        ("failed_result", 20), ("untested", 0),
    ]  # fmt: skip
    assert (found.lost, str(found.score), found.grade) == (20, "73.3", "C")


@pytest.mark.parametrize("veto", [key for key, one in MODEL.vetoes.items() if one.counts])
def test_a_veto_gives_the_lowest_grade_whatever_the_score(veto: str) -> None:
    for batches in (0, ENOUGH):
        found = assess(MODEL, YearFacts(batches, vetoes={veto: Found(1, ("01",))}))
        assert (found.grade, str(found.score)) == ("D", "100.0")


def test_too_few_batches_are_called_not_rated_and_not_good() -> None:
    for batches, grade in ((0, "unrated"), (ENOUGH - 1, "unrated"), (ENOUGH, "A")):
        found = assess(MODEL, YearFacts(batches))
        assert found.grade == grade
        assert (found.score is None) is (grade == "unrated")


@given(st.dictionaries(st.sampled_from([one.key for one in MODEL.losses]), st.integers(0, 50)))
def test_more_findings_never_make_a_better_grade(counts: dict[str, int]) -> None:
    before = assess(MODEL, YearFacts(ENOUGH, {key: Found(n) for key, n in counts.items()}))
    after = assess(MODEL, YearFacts(ENOUGH, {key: Found(n + 1) for key, n in counts.items()}))
    assert before.score is not None
    assert after.score is not None
    assert 0 <= after.score <= before.score <= 100
    assert before.grade <= after.grade
    assert sum(one.points for one in before.lines) == before.lost
    assert Assessment.from_json(before.to_json()) == before


def test_every_loss_goes_by_rules_and_papers_that_there_are() -> None:
    kinds = {one.key for one in PaperKinds.load()}
    for loss in MODEL.losses:
        if loss.counts == "warnings":
            assert all(warning_rule(key) for key in loss.of)
        else:
            assert set(loss.of) <= kinds


def test_a_year_is_one_of_people_here_and_is_due_at_the_end_of_march() -> None:
    year = Year(2026)
    assert year.since.astimezone(SHANGHAI).isoformat() == "2026-01-01T00:00:00+08:00"
    assert year.until.astimezone(SHANGHAI).isoformat() == "2027-01-01T00:00:00+08:00"
    assert MODEL.due(year).isoformat() == "2027-03-31"
