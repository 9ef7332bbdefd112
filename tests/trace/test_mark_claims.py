"""Marks in words: labels that say 有机 are printed only under the paper that allows it."""

from __future__ import annotations

from datetime import date

import pytest

from suyuan.trace.acts.papers import register_paper, revoke_paper
from suyuan.trace.acts.printing import issue_print_run
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.papers.facts import Covers, PaperFacts
from suyuan.trace.papers.mark_claims import MarkUnproved, claimed
from suyuan.trace.parties.actor import Actor
from suyuan.trace.printing.paper_checks import PaperRevoked
from tests import world


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("有机小米", ["organic"]),
        ("Organic millet", ["organic"]),
        ("有机肥种植的小米", []),
        ("富含有机质的土壤", []),
        ("grown with inorganic salts", []),
        ("有机肥种植的有机小米", ["organic"]),
        ("绿色食品 陈醋", ["green_food"]),
        ("绿色的小米", []),
        ("国家地理标志产品", ["geographical_indication"]),
        ("无公害牦牛肉", ["pollution_free"]),
        ("小米", []),
        *(
            (text, ["organic"])
            for text in ("有 机 小米", "有·机小米", "有機小米", "ＯＲＧＡＮＩＣ")
        ),
        ("绿 色食品", ["green_food"]),
        ("綠色食品", ["green_food"]),
        ("A级绿色牦牛肉", ["green_food"]),
        ("地理標誌產品", ["geographical_indication"]),
        *(
            (text, [])
            for text in ("有机会再来", "有機會", "无机", "无机盐", "有机玻璃瓶", "绿色包装")
        ),
        ("施用有 机 肥", []),
        ("绿色，食品", []),
    ],
)
def test_words_claim_marks_unless_they_mean_something_else(text: str, marks: list[str]) -> None:
    assert [one.key for one in claimed([text])] == marks


def _print(ledger: Ledger, head: Actor, code: str) -> str:
    return ledger.perform(head, issue_print_run, code, 1, "trace-50x30", try_out=lambda *_: None)


def _paper(ledger: Ledger, head: Actor, product: str, year: int) -> str:
    facts = PaperFacts(
        "organic", "081OP1300182", str(head.party_uid), covers=(Covers("product", product),),
        valid_from=date(year, 1, 1), valid_to=date(year, 12, 31),
    )  # fmt: skip
    return ledger.perform(head, register_paper, facts)


def test_a_label_says_organic_only_under_a_certificate_in_force(ledger: Ledger) -> None:
    head = world.make_producer(ledger)
    product = world.make_product(ledger, head, name="有机小米", items_on_pack=True)
    code = world.make_batch(ledger, head, product=product)
    with pytest.raises(MarkUnproved, match=r"organic product certificate\. It comes from: certif"):
        _print(ledger, head, code)
    _paper(ledger, head, product, 2020)
    with pytest.raises(MarkUnproved):
        _print(ledger, head, code)


def test_a_revoked_certificate_allows_nothing(ledger: Ledger) -> None:
    head = world.make_producer(ledger)
    product = world.make_product(ledger, head, name="有机小米", items_on_pack=True)
    code = world.make_batch(ledger, head, product=product)
    paper = _paper(ledger, head, product, 2026)
    assert _print(ledger, head, code)
    ledger.perform(head, revoke_paper, paper, "证书撤销")
    with pytest.raises((MarkUnproved, PaperRevoked)):
        _print(ledger, head, code)


def test_a_maker_may_be_called_anything(ledger: Ledger) -> None:
    head = world.make_producer(ledger)
    label = {"producer": "朝阳有机农业专业合作社", "ingredients": "小米"}
    product = world.make_product(ledger, head, label=label, items_on_pack=True)
    assert _print(ledger, head, world.make_batch(ledger, head, product=product))
