"""What a program does with the API on an ordinary day, from the first site to the recall."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from PIL import Image

from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.parties.actor import Actor
from suyuan.trace.scans.tables import ScanTally
from tests.api_clients import Program, client, problem
from tests.world import (
    make_batch,
    make_party,
    make_producer,
    make_regulator,
    make_shipment,
    make_split,
)

KG100 = {"amount": "100", "unit": "KGM"}


@pytest.fixture
def producer(ledger: Ledger) -> Actor:
    return make_producer(ledger)


@pytest.fixture
def api(ledger: Ledger, producer: Actor) -> Program:
    return client(ledger, producer)


def millet(producer: Actor, **more: Any) -> dict[str, Any]:
    return {
        "party": producer.party_uid,
        "family": "grain",
        "variant": "millet",
        "name": "朝阳小米",
        "quantity": KG100,
        **more,
    }


def at(hour: int) -> str:
    return f"2026-06-01T{hour:02}:00:00+08:00"


# --- parties, sites, products --------------------------------------------------------------------


def test_an_organisation_is_applied_for_checked_and_suspended(ledger: Ledger, api: Program) -> None:
    application = {
        "kind": "household_group",
        "name": "亚拉镇联户",
        "division": "540626",
        "phone": "13908968000",
        "undertaking": True,
    }
    made = api.send("/parties", application)
    assert made.status_code == 201
    href = made.headers["Location"].removeprefix("/api/v1")
    assert api.read(href).json == {
        "uid": made.json["uid"],
        "kind": "household_group",
        "name": "亚拉镇联户",
        "names": {},
        "division": "540626",
        "uscc": None,
        "state": "applied",
        "warnings": [],
    }  # address and telephone are for the party itself and for those who admit it

    office = client(ledger, make_regulator(ledger))
    assert office.read(href).json["phone"] == "13908968000"
    assert office.send(f"{href}/check", {"against": "身份证"}).status_code == 201
    assert office.read(href).json["state"] == "active"
    assert office.send(f"{href}/suspend", {"reason": "证照过期"}).status_code == 201
    assert office.send(f"{href}/reinstate", {"reason": "已换证"}).status_code == 201
    problem(api.send(f"{href}/check", {"against": "身份证"}), 403, "forbidden")


def test_a_place_shows_where_it_is_to_its_own_party_only(
    ledger: Ledger, producer: Actor, api: Program
) -> None:
    site = {
        "party": producer.party_uid,
        "kind": "pasture",
        "name": "夏季牧场",
        "division": "540626",
        "latitude": "31.8872",
        "longitude": "93.7851",
        "altitude_m": 4100,
    }
    href = api.send("/sites", site).json["href"].removeprefix("/api/v1")
    assert api.read(href).json["latitude"] == "31.8872"
    other = client(ledger, make_producer(ledger)).read(href).json
    assert other["altitude_m"] == 4100
    assert "latitude" not in other
    assert [one["uid"] for one in api.read("/sites").json["items"]] == [href.split("/")[-1]]


def test_a_product_and_its_label(producer: Actor, api: Program) -> None:
    product = {
        "party": producer.party_uid,
        "family": "grain",
        "variant": "millet",
        "name": "朝阳小米",
        "label": {"net_content": "5 kg"},
    }
    href = api.send("/products", product).json["href"].removeprefix("/api/v1")
    changed = api.send(f"{href}/label", {"label": {"net_content": "2.5 kg"}, "items_on_pack": True})
    assert changed.status_code == 201
    read = api.read(href).json
    assert read["label"] == {"net_content": "2.5 kg"}
    assert read["items_on_pack"] is True
    assert len(api.read("/products").json["items"]) == 1


# --- batches -------------------------------------------------------------------------------------


def test_a_batch_states_what_is_not_known_of_it(producer: Actor, api: Program) -> None:
    made = api.send("/batches", millet(producer, produced="六月初"))
    assert made.status_code == 201
    batch = api.read(made.json["href"].removeprefix("/api/v1")).json
    assert batch["trace_code"] == made.json["trace_code"]
    assert batch["quantity"] == KG100
    assert batch["produced"]["text"] == "六月初"
    assert batch["gaps"]
    assert batch["in_hand"] == KG100
    assert set(batch["sight"]) == {"public", "trade", "personal"}


def test_households_and_marks_are_not_for_everybody(
    ledger: Ledger, producer: Actor, api: Program
) -> None:
    pooled = millet(
        producer,
        shares=[
            {"household": "扎西家", "quantity": {"amount": "60", "unit": "KGM"}},
            {"household": "卓玛家", "quantity": {"amount": "40", "unit": "KGM"}},
        ],
        marks=[{"kind": "foreign_lot", "value": "A-17"}],
    )
    code = api.send("/batches", pooled).json["trace_code"]
    own = api.read(f"/batches/{code}").json
    assert [one["household"] for one in own["shares"]] == ["扎西家", "卓玛家"]
    other = client(ledger, make_producer(ledger)).read(f"/batches/{code}").json
    assert other["households"] == 2
    assert not {"shares", "marks", "in_hand"} & other.keys()
    assert api.read("/batches?q=A-17").json["items"][0]["trace_code"] == code
    assert client(ledger, make_producer(ledger)).read("/batches?q=A-17").json["items"] == []


def test_several_batches_come_together_or_not_at_all(producer: Actor, api: Program) -> None:
    wrong = millet(producer, variant="no-such-variant")
    problem(
        api.send("/batches/together", {"batches": [millet(producer), wrong]}), 422, "invalid-input"
    )
    assert api.read("/batches").json["items"] == []
    made = api.send("/batches/together", {"batches": [millet(producer), millet(producer)]})
    assert len(made.json["trace_codes"]) == 2


def test_a_list_comes_in_pages_with_the_cursor_in_the_body(
    ledger: Ledger, producer: Actor, api: Program
) -> None:
    codes = [make_batch(ledger, producer) for _ in range(5)]
    found, after = [], ""
    while True:
        page = api.read(f"/batches?limit=2{after}").json
        found += [one["trace_code"] for one in page["items"]]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert found == codes[::-1]


def test_a_batch_registered_in_error_is_withdrawn(producer: Actor, api: Program) -> None:
    code = api.send("/batches", millet(producer)).json["trace_code"]
    assert api.send(f"/batches/{code}/withdraw", {"reason": "重复登记"}).status_code == 201
    assert api.read(f"/batches/{code}").json["state"] == "withdrawn"


def test_the_same_request_under_one_key_is_done_once(producer: Actor, api: Program) -> None:
    first = api.send("/batches", millet(producer), key="2026-06-01/0001")
    again = api.send("/batches", millet(producer), key="2026-06-01/0001")
    assert (again.status_code, again.json) == (201, first.json)
    assert again.headers["Location"] == first.headers["Location"]
    assert len(api.read("/batches").json["items"]) == 1
    other = api.send("/batches", millet(producer), key="2026-06-01/0002")
    assert other.json != first.json


def test_the_chain_is_walked_both_ways(ledger: Ledger, producer: Actor, api: Program) -> None:
    whole = make_batch(ledger, producer)
    parts = make_split(ledger, producer, whole, 30, 30)
    forward = api.read(f"/batches/{whole}/lineage?direction=forward").json
    assert [node["depth"] for node in forward["items"]] == [0, 1, 1]
    assert {node["trace_code"] for node in forward["items"]} == {whole, *parts}
    back = api.read(f"/batches/{parts[0]}/lineage?direction=back").json
    assert [node["trace_code"] for node in back["items"]] == [parts[0], whole]
    assert back["links"][0] | {"quantity": None} == {
        "parent": whole, "child": parts[0], "quantity": None,
    }  # fmt: skip
    assert (back["truncated"], back["next"]) == (False, None)
    first = api.read(f"/batches/{whole}/lineage?direction=forward&limit=2").json
    rest = api.read(f"/batches/{whole}/lineage?direction=forward&after={first['next']}").json
    assert len(first["items"]) + len(rest["items"]) == 3
    stranger = client(ledger, make_producer(ledger))
    problem(stranger.read(f"/batches/{whole}/lineage?direction=back"), 403, "forbidden")


# --- events --------------------------------------------------------------------------------------


def test_an_event_is_recorded_and_told_again(producer: Actor, api: Program) -> None:
    code = api.send("/batches", millet(producer)).json["trace_code"]
    event = {
        "kind": "store",
        "party": producer.party_uid,
        "batches": [{"trace_code": code}],
        "happened_at": at(7),
        "id": "warehouse-0017",
        "note": "入库",
    }
    made = api.send("/events", event)
    assert made.json["uid"] == "warehouse-0017"
    assert api.send("/events", event).json == made.json  # the client's id makes it one event
    problem(api.send("/events", {**event, "note": "出库"}), 409, "event-id-reused")
    mended = api.send("/events/warehouse-0017/corrections", {"reason": "记错", "note": "入冷库"})
    assert mended.status_code == 201
    before = api.read("/events/warehouse-0017").json
    assert before["corrected_by"] == mended.json["uid"]
    now = api.read(f"/events?trace_code={code}").json["items"]
    assert [one["note"] for one in now if one["kind"] == "store"] == ["入冷库"]


def test_events_come_as_epcis(producer: Actor, api: Program) -> None:
    code = api.send("/batches", millet(producer)).json["trace_code"]
    answer = api.read(f"/events?trace_code={code}", headers={"Accept": "application/ld+json"})
    assert answer.content_type == "application/ld+json"
    document = json.loads(answer.text)
    assert document["type"] == "EPCISDocument"
    assert document["epcisBody"]["eventList"]


def test_new_batches_are_made_of_others(producer: Actor, api: Program) -> None:
    code = api.send("/batches", millet(producer)).json["trace_code"]
    made = api.send(
        "/transformations",
        {
            "kind": "split",
            "party": producer.party_uid,
            "happened_at": at(7),
            "inputs": [{"trace_code": code, "quantity": KG100}],
            "outputs": [
                millet(producer, quantity={"amount": "60", "unit": "KGM"}),
                millet(producer, quantity={"amount": "40", "unit": "KGM"}),
            ],
        },
    )
    assert made.status_code == 201, made.text
    assert len(made.json["batches"]) == 2
    assert api.read(f"/batches/{code}").json["in_hand"] == {"amount": "0", "unit": "KGM"}


def test_a_shipment_is_received_by_the_receiver_alone(
    ledger: Ledger, producer: Actor, api: Program
) -> None:
    shop = make_producer(ledger, "retailer")
    code = make_batch(ledger, producer)
    uid = make_shipment(ledger, producer, str(shop.party_uid), code)
    assert [one["uid"] for one in api.read("/shipments?direction=out").json["items"]] == [uid]
    counter = client(ledger, shop)
    assert counter.read("/shipments").json["items"][0]["open"] == KG100
    receipt = {
        "happened_at": at(7),
        "accepted": False,
        "quantity": {"amount": "90", "unit": "KGM"},
        "reason": "破损",
    }
    problem(api.send(f"/shipments/{uid}/receipts", receipt), 403, "forbidden")
    assert counter.send(f"/shipments/{uid}/receipts", receipt).status_code == 201
    assert counter.read(f"/batches/{code}").json["in_hand"] == {"amount": "90", "unit": "KGM"}
    # who took some of it in hand sees the trade fields, never the households
    assert counter.read(f"/batches/{code}").json["sight"] == ["public", "trade"]


# --- papers, tests, evidence ---------------------------------------------------------------------


def test_a_photo_is_kept_without_exif_and_opened_by_sight(
    ledger: Ledger, producer: Actor, api: Program
) -> None:
    photo = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "31.8872, 93.7851"
    Image.new("RGB", (60, 40), "green").save(photo, "JPEG", exif=exif)
    form = {"party": producer.party_uid, "file": (io.BytesIO(photo.getvalue()), "../../a.jpg")}
    made = api.post("/api/v1/evidence", data=form)
    assert made.status_code == 201, made.text
    href = made.get_json()["href"].removeprefix("/api/v1")
    assert api.read(href).json["name"] == "a.jpg"
    file = api.read(f"{href}/file")
    assert file.content_type == "image/jpeg"
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert not Image.open(io.BytesIO(file.data)).getexif()
    stranger = client(ledger, make_producer(ledger))
    assert "name" not in stranger.read(href).json
    problem(stranger.read(f"{href}/file"), 403, "forbidden")


def test_the_same_form_under_one_key_is_kept_once(producer: Actor, api: Program) -> None:
    def sent(content: bytes) -> Any:
        form = {"party": producer.party_uid, "file": (io.BytesIO(content), "permit.pdf")}
        return api.post("/api/v1/evidence", data=form, headers={"Idempotency-Key": "photo-0001"})

    # each form has a boundary of its own, so the bodies differ while what is asked does not
    assert sent(b"%PDF-1.7 a").json == sent(b"%PDF-1.7 a").json
    problem(sent(b"%PDF-1.7 b"), 409, "idempotency-key-reused")


def test_a_form_that_lacks_its_file_says_so(producer: Actor, api: Program) -> None:
    answer = api.post(
        "/api/v1/evidence", data={"party": producer.party_uid}, content_type="multipart/form-data"
    )
    problem(answer, 422, "invalid-input")


def test_a_paper_is_registered_and_revoked(producer: Actor, api: Program) -> None:
    code = api.send("/batches", millet(producer)).json["trace_code"]
    paper = {
        "kind": "business_licence",
        "number": "91540626MA6T1ABC0X",
        "holder": producer.party_uid,
        "valid_to": "2026-05-31",
    }
    made = api.send("/papers", paper)
    assert made.status_code == 201, made.text
    href = made.json["href"].removeprefix("/api/v1")
    assert api.read(href).json["state"] == "expired"  # it is 1 June
    assert api.send(f"{href}/revoke", {"reason": "作废"}).status_code == 201
    assert api.read("/papers").json["items"][0]["state"] == "revoked"
    assert code


def test_a_test_report_stands_on_its_batches(producer: Actor, api: Program) -> None:
    code = api.send("/batches", millet(producer)).json["trace_code"]
    report = {
        "number": "JC-2026-0117",
        "laboratory": "朝阳市农产品质量检测中心",
        "issued_on": "2026-05-20",
        "batches": [code],
        "items": [{"parameter": "铅（以Pb计）", "result": "<0.05", "unit": "mg/kg"}],
    }
    made = api.send("/test-reports", report)
    assert made.status_code == 201, made.text
    items = api.read(f"/test-reports?trace_code={code}").json["items"]
    assert items[0]["items"][0]["result"] == "<0.05"
    assert api.read(made.json["href"].removeprefix("/api/v1")).json["batches"] == [code]
    problem(api.send("/test-reports", report), 409, "conflict")


# --- labels, scans, orders -----------------------------------------------------------------------


def test_a_print_run_gives_addresses_or_a_pdf(
    ledger: Ledger, producer: Actor, api: Program
) -> None:
    code = api.send("/batches", millet(producer)).json["trace_code"]
    asked = {"trace_code": code, "count": 3, "template": "batch-100x70", "per_package": False}
    made = api.send("/print-runs", asked)
    assert made.status_code == 201, made.text
    href = made.json["href"].removeprefix("/api/v1")
    run = api.read(href).json
    assert run["count"] == 3
    assert run["urls"][0].startswith("https://t.example.cn/")
    labels = api.read(href, headers={"Accept": "application/pdf"})
    assert labels.content_type == "application/pdf"
    assert labels.data.startswith(b"%PDF-")
    for form, begins in (
        ("zpl", b"^XA"),
        ("tspl", b"SIZE 100 mm"),
        ("png", b"PK"),
        ("pdf", b"%PDF"),
    ):
        drawn = api.send(f"{href}/labels", {"form": form, "dpi": 203})
        assert (drawn.status_code, drawn.data[: len(begins)]) == (201, begins)
    told = problem(
        api.send(f"{href}/labels", {"form": "png", "head_dots": 384}), 422, "does-not-fit"
    )
    assert "millimet" in str(told) or "mm more" in str(told)
    problem(client(ledger, make_producer(ledger)).read(href), 403, "forbidden")


def test_scans_are_counted_and_not_who_scanned(
    ledger: Ledger, producer: Actor, api: Program
) -> None:
    code = api.send("/batches", millet(producer)).json["trace_code"]
    moment = ledger.clock.now()
    with ledger.database.write() as session:
        path = f"/t/{code}/000000000017"
        session.add(ScanTally(path=path, count=4, first_at=moment, last_at=moment))
        session.commit()
    (seen,) = api.read(f"/scans?trace_code={code}").json["items"]
    assert seen.keys() == {"path", "count", "first_at", "last_at"}
    assert (seen["path"], seen["count"]) == (path, 4)


def test_a_recall_reaches_what_was_made_and_is_lifted(
    ledger: Ledger, producer: Actor, api: Program
) -> None:
    whole = make_batch(ledger, producer)
    (part,) = make_split(ledger, producer, whole, 30)
    order = api.send(f"/batches/{whole}/orders", {"kind": "recall", "reason": "检出超标"})
    assert order.status_code == 201, order.text
    href = order.json["href"].removeprefix("/api/v1")
    assert [one["uid"] for one in api.read("/recalls").json["items"]] == [order.json["uid"]]
    (reached,) = api.read(f"/batches/{part}/orders").json["items"]
    assert (reached["kind"], reached["trace_code"]) == ("recall", whole)
    run = {"trace_code": part, "count": 1, "template": "batch-100x70", "per_package": False}
    assert api.send("/print-runs", run).status_code == 409
    assert api.send(f"{href}/lift", {"reason": "复检合格"}).status_code == 201
    assert api.read("/recalls").json["items"] == []
    assert len(api.read("/recalls?all=true").json["items"]) == 1
    assert api.read(href).json["lift_reason"] == "复检合格"


# --- open to everybody ---------------------------------------------------------------------------


def test_a_passport_is_for_everybody(ledger: Ledger, producer: Actor, api: Program) -> None:
    code = api.send("/batches", millet(producer)).json["trace_code"]
    anybody = client(ledger)
    passport = anybody.read(f"/passport?code={code}").json
    assert passport["trace_code"] == code
    assert passport["quantity"] == KG100
    assert passport["issued"]["typed"] is True
    grouped = "-".join(code[i : i + 4] for i in range(0, 16, 4))
    assert anybody.read(f"/passport?code={grouped}").json["trace_code"] == code
    forged = anybody.read("/passport?code=https://t.example.cn/t/123")
    assert forged.status_code == 404
    assert forged.content_type == "application/problem+json"


def test_the_catalogue_of_families_is_for_integrators(ledger: Ledger) -> None:
    anybody = client(ledger)
    families = {one["key"]: one for one in anybody.read("/families").json["items"]}
    assert {"yak_meat", "cordyceps", "vinegar", "grain"} <= families.keys()
    assert anybody.read("/families/vinegar").json == families["vinegar"]
    problem(anybody.read("/families/gold"), 404, "not-found")
    assert "millet" in families["grain"]["variants"]


def test_divisions_are_found_by_name(ledger: Ledger) -> None:
    found = client(ledger).read("/divisions?q=索县").json["items"]
    assert found[0]["code"] == "540626"


def test_another_partys_lists_are_closed(ledger: Ledger, api: Program) -> None:
    other = make_party(ledger)
    problem(api.read(f"/batches?party={other}"), 403, "forbidden")
    problem(api.read(f"/events?party={other}"), 403, "forbidden")
    assert client(ledger, make_regulator(ledger)).read(f"/batches?party={other}").json == {
        "items": [],
        "next": None,
    }
