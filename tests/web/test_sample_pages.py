"""Samples on the pages of those who take, carry and test them, and of the API."""

from __future__ import annotations

from suyuan.trace.acts.transaction import Ledger
from tests import world
from tests.api_clients import client as program
from tests.web.desk_world import desk

SHEET = {
    "kind": "supervision", "number": "XBJ26540626001", "taken_on": "2026-05-20",
    "samplers": "扎西、卓玛", "quantity": "2", "quantity.unit": "KGM", "reserve": "2",
    "reserve.unit": "KGM", "base": "50", "base.unit": "KGM", "seal": "F-0001", "present": "次仁",
}  # fmt: skip


def test_the_chain_of_a_sample_is_read_from_the_field_to_the_verdict(ledger: Ledger) -> None:
    owner, regulator = world.make_producer(ledger), world.make_regulator(ledger)
    lab = world.make_producer(ledger, "laboratory", name="市检测中心")
    code = world.make_batch(ledger, owner)
    agency, bench = desk(ledger, regulator), desk(ledger, lab)
    assert f"/desk/samples/new?batch={code}" in agency.get(f"/inspect/batches/{code}").text
    sheet = {**SHEET, "batch": code}
    alone = agency.submit("/desk/samples/new", {**sheet, "samplers": "扎西"})
    assert (alone.status_code, 'href="#f-samplers"' in alone.text) == (422, True)
    page = agency.submit("/desk/samples/new", sheet).location
    sent = {"kind": "sent", "on": "2026-05-20", "to": str(lab.party_uid)}
    assert agency.submit(f"{page}/step?portion=sample", sent).status_code == 302
    assert "F-0001" in bench.get(page).text
    assert "卓玛" not in bench.get(page).text  # who took it is not the laboratory's business
    got = {"kind": "received", "on": "2026-05-21", "intact": "no"}
    assert bench.submit(f"{page}/step?portion=sample", got).status_code == 302
    report = {
        "batches": code, "laboratory": "市检测中心", "number": "JC-1", "kind": "laboratory",
        "issued_on": "2026-05-30", "item.0.parameter": "铅", "item.0.result": "0.05",
        "item.0.unit": "mg/kg", "sample_number": "XBJ26540626001",
    }  # fmt: skip
    at_desk = bench.submit("/desk/reports/new", report).location
    for text in (bench.get(at_desk).text, bench.get(page).text):
        assert "The seal was broken when the laboratory received" in text
    inspected = agency.get(page.replace("/desk/", "/inspect/")).text
    for word in (
        "supervision sampling",
        "卓玛",
        "seal broken",
        "JC-1",
        "meets the standard",
        "50 kg",
    ):
        assert word in inspected
    assert "chain of a sample in doubt" in agency.get("/inspect/warnings").text


def test_a_program_tells_of_a_sample_step_by_step(ledger: Ledger) -> None:
    owner, lab = world.make_producer(ledger), world.make_producer(ledger, "laboratory")
    code = world.make_batch(ledger, owner)
    own, bench = program(ledger, owner), program(ledger, lab)
    sample = {
        "trace_code": code, "kind": "commissioned", "number": "S-1", "taken_on": "2026-05-20",
        "samplers": ["扎西"], "quantity": {"amount": "1", "unit": "KGM"},
    }  # fmt: skip
    made = own.send("/samples", sample)
    assert made.status_code == 201, made.text
    href = made.json["href"].removeprefix("/api/v1")
    assert own.read(href).json["next"] == {"sample": "sent"}
    step = {"kind": "sent", "on": "2026-05-20", "to": lab.party_uid}
    assert own.send(f"{href}/steps", step).status_code == 201
    assert [one["number"] for one in bench.read("/samples").json["items"]] == ["S-1"]
    report = {
        "number": "JC-1", "laboratory": "x", "issued_on": "2026-05-30", "batches": [code],
        "items": [{"parameter": "铅", "result": "0.05", "unit": "mg/kg"}], "sample_number": "S-1",
    }  # fmt: skip
    entered = bench.send("/test-reports", report).json["href"].removeprefix("/api/v1")
    told = bench.read(entered).json["samples"]
    assert [doubt["code"] for one in told for doubt in one["doubts"]] == ["never-received"]
    received = {"kind": "received", "on": "2026-05-21", "intact": True}
    assert bench.send(f"{href}/steps", received).status_code == 201
    assert [one["doubts"] for one in own.read(href).json["reports"]] == [[]]
    assert "samplers" not in program(ledger, world.make_producer(ledger)).read(href).json
