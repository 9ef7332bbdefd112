"""Samples: the sheet, the way to the laboratory, and what a report on a sample is worth."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

import pytest
import sqlalchemy as sa

from suyuan.trace.acts.evidence import keep_evidence
from suyuan.trace.acts.reports import enter_test_report
from suyuan.trace.acts.sampling import hand_over, take_sample
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.errors import Conflict, Forbidden, InvalidInput, InvalidInputs
from suyuan.trace.log.queries import record
from suyuan.trace.notices.tables import EarlyWarning
from suyuan.trace.notices.wording import worded
from suyuan.trace.parties.actor import Actor
from suyuan.trace.quality.facts import TestItemFacts, TestReportFacts
from suyuan.trace.quality.queries import report as report_with
from suyuan.trace.samples import queries
from suyuan.trace.samples.facts import SampleFacts, StepFacts
from suyuan.trace.samples.kinds import sampling_kinds
from tests import world
from tests.world import kg

DAY = date(2026, 5, 20)
NUMBER = "XBJ26540626001"


class Scene(NamedTuple):
    """A co-operative with a batch, the regulator of the county, and two laboratories."""

    owner: Actor
    regulator: Actor
    lab: Actor
    other_lab: Actor
    code: str


@pytest.fixture
def scene(ledger: Ledger) -> Scene:
    owner = world.make_producer(ledger)
    regulator = world.make_regulator(ledger)
    labs = [world.make_producer(ledger, "laboratory") for _ in range(2)]
    return Scene(owner, regulator, labs[0], labs[1], world.make_batch(ledger, owner))


def sheet(code: str, **more: Any) -> SampleFacts:
    """The sheet of a sample taken in supervision, sealed on the spot."""
    facts = SampleFacts(
        trace_code=code,
        kind="supervision",
        number=NUMBER,
        taken_on=DAY,
        samplers=("扎西", "卓玛"),
        quantity=kg(2),
        base=kg(50),
        reserve=kg(2),
        seal="F-0001",
        present=("次仁",),
        place="成品库",
    )
    return replace(facts, **more)


def step(ledger: Ledger, actor: Actor, sample: str, kind: str, **more: Any) -> str:
    return ledger.perform(actor, hand_over, sample, StepFacts(kind, **{"on": DAY, **more}))


def bring(ledger: Ledger, scene: Scene, *, intact: bool = True, **more: Any) -> str:
    """A sample that the first laboratory received; returns its uid."""
    uid = ledger.perform(scene.regulator, take_sample, sheet(scene.code, **more))
    step(ledger, scene.regulator, uid, "sent", to=scene.lab.party_uid)
    step(ledger, scene.lab, uid, "received", intact=intact)
    return uid


def tell_of_samples(ledger: Ledger, owner: Actor) -> None:
    """A sample that says all that one can say, sealed, sent, received; and its reserve."""
    lab, code = world.make_producer(ledger, "laboratory"), world.make_batch(ledger, owner)
    world.make_sample(ledger, owner, code)
    own = str(owner.party_uid)
    file = ledger.perform(owner, keep_evidence, own, b"%PDF-1.7 sheet", "抽样单.pdf")
    full = sheet(
        code, kind="commissioned", seal="", site=world.make_site(ledger, owner), note="冷藏",
        evidence=file,
    )  # fmt: skip
    uid = ledger.perform(owner, take_sample, full)
    step(ledger, owner, uid, "sealed", seal="F-2")
    step(ledger, owner, uid, "sent", to=lab.party_uid)
    step(ledger, lab, uid, "received", intact=True, note="完好")
    kept = date(2026, 11, 20)
    step(ledger, owner, uid, "kept", portion="reserve", keep_until=kept)


def answer(ledger: Ledger, lab: Actor, *codes: str, **more: Any) -> str:
    facts = TestReportFacts(
        number="JC-2026-1",
        laboratory=more.pop("laboratory", "检测中心"),
        issued_on=more.pop("issued_on", date(2026, 5, 30)),
        batches=codes,
        items=(TestItemFacts("铅", "0.05", "mg/kg"),),
        sample_number=more.pop("sample_number", NUMBER),
        **more,
    )
    return ledger.perform(lab, enter_test_report, facts)


def doubts(ledger: Ledger, report: str) -> list[str]:
    """What is doubtful about a report by the chain of its sample."""
    with ledger.database.read() as session:
        found = queries.answered_by(session, report_with(session, report))
        return [doubt.code for one in found for doubt in one.doubts]


def warned(ledger: Ledger) -> list[str]:
    with ledger.database.read() as session:
        query = sa.select(EarlyWarning).where(EarlyWarning.rule == "sample_doubt")
        return [worded(one.evidence["finding"], "zh") for one in session.scalars(query)]


# --- the sheet -------------------------------------------------------------------------------


def test_a_sheet_is_kept_and_names_stay_out_of_what_is_public(ledger: Ledger, scene: Scene) -> None:
    uid = ledger.perform(scene.regulator, take_sample, sheet(scene.code))
    with ledger.database.read() as session:
        kept = queries.sample(session, uid)
        assert (kept.number, kept.samplers, kept.present) == (NUMBER, ["扎西", "卓玛"], ["次仁"])
        said = record(session, kept.record_id)
    assert said.classes["samplers"] == said.classes["present"] == "personal"
    assert said.classes["number"] == "trade"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"samplers": ("扎西",)}, "samplers"),
        ({"samplers": ("扎西", " 扎西 ")}, "samplers"),
        ({"reserve": None}, "reserve"),
        ({"number": " "}, "number"),
        ({"taken_on": date(2027, 1, 1)}, "taken_on"),
        ({"base": kg(3)}, "base"),
        ({"quantity": kg(0)}, "quantity"),
    ],
)
def test_a_sheet_lacks_nothing_that_the_law_asks_for(
    ledger: Ledger, scene: Scene, change: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidInputs) as refused:
        ledger.perform(scene.regulator, take_sample, sheet(scene.code, **change))
    assert [one.field for one in refused.value.faults] == [field]


def test_no_more_is_taken_than_the_batch_holds(ledger: Ledger, scene: Scene) -> None:
    much = sheet(scene.code, quantity=kg(99), base=None)
    with pytest.raises(InvalidInput, match="100 kg"):
        ledger.perform(scene.regulator, take_sample, much)


def test_how_many_samplers_there_must_be_is_data_with_its_source() -> None:
    kinds = sampling_kinds()
    assert [kinds[key].samplers for key in ("supervision", "commissioned")] == [2, 1]
    assert all(one.provenance.source for one in kinds.values())


def test_only_who_is_competent_samples_in_supervision(ledger: Ledger, scene: Scene) -> None:
    elsewhere = world.make_regulator(ledger, world.KAZUO)
    for actor in (scene.owner, elsewhere):
        with pytest.raises(Forbidden):
            ledger.perform(actor, take_sample, sheet(scene.code))
    own = sheet(scene.code, kind="commissioned", samplers=("扎西",), seal="", reserve=None)
    assert ledger.perform(scene.owner, take_sample, own)
    stranger = world.make_producer(ledger)
    with pytest.raises(Forbidden):
        ledger.perform(stranger, take_sample, own)


def test_a_number_is_used_once(ledger: Ledger, scene: Scene) -> None:
    ledger.perform(scene.regulator, take_sample, sheet(scene.code))
    with pytest.raises(Conflict):
        ledger.perform(scene.regulator, take_sample, sheet(scene.code, number=f" {NUMBER.lower()}"))


# --- the way to the laboratory ---------------------------------------------------------------


def test_each_step_comes_in_its_turn_and_is_told_by_whoever_has_the_sample(
    ledger: Ledger, scene: Scene
) -> None:
    uid = ledger.perform(scene.regulator, take_sample, sheet(scene.code, seal=""))
    with pytest.raises(Conflict, match="next comes"):
        step(ledger, scene.regulator, uid, "sent", to=scene.lab.party_uid)
    step(ledger, scene.regulator, uid, "sealed", seal="F-9")
    step(ledger, scene.regulator, uid, "sent", to=scene.lab.party_uid)
    for actor in (scene.regulator, scene.other_lab, scene.owner):
        with pytest.raises(Forbidden):
            step(ledger, actor, uid, "received", intact=True)
    with pytest.raises(InvalidInputs, match="seal was whole"):
        step(ledger, scene.lab, uid, "received")
    with pytest.raises(InvalidInputs, match="before the step"):
        step(ledger, scene.lab, uid, "received", intact=True, on=date(2026, 5, 19))
    step(ledger, scene.lab, uid, "received", intact=True)
    step(ledger, scene.lab, uid, "opened")
    with pytest.raises(Conflict, match="Nothing more"):
        step(ledger, scene.lab, uid, "opened")
    with ledger.database.read() as session:
        kept = queries.sample(session, uid)
        assert [one.kind for one in kept.steps] == ["sealed", "sent", "received", "opened"]
        assert kept.seal == "F-9"
        assert record(session, kept.steps[2].record_id).type == "sample.received"


def test_the_reserve_goes_its_own_way_to_the_laboratory_of_the_retest(
    ledger: Ledger, scene: Scene
) -> None:
    uid = bring(ledger, scene)
    reserve = {"portion": "reserve"}
    step(ledger, scene.lab, uid, "kept", keep_until=date(2026, 11, 20), **reserve)
    with pytest.raises(Forbidden):
        step(ledger, scene.regulator, uid, "sent", to=scene.other_lab.party_uid, **reserve)
    step(ledger, scene.lab, uid, "sent", to=scene.other_lab.party_uid, **reserve)
    step(ledger, scene.other_lab, uid, "received", intact=True, **reserve)
    report = answer(ledger, scene.other_lab, scene.code)
    assert doubts(ledger, report) == []


def test_a_laboratory_that_is_no_organisation_here_is_told_of_by_who_sent_the_sample(
    ledger: Ledger, scene: Scene
) -> None:
    uid = ledger.perform(scene.regulator, take_sample, sheet(scene.code))
    step(ledger, scene.regulator, uid, "sent", to_name="拉萨市食品药品检验所")
    step(ledger, scene.regulator, uid, "received", intact=True)
    report = answer(ledger, scene.owner, scene.code, laboratory="拉萨市食品药品检验所")
    assert doubts(ledger, report) == []


# --- what a report on it is worth ------------------------------------------------------------


def test_a_report_on_a_whole_chain_is_beyond_doubt(ledger: Ledger, scene: Scene) -> None:
    bring(ledger, scene)
    report = answer(ledger, scene.lab, scene.code, sampled_on=DAY)
    assert doubts(ledger, report) == []
    assert warned(ledger) == []


def test_a_broken_seal_is_kept_as_found_and_warned_of(ledger: Ledger, scene: Scene) -> None:
    uid = bring(ledger, scene, intact=False)
    with ledger.database.read() as session:
        assert [one.code for one in queries.doubts_of(queries.sample(session, uid))] == [
            "seal-broken"
        ]
    assert warned(ledger) == ["收样时封条破损"]
    report = answer(ledger, scene.lab, scene.code)
    assert doubts(ledger, report) == ["seal-broken"]
    assert len(warned(ledger)) == 2


@pytest.mark.parametrize(
    ("more", "found"),
    [
        ({"issued_on": date(2026, 5, 19)}, "too-early"),
        ({"sampled_on": date(2026, 5, 18)}, "other-day"),
    ],
)
def test_days_that_do_not_agree_are_doubts(
    ledger: Ledger, scene: Scene, more: dict[str, Any], found: str
) -> None:
    bring(ledger, scene)
    assert doubts(ledger, answer(ledger, scene.lab, scene.code, **more)) == [found]


def test_a_report_on_a_sample_that_nobody_received_is_a_doubt(ledger: Ledger, scene: Scene) -> None:
    uid = ledger.perform(scene.regulator, take_sample, sheet(scene.code))
    step(ledger, scene.regulator, uid, "sent", to=scene.lab.party_uid)
    assert doubts(ledger, answer(ledger, scene.lab, scene.code)) == ["never-received"]
    assert warned(ledger) == ["无实验室收样记录"]


def test_a_sample_of_one_batch_vouches_for_no_other_and_one_laboratory_for_no_other(
    ledger: Ledger, scene: Scene
) -> None:
    bring(ledger, scene)
    second = world.make_batch(ledger, scene.owner)
    report = answer(ledger, scene.other_lab, second)
    assert doubts(ledger, report) == ["other-goods", "other-laboratory"]
    assert warned(ledger) == ["样品取自其他批次、收样的是其他实验室"]


def test_a_number_that_no_sheet_here_bears_says_nothing(ledger: Ledger, scene: Scene) -> None:
    assert doubts(ledger, answer(ledger, scene.lab, scene.code, sample_number="JS-77")) == []
    assert warned(ledger) == []
