"""Event kinds: EPCIS words, what each must know, and how complete an event is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suyuan.trace.errors import InvalidInput, InvalidInputs
from suyuan.trace.events.kinds import EventKind, EventKinds, completeness
from suyuan.trace.parties.roles import Rights
from suyuan.trace.products.families import Families

OF_THE_FIELD = {
    "gather", "harvest", "birth", "treat", "input_use", "purchase", "precool", "slaughter",
    "process", "sort", "test", "grade", "pack", "store", "stocktake", "loss", "ship", "receive",
    "return", "sell", "inspect", "dispose", "open_box",
}  # fmt: skip
OF_THE_SYSTEM = {
    "register", "split", "merge", "repack", "assort", "hold", "release", "clearance", "recall",
}  # fmt: skip


def kind(key: str) -> EventKind:
    return EventKinds.load().get(key)


def test_all_kinds_of_the_field_and_the_system_are_there() -> None:
    kinds = EventKinds.load()
    assert set(kinds.keys()) == OF_THE_FIELD | OF_THE_SYSTEM
    assert {k.key for k in kinds if k.system} == OF_THE_SYSTEM


def test_an_unknown_kind_names_the_known() -> None:
    with pytest.raises(InvalidInput, match="slaughter"):
        kind("teleport")


def test_the_words_are_those_of_the_business_vocabulary(shared: Path) -> None:
    schema = shared / "vectors" / "epcis" / "EPCIS-JSON-Schema.json"
    words = json.loads(schema.read_text("utf-8"))["definitions"]
    steps, dispositions = (
        set(words[name]["anyOf"][1]["enum"]) for name in ("bizStep", "disposition")
    )
    for known in EventKinds.load():
        assert known.biz_step in steps
        assert known.disposition in dispositions


@pytest.mark.parametrize(
    ("key", "epcis_type", "action", "step", "effect"),
    [
        ("harvest", "ObjectEvent", "ADD", "creating_class_instance", "makes"),
        ("slaughter", "TransformationEvent", None, "killing", "uses"),
        ("ship", "ObjectEvent", "OBSERVE", "shipping", "moves"),
        ("receive", "ObjectEvent", "OBSERVE", "receiving", "moves"),
        ("stocktake", "ObjectEvent", "OBSERVE", "stock_taking", "adjusts"),
        ("test", "ObjectEvent", "OBSERVE", "inspecting", "none"),
        ("dispose", "ObjectEvent", "DELETE", "destroying", "uses"),
    ],
)
def test_what_a_kind_is_in_epcis_and_does_to_the_quantity(
    key: str, epcis_type: str, action: str | None, step: str, effect: str
) -> None:
    found = kind(key)
    assert (found.epcis_type, found.action, found.biz_step, found.effect) == (
        epcis_type,
        action,
        step,
        effect,
    )


def test_only_transformations_and_putting_boxes_together_take_inputs_and_make_outputs() -> None:
    for known in EventKinds.load():
        transforms = known.epcis_type in ("TransformationEvent", "AggregationEvent")
        assert known.takes_inputs == known.makes_outputs == transforms


def test_what_touches_quantity_asks_for_it() -> None:
    for known in EventKinds.load():
        if known.effect != "none":
            assert "quantity" in {gap.key for gap in known.asks}


def test_only_organisations_that_exist_record_and_are_allowed_to() -> None:
    rights = Rights.load()
    for known in EventKinds.load():
        assert known.recorded_by
        for organisation in known.recorded_by:
            allowed = rights.organisation_kind(organisation).permissions
            assert allowed & {"record_event", "register_batch", "hold", "recall"}


def test_the_familys_rule_counts_where_both_ask() -> None:
    yak = Families.load().get("yak_meat")
    required = {e.key for e in kind("ship").all_key_data(yak, "fresh") if e.required}
    without = {e.key for e in kind("ship").all_key_data(yak, "cooked_jerky") if e.required}
    assert "temperature_out" in required
    assert "temperature_out" not in without
    assert {"carrier", "vehicle"} <= without


def test_a_payload_is_checked_and_its_gaps_are_named() -> None:
    yak = Families.load().get("yak_meat")
    clean, gaps = kind("treat").check(
        {"drug": "伊维菌素", "dose": "0.2 mg/kg", "withdrawal_end": "2026-08-01"}, yak, "live"
    )
    assert clean["withdrawal_end"] == "2026-08-01"
    assert {gap.key for gap in gaps} == {"ear_tags", "approval_number", "veterinarian"}
    with pytest.raises(InvalidInputs, match="withdrawal_end"):
        kind("treat").check({"withdrawal_end": "in autumn"}, yak)


def test_a_full_event_scores_100_and_names_nothing() -> None:
    result = completeness(kind("stocktake"), {"counted_by": "达娃"})
    assert (result.score, result.missing) == (100, ())


def test_what_is_missing_is_named_and_lowers_the_score() -> None:
    result = completeness(kind("harvest"), {"plot": " "}, known=("who", "what", "when", "quantity"))
    assert [gap.key for gap in result.missing] == ["where", "plot"]
    assert result.missing[0].names.zh == "何地"
    assert result.score == 66


@given(
    st.sampled_from(EventKinds.load().keys()),
    st.sets(st.sampled_from(["who", "what", "when", "where", "quantity"])),
    st.dictionaries(st.sampled_from(["reason", "plot", "carrier", "sample_number"]), st.text()),
)
def test_100_means_that_nothing_is_missing(
    key: str, known: set[str], payload: dict[str, object]
) -> None:
    result = completeness(kind(key), payload, known)
    assert 0 <= result.score <= 100
    assert (result.score == 100) == (not result.missing)
