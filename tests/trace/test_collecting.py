"""Certificates that come with goods: kept by the buyer, and told where something is wrong."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from suyuan.trace.acts.certificates import void_certificate
from suyuan.trace.acts.papers import register_paper
from suyuan.trace.acts.shipments import receive
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.batches.queries import batch
from suyuan.trace.certificates import queries
from suyuan.trace.certificates.collections import collected_quantity
from suyuan.trace.certificates.number import grouped
from suyuan.trace.certificates.rules import NotCertifiable
from suyuan.trace.errors import Forbidden, InvalidInput
from suyuan.trace.events.facts import ReceiptFacts
from suyuan.trace.notices.queries import warnings_here
from suyuan.trace.notices.wording import worded
from suyuan.trace.papers.facts import Covers, PaperFacts
from suyuan.trace.parties.actor import Actor
from tests import world
from tests.certifying import certify, collected, foreign, head, make_yaks, merge_yaks
from tests.letting_go import let_pass


def _doubts(ledger: Ledger, uid: str) -> set[str]:
    with ledger.database.read() as session:
        return {one["code"] for one in queries.collected(session, uid).doubts}


def _valid(ledger: Ledger, code: str) -> bool:
    with ledger.database.read() as session:
        id_ = batch(session, code).id
        return id_ in queries.valid_for(session, [id_])


def _sold(ledger: Ledger, seller: Actor, buyer: Actor, code: str, amount: int) -> None:
    let_pass(ledger, seller, code)
    _handed(ledger, seller, buyer, code, amount)


def _handed(ledger: Ledger, seller: Actor, buyer: Actor, code: str, amount: int) -> None:
    shipment = world.make_shipment(ledger, seller, str(buyer.party_uid), code, head(amount))
    ledger.perform(buyer, receive, ReceiptFacts(shipment, ledger.clock.now(), True))


def test_of_one_issued_here_the_number_is_enough(ledger: Ledger) -> None:
    coop, buyer = world.make_producer(ledger), world.make_producer(ledger)
    code = make_yaks(ledger, coop)
    number = certify(ledger, coop, code)
    _sold(ledger, coop, buyer, code, 9)
    uid = collected(ledger, buyer, code, number=grouped(number))
    assert _doubts(ledger, uid) == set()
    with ledger.database.read() as session:
        kept = queries.collected(session, uid)
        assert kept.certificate is not None
        assert kept.certificate.number == number
        assert kept.keep_until > ledger.clock.now().date() + timedelta(days=180)


def test_one_that_is_void_too_small_or_of_other_goods_is_told(ledger: Ledger) -> None:
    coop, buyer = world.make_producer(ledger), world.make_producer(ledger)
    code, other = make_yaks(ledger, coop), make_yaks(ledger, coop)
    small, _ = (certify(ledger, coop, code, some) for some in (4, 5))
    elsewhere = certify(ledger, coop, other)
    _sold(ledger, coop, buyer, code, 5)
    assert _doubts(ledger, collected(ledger, buyer, code, number=small)) == {"too-little"}
    ledger.perform(coop, void_certificate, small, "写错")
    assert "void" in _doubts(ledger, collected(ledger, buyer, code, number=small))
    lamb = world.make_batch(ledger, coop)
    assert "other-goods" in _doubts(ledger, collected(ledger, coop, lamb, number=elsewhere))
    with pytest.raises(InvalidInput, match="do not fit together"):
        collected(ledger, buyer, code, number=small[:-1] + str((int(small[-1]) + 1) % 10))


def test_all_its_buyers_together_buy_no_more_than_it_is_for(ledger: Ledger) -> None:
    coop, first, second, third = (world.make_producer(ledger) for _ in range(4))
    code = make_yaks(ledger, coop, 20)
    number, _ = (certify(ledger, coop, code, some) for some in (9, 11))
    _sold(ledger, coop, first, code, 5)
    _handed(ledger, first, third, code, 2)
    for buyer in (first, third, first):
        assert _doubts(ledger, collected(ledger, buyer, code, number=number)) == set()
    assert _bought(ledger, number) == 5, "what is passed on is bought once"
    assert _warned(ledger) == []
    _sold(ledger, coop, second, code, 6)
    over = collected(ledger, second, code, number=number)
    assert _doubts(ledger, over) == {"collected-beyond"}
    assert _bought(ledger, number) == 11
    assert _warned(ledger) == [(number, "11 头", "9 头")]


def _bought(ledger: Ledger, number: str) -> Decimal:
    with ledger.database.read() as session:
        return collected_quantity(session, queries.certificate(session, number)).amount


def _warned(ledger: Ledger) -> list[tuple[object, ...]]:
    with ledger.database.read() as session:
        found = warnings_here(session, rule="certificate_beyond")
        return [
            tuple(worded(one.evidence[key], "zh") for key in ("number", "quantity", "amount"))
            for one in found
        ]


def test_anothers_is_written_down_and_its_gaps_are_told(ledger: Ledger) -> None:
    buyer = world.make_producer(ledger)
    code = make_yaks(ledger, buyer)
    assert not _valid(ledger, code)
    uid = collected(ledger, buyer, code, issuer="次仁", product_name="绵羊")
    assert _doubts(ledger, uid) == {
        "no-quantity", "no-origin", "no-contact", "no-issued-on", "no-file", "other-name",
    }  # fmt: skip
    assert not _valid(ledger, code), "what has gaps proves nothing"
    whole = collected(ledger, buyer, code, **foreign(ledger, buyer))
    assert _doubts(ledger, whole) == set()
    assert _valid(ledger, code)


def test_nothing_is_collected_for_what_never_came(ledger: Ledger) -> None:
    coop, stranger = world.make_producer(ledger), world.make_producer(ledger)
    code = make_yaks(ledger, coop)
    number = certify(ledger, coop, code)
    with pytest.raises(Forbidden, match="came to"):
        collected(ledger, stranger, code, number=number)
    with pytest.raises(InvalidInput):
        collected(ledger, coop, code)


def test_bought_goods_are_certified_only_with_what_was_collected(ledger: Ledger) -> None:
    buyer = world.make_producer(ledger)
    code = make_yaks(ledger, buyer)
    world.make_event(ledger, buyer, "purchase", code, payload={"seller": "次仁"})
    with pytest.raises(NotCertifiable, match="no goods are bought without one"):
        certify(ledger, buyer, code)
    uid = collected(ledger, buyer, code, **foreign(ledger, buyer))
    number = certify(ledger, buyer, code)
    with ledger.database.read() as session:
        found = queries.certificate(session, number)
        assert found.style == "purchaser"
        kept = [one.collected for one in queries.sources(session, found.id)]
        assert [one.uid for one in kept if one] == [uid]


def test_a_purchaser_names_the_certificates_of_everything_mixed(ledger: Ledger) -> None:
    coop, other = world.make_producer(ledger), world.make_producer(ledger)
    buyer = world.make_producer(ledger)
    lots = {coop: make_yaks(ledger, coop, 3), other: make_yaks(ledger, other, 4)}
    numbers = {certify(ledger, coop, lots[coop], 3)}
    for seller, code in lots.items():
        _sold(ledger, seller, buyer, code, {coop: 3, other: 4}[seller])
    mixed = merge_yaks(ledger, buyer, *lots.values())
    with pytest.raises(NotCertifiable, match=lots[other]):
        certify(ledger, buyer, mixed, 7)
    with pytest.raises(NotCertifiable, match="style 2"):
        certify(ledger, buyer, mixed, 7, style="producer")
    uid = collected(ledger, buyer, lots[other], **foreign(ledger, buyer, 4))
    number = certify(ledger, buyer, mixed, 7)
    with ledger.database.read() as session:
        found = queries.certificate(session, number)
        named = queries.sources(session, found.id)
        assert {one.issued.number for one in named if one.issued} == numbers
        assert {one.collected.uid for one in named if one.collected} == {uid}


def test_the_register_of_papers_has_those_of_others_too(ledger: Ledger) -> None:
    coop = world.make_producer(ledger)
    code = make_yaks(ledger, coop)
    covers = (Covers("batch", code),)
    facts = PaperFacts("commitment_certificate", "", str(coop.party_uid), covers=covers)
    ledger.perform(coop, register_paper, facts)
    assert _valid(ledger, code)


def test_one_of_long_before_the_goods_is_asked_about(ledger: Ledger) -> None:
    buyer = world.make_producer(ledger)
    code = make_yaks(ledger, buyer)
    for day, told in ((date(2025, 6, 1), set[str]()), (date(2025, 5, 31), {"too-old"})):
        said = foreign(ledger, buyer, issued_on=day, number=f"手写 {day}")
        assert _doubts(ledger, collected(ledger, buyer, code, **said)) == told
