"""Registering at the desk: what is typed is read, kept, asked about, and taken once."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
import sqlalchemy as sa

from suyuan.trace.acts.orders import recall
from suyuan.trace.acts.shipments import receive
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.batches.tables import Share
from suyuan.trace.events.facts import ReceiptFacts
from suyuan.trace.evidence.tables import EvidenceFile
from suyuan.trace.quantities import Quantity
from tests import world
from tests.web.desk_world import (
    batch_of,
    code_in,
    desk,
    form_id,
    photo,
    register_form,
    registered,
)

NEW = "/desk/batches/new"
PAGE = NEW + "?goods=grain/millet"


def test_what_is_typed_becomes_a_batch(ledger: Ledger) -> None:
    coop = world.make_producer(ledger)
    place = world.make_site(ledger, coop)
    client = desk(ledger, coop)
    answer = client.submit(NEW, register_form(site=place, lot="A-7"), page=PAGE)
    assert answer.status_code == 302, answer.text
    batch = batch_of(ledger, code_in(answer.location))
    assert Quantity(batch.quantity, batch.unit) == world.kg(20)
    assert (batch.lot, batch.produced_on) == ("A-7", date(2026, 5, 30))
    assert batch.attributes["crop_year"] == 2025
    page = client.get(answer.location).text
    assert "20 kg" in page
    assert "东坡" in page


def test_nothing_stays_nothing_and_is_refused(ledger: Ledger) -> None:
    client = desk(ledger, world.make_producer(ledger))
    answer = client.submit(NEW, register_form(quantity="0"), page=PAGE)
    assert answer.status_code == 422
    assert "more than nothing" in answer.text


@pytest.mark.parametrize(
    ("typed", "unit", "kilograms"),
    [
        ("30", "斤", "15"),
        ("20袋×50kg", "KGM", "1000"),
        ("1斤3两", "KGM", "0.65"),
        ("１２", "KGM", "12"),
    ],
)
def test_quantities_are_read_as_people_write_them(
    ledger: Ledger, typed: str, unit: str, kilograms: str
) -> None:
    coop = world.make_producer(ledger)
    form = register_form(**{"quantity": typed, "quantity.unit": unit})
    answer = desk(ledger, coop).submit(NEW, form, page=PAGE)
    assert answer.status_code == 302, answer.text
    batch = registered(ledger, coop)[0]
    assert Quantity(batch.quantity, batch.unit) == world.kg(kilograms)


def test_each_fault_stands_at_its_field_and_nothing_typed_is_lost(ledger: Ledger) -> None:
    coop = world.make_producer(ledger)
    form = register_form(
        **{"quantity": "viel", "fact.crop_year": "neulich", "note": "aus dem Osten"}
    )
    answer = desk(ledger, coop).submit(NEW, form, page=PAGE)
    assert answer.status_code == 422
    for field in ("quantity", "fact.crop_year"):
        assert f'href="#f-{field}"' in answer.text
        assert f'id="e-{field}"' in answer.text
    for kept in ("viel", "neulich", "aus dem Osten", "东坡"):
        assert kept in answer.text
    assert not registered(ledger, coop)


def test_a_doubtful_date_is_asked_and_stands_when_ticked(ledger: Ledger) -> None:
    coop = world.make_producer(ledger)
    client = desk(ledger, coop)
    answer = client.submit(NEW, register_form(produced="藏历四月"), page=PAGE)
    assert answer.status_code == 422
    assert 'name="produced.sure"' in answer.text
    assert not registered(ledger, coop)
    sure = register_form(**{"produced": "藏历四月", "produced.sure": "yes"})
    assert client.submit(NEW, sure, page=PAGE).status_code == 302
    batch = registered(ledger, coop)[0]
    assert batch.produced is not None
    assert (batch.produced["text"], batch.produced_on) == ("藏历四月", None)
    assert "produced" in batch.gaps


@pytest.mark.parametrize(
    ("typed", "day"), [("5月30日", date(2026, 5, 30)), ("6月30日", None)], ids=["been", "to come"]
)
def test_a_day_without_its_year_is_asked_only_when_it_is_still_to_come(
    ledger: Ledger, typed: str, day: date | None
) -> None:
    coop = world.make_producer(ledger)
    answer = desk(ledger, coop).submit(NEW, register_form(produced=typed), page=PAGE)
    assert answer.status_code == (302 if day else 422)
    assert [batch.produced_on for batch in registered(ledger, coop)] == ([day] if day else [])


def test_missing_facts_are_gaps_and_no_errors(ledger: Ledger) -> None:
    coop = world.make_producer(ledger)
    client = desk(ledger, coop)
    bare = {"goods": "yak_meat/live", "quantity": "3", "quantity.unit": "HEA"}
    answer = client.submit(NEW, bare, page=NEW + "?goods=yak_meat/live")
    assert answer.status_code == 302, answer.text
    assert "ear_tags" in registered(ledger, coop)[0].gaps
    assert "ear tags" in client.get(answer.location).text


def test_households_are_typed_row_by_row(ledger: Ledger) -> None:
    coop = world.make_producer(ledger)
    client = desk(ledger, coop)
    rows = {
        "share.0.household": "扎西家",
        "share.0.quantity": "12",
        "share.0.quantity.unit": "KGM",
        "share.4.household": "卓玛家",
        "share.4.quantity": "10",
        "share.4.quantity.unit": "斤",
    }
    answer = client.submit(NEW, register_form(**rows), page=PAGE)
    assert answer.status_code == 302, answer.text
    with ledger.database.read() as session:
        shares = session.scalars(sa.select(Share).order_by(Share.id)).all()
    assert [(one.household, str(one.quantity.normalize())) for one in shares if one.quantity] == [
        ("扎西家", "12"),
        ("卓玛家", "5"),
    ]


def test_shares_beyond_the_batch_are_refused_beside_the_rows(ledger: Ledger) -> None:
    coop = world.make_producer(ledger)
    rows = {"share.0.household": "扎西家", "share.0.quantity": "21kg"}
    answer = desk(ledger, coop).submit(NEW, register_form(**rows), page=PAGE)
    assert answer.status_code == 422
    assert 'href="#f-share"' in answer.text
    assert "扎西家" in answer.text


def test_more_rows_are_drawn_without_a_script(ledger: Ledger) -> None:
    coop = world.make_producer(ledger)
    form = register_form(**{"share.0.household": "扎西家", "more": "share"})
    answer = desk(ledger, coop).submit(NEW, form, page=PAGE)
    assert answer.status_code == 200
    assert 'name="share.5.household"' in answer.text
    assert "扎西家" in answer.text
    assert not registered(ledger, coop)


def test_a_form_that_comes_twice_is_one_batch(ledger: Ledger) -> None:
    coop = world.make_producer(ledger)
    client = desk(ledger, coop)
    form = register_form(id=form_id(client.get(PAGE).text))
    first = client.submit(NEW, form, page=PAGE)
    second = client.submit(NEW, form, page=PAGE)
    assert first.location == second.location
    assert len(registered(ledger, coop)) == 1


def test_a_form_that_comes_back_with_other_contents_is_asked_about(ledger: Ledger) -> None:
    coop = world.make_producer(ledger)
    client = desk(ledger, coop)
    id_ = form_id(client.get(PAGE).text)
    client.submit(NEW, register_form(id=id_), page=PAGE)
    answer = client.submit(NEW, register_form(id=id_, quantity="21"), page=PAGE)
    assert answer.status_code == 409
    assert len(registered(ledger, coop)) == 1
    again = form_id(answer.text)
    assert again != id_
    assert client.submit(NEW, register_form(id=again, quantity="21"), page=PAGE).status_code == 302
    assert len(registered(ledger, coop)) == 2


def test_a_script_is_answered_in_json(ledger: Ledger) -> None:
    coop = world.make_producer(ledger)
    client = desk(ledger, coop)
    data = register_form(csrf_token=client.token(PAGE))
    good = client.post(NEW, data=data, headers={"Accept": "application/json"})
    assert good.status_code == 200
    assert good.json is not None
    assert good.json["photos"].startswith("/desk/events/")
    bad = client.post(
        NEW, data={**data, "id": "x" * 20, "quantity": ""}, headers={"Accept": "application/json"}
    )
    assert bad.status_code == 422
    assert bad.json is not None
    assert set(bad.json["faults"]) == {"quantity"}


def test_the_last_batch_is_typed_again_for_today(ledger: Ledger) -> None:
    coop = world.make_producer(ledger)
    client = desk(ledger, coop)
    rows = {"share.0.household": "扎西家", "share.0.quantity": "12kg"}
    code = code_in(client.submit(NEW, register_form(**rows), page=PAGE).location)
    assert f"again={code}" in client.get("/desk").text
    page = client.get(f"{NEW}?again={code}").text
    for filled in ('value="20"', 'value="2026-06-01"', "东坡", "扎西家", 'value="2025"'):
        assert filled in page


def test_a_photo_goes_with_the_form_and_follows_it(ledger: Ledger) -> None:
    coop = world.make_producer(ledger)
    client = desk(ledger, coop)
    form = register_form(photos=(BytesIO(photo()), "../../etc/passwd\u202e.jpg"))
    code = code_in(client.submit(NEW, form, page=PAGE).location)
    page = client.get(f"/desk/batches/{code}").text
    assert "with document" in page
    event = page.split('<ol class="timeline">')[1].split("/desk/events/")[1].split('"')[0]
    another = {"photos": (BytesIO(photo(50, 50)), "b.jpg")}
    address = f"/desk/events/{event}/photos"
    for _ in range(2):
        answer = client.submit(address, dict(another), page=f"/desk/events/{event}")
        assert answer.status_code == 302, answer.text
        another = {"photos": (BytesIO(photo(50, 50)), "b.jpg")}
    with ledger.database.read() as session:
        files = session.scalars(sa.select(EvidenceFile).order_by(EvidenceFile.id)).all()
    assert [file.name for file in files] == ["passwd.jpg", "b.jpg"]
    shown = client.get(f"/desk/evidence/{files[0].uid}")
    assert shown.mimetype == "image/jpeg"


def test_a_station_works_for_those_of_its_division_only(ledger: Ledger) -> None:
    station = world.make_producer(ledger, "county_station")
    coop, far = world.make_producer(ledger), world.make_producer(ledger, division=world.KAZUO)
    client = desk(ledger, station)
    assert client.submit("/desk/for", {"for": str(coop.party_uid)}).status_code == 302
    answer = client.submit(NEW, register_form(), page=PAGE)
    assert answer.status_code == 302, answer.text
    assert registered(ledger, coop)
    assert not registered(ledger, station)
    assert client.submit("/desk/for", {"for": str(far.party_uid)}).status_code == 403
    refused = client.submit(NEW, register_form(party=str(far.party_uid)), page=PAGE)
    assert refused.status_code == 403
    assert not registered(ledger, far)


def test_who_may_not_is_neither_asked_nor_allowed(ledger: Ledger) -> None:
    coop = world.make_producer(ledger)
    viewer = world.make_actor(ledger, str(coop.party_uid), "viewer")
    client = desk(ledger, viewer)
    assert NEW not in client.get("/desk").text
    assert client.get(NEW).status_code == 403
    answer = client.submit(NEW, register_form(), page="/account/")
    assert answer.status_code == 403
    assert not registered(ledger, coop)


def test_a_batch_of_others_stays_closed(ledger: Ledger) -> None:
    code = world.make_batch(ledger, world.make_producer(ledger))
    stranger = world.make_producer(ledger, division=world.KAZUO)
    client = desk(ledger, stranger)
    assert client.get(f"/desk/batches/{code}").status_code == 403
    assert client.get(f"/desk/events/new?batch={code}&kind=sell").status_code == 403


def test_what_an_authority_ordered_is_not_offered_to_be_lifted(ledger: Ledger) -> None:
    coop = world.make_producer(ledger)
    code = world.make_batch(ledger, coop)
    order = ledger.perform(world.make_regulator(ledger), recall, code, "铅超标")
    client = desk(ledger, coop)
    page = client.get(f"/desk/batches/{code}").text
    assert "铅超标" in page
    assert f"/orders/{order}/lift" not in page
    assert client.get(f"/desk/orders/{order}/lift").status_code == 403


def test_a_disputed_rest_is_not_said_to_be_on_its_way(ledger: Ledger) -> None:
    coop, shop = world.make_producer(ledger), world.make_producer(ledger, "retailer")
    code = world.make_batch(ledger, coop, world.kg(10))
    sent = world.make_shipment(ledger, coop, str(shop.party_uid), code, world.kg(4))
    client = desk(ledger, coop)
    assert "on its way 4" in client.get(f"/desk/batches/{code}").text
    disputed = ReceiptFacts(
        sent, ledger.clock.now(), False, quantity=world.kg(1), reason="三公斤受潮"
    )
    ledger.perform(shop, receive, disputed)
    assert "disputed 3" in client.get(f"/desk/batches/{code}").text
    assert "on its way" not in client.get("/desk/").text


def test_the_owner_holds_and_lifts_and_withdraws(ledger: Ledger) -> None:
    coop = world.make_producer(ledger)
    code = world.make_batch(ledger, coop)
    client, page = desk(ledger, coop), f"/desk/batches/{code}"
    assert client.submit(f"{page}/hold", {"reason": " "}).status_code == 422
    assert client.submit(f"{page}/hold", {"reason": "抽检"}).status_code == 302
    held = client.get(page).text
    assert "抽检" in held
    assert f"{page}/print" not in held
    order = held.split("/desk/orders/")[1].split("/")[0]
    assert client.submit(f"/desk/orders/{order}/lift", {"reason": "合格"}).status_code == 302
    other = world.make_batch(ledger, coop)
    answer = client.submit(f"/desk/batches/{other}/withdraw", {"reason": "重复登记"})
    assert answer.status_code == 302
    assert batch_of(ledger, other).state == "withdrawn"
