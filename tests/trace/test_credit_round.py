"""The yearly assessment of an organisation: announced, objected to, decided, and warned of."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from suyuan.trace.acts.credit import (
    announce_assessment,
    decide_assessment,
    object_to_assessment,
)
from suyuan.trace.acts.orders import lift, recall
from suyuan.trace.acts.papers import register_paper, revoke_paper
from suyuan.trace.acts.reports import enter_test_report
from suyuan.trace.acts.sweeping import sweep
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.clock import SetClock
from suyuan.trace.credit.assessing import Assessment
from suyuan.trace.credit.queries import assessment, assessments_of
from suyuan.trace.credit.tables import CreditAssessment
from suyuan.trace.errors import Conflict, Forbidden, InvalidInput
from suyuan.trace.log.projection_audit import audit_projections
from suyuan.trace.notices.tables import EarlyWarning
from suyuan.trace.papers.facts import Covers, PaperFacts
from suyuan.trace.parties.actor import Actor
from suyuan.trace.projections import PROJECTIONS
from suyuan.trace.quality.facts import TestItemFacts, TestReportFacts
from tests import world

YEAR = 2026


def move(ledger: Ledger, year: int, month: int, day: int) -> None:
    assert isinstance(ledger.clock, SetClock)
    ledger.clock.move(datetime(year, month, day, 1, tzinfo=UTC))


class Place:
    """A co-operative that made three batches in 2026, and its regulator, in March of 2027."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.head, self.regulator = world.make_producer(ledger), world.make_regulator(ledger)
        self.uid = str(self.head.party_uid)
        self.codes = [world.make_batch(ledger, self.head) for _ in range(3)]

    def later(self) -> None:
        move(self.ledger, 2027, 3, 1)

    def announce(self, **more: Any) -> str:
        return self.ledger.perform(self.regulator, announce_assessment, self.uid, YEAR, **more)

    def row(self, uid: str) -> CreditAssessment:
        with self.ledger.database.read() as session:
            found = assessment(session, uid)
            session.expunge_all()
            return found

    def found(self) -> Assessment:
        """What a new assessment comes to; decided at once, so that another may follow."""
        with self.ledger.database.read() as session:
            before = assessments_of(session, self.head.party_id or 0)
        uid = self.announce(again="复评" if before else "")
        day = self.row(uid).notice_until + timedelta(days=1)
        move(self.ledger, day.year, day.month, day.day)
        self.ledger.perform(self.regulator, decide_assessment, uid)
        return self.row(uid).assessment

    def lost(self) -> dict[str, int]:
        return {one.loss: one.count for one in self.found().lines}


def tell_of_assessments(ledger: Ledger, head: Actor) -> None:
    """A year that was objected to and decided otherwise, twice, and one that is announced."""
    regulator, last = world.make_regulator(ledger), ledger.clock.now().year - 1
    own = str(head.party_uid)
    for again in ("", "信用修复"):
        uid = ledger.perform(regulator, announce_assessment, own, last - 1, again)
        ledger.perform(head, object_to_assessment, uid, "检测报告在另一平台")
        ledger.perform(regulator, decide_assessment, uid, "", "冒用标志", "forged")
    ledger.perform(regulator, announce_assessment, own, last)


@pytest.fixture
def place(ledger: Ledger) -> Place:
    return Place(ledger)


def report(ledger: Ledger, code: str, *items: TestItemFacts, kind: str = "laboratory") -> str:
    laboratory = world.make_actor(ledger, world.make_party(ledger, "laboratory"))
    facts = TestReportFacts(
        f"JC-{code[-6:]}-{kind}", "市检测中心", date(2026, 6, 1), (code,), items, kind=kind
    )
    return ledger.perform(laboratory, enter_test_report, facts)


LEAD = TestItemFacts("铅", "9.9", "mg/kg")


def test_the_round_of_one_organisation(place: Place) -> None:
    place.later()
    uid = place.announce()
    row = place.row(uid)
    assert (row.state, row.year, row.notice_until) == ("announced", YEAR, date(2027, 3, 8))
    assert row.assessment.grade == "B"
    assert {one.loss for one in row.assessment.lines} == {"untested", "no_certification"}
    with pytest.raises(Conflict, match="may object until"):
        place.ledger.perform(place.regulator, decide_assessment, uid)
    move(place.ledger, 2027, 3, 8)
    place.ledger.perform(place.head, object_to_assessment, uid, "检测报告在另一平台")
    with pytest.raises(InvalidInput, match="reason"):
        place.ledger.perform(place.regulator, decide_assessment, uid, "A")
    place.ledger.perform(place.regulator, decide_assessment, uid, "A", "核对报告属实")
    row = place.row(uid)
    assert (row.state, row.grade, row.reason) == ("decided", "A", "核对报告属实")
    assert row.assessment.grade == "B", "what the model came to stays beside it"
    with pytest.raises(Conflict, match="decided already"):
        place.ledger.perform(place.regulator, decide_assessment, uid)


def test_what_is_stored_is_what_the_log_says(place: Place) -> None:
    place.later()
    uid = place.announce()
    place.ledger.perform(place.head, object_to_assessment, uid, "不属实")
    place.ledger.perform(place.regulator, decide_assessment, uid, reason="维持")
    place.announce(again="信用修复")
    with place.ledger.database.read() as session:
        assert not list(audit_projections(session, PROJECTIONS))


