"""Commitment certificates: the text of their day, the gate before them, never for too much."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from suyuan.trace.acts.batches import withdraw_batch
from suyuan.trace.acts.certificates import (
    issue_certificate,
    reissue_certificate,
    void_certificate,
)
from suyuan.trace.acts.certified_goods import NotCertified
from suyuan.trace.acts.orders import hold
from suyuan.trace.acts.parties import suspend_party
from suyuan.trace.acts.reports import enter_test_report
from suyuan.trace.acts.shipments import receive
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.batches.queries import batch
from suyuan.trace.certificates import queries
from suyuan.trace.certificates.content import content_of
from suyuan.trace.certificates.number import certificate_number, grouped, read_number
from suyuan.trace.certificates.rules import NotCertifiable
from suyuan.trace.certificates.tables import Certificate
from suyuan.trace.certificates.texts import certificate_texts
from suyuan.trace.clock import SetClock
from suyuan.trace.errors import Conflict, Forbidden, InvalidInput, NotFound
from suyuan.trace.events.facts import ReceiptFacts
from suyuan.trace.lineage.claims import Unproved
from suyuan.trace.notices.tables import EarlyWarning
from suyuan.trace.papers.mark_claims import MarkUnproved
from suyuan.trace.parties.actor import SYSTEM, Actor
from suyuan.trace.quality.facts import TestItemFacts, TestReportFacts
from tests import world
from tests.certifying import CONTACT, certificate, certify, head, make_yaks, merge_yaks, treat
from tests.letting_go import let_pass


def _read(ledger: Ledger, number: str) -> Certificate:
    with ledger.database.read() as session:
        found = queries.certificate(session, number)
        content_of(found)  # reads all that it leans on
        session.expunge_all()
        return found


def _faults(ledger: Ledger, actor: Actor, code: str, amount: int = 9, **more: object) -> str:
    with pytest.raises(NotCertifiable) as refused:
        ledger.perform(actor, issue_certificate, certificate(code, amount, **more))
    return str(refused.value)


def _valid(ledger: Ledger, *codes: str) -> list[bool]:
    with ledger.database.read() as session:
        ids = [batch(session, code).id for code in codes]
        valid = queries.valid_for(session, ids)
    return [one in valid for one in ids]


@pytest.mark.parametrize(
    ("day", "edition", "sentences"),
    [
        (datetime(2026, 1, 31, 3, tzinfo=UTC), "trial-2021", 3),
        (datetime(2026, 2, 1, 3, tzinfo=UTC), "order-2025-4", 2),
    ],
)
def test_the_day_on_it_decides_its_text(
    ledger: Ledger, clock: SetClock, day: datetime, edition: str, sentences: int
) -> None:
    clock.at = day
    coop = world.make_producer(ledger)
    code = make_yaks(ledger, coop)
    number = certify(ledger, coop, code)
    clock.at = datetime(2026, 11, 22, tzinfo=UTC)
    content = content_of(_read(ledger, number))
    assert (content.edition.key, len(content.style.commitments)) == (edition, sentences)


def test_its_words_are_those_of_the_order_and_of_the_trial_before_it() -> None:
    texts = certificate_texts()
    new, old = texts.on(date(2026, 2, 1)), texts.on(date(2026, 1, 31))
    assert texts.title.zh == "承诺达标合格证"
    words = {
        key: (style.lead.zh, *(one.zh for one in style.commitments))
        for key, style in new.styles.items()
    }
    assert words == {
        "producer": (
            "我承诺生产销售的食用农产品：", "未使用禁用农药、兽药及其他化合物；",
            "使用的常规农药、兽药残留不超标。",
        ),
        "purchaser": (
            "我承诺销售的食用农产品：",
            "已按规定收取并保存该批次农产品承诺达标合格证或者其他质量安全合格证明；",
            "未违规使用保鲜剂、防腐剂、添加剂等。",
        ),
    }  # fmt: skip
    assert [one.names.zh for one in new.bases.values()] == [
        "质量安全控制符合要求", "自行检测合格", "委托检测合格",
    ]  # fmt: skip
    assert len(old.bases) == 4, "and one's own word among them"


def test_nobodys_own_word_is_a_basis_since_the_order(ledger: Ledger, clock: SetClock) -> None:
    clock.at = datetime(2026, 1, 31, 3, tzinfo=UTC)
    coop = world.make_producer(ledger)
    code = make_yaks(ledger, coop)
    certify(ledger, coop, code, 4, basis=("self_commitment",))
    clock.at = datetime(2026, 2, 1, 3, tzinfo=UTC)
    with pytest.raises(InvalidInput, match="basis"):
        certify(ledger, coop, code, 4, basis=("self_commitment",))
    assert "self_commitment" not in certificate_texts().on(date(2026, 2, 1)).bases


def test_it_says_what_the_order_asks_for(ledger: Ledger) -> None:
    coop = world.make_producer(ledger, name="索县牦牛合作社")
    code = make_yaks(ledger, coop)
    found = _read(ledger, certify(ledger, coop, code, 5))
    said = {key: text for key, _, text in content_of(found).fields}
    today = ledger.clock.now().date()
    assert said == {
        "product_name": "活牦牛",
        "quantity": "5 头",
        "origin": "西藏自治区 那曲市 索县",
        "issuer": "索县牦牛合作社",
        "contact": CONTACT,
        "issued_on": today.isoformat(),
    }
    assert found.style == "producer"
    assert (found.keep_until.month - today.month) % 12 == 6


@pytest.mark.parametrize("origin", ["西藏那曲", "索县亚拉镇", "青藏高原"])
def test_it_names_an_origin_in_words_of_its_own(ledger: Ledger, origin: str) -> None:
    coop = world.make_producer(ledger)
    number = certify(ledger, coop, make_yaks(ledger, coop), 1, origin=origin)
    assert _read(ledger, number).origin == origin


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"origin": "四川省成都市"}, "origin"),
        ({"product_name": "有机牦牛"}, "product_name"),
        ({"product_name": "绿色食品 牦牛"}, "product_name"),
    ],
)
def test_it_claims_no_more_than_is_proved(ledger: Ledger, more: dict[str, str], field: str) -> None:
    coop = world.make_producer(ledger)
    with pytest.raises((Unproved, MarkUnproved)) as refused:
        certify(ledger, coop, make_yaks(ledger, coop), 1, **more)
    assert refused.value.field == field


def test_its_number_is_county_issuer_day_serial_and_check(ledger: Ledger) -> None:
    first, second = world.make_producer(ledger), world.make_producer(ledger)
    numbers = [
        grouped(certify(ledger, actor, make_yaks(ledger, actor), 1))
        for actor in (first, second, first)
    ]
    day = f"{ledger.clock.now():%y%m%d}"
    assert [number[:-2] for number in numbers] == [
        f"540626-00001-{day}-0001",
        f"540626-00002-{day}-0001",
        f"540626-00001-{day}-0002",
    ]
    plain = read_number(numbers[0])
    for at in range(len(plain)):
        mistyped = plain[:at] + str((int(plain[at]) + 1) % 10) + plain[at + 1 :]
        with pytest.raises(InvalidInput):
            read_number(mistyped)


def test_only_goods_of_the_list_bear_one(ledger: Ledger) -> None:
    coop = world.make_producer(ledger)
    code = world.make_batch(ledger, coop)
    with pytest.raises(NotCertifiable, match="not among the products"):
        ledger.perform(coop, issue_certificate, replace(certificate(code), quantity=world.kg(1)))


def test_only_who_is_on_the_countys_list_issues(ledger: Ledger) -> None:
    new = world.make_producer(ledger, active=False)
    assert "county's list" in _faults(ledger, new, make_yaks(ledger, new))
    coop = world.make_producer(ledger)
    code = make_yaks(ledger, coop)
    ledger.perform(SYSTEM, suspend_party, str(coop.party_uid), "抽检不合格")
    with pytest.raises(Forbidden, match="抽检不合格"):
        certify(ledger, coop, code)


def test_never_for_more_than_there_is(ledger: Ledger) -> None:
    coop, buyer = world.make_producer(ledger), world.make_producer(ledger)
    code = make_yaks(ledger, coop)
    certify(ledger, coop, code, 5)
    assert "4 头" in _faults(ledger, coop, code, 5).replace("head", "头")
    certify(ledger, coop, code, 4)
    shipped = make_yaks(ledger, coop)
    let_pass(ledger, coop, shipped)
    world.make_shipment(ledger, coop, str(buyer.party_uid), shipped, head(6))
    assert "in hand" in _faults(ledger, coop, shipped, 4)


@pytest.mark.parametrize(("until", "may"), [("2026-06-01", False), ("2026-05-31", True)])
def test_a_withdrawal_period_is_over_the_day_after_its_last(
    ledger: Ledger, clock: SetClock, until: str, may: bool
) -> None:
    clock.at = datetime(2026, 6, 1, 3, tzinfo=UTC)
    coop = world.make_producer(ledger)
    code = make_yaks(ledger, coop)
    treat(ledger, coop, code, until)
    if may:
        certify(ledger, coop, code)
    else:
        assert until in _faults(ledger, coop, code)


@pytest.mark.parametrize(
    ("used", "warned"),
    [
        ({"until": "2099-01-01"}, True),
        ({"until": "2020-01-01"}, False),
        ({"until": "2020-01-01", "drug": "氯霉素针剂"}, True),
    ],
)
def test_a_treatment_told_after_the_certificate_is_warned_of(
    ledger: Ledger, used: dict[str, str], *, warned: bool
) -> None:
    coop = world.make_producer(ledger)
    code = make_yaks(ledger, coop)
    part = merge_yaks(ledger, coop, code, make_yaks(ledger, coop))
    number = certify(ledger, coop, part, 5)
    treat(ledger, coop, code, **used)
    query = sa.select(EarlyWarning).where(EarlyWarning.rule == "certificate_overtaken")
    with ledger.database.read() as session:
        found = [one.evidence["certificate"] for one in session.scalars(query)]
    assert found == ([number] if warned else [])


def test_mixing_does_not_wash_a_treatment_off(ledger: Ledger) -> None:
    coop = world.make_producer(ledger)
    treated, other = make_yaks(ledger, coop), make_yaks(ledger, coop)
    treat(ledger, coop, treated, "2099-01-01")
    mixed = merge_yaks(ledger, coop, treated, other)
    assert "2099-01-01" in _faults(ledger, coop, mixed, 18)


def test_what_is_forbidden_is_never_certified(ledger: Ledger) -> None:
    coop = world.make_producer(ledger)
    code = make_yaks(ledger, coop)
    treat(ledger, coop, code, "2020-01-01", drug="氯霉素针剂")
    assert "forbidden" in _faults(ledger, coop, code)


def test_a_test_must_be_of_this_batch_passed_and_look_for_what_was_used(ledger: Ledger) -> None:
    coop = world.make_producer(ledger)
    code = make_yaks(ledger, coop)
    treat(ledger, coop, code, "2020-01-01")
    treat(ledger, coop, code, "2020-01-01", drug="口蹄疫疫苗")
    asked: dict[str, Any] = {"basis": ("commissioned_test",)}
    assert "needs a test report" in _faults(ledger, coop, code, **asked)

    def report(number: str, parameter: str, kind: str = "laboratory", word: str = "") -> None:
        item = TestItemFacts(parameter, "未检出", "µg/kg", lod="1", conclusion=word)
        today = ledger.clock.now().date()
        facts = TestReportFacts(number, "市检测中心", today, (code,), (item,), kind)
        ledger.perform(coop, enter_test_report, facts)

    report("0", "伊维菌素", kind="rapid")
    assert "needs a test report" in _faults(ledger, coop, code, **asked)
    report("1", "莱克多巴胺")
    assert "伊维菌素注射液 was used" in _faults(ledger, coop, code, **asked)
    report("2", "伊维菌素")
    certify(ledger, coop, code, 3, **asked)
    report("3", "伊维菌素", word="不合格")
    assert "did not pass" in _faults(ledger, coop, code, 3, **asked)


IVERMECTIN = TestItemFacts("伊维菌素", "未检出", "µg/kg", lod="1")


@pytest.mark.parametrize(
    ("drug", "items", "more", "why"),
    [
        ("伊维菌素", [replace(IVERMECTIN, result="12")], {}, "does not tell"),
        ("伊维菌素", [TestItemFacts("伊维菌素", "待复核")], {}, "does not tell"),
        ("伊维菌素", [IVERMECTIN], {"issued_on": date(2024, 5, 30)}, "needs a test report"),
        ("伊维菌素", [IVERMECTIN], {"sampled_on": date(2026, 5, 1)}, "no later sample"),
        ("伊维菌素阿苯达唑复方片", [IVERMECTIN], {}, "all that is in it"),
        ("复方维生素注射液", [TestItemFacts("注射液", "合格", conclusion="合格")], {}, "no later"),
        ("伊维菌素", [IVERMECTIN], {"conclusion": "不合格"}, "did not pass"),
    ],
)
def test_a_commitment_rests_on_tests_that_passed_for_what_was_used(
    ledger: Ledger, drug: str, items: list[TestItemFacts], more: dict[str, Any], why: str
) -> None:
    coop = world.make_producer(ledger)
    code = make_yaks(ledger, coop)
    treat(ledger, coop, code, "2020-01-01", drug=drug)
    said: dict[str, Any] = {"issued_on": ledger.clock.now().date(), **more}
    report = TestReportFacts("1", "市检测中心", batches=(code,), items=tuple(items), **said)
    ledger.perform(coop, enter_test_report, report)
    assert why in _faults(ledger, coop, code, basis=("commissioned_test",))


def test_what_a_laboratory_concludes_against_the_goods_stops_any_commitment(
    ledger: Ledger,
) -> None:
    coop = world.make_producer(ledger)
    code = make_yaks(ledger, coop)
    item = TestItemFacts("某未知项目", "5", "mg/kg", conclusion="不合格")
    today = ledger.clock.now().date()
    report = TestReportFacts("1", "市检测中心", today, (code,), (item,))
    ledger.perform(coop, enter_test_report, report)
    assert "某未知项目" in _faults(ledger, coop, code)


def test_a_drug_whose_withdrawal_period_nobody_recorded_stands_in_the_way(ledger: Ledger) -> None:
    coop = world.make_producer(ledger)
    code = make_yaks(ledger, coop)
    world.make_event(ledger, coop, "treat", code, payload={"drug": "伊维菌素", "dose": "1"})
    assert "the last day of its interval" in _faults(ledger, coop, code)


def test_goods_go_for_no_more_than_their_certificates_stand_for(ledger: Ledger) -> None:
    coop, buyer = world.make_producer(ledger), world.make_producer(ledger)
    code = make_yaks(ledger, coop)
    certify(ledger, coop, code, 4)
    let_pass(ledger, coop, code)
    to = str(buyer.party_uid)
    for much in (head(5), None):
        with pytest.raises(NotCertified, match="4 head of batch"):
            world.make_shipment(ledger, coop, to, code, much)
    sent = world.make_shipment(ledger, coop, to, code, head(3))
    with pytest.raises(NotCertified, match="3 head went"):
        world.make_event(ledger, coop, "sell", code, head(2))
    now = ledger.clock.now()
    ledger.perform(buyer, receive, ReceiptFacts(sent, now, False, quantity=head(1), reason="瘦"))
    world.make_event(ledger, coop, "sell", code, head(2))
    certify(ledger, coop, code, 2)
    world.make_event(ledger, coop, "sell", code, head(2))
    world.make_event(ledger, buyer, "sell", code, head(1))


def test_one_is_issued_anew_also_when_its_goods_are_gone(ledger: Ledger) -> None:
    coop, buyer = world.make_producer(ledger), world.make_producer(ledger)
    code = make_yaks(ledger, coop)
    number = certify(ledger, coop, code)
    let_pass(ledger, coop, code)
    world.make_shipment(ledger, coop, str(buyer.party_uid), code, head(9))
    again = certificate(code, 9, contact="0896-3700000")
    other = ledger.perform(coop, reissue_certificate, number, "联系方式写错", again)
    assert other != number
    with pytest.raises(NotCertifiable):
        certify(ledger, coop, code, 1)


def test_what_rests_on_a_certificate_that_is_declared_void_is_warned_of(ledger: Ledger) -> None:
    coop = world.make_producer(ledger)
    herds = [make_yaks(ledger, coop, 3) for _ in range(2)]
    first, _ = (certify(ledger, coop, one, 3) for one in herds)
    merged = merge_yaks(ledger, coop, *herds)
    resting = certify(ledger, coop, merged, 6)
    ledger.perform(coop, void_certificate, first, "检测造假")
    with ledger.database.read() as session:
        (told,) = session.scalars(sa.select(EarlyWarning))
        assert (told.rule, told.evidence["certificate"]) == ("certificate_source_void", resting)


def test_a_held_batch_is_not_certified(ledger: Ledger) -> None:
    coop = world.make_producer(ledger)
    code = make_yaks(ledger, coop)
    ledger.perform(coop, hold, code, "等复检")
    with pytest.raises(Conflict, match="等复检"):
        certify(ledger, coop, code)


def test_a_certificate_is_dated_within_the_week_and_never_ahead(ledger: Ledger) -> None:
    coop = world.make_producer(ledger)
    code = make_yaks(ledger, coop)
    today = ledger.clock.now().date()
    with pytest.raises(InvalidInput, match="issued_on"):
        certify(ledger, coop, code, issued_on=today.replace(year=today.year + 1))
    with pytest.raises(InvalidInput, match="issued_on"):
        certify(ledger, coop, code, issued_on=today.replace(year=today.year - 1))


def test_only_its_issuer_issues_and_who_is_competent_may_void(ledger: Ledger) -> None:
    coop, other = world.make_producer(ledger), world.make_producer(ledger)
    code = make_yaks(ledger, coop)
    with pytest.raises(Forbidden):
        certify(ledger, other, code)
    number = certify(ledger, coop, code)
    for stranger in (other, world.make_regulator(ledger, world.KAZUO)):
        with pytest.raises(Forbidden):
            ledger.perform(stranger, void_certificate, number, "不实")
    ledger.perform(world.make_regulator(ledger), void_certificate, number, "承诺不实")
    assert _read(ledger, number).state == "void"


def test_a_void_one_proves_nothing_and_frees_its_quantity(ledger: Ledger) -> None:
    coop = world.make_producer(ledger)
    code = make_yaks(ledger, coop)
    assert _valid(ledger, code) == [False]
    number = certify(ledger, coop, code)
    assert _valid(ledger, code) == [True]
    with pytest.raises(InvalidInput, match="reason"):
        ledger.perform(coop, void_certificate, number, " ")
    ledger.perform(coop, void_certificate, grouped(number), "头数写错")
    assert _valid(ledger, code) == [False]
    with pytest.raises(Conflict, match="void already"):
        ledger.perform(coop, void_certificate, number, "再次")
    certify(ledger, coop, code)
    never = certificate_number(number[:11], date(2026, 1, 1), 1)
    with pytest.raises(NotFound):
        ledger.perform(coop, void_certificate, never, "无")


def test_one_issued_anew_names_the_one_it_replaces(ledger: Ledger) -> None:
    coop = world.make_producer(ledger)
    code = make_yaks(ledger, coop)
    number = certify(ledger, coop, code)
    other = ledger.perform(coop, reissue_certificate, number, "头数写错", certificate(code, 8))
    with ledger.database.read() as session:
        before = queries.certificate(session, number)
        assert (before.state, before.state_reason) == ("void", "头数写错")
        assert queries.replaced_by(session, before.id) == other
        assert queries.certified(session, before.batch_id) == 8
    again = certificate(make_yaks(ledger, coop))
    with pytest.raises(InvalidInput, match="same batch"):
        ledger.perform(coop, reissue_certificate, other, "换批", again)
    assert _read(ledger, other).state == "issued"


def test_mixed_goods_name_the_certificates_of_all_that_was_mixed(ledger: Ledger) -> None:
    coop = world.make_producer(ledger)
    lots = [make_yaks(ledger, coop, 4), make_yaks(ledger, coop, 5)]
    numbers = {certify(ledger, coop, code, 1) for code in lots}
    mixed = merge_yaks(ledger, coop, *lots)
    kept = merge_yaks(ledger, coop, mixed, make_yaks(ledger, coop, 1))
    for code in (mixed, kept):
        amount = {mixed: 0, kept: 10}[code]
        if not amount:
            continue
        number = certify(ledger, coop, code, amount)
        with ledger.database.read() as session:
            found = queries.certificate(session, number)
            upstream = {
                one.issued.number for one in queries.sources(session, found.id) if one.issued
            }
        assert upstream == numbers
    with ledger.database.read() as session:
        one = queries.certificate(session, min(numbers))
        assert [leaning.number for leaning in queries.leaning_on(session, one.id)] == [number]


def test_the_record_says_all_of_it(ledger: Ledger) -> None:
    coop = world.make_producer(ledger)
    number = certify(ledger, coop, make_yaks(ledger, coop))
    ledger.perform(coop, void_certificate, number, "写错")
    with ledger.database.read() as session:
        types = session.scalars(
            sa.text("SELECT type FROM record WHERE subject = :number ORDER BY leaf_index"),
            {"number": number},
        ).all()
    assert list(types) == ["certificate.issued", "certificate.voided"]


def test_a_certified_batch_is_not_withdrawn(ledger: Ledger) -> None:
    coop = world.make_producer(ledger)
    code = make_yaks(ledger, coop)
    number = certify(ledger, coop, code)
    with pytest.raises(Conflict, match="Something was done"):
        ledger.perform(coop, withdraw_batch, code, "登记重复")
    ledger.perform(coop, void_certificate, number, "登记重复")
    ledger.perform(coop, withdraw_batch, code, "登记重复")
