"""What is forbidden and only suspected: goods wait until a laboratory has tested for it."""

from __future__ import annotations

from typing import Any

import pytest

from suyuan.trace.acts.releasing import ask_override
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.acts.transformations import transform
from suyuan.trace.parties.actor import Actor
from suyuan.trace.quality.conclusions import is_suspected
from suyuan.trace.release.gate import NotReleased
from tests import world
from tests.trace.test_judged import enter, line, make_millet, orders, verdicts
from tests.trace.test_objections import make_lab
from tests.trace.test_release import missing
from tests.web.desk_world import desk
from tests.world import kg

CLENBUTEROL = "克伦特罗"
MEAT: dict[str, Any] = {"family": "yak_meat", "variant": "fresh"}


def suspicions(ledger: Ledger, code: str) -> set[str]:
    return {one for one in missing(ledger, code) if one.startswith("suspected_positive:")}


def meat(ledger: Ledger, head: Actor) -> str:
    return make_millet(ledger, head, **MEAT)


def split(ledger: Ledger, head: Actor, code: str) -> str:
    """A part of a carcass; returns its trace code."""
    outputs = (world.batch_facts(head, kg(40), **MEAT),)
    facts = world.transformation(ledger, head, "split", {code: kg(40)}, outputs)
    return str(ledger.perform(head, transform, facts)["batches"][0])


@pytest.mark.parametrize(
    ("result", "suspected"),
    [
        ("疑似阳性", True),
        ("可 疑", True),
        ("弱阳性（±）", True),
        ("±", True),
        ("+/-", True),
        ("Presumptive positive", True),
        ("阴性", False),
        ("0.5±0.1", False),
        ("未做", False),
    ],
)
def test_a_suspicion_is_read(result: str, suspected: bool) -> None:
    assert is_suspected(result) is suspected


@pytest.mark.parametrize("kind", ["rapid", "laboratory"])
def test_what_is_forbidden_and_suspected_waits_for_a_laboratory(ledger: Ledger, kind: str) -> None:
    head, lab = world.make_producer(ledger), make_lab(ledger)
    code = meat(ledger, head)
    part = split(ledger, head, code)
    uid = enter(ledger, head, code, line(CLENBUTEROL, "疑似阳性", "µg/kg"), kind=kind)
    assert [one.verdict for one in verdicts(ledger, code)] == ["inconclusive"]
    stands = {f"suspected_positive:{uid}/clenbuterol"}
    assert suspicions(ledger, code) == suspicions(ledger, part) == stands
    with pytest.raises(NotReleased, match="laboratory with CMA"):
        ledger.perform(head, ask_override, code, "客户催货")
    enter(ledger, head, code, line(CLENBUTEROL, "未检出", "µg/kg"), kind="rapid")
    enter(ledger, head, code, line(CLENBUTEROL, "未检出", "µg/kg"))
    enter(ledger, lab, code, line("铅", "0.05", "mg/kg"))
    assert suspicions(ledger, code) == stands, "none of these is a laboratory's result on it"
    enter(ledger, lab, code, line(CLENBUTEROL, "未检出", "µg/kg"))
    assert suspicions(ledger, code) == suspicions(ledger, part) == set()
    assert orders(ledger, code) == []


def test_a_laboratory_that_finds_it_fails_the_goods_instead(ledger: Ledger) -> None:
    head = world.make_producer(ledger)
    code = meat(ledger, head)
    enter(ledger, head, code, line(CLENBUTEROL, "-", conclusion="疑似阳性"), kind="rapid")
    assert suspicions(ledger, code)
    enter(ledger, make_lab(ledger), code, line(CLENBUTEROL, "0.8", "µg/kg"))
    assert suspicions(ledger, code) == set()
    assert "verdict_failed:clenbuterol" in missing(ledger, code)


@pytest.mark.parametrize(
    "item",
    [line("铅", "疑似超限", "mg/kg"), line("沙门氏菌", "可疑", "/25g"), line(CLENBUTEROL, "未做")],
)
def test_what_else_is_inconclusive_stops_nothing(ledger: Ledger, item: Any) -> None:
    head = world.make_producer(ledger)
    code = meat(ledger, head)
    before = missing(ledger, code)
    enter(ledger, head, code, item, kind="rapid")
    assert missing(ledger, code) == before


def test_the_page_of_the_batch_says_where_to_go(ledger: Ledger) -> None:
    head = world.make_producer(ledger)
    code = meat(ledger, head)
    enter(ledger, head, code, line(CLENBUTEROL, "疑似阳性"), kind="rapid")
    said = {"Accept-Language": "zh"}
    page = desk(ledger, head).get(f"/desk/batches/{code}", headers=said).text
    assert "疑似检出" in page
    assert "有 CMA 资质的检测机构" in page