def test_the_time_for_objecting_ends_with_its_last_day(place: Place) -> None:
    place.later()
    uid = place.announce()
    move(place.ledger, 2027, 3, 9)
    with pytest.raises(Conflict, match="2027-03-08"):
        place.ledger.perform(place.head, object_to_assessment, uid, "不属实")
    place.ledger.perform(place.regulator, decide_assessment, uid)
    assert place.row(uid).grade == "B"


def test_only_the_competent_assess_and_only_the_organisation_objects(place: Place) -> None:
    place.later()
    elsewhere = world.make_regulator(place.ledger, world.KAZUO)
    inspector = world.make_actor(place.ledger, str(place.regulator.party_uid), "inspector")
    stranger = world.make_producer(place.ledger)
    for actor in (elsewhere, inspector, place.head):
        with pytest.raises(Forbidden):
            place.ledger.perform(actor, announce_assessment, place.uid, YEAR)
    uid = place.announce()
    for actor in (stranger, place.regulator):
        with pytest.raises(Forbidden):
            place.ledger.perform(actor, object_to_assessment, uid, "不属实")
    place.ledger.perform(place.head, object_to_assessment, uid, "不属实")
    for actor in (elsewhere, inspector, place.head):
        with pytest.raises(Forbidden):
            place.ledger.perform(actor, decide_assessment, uid, reason="维持")


def test_a_year_is_assessed_once_when_it_is_over_and_again_with_a_reason(place: Place) -> None:
    with pytest.raises(InvalidInput, match="when it is over: 2025"):
        place.announce()
    place.later()
    uid = place.announce()
    with pytest.raises(Conflict, match="being assessed"):
        place.announce()
    place.ledger.perform(place.head, object_to_assessment, uid, "不属实")
    place.ledger.perform(place.regulator, decide_assessment, uid, reason="维持")
    with pytest.raises(InvalidInput, match="say why"):
        place.announce()
    assert place.row(place.announce(again="信用修复")).again == "信用修复"
    household = world.make_producer(place.ledger, "household_group")
    with pytest.raises(InvalidInput, match="not assessed"):
        place.ledger.perform(place.regulator, announce_assessment, str(household.party_uid), YEAR)


def test_a_failed_test_costs_points_until_a_retest_decides_otherwise(place: Place) -> None:
    report(place.ledger, place.codes[0], LEAD)
    place.later()
    assert place.lost() == {"failed_result": 1, "no_certification": 1}


def test_a_revoked_paper_and_its_warning_cost_points_and_are_named(place: Place) -> None:
    covers = (Covers("party", place.uid),)
    facts = PaperFacts("green_food", "LB-15-1711196965A", place.uid, covers=covers)
    paper = place.ledger.perform(place.head, register_paper, facts)
    report(place.ledger, place.codes[0], TestItemFacts("铅", "0.01", "mg/kg"))
    place.later()
    assert place.lost() == {}
    move(place.ledger, 2026, 12, 31)
    place.ledger.perform(place.head, revoke_paper, paper, "被撤销")
    place.later()
    found = place.found()
    (line,) = [one for one in found.lines if one.loss == "paper_revoked"]
    assert line.evidence == (paper,)
    assert {one.loss for one in found.lines} == {"paper_revoked", "no_certification"}


def test_a_forbidden_substance_or_an_unfinished_recall_gives_the_lowest_grade(
    place: Place,
) -> None:
    order = place.ledger.perform(place.regulator, recall, place.codes[0], "铅超标")
    place.later()
    found = place.found()
    assert (found.grade, found.vetoes["recall_not_done"].evidence) == ("D", (order,))
    place.ledger.perform(place.regulator, lift, order, "误发")
    assert not place.found().vetoes
    assert "recall_ordered" not in place.lost()


def test_what_a_person_states_gives_the_lowest_grade_with_a_reason(place: Place) -> None:
    place.later()
    uid = place.announce()
    move(place.ledger, 2027, 3, 9)
    decide = decide_assessment
    for wrong in ({"veto": "forged"}, {"veto": "forbidden_found", "reason": "伪造"},
                  {"veto": "forged", "grade": "A", "reason": "伪造"}, {"grade": "E"}):  # fmt: skip
        with pytest.raises(InvalidInput):
            place.ledger.perform(place.regulator, decide, uid, **wrong)
    place.ledger.perform(place.regulator, decide, uid, veto="forged", reason="冒用绿色食品标志")
    row = place.row(uid)
    assert (row.grade, row.veto) == ("D", "forged")


def test_a_year_that_nobody_assessed_is_warned_of_once_from_its_day_on(place: Place) -> None:
    idle = world.make_producer(place.ledger)

    def warned() -> dict[str, Any]:
        with place.ledger.database.read() as session:
            rows = session.query(EarlyWarning).filter_by(rule="credit_overdue").all()
            return {one.key: one.evidence for one in rows}

    for day in ((2027, 1, 5), (2027, 3, 31)):
        move(place.ledger, *day)
        assert sweep(place.ledger, ["credit_overdue"]) == {"credit_overdue": 0}
    move(place.ledger, 2027, 4, 1)
    assert sweep(place.ledger, ["credit_overdue"]) == {"credit_overdue": 1}
    assert sweep(place.ledger, ["credit_overdue"]) == {"credit_overdue": 0}
    assert list(warned()) == [f"{place.uid}:{YEAR}"]
    assert str(idle.party_uid) not in str(warned())


def test_what_was_assessed_in_time_is_not_warned_of(place: Place) -> None:
    place.later()
    place.found()
    move(place.ledger, 2027, 4, 1)
    assert sweep(place.ledger, ["credit_overdue"]) == {"credit_overdue": 0}
