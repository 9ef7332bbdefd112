"""The one answer about a code: what it says, what it leaves unsaid, and in which order."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from suyuan.trace.acts.batches import withdraw_batch
from suyuan.trace.acts.events import correct_event
from suyuan.trace.acts.evidence import keep_evidence
from suyuan.trace.acts.orders import hold, lift, recall
from suyuan.trace.acts.reports import enter_test_report
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.codes.queries import newest_status
from suyuan.trace.errors import NotFound
from suyuan.trace.events.facts import CorrectionFacts
from suyuan.trace.passport import Passport, Unvouched, passport_of, passport_of_typed
from suyuan.trace.quality.facts import TestItemFacts, TestReportFacts
from tests import world


def _typed(ledger: Ledger, trace_code: str) -> Passport:
    with ledger.database.read() as session:
        return passport_of_typed(session, ledger.families, trace_code, now=ledger.clock.now())


def test_a_typed_code_has_no_signature_to_speak_of(ledger: Ledger) -> None:
    code = world.make_batch(ledger, world.make_producer(ledger))
    answer = _typed(ledger, " ".join(code[at : at + 4] for at in range(0, 16, 4)))
    assert (answer.issued.verdict, answer.issued.typed) == ("unsigned", True)
    assert answer.standing.state == "clear"
    assert answer.copies is None


def test_a_code_that_was_never_given_is_not_found(ledger: Ledger) -> None:
    with pytest.raises(NotFound):
        _typed(ledger, "5406260847047297")


def test_a_forged_code_is_answered_without_the_batch_it_names(ledger: Ledger) -> None:
    code = world.make_batch(ledger, world.make_producer(ledger))
    forged = f"https://t.example.cn/1{'0' + '7' * 163}/t/{code}"
    with ledger.database.read() as session:
        answer = passport_of(session, ledger.families, forged, now=ledger.clock.now())
    assert isinstance(answer, Unvouched)
    assert answer.alarms


def test_a_family_behind_a_household_group_is_not_named(ledger: Ledger) -> None:
    head = world.make_producer(ledger, name="索县合作社")
    group = world.make_party(
        ledger, "household_group", name="扎西平措家", parent=str(head.party_uid)
    )
    herder = world.make_actor(ledger, group)
    answer = _typed(ledger, world.make_batch(ledger, herder))
    assert answer.producer.name.startswith("索县合作社")
    assert all("扎西平措" not in step.who for step in answer.steps)


def test_an_unchecked_producer_says_so(ledger: Ledger) -> None:
    answer = _typed(ledger, world.make_batch(ledger, world.make_producer(ledger, active=False)))
    assert not answer.producer.checked


def test_recall_stands_before_hold_and_each_ends_alone(ledger: Ledger) -> None:
    head = world.make_producer(ledger)
    code = world.make_batch(ledger, head)
    held = ledger.perform(head, hold, code, "待复检")
    called_back = ledger.perform(head, recall, code, "超标")
    assert (_typed(ledger, code).standing.state, _typed(ledger, code).standing.reason) == (
        "recalled",
        "超标",
    )
    ledger.perform(head, lift, called_back, "复检合格")
    assert _typed(ledger, code).standing.state == "held"
    ledger.perform(head, lift, held, "复检合格")
    assert _typed(ledger, code).standing.state == "clear"


def test_a_withdrawn_batch_says_so(ledger: Ledger) -> None:
    head = world.make_producer(ledger)
    code = world.make_batch(ledger, head)
    ledger.perform(head, withdraw_batch, code, "登记有误")
    assert _typed(ledger, code).standing.state == "withdrawn"
    with ledger.database.read() as session:
        assert (newest_status(session).body or "").endswith(" V\n")


def test_what_was_made_tells_what_its_parents_went_through(ledger: Ledger) -> None:
    head = world.make_producer(ledger)
    parent = world.make_batch(ledger, head)
    world.make_event(ledger, head, "store", parent, payload={"store_id": "一号库"})
    child, _rest = world.make_split(ledger, head, parent, 40, 60)
    kinds = [step.kind for step in _typed(ledger, child).steps]
    assert kinds.index("store") < kinds.index("split")
    assert "store" not in {
        step.kind for step in _typed(ledger, world.make_batch(ledger, head)).steps
    }


def test_a_correction_is_shown_with_what_it_corrects(ledger: Ledger) -> None:
    head = world.make_producer(ledger)
    code = world.make_batch(ledger, head)
    first = world.make_event(ledger, head, "grade", code, payload={"grade": "一级"})
    second = ledger.perform(
        head, correct_event, CorrectionFacts(first, "等级写错", payload={"grade": "二级"})
    )
    steps = {step.uid: step for step in _typed(ledger, code).steps}
    assert steps[first].corrected_by == second
    assert steps[second].corrects == first
    assert [fact.value for fact in steps[second].facts if fact.key == "grade"] == ["二级"]


def test_missing_facts_are_named_not_hidden(ledger: Ledger) -> None:
    answer = _typed(ledger, world.make_batch(ledger, world.make_producer(ledger)))
    assert "地块" in {names.zh for names in answer.not_recorded}


def test_a_report_says_whether_the_laboratory_or_the_producer_entered_it(ledger: Ledger) -> None:
    head, lab = world.make_producer(ledger), world.make_producer(ledger, "laboratory")
    unchecked = world.make_producer(ledger, "laboratory", active=False)
    code = world.make_batch(ledger, head)
    facts = TestReportFacts(
        "JC-1", "市检测中心", date(2026, 5, 30), (code,), (TestItemFacts("镉", "0.05", "mg/kg"),)
    )
    uid = ledger.perform(
        head, keep_evidence, str(head.party_uid), b"%PDF-1.4\n%%EOF\n", "报告.pdf", "public"
    )
    claimed = replace(facts, number="JC-2", laboratory_party=lab.party_uid)
    kept = replace(facts, number="JC-3", evidence=uid)
    for actor, one in ((head, facts), (head, claimed), (head, kept)):
        ledger.perform(actor, enter_test_report, one)
    ledger.perform(lab, enter_test_report, replace(facts, number="JC-4"))
    ledger.perform(unchecked, enter_test_report, replace(facts, number="JC-5"))
    assert {one.number: one.evidence_grade for one in _typed(ledger, code).tests} == {
        "JC-1": "self_declared",
        "JC-2": "self_declared",
        "JC-3": "documented",
        "JC-4": "third_party",
        "JC-5": "self_declared",
    }
