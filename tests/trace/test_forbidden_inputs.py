"""Goods on which something forbidden was used go nowhere, and the authority hears of it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.acts.transformations import transform
from suyuan.trace.notices.tables import EarlyWarning
from suyuan.trace.release.gate import NotReleased
from tests import world
from tests.certifying import certify, make_yaks, treat
from tests.trace.test_release import missing
from tests.world import kg


def warned(ledger: Ledger) -> list[str]:
    with ledger.database.read() as session:
        return list(session.scalars(sa.select(EarlyWarning.rule).order_by(EarlyWarning.id)))


def test_meat_of_an_animal_with_a_forbidden_drug_on_record_is_not_sold(ledger: Ledger) -> None:
    coop = world.make_producer(ledger)
    herd = make_yaks(ledger, coop)
    treat(ledger, coop, herd, "2026-05-01", drug="盐酸克伦特罗片")
    output = world.batch_facts(coop, kg(400), family="yak_meat", variant="fresh")
    facts = world.transformation(ledger, coop, "slaughter", {herd: None}, (output,))
    (meat,) = ledger.perform(coop, transform, facts)["batches"]
    for code in (herd, meat):
        assert [one for one in missing(ledger, code) if one.startswith("forbidden_input:")]
    with pytest.raises(NotReleased, match="克伦特罗"):
        world.make_event(ledger, coop, "sell", meat, kg(1))
    assert warned(ledger) == ["forbidden_input"]


def test_what_is_told_after_the_certificate_stops_the_herd(ledger: Ledger) -> None:
    coop = world.make_producer(ledger)
    herd = make_yaks(ledger, coop)
    certify(ledger, coop, herd)
    treat(ledger, coop, herd, "2026-05-01", drug="莱克多巴胺")
    assert {one.partition(":")[0] for one in missing(ledger, herd)} >= {"forbidden_input"}
    assert warned(ledger) == ["certificate_overtaken", "forbidden_input"]


@pytest.mark.parametrize(
    "drug",
    [
        "呋喃唑酮片",
        "硝基呋喃",
        "呋喃西林",
        "呋喃它酮",
        "呋喃妥因",
        "克伦特罗",
        "氯霉素注射液",
        "孔雀石绿",
    ],
)
def test_what_is_forbidden_is_known_by_the_names_of_its_drugs(ledger: Ledger, drug: str) -> None:
    coop = world.make_producer(ledger)
    herd = make_yaks(ledger, coop)
    treat(ledger, coop, herd, "2026-05-01", drug=drug)
    assert [one for one in missing(ledger, herd) if one.startswith("forbidden_input:")]


def test_what_is_allowed_stops_nothing(ledger: Ledger) -> None:
    coop = world.make_producer(ledger)
    herd = make_yaks(ledger, coop)
    treat(ledger, coop, herd, "2026-05-01", drug="伊维菌素注射液")
    assert not [one for one in missing(ledger, herd) if one.startswith("forbidden_input:")]
    assert warned(ledger) == []
