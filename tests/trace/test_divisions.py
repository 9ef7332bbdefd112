"""Administrative divisions: paths, replaced codes, and who is inside whom."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suyuan.trace.errors import InvalidInput
from suyuan.trace.parties.divisions import Division, Level, UnknownDivision, divisions

CODES = [row.code for row in divisions()]


def test_the_whole_country_down_to_county() -> None:
    catalogue = divisions()
    assert len(catalogue.children(None)) == 34
    counties = [r for r in catalogue if r.level is Level.COUNTY and r.valid_to is None]
    assert len(counties) == 2978 - 3, "three prefectures without counties are not counties"


def test_the_places_of_the_plans() -> None:
    catalogue = divisions()
    prefectures = [row.code[:4] for row in catalogue.children("540000")]
    assert prefectures == ["5401", "5402", "5403", "5404", "5405", "5406", "5425"]
    assert [row.code for row in catalogue.children("540600")] == [
        "540602", *(str(code) for code in range(540621, 540631)),
    ]  # fmt: skip
    townships = {code: len(catalogue.children(code)) for code in ("540626", "211324", "411325")}
    assert townships == {"540626": 10, "211324": 22, "411325": 16}
    assert len(catalogue.children("469025")) == 11


def test_name_paths() -> None:
    catalogue = divisions()
    assert catalogue.name_path("540626100") == "西藏自治区 那曲市 索县 亚拉镇"
    assert catalogue.name_path("469025102") == "海南省 白沙黎族自治县 邦溪镇"
    assert [row.name for row in catalogue.parents("411325")] == ["南阳市", "河南省"]


def test_a_county_directly_under_its_province() -> None:
    catalogue = divisions()
    assert catalogue.get("469025").parent == "460000"
    assert catalogue.contains("460000", "469025102")
    assert "469000" not in catalogue
    assert catalogue.get("110101").parent == "110000"


def test_a_replaced_code_stays_known_and_leads_to_its_heir() -> None:
    catalogue = divisions()
    old = catalogue.get("542427")
    assert (old.name, old.replaced_by) == ("索县", "540626")
    assert catalogue.name_path("542427") == "西藏自治区 那曲地区 索县"
    assert catalogue.current("542427").code == "540626"
    assert catalogue.current("542400").code == "540600"
    assert catalogue.current("542232").name == "错那市", "replaced twice"
    assert catalogue.get("460030").replaced_by == "469025"


def test_on_any_day_one_of_the_two_codes_is_in_force() -> None:
    catalogue = divisions()
    old, new = catalogue.get("542427"), catalogue.get("540626")
    for day in (date(2016, 9, 7), date(2017, 9, 30), date(2017, 10, 1), date(2026, 10, 3)):
        assert old.in_force(day) != new.in_force(day)
    assert old.in_force(date(2016, 9, 7))
    names = {row.name for row in catalogue.children("542400", on=date(2016, 9, 7))}
    assert {"索县", "那曲县"} <= names
    assert catalogue.children("540600", on=date(2016, 9, 7)) == ()


def test_rights_follow_the_heirs_of_replaced_codes() -> None:
    catalogue = divisions()
    assert catalogue.contains("540600", "542427")
    assert catalogue.contains("542400", "540626100")
    assert not catalogue.contains("540626", "540627")
    assert not catalogue.contains("540626100", "540626")
    assert not catalogue.contains("211324", "540626")


def test_search() -> None:
    catalogue = divisions()
    assert catalogue.search("索县")[0].code == "540626"
    assert catalogue.search("索", level=Level.COUNTY, within="540600")[0].code == "540626"
    assert catalogue.search("སོག་རྫོང་།")[0].code == "540626"
    assert catalogue.search("５４０６２６")[0].code == "540626"
    assert [row.code for row in catalogue.search("索县", on=date(2016, 1, 1))] == ["542427"]
    assert len(catalogue.search("县", limit=5)) == 5
    assert catalogue.search("  ") == ()
    with pytest.raises(UnknownDivision):
        catalogue.search("索", within="999999")


def test_tibetan_names_carry_their_grade() -> None:
    graded = {row.code: row.grade_bo for row in divisions() if row.name_bo}
    assert graded == {"540000": "A", "540600": "B", "540626": "B"}


@pytest.mark.parametrize("code", ["", "999999", "54", "540626999", "索县"])
def test_an_unknown_code_is_bad_input_that_names_the_field(code: str) -> None:
    with pytest.raises(UnknownDivision) as refusal:
        divisions().get(code, "division")
    assert isinstance(refusal.value, InvalidInput)
    assert refusal.value.field == "division"
    with pytest.raises(UnknownDivision):
        divisions().contains("540000", code)


@given(st.sampled_from(CODES))
def test_every_division_lies_in_all_of_its_parents(code: str) -> None:
    catalogue = divisions()
    path = catalogue.path(code)
    assert path[0].level is Level.PROVINCE
    assert path[-1].code == code
    assert all(catalogue.contains(above.code, code) for above in path)
    assert catalogue.current(code).valid_to is None


@given(st.sampled_from(CODES), st.sampled_from(CODES))
def test_two_divisions_hold_each_other_only_when_they_are_one(one: str, other: str) -> None:
    catalogue = divisions()
    if catalogue.contains(one, other) and catalogue.contains(other, one):
        assert catalogue.current(one) == catalogue.current(other)


@given(st.sampled_from(CODES))
def test_a_parent_lists_its_child_while_the_code_holds(code: str) -> None:
    row = divisions().get(code)
    listed: tuple[Division, ...] = divisions().children(row.parent, on=row.valid_to)
    assert row in listed
