"""Families: what is asked of a batch, wrong and missing facts, grades, and a fifth family."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from suyuan.trace.errors import InvalidInput, InvalidInputs, Misconfigured, NotFound
from suyuan.trace.events.kinds import EventKinds
from suyuan.trace.papers.kinds import PaperKinds
from suyuan.trace.products.families import Families, Family

STANDARDS = files("suyuan.trace.standards")
SHIPPED = [f.name for f in STANDARDS.joinpath("families").iterdir() if f.name.endswith(".json")]
OWN = {"source": "practice of the county", "confidence": "OWN", "checked_by": None}


def family(key: str) -> Family:
    return Families.load().get(key)


def mushroom() -> dict[str, Any]:
    """A cultivated mushroom (黄金菇) as an operator would write its file."""
    fresh = {
        "key": "fresh",
        "names": {"zh": "鲜黄金菇", "en": "fresh golden mushroom"},
        "product_class": "cultivated_mushroom",
        "label_class": "farm_produce",
        "storage": [{"minimum_c": 0, "maximum_c": 5, **OWN}],
        "shelf_life": {"rule": "stated_by_producer", "counted_from": "picked_on", **OWN},
        **OWN,
    }
    cap = {
        "key": "cap_mm",
        "names": {"zh": "菌盖直径", "en": "width of the cap"},
        "type": "decimal",
        "unit": "mm",
        "minimum": 1,
        "maximum": 300,
        "disclosure": "public",
        "required_at": "pack",
        **OWN,
    }
    picked = {
        "key": "picked_on",
        "names": {"zh": "采收日期", "en": "picked on"},
        "type": "date",
        "disclosure": "public",
        "required_at": "registration",
        **OWN,
    }
    substrate = {
        "key": "substrate",
        "names": {"zh": "培养料", "en": "substrate"},
        "type": "text",
        "max_length": 200,
        "disclosure": "trade",
        "required": True,
        **OWN,
    }
    size = {
        "key": "cap_size",
        "version": "1",
        "names": {"zh": "按菌盖分级", "en": "by cap"},
        "attribute": "cap_mm",
        "bands": [
            {"key": "small", "names": {"zh": "小", "en": "small"}, "maximum": 20},
            {"key": "large", "names": {"zh": "大", "en": "large"}, "minimum": 20.1},
        ],
        **OWN,
    }
    return {
        "key": "golden_mushroom",
        "version": "1",
        "names": {"zh": "黄金菇", "en": "golden mushroom"},
        "is_food": True,
        "default_unit": "KGM",
        "base_dimension": "mass",
        "variants": [fresh],
        "attributes": [cap, picked],
        "events": [{"kind": "harvest", "key_data": [substrate]}],
        "grading": [size],
        **OWN,
    }


def keep(folder: Path, content: object, name: str = "golden_mushroom.json") -> Path:
    folder.joinpath(name).write_text(json.dumps(content, ensure_ascii=False), "utf-8")
    return folder


def faults(raised: InvalidInputs) -> dict[str, str]:
    return {fault.field: str(fault) for fault in raised.faults}


# --- the shipped files ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", SHIPPED)
def test_a_family_file_keeps_to_the_schema(name: str) -> None:
    schema = json.loads(STANDARDS.joinpath("schemas/family.schema.json").read_text("utf-8"))
    content = json.loads(STANDARDS.joinpath("families", name).read_text("utf-8"))
    jsonschema.Draft202012Validator(schema).validate(content)


def test_the_families_ship_with_their_variants_apart() -> None:
    shipped = {"yak_meat", "cordyceps", "vinegar", "grain", "purple_clay", "assortment"}
    assert set(Families.load().keys()) == shipped
    assert set(family("yak_meat").variants) == {
        "live",
        "fresh",
        "frozen",
        "cooked_jerky",
        "raw_air_dried",
    }
    grains = {"millet", "sorghum", "buckwheat", "highland_barley", "maize"}
    assert grains | {"mung_bean", "adzuki_bean", "soybean"} < set(family("grain").variants)


def test_cordyceps_and_ware_are_no_food_and_the_others_are() -> None:
    assert [f.key for f in Families.load() if not f.is_food] == ["cordyceps", "purple_clay"]


def test_a_live_yak_is_counted_and_its_meat_weighed() -> None:
    yak = family("yak_meat")
    assert (yak.variant("live").default_unit, yak.variant("live").base_dimension) == (
        "HEA",
        "animal",
    )
    assert yak.variant("fresh").default_unit == "KGM"


def test_families_name_only_events_and_papers_that_exist() -> None:
    papers = set(PaperKinds.load().keys())
    for known in Families.load():
        assert EventKinds.load().of_family(known)
        for variant in known.variants:
            assert {need.kind for need in known.papers(variant)} <= papers
        assert {band.kind for band in known.yields} <= set(EventKinds.load().keys())


@pytest.mark.parametrize(
    ("key", "variant", "required", "not_needed"),
    [
        ("yak_meat", "live", {"commitment_certificate"}, {"sc_licence"}),
        (
            "yak_meat",
            "fresh",
            {"meat_quality_inspection"},
            {"commitment_certificate", "sc_licence"},
        ),
        (
            "yak_meat",
            "cooked_jerky",
            {"sc_licence", "factory_inspection"},
            {"commitment_certificate"},
        ),
        (
            "cordyceps",
            "dried",
            {"gathering_permit", "sale_approval"},
            {"commitment_certificate", "sc_licence"},
        ),
        (
            "vinegar",
            "solid_state_aged",
            {"sc_licence", "factory_inspection"},
            {"commitment_certificate"},
        ),
        ("grain", "sorghum", set(), {"commitment_certificate", "sc_licence"}),
        (
            "grain",
            "millet_milled",
            {"sc_licence", "factory_inspection"},
            {"commitment_certificate"},
        ),
    ],
)
def test_each_variant_needs_the_papers_of_its_class(
    key: str, variant: str, required: set[str], not_needed: set[str]
) -> None:
    needs = family(key).papers(variant)
    assert {n.kind for n in needs if n.necessity == "required"} == required
    assert {n.kind for n in needs if n.necessity == "not_needed"} == not_needed


def test_quarantine_form_a_and_b_stand_for_each_other() -> None:
    needs = family("yak_meat").papers("fresh", "release")
    assert {n.kind for n in needs if n.any_of == "quarantine_product"} == {
        "quarantine_product_a",
        "quarantine_product_b",
    }


# --- values --------------------------------------------------------------------------------------


def test_values_come_back_as_records_keep_them() -> None:
    clean, _ = family("cordyceps").check_attributes(
        {"pieces": "1500", "weight": Decimal("500.50"), "gathered_from": "2026-06-01"},
        "registration",
        "dried",
    )
    assert clean == {"pieces": 1500, "weight": "500.50", "gathered_from": "2026-06-01"}


def test_full_width_digits_and_binary_floats_are_the_number_they_show() -> None:
    clean, _ = family("cordyceps").check_attributes(
        {"pieces": "１５００", "moisture": 0.1}, "registration"
    )
    assert clean == {"pieces": 1500, "moisture": "0.1"}


def test_every_wrong_value_has_its_fault() -> None:
    with pytest.raises(InvalidInputs) as raised:
        family("yak_meat").check_attributes(
            {
                "sex": "dragon",
                "age_months": "12.5",
                "altitude": 9000,
                "slaughter_date": "2026-13-01",
                "ear_tags": "254062600000001",
                "colour": "black",
                "pasture": "亚拉",
            },
            "registration",
            "fresh",
        )
    found = faults(raised.value)
    assert set(found) == {
        "sex",
        "age_months",
        "altitude",
        "slaughter_date",
        "ear_tags",
        "colour",
    }
    assert "8000 m" in found["altitude"]
    assert "castrated" in found["sex"]


def test_a_fact_of_another_variant_is_not_asked() -> None:
    with pytest.raises(InvalidInputs, match="slaughter_date"):
        family("yak_meat").check_attributes(
            {"slaughter_date": "2026-10-03"}, "registration", "live"
        )


def test_missing_facts_are_gaps_and_grow_with_the_stage() -> None:
    cordyceps = family("cordyceps")
    _, at_first = cordyceps.check_attributes({"pieces": 10}, "registration", "dried")
    _, at_release = cordyceps.check_attributes({"pieces": 10}, "release", "dried")
    first, last = {g.key for g in at_first}, {g.key for g in at_release}
    assert "weight" in first
    assert "pieces" not in first
    assert "moisture" not in first
    assert first < last
    assert "moisture" in last


def test_blank_is_not_stated() -> None:
    clean, gaps = family("yak_meat").check_attributes(
        {"pasture": "  ", "ear_tags": [], "sex": None}, "registration", "live"
    )
    assert clean == {}
    assert {"pasture", "ear_tags"} <= {gap.key for gap in gaps}


@given(st.one_of(st.text(), st.floats(), st.integers(), st.decimals(), st.lists(st.text())))
def test_no_value_ends_in_anything_but_a_value_or_a_fault(value: object) -> None:
    for key in ("pieces", "weight", "sorting", "gathered_from", "gathering_area"):
        told: set[str] = set()
        try:
            clean, _ = family("cordyceps").check_attributes({key: value}, "registration")
            json.dumps(clean)
        except InvalidInputs as raised:
            told = {fault.field for fault in raised.faults}
        assert told <= {key}


# --- yields --------------------------------------------------------------------------------------


def test_a_yield_outside_the_band_is_not_believed() -> None:
    band = next(b for b in family("yak_meat").yields if b.step == "meat_to_jerky")
    assert band.holds(Decimal(100), Decimal(30))
    assert band.holds(Decimal(100), Decimal(45))
    assert not band.holds(Decimal(100), Decimal("45.1"))


# --- one more family -----------------------------------------------------------------------------


def test_another_family_is_one_file_and_nothing_else(tmp_path: Path) -> None:
    families = Families.load(keep(tmp_path, mushroom()))
    assert len(families) == len(Families.load()) + 1
    golden = families.get("golden_mushroom")
    clean, gaps = golden.check_attributes({"cap_mm": "18"}, "pack", "fresh")
    assert clean == {"cap_mm": "18"}
    assert [gap.key for gap in gaps] == ["picked_on"]
    with pytest.raises(InvalidInputs, match="cap_mm"):
        golden.check_attributes({"cap_mm": 301}, "pack")
    (grade,) = golden.grades(clean, "fresh", date(2026, 10, 3))
    assert grade.names.zh == "小"
    assert [element.key for element in golden.kde("harvest")] == ["substrate"]
    harvest = EventKinds.load().get("harvest")
    assert harvest in EventKinds.load().of_family(golden)
    assert "substrate" in [gap.key for gap in harvest.check({}, golden)[1]]
    assert "commitment_certificate" in {need.kind for need in golden.papers("fresh", "release")}


def test_the_operators_folder_need_not_be_there(tmp_path: Path) -> None:
    assert len(Families.load(tmp_path / "families")) == len(Families.load())


def test_a_family_comes_once(tmp_path: Path) -> None:
    keep(tmp_path, mushroom())
    keep(tmp_path, mushroom(), "second.json")
    with pytest.raises(Misconfigured, match=r"second\.json.*golden_mushroom"):
        Families.load(tmp_path)


def test_an_unknown_family_or_variant_names_the_known() -> None:
    with pytest.raises(NotFound, match="cordyceps"):
        Families.load().get("tea")
    with pytest.raises(InvalidInput, match="raw_air_dried"):
        family("yak_meat").variant("smoked")
    with pytest.raises(InvalidInput, match=r"Say which variant of yak_meat it is.*raw_air_dried"):
        family("yak_meat").variant("")


def change(path: tuple[str | int, ...], value: object) -> dict[str, Any]:
    """The mushroom file with one member changed; ``...`` takes it away."""
    content = mushroom()
    inner: Any = content
    for step in path[:-1]:
        inner = inner[step]
    if value is ...:
        del inner[path[-1]]
    else:
        inner[path[-1]] = value
    return content


@pytest.mark.parametrize(
    ("path", "value", "where"),
    [
        (("attributes", 0, "type"), "colour", r"\$\.attributes\[0\]\.type"),
        (("attributes", 0, "names"), {"zh": "菌盖"}, r"\$\.attributes\[0\]\.names.*en"),
        (("attributes", 0, "requird_at"), "pack", r"\$\.attributes\[0\].*requird_at"),
        (("attributes", 0, "minimum"), "1", r"\$\.attributes\[0\]\.minimum"),
        (("attributes", 0, "minimum"), 500, r"\$\.attributes\[0\].*500"),
        (("attributes", 0, "choices"), [{"key": "a", "names": {"zh": "甲", "en": "a"}}], "choice"),
        (("attributes", 0, "source"), ..., r"\$\.attributes\[0\].*source"),
        (("attributes", 0, "confidence"), "sure", r"\$\.attributes\[0\]\.confidence"),
        (("attributes", 0, "variants"), ["dried"], r"\$\.attributes\[0\]\.variants\[0\]"),
        (("attributes", 1, "key"), "cap_mm", r"\$\.attributes\[1\].*twice"),
        (("variants", 0, "product_class"), "honey", r"\$\.variants\[0\]\.product_class"),
        (("variants",), {}, r"\$\.variants.*list"),
        (("default_unit",), "斤", r"\$\.default_unit"),
        (("base_dimension",), "volume", r"\$\.base_dimension"),
        (("is_food",), "yes", r"\$\.is_food"),
        (("names", "word"), "yeti", r"\$\.names\.word"),
        (("grading", 0, "attribute"), "weight", r"\$\.grading\[0\]\.attribute"),
    ],
)
def test_a_wrong_file_is_named_with_the_place(
    tmp_path: Path, path: tuple[str | int, ...], value: object, where: str
) -> None:
    keep(tmp_path, change(path, value))
    with pytest.raises(Misconfigured, match=rf"golden_mushroom\.json.*{where}"):
        Families.load(tmp_path)


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe", b"[]"])
def test_a_file_that_is_no_json_object_is_named(tmp_path: Path, content: bytes) -> None:
    tmp_path.joinpath("broken.json").write_bytes(content)
    with pytest.raises(Misconfigured, match=r"broken\.json"):
        Families.load(tmp_path)
