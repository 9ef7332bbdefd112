"""The data behind verdicts: rows are sourced, editions follow each other, variants have a class."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from importlib.resources import files
from typing import Any

import pytest

from suyuan.trace.errors import Misconfigured
from suyuan.trace.products.families import Families
from suyuan.trace.quality.governing import governing
from suyuan.trace.quality.limits import read_standard_row, standards
from suyuan.trace.quality.product_classes import product_classes
from suyuan.trace.quality.wordings import Wordings
from suyuan.trace.sourced import Row

FILE = files("suyuan.trace.standards") / "limits" / "gb_2719.json"


def test_every_variant_of_every_family_has_a_class() -> None:
    families = Families.load()
    missing = [
        (family.key, variant)
        for family in families
        for variant in family.variants
        if product_classes().of_variant(family.key, variant) is None
    ]
    named = {one for group in product_classes().by_key.values() for one in group.variants}
    known = {f"{family.key}/{variant}" for family in families for variant in family.variants}
    assert not missing
    assert named == known


def test_every_limit_says_where_it_comes_from_and_has_its_own_id() -> None:
    limits = [li for s in standards().values() for e in s.editions for li in e.limits]
    assert len(limits) > 150
    assert len({li.id for li in limits}) == len(limits)
    assert all(li.provenance.source and li.provenance.confidence and li.classes for li in limits)


def test_no_two_rows_of_an_edition_say_the_same_thing_twice() -> None:
    for standard in standards().values():
        for edition in standard.editions:
            said = [(key, li.parameter) for li in edition.limits for key in li.classes]
            assert len(said) == len(set(said)), edition.title


def test_what_stands_in_for_an_unread_edition_says_so() -> None:
    (found,) = governing("yak_meat", "lead", date(2026, 11, 1))
    assert found.limit is not None
    assert found.limit.carried_from == "GB 2762-2022"
    assert found.limit.provenance.confidence == "K-low"


def _broken(change: Any) -> Row:
    content = json.loads(FILE.read_text("utf-8"), parse_float=Decimal)
    change(content)
    return Row(content, "gb_2719.json")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (
            lambda s: s["editions"][1]["limits"][0].update(unit="斗"),
            r"\$\.editions\[1\]\.limits\[0\]",
        ),
        (lambda s: s["editions"][1]["limits"][0].update(maximun=1), "maximun"),
        (lambda s: s["editions"][1]["limits"][0].pop("minimum"), "a plan, or is forbidden"),
        (lambda s: s["editions"][1]["limits"][0].pop("source"), "source"),
        (lambda s: s["editions"][1].update({"from": "2019-12-20"}), "still valid"),
        (lambda s: s["editions"][1]["limits"][0].update(classes=["醋精"]), "醋精"),
    ],
)
def test_a_wrong_row_is_named_with_its_place(change: Any, says: str) -> None:
    with pytest.raises(Misconfigured, match=says):
        read_standard_row(_broken(change))


def test_a_word_leads_to_one_thing_only() -> None:
    with pytest.raises(Misconfigured, match="醋"):
        Wordings({"vinegar": ["醋"], "sour": ["醋"]}, "classes.json")
