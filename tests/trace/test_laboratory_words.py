"""A laboratory's own word against goods, where the standards kept here say nothing of it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from suyuan.trace.acts.objections import object_to_report
from suyuan.trace.acts.releasing import answer_override, ask_override
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.errors import Conflict, Forbidden
from suyuan.trace.log.projection_audit import audit_projections
from suyuan.trace.notices.tables import EarlyWarning, Notice
from suyuan.trace.parties.actor import Actor
from suyuan.trace.parties.tables import Party
from suyuan.trace.projections import PROJECTIONS
from suyuan.trace.quality.conclusions import is_against, is_for
from suyuan.trace.release.gate import NotReleased
from tests import world
from tests.trace.test_judged import (
    LEAD_FAILS,
    LEAD_PASSES,
    enter,
    line,
    make_millet,
    orders,
)
from tests.trace.test_objections import make_lab, state
from tests.trace.test_release import missing, now_of
from tests.web.desk_world import desk
from tests.world import kg

SENSORY = line("感官", "有霉味", conclusion="不合格")


def stands(uid: str) -> set[str]:
    return {f"laboratory_against:{uid}"}


def warned(ledger: Ledger) -> list[EarlyWarning]:
    with ledger.database.read() as session:
        found = list(session.scalars(sa.select(EarlyWarning).order_by(EarlyWarning.id)))
        session.expunge_all()
        return found


@pytest.mark.parametrize(
    ("word", "against", "favour"),
    [
        ("不合格", True, False),
        ("该批次样品不符合 GB 2762 要求", True, False),
        ("Fail", True, False),
        ("FAILED", True, False),
        ("does not comply", True, False),
        ("合格", False, True),
        ("所检项目符合要求", False, True),
        ("未发现不合格项目", False, True),
        ("不合格项目：无，所检项目合格", False, True),
        ("铅未超标", False, False),
        ("仅对来样负责", False, False),
        ("", False, False),
    ],
)
def test_what_a_laboratory_concludes_is_read(word: str, against: bool, favour: bool) -> None:
    assert (is_against(word), is_for(word)) == (against, favour)


@pytest.mark.parametrize(
    ("items", "conclusion", "tested"),
    [
        ((LEAD_PASSES, SENSORY), "", "感官"),
        ((LEAD_PASSES,), "不合格", "铅"),
        ((line("镉", "0.2"), LEAD_PASSES), "判定为不合格", "镉、铅"),
        ((line("DON", "5000", "µg/kg", conclusion="Fail"),), "", "DON"),
    ],
)  # fmt: skip
def test_the_word_stops_the_goods_at_the_gate_and_warns_whatever_our_verdicts_are(
    ledger: Ledger, items: tuple[Any, ...], conclusion: str, tested: str
) -> None:
    head, lab, regulator = (
        world.make_producer(ledger), make_lab(ledger), world.make_regulator(ledger),
    )  # fmt: skip
    code = make_millet(ledger, head)
    (part,) = world.make_split(ledger, head, code, 40)
    uid = enter(ledger, lab, code, *items, conclusion=conclusion)
    assert missing(ledger, code) == missing(ledger, part) == stands(uid)
    with pytest.raises(NotReleased, match=rf"JC-\d+ of 市检测中心 .*\({tested}\)"):
        world.make_event(ledger, head, "sell", part, kg(1))
    assert orders(ledger, code) == []
    (warning,) = warned(ledger)
    assert (warning.rule, warning.evidence["laboratory"]) == ("laboratory_against", "市检测中心")
    assert str(warning.evidence["number"]).startswith("JC-")
    assert warning.evidence["parameter"] == tested
    with ledger.database.read() as session:
        told = session.scalars(sa.select(Party.uid).join(Notice, Notice.party_id == Party.id))
        assert set(told) == {head.party_uid, regulator.party_uid}


def test_what_a_failed_verdict_stops_already_is_said_once(ledger: Ledger) -> None:
    head, lab = world.make_producer(ledger), make_lab(ledger)
    code = make_millet(ledger, head)
    failed = line("铅", "0.31", "mg/kg", conclusion="不合格")
    enter(ledger, lab, code, failed, conclusion="不合格")
    assert missing(ledger, code) == {"verdict_failed:lead"}
    assert [one.rule for one in warned(ledger)] == ["over_limit"]
    good = make_millet(ledger, head)
    enter(ledger, lab, good, LEAD_PASSES, conclusion="不合格项目：无，所检项目合格")
    assert missing(ledger, good) == set()


def test_only_a_regulator_as_the_second_person_lets_it_pass(ledger: Ledger) -> None:
    head, regulator = world.make_producer(ledger), world.make_regulator(ledger)
    second = world.make_actor(ledger, str(head.party_uid))
    code = make_millet(ledger, head)
    enter(ledger, make_lab(ledger), code, SENSORY)
    asked = ledger.perform(head, ask_override, code, "仅感官轻微,已分选")
    with pytest.raises(Forbidden, match="regulator"):
        ledger.perform(second, answer_override, asked, True, "同意")
    ledger.perform(regulator, answer_override, asked, True, "同意,限饲用")
    assert now_of(ledger, code).state == "overridden"
    world.make_event(ledger, head, "sell", code, kg(1))
    uid = enter(ledger, make_lab(ledger), code, SENSORY)
    assert missing(ledger, code) == stands(uid), "another report is another word"


def test_a_retest_that_passes_takes_it_off(ledger: Ledger) -> None:
    head = world.make_producer(ledger)
    code = make_millet(ledger, head)
    uid = enter(ledger, make_lab(ledger), code, SENSORY, LEAD_PASSES, conclusion="不合格")
    fine = line("感官", "正常", conclusion="合格")
    enter(ledger, make_lab(ledger), code, fine, laboratory="县检测站")
    assert missing(ledger, code) == stands(uid), "no re-test"
    ledger.perform(head, object_to_report, uid, "样品混淆")
    again: dict[str, Any] = {"laboratory": "省检验院", "retest_of": uid}
    enter(ledger, make_lab(ledger), code, LEAD_PASSES, **again)
    assert (missing(ledger, code), state(ledger, uid)) == (stands(uid), ["open"])
    enter(ledger, make_lab(ledger), code, fine, **again)
    assert (missing(ledger, code), state(ledger, uid)) == (set(), ["upheld"])
    world.make_event(ledger, head, "sell", code, kg(1))
    with pytest.raises(Conflict, match="Nothing"):
        ledger.perform(head, object_to_report, uid, "again")
    with ledger.database.read() as session:
        assert audit_projections(session, PROJECTIONS) == ()


def test_a_retest_that_concludes_alike_is_final(ledger: Ledger) -> None:
    head = world.make_producer(ledger)
    code = make_millet(ledger, head)
    uid = enter(ledger, make_lab(ledger), code, SENSORY)
    ledger.perform(head, object_to_report, uid, "样品混淆")
    retest = enter(ledger, make_lab(ledger), code, SENSORY, laboratory="省检验院", retest_of=uid)
    assert (missing(ledger, code), state(ledger, uid)) == (
        stands(uid) | stands(retest), ["rejected"],
    )  # fmt: skip
    with pytest.raises(NotReleased, match="final"):
        world.make_event(ledger, head, "sell", code, kg(1))


def test_a_rapid_tests_word_counts_until_a_laboratory_has_tested_the_same(ledger: Ledger) -> None:
    head = world.make_producer(ledger)
    code = make_millet(ledger, head)
    uid = enter(ledger, head, code, line("铅", "0.1"), kind="rapid", conclusion="不合格")
    assert missing(ledger, code) == stands(uid)
    enter(ledger, head, code, LEAD_PASSES)
    assert missing(ledger, code) == stands(uid), "one's own report decides nothing"
    enter(ledger, make_lab(ledger), code, LEAD_PASSES)
    assert missing(ledger, code) == set()


def test_a_laboratory_that_nobody_checked_stops_nobody_elses_goods(ledger: Ledger) -> None:
    head = world.make_producer(ledger)
    stranger = world.make_actor(ledger, world.make_party(ledger, "laboratory", active=False))
    code = make_millet(ledger, head)
    enter(ledger, stranger, code, SENSORY, conclusion="不合格")
    assert (missing(ledger, code), warned(ledger)) == (set(), [])


def test_the_pages_of_batch_and_report_say_what_stands_and_offer_the_objection(
    ledger: Ledger,
) -> None:
    head: Actor = world.make_producer(ledger)
    code = make_millet(ledger, head)
    uid = enter(ledger, make_lab(ledger), code, SENSORY, sampled_on=date(2026, 5, 20))
    clerk = desk(ledger, head)
    for address in (f"/desk/batches/{code}", f"/desk/reports/{uid}"):
        page = clerk.get(address, headers={"Accept-Language": "zh"}).text
        assert "市检测中心的报告 JC-" in page, address
        assert "结论：不合格（感官）" in page, address
    assert f"/desk/reports/{uid}/object" in page
    other = enter(ledger, make_lab(ledger), make_millet(ledger, head), LEAD_FAILS)
    assert "结论：" not in clerk.get(f"/desk/reports/{other}").text


@pytest.mark.parametrize(
    ("items", "conclusion", "asked"),
    [
        ((line("某新农药", "0.8", "mg/kg"), LEAD_PASSES), "", "某新农药"),
        ((line("某新农药", "0.8", "mg/kg"),), "所检项目符合要求", None),
        ((line("某新农药", "0.8", "mg/kg", conclusion="合格"),), "", None),
        ((line("某新农药", "未检出(<0.01)", "mg/kg"), line("感官", "色泽正常")), "", None),
    ],
)  # fmt: skip
def test_an_amount_that_nobody_judges_is_shown_to_the_regulator_and_stops_nothing(
    ledger: Ledger, items: tuple[Any, ...], conclusion: str, asked: str | None
) -> None:
    head, lab = world.make_producer(ledger), make_lab(ledger)
    code = make_millet(ledger, head)
    enter(ledger, lab, code, *items, conclusion=conclusion)
    assert missing(ledger, code) == set()
    found = [one.evidence["parameter"] for one in warned(ledger) if one.rule == "result_not_judged"]
    assert found == ([asked] if asked else [])
