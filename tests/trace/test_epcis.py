"""Every kind of event is valid EPCIS 2.0, with permanent names and without personal data."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from jsonschema import Draft7Validator, FormatChecker

from suyuan.commands.export import export
from suyuan.trace.acts.batches import withdraw_batch
from suyuan.trace.acts.events import correct_event
from suyuan.trace.acts.orders import hold, lift, recall
from suyuan.trace.acts.shipments import receive
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.acts.transformations import transform
from suyuan.trace.events.epcis import (
    EpcisBatch,
    EpcisError,
    EpcisSource,
    document_pieces,
    epcis_document,
    epcis_event,
)
from suyuan.trace.events.epcis_sources import all_sources
from suyuan.trace.events.facts import CorrectionFacts, ReceiptFacts
from suyuan.trace.events.kinds import EventKind, EventKinds
from suyuan.trace.quantities import Quantity
from suyuan.trace.settings import Settings
from tests import missing, world
from tests.world import kg

SITE = "https://t.example.cn"
NOON = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)
GRAIN = "/01/06901234567892/10/L1"
CODE = "/t/5406260847047297"
KINDS = tuple(EventKinds.load())


@cache
def _validator(shared: Path) -> Draft7Validator:
    file = shared / "vectors" / "epcis" / "EPCIS-JSON-Schema.json"
    if not file.is_file():
        missing.leave_out_without(
            "EPCIS JSON schema", f"{file.name} is not among the shared vectors"
        )
    return Draft7Validator(json.loads(file.read_text()), format_checker=FormatChecker())


def _require_valid(document: Any, shared: Path) -> None:
    faults = [
        f"{'/'.join(map(str, fault.absolute_path))}: {fault.message[:200]}"
        for fault in _validator(shared).iter_errors(document)
    ]
    assert not faults, faults


def _source(kind: EventKind, **more: Any) -> EpcisSource:
    roles = ("input", "output") if kind.makes_outputs else ("subject", "subject")
    return EpcisSource(
        uid="01j0000000000000000000000e",
        kind=kind,
        happened_at=NOON,
        recorded_at=NOON,
        party="01j0000000000000000000000p",
        site=more.pop("site", "01j0000000000000000000000s"),
        batches=(
            EpcisBatch(GRAIN, roles[0], Decimal("12.5"), "KGM"),
            EpcisBatch(CODE, roles[1], None, "XBG"),
        ),
        evidence_grade="documented",
        completeness=80,
        **more,
    )


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.key)
def test_every_kind_is_valid(kind: EventKind, shared: Path) -> None:
    payload: dict[str, Any] = {
        "text": "一号库", "list": ["254062800000017"], "flag": True, "number": "3.5", "whole": 3,
    }  # fmt: skip
    error = EpcisError(NOON, "incorrect_data", "01j0000000000000000000000x")
    several = (
        _source(kind),
        _source(kind, site=None, payload=payload),
        _source(kind, error=error, from_party="a" * 26, to_party="b" * 26),
        _source(kind, error=EpcisError(NOON, "did_not_occur", None)),
    )
    document = epcis_document(several, SITE, NOON)
    _require_valid(document, shared)
    assert json.loads("".join(document_pieces(several, SITE, NOON))) == document


def test_names_say_how_the_site_is_reached() -> None:
    """A demonstration has no certificate: its names are http, and so they open."""
    event = epcis_event(_source(KINDS[0]), "http://192.0.2.7:8000")
    assert event["eventID"].startswith("http://192.0.2.7:8000/e/")
    assert "https://" not in json.dumps(event)


def test_an_event_alone_is_valid_with_its_context(shared: Path) -> None:
    document = epcis_document([_source(KINDS[0])], SITE, NOON)
    event = document["epcisBody"]["eventList"][0]
    _require_valid({"@context": document["@context"], **event}, shared)


def test_everything_has_its_permanent_name_and_quantities_are_numbers() -> None:
    ship = EventKinds.load().get("ship")
    event = epcis_event(_source(ship, from_party="a" * 26, to_party="b" * 26), SITE)
    assert event["eventID"] == f"{SITE}/e/01j0000000000000000000000e"
    assert event["readPoint"] == {"id": f"{SITE}/s/01j0000000000000000000000s"}
    assert event["quantityList"] == [
        {"epcClass": f"{SITE}{GRAIN}", "quantity": 12.5, "uom": "KGM"},
        {"epcClass": f"{SITE}{CODE}"},
    ]
    assert event["eventTime"] == "2026-06-01T04:00:00Z"
    assert event["eventTimeZoneOffset"] == "+08:00"
    assert event["sourceList"][0]["source"] == f"{SITE}/p/{'a' * 26}"
    assert event["destinationList"][0]["destination"] == f"{SITE}/p/{'b' * 26}"


def _told(ledger: Ledger) -> list[dict[str, Any]]:
    with ledger.database.read() as session:
        return [epcis_event(one, SITE) for one in all_sources(session, ledger.families)]


def test_a_box_is_told_as_an_aggregation_of_what_is_in_it(ledger: Ledger, shared: Path) -> None:
    actor = world.make_producer(ledger)
    first, second = world.make_batch(ledger, actor), world.make_batch(ledger, actor)
    box = world.batch_facts(
        actor, Quantity.of(5, "H87"), family="assortment", variant="gift_box", name="礼盒"
    )
    inside = {first: kg(10), second: kg(10)}
    facts = world.transformation(ledger, actor, "assort", inside, (box,))
    (made,) = ledger.perform(actor, transform, facts)["batches"]
    with ledger.database.read() as session:
        sources = list(all_sources(session, ledger.families))
    _require_valid(epcis_document(sources, SITE, NOON), shared)
    (told,) = (one for one in _told(ledger) if one["suyuan:kind"] == "assort")
    assert (told["type"], told["action"], told["bizStep"]) == ("AggregationEvent", "ADD", "packing")
    assert told["parentID"] == f"{SITE}/t/{made}"
    assert [one["epcClass"] for one in told["childQuantityList"]] == [
        f"{SITE}/t/{first}", f"{SITE}/t/{second}",
    ]  # fmt: skip


def test_a_whole_story_exports_as_it_was_told(ledger: Ledger, shared: Path) -> None:
    actor, shop = world.make_producer(ledger), world.make_producer(ledger, "retailer")
    first, second = world.make_batch(ledger, actor), world.make_batch(ledger, actor)
    merged = world.make_merge(ledger, actor, first, second)
    shipment = world.make_shipment(ledger, actor, str(shop.party_uid), merged, kg(50))
    ledger.perform(shop, receive, ReceiptFacts(shipment, ledger.clock.now(), True))
    stored = world.make_event(ledger, actor, "store", merged, payload={"store_id": "1号库"})
    facts = CorrectionFacts(stored, "wrong store", payload={"store_id": "2号库"})
    mended = ledger.perform(actor, correct_event, facts)
    never = world.make_batch(ledger, actor)
    ledger.perform(actor, withdraw_batch, never, "typed twice")
    ledger.perform(actor, lift, ledger.perform(actor, hold, merged, "to be checked"), "checked")
    ledger.perform(actor, recall, merged, "metal found")
    told = _told(ledger)
    with ledger.database.read() as session:
        sources = list(all_sources(session, ledger.families))
    _require_valid(epcis_document(sources, SITE, NOON), shared)
    assert [event["suyuan:kind"] for event in told] == [
        "register", "register", "merge", "clearance", "ship", "receive", "store", "store",
        "register", "hold", "release", "recall",
    ]  # fmt: skip
    hands = f"{SITE}/p/{shop.party_uid}"
    assert told[4]["destinationList"][0]["destination"] == hands
    assert told[5]["destinationList"][0]["destination"] == hands
    assert told[6]["errorDeclaration"]["reason"] == "incorrect_data"
    assert told[6]["errorDeclaration"]["correctiveEventIDs"] == [f"{SITE}/e/{mended}"]
    assert told[6]["suyuan:store_id"] == "1号库"
    assert told[7]["suyuan:store_id"] == "2号库"
    assert "errorDeclaration" not in told[7]
    assert told[8]["errorDeclaration"]["reason"] == "did_not_occur"
    merge = told[2]
    assert merge["type"] == "TransformationEvent"
    assert [one["quantity"] for one in merge["inputQuantityList"]] == [100, 100]
    assert [one["epcClass"] for one in merge["outputQuantityList"]] == [f"{SITE}/t/{merged}"]


def test_personal_key_data_stay_here(ledger: Ledger) -> None:
    actor = world.make_producer(ledger)
    code = world.make_batch(ledger, actor, family="yak_meat", variant="live")
    payload = {"drug": "口蹄疫疫苗", "veterinarian": "旺堆"}
    world.make_event(ledger, actor, "treat", code, payload=payload)
    event = _told(ledger)[-1]
    assert event["suyuan:drug"] == "口蹄疫疫苗"
    assert "旺堆" not in json.dumps(event, ensure_ascii=False)


def test_a_slaughter_names_its_animals_and_its_meat(ledger: Ledger, shared: Path) -> None:
    actor = world.make_producer(ledger, "processor")
    live = world.make_batch(ledger, actor, family="yak_meat", variant="live")
    meat = (world.batch_facts(actor, kg(60), family="yak_meat", variant="fresh"),)
    facts = world.transformation(
        ledger, actor, "slaughter", {live: None}, meat, payload={"ear_tags_in": ["2" + "5" * 14]}
    )
    ledger.perform(actor, transform, facts)
    event = _told(ledger)[-1]
    assert event["bizStep"] == "killing"
    assert event["suyuan:ear_tags_in"] == ["2" + "5" * 14]
    with ledger.database.read() as session:
        sources = list(all_sources(session, ledger.families))
    _require_valid(epcis_document(sources, SITE, NOON), shared)


def test_the_command_writes_one_complete_document(
    ledger: Ledger, settings: Settings, shared: Path, tmp_path: Path
) -> None:
    actor = world.make_producer(ledger)
    for _ in range(3):
        world.make_batch(ledger, actor)
    out = tmp_path / "events.jsonld"
    environment = {"SUYUAN_DATABASE_URL": settings.database_url}
    command = ["epcis", "--data", str(settings.data), "--out", str(out)]
    done = CliRunner().invoke(export, command, env=environment)
    assert done.exit_code == 0, done.output
    document = json.loads(out.read_text(encoding="utf-8"))
    assert len(document["epcisBody"]["eventList"]) == 3
    _require_valid(document, shared)
    assert [file.name for file in tmp_path.iterdir() if "events" in file.name] == [out.name]


def test_the_command_says_what_it_could_not_do(tmp_path: Path) -> None:
    out = tmp_path / "nowhere" / "events.jsonld"
    environment = {"SUYUAN_DATABASE_URL": ""}
    command = ["epcis", "--data", str(tmp_path), "--out", str(out)]
    done = CliRunner().invoke(export, command, env=environment)
    assert done.exit_code != 0
    assert not out.exists()
