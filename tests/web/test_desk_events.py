"""Recording, making, shipping and receiving at the desk."""

from __future__ import annotations

import re

import sqlalchemy as sa

from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.events.tables import Event, Shipment
from suyuan.trace.lineage.queries import closure
from tests import world
from tests.web.desk_world import batch_of, code_in, desk, form_id

NEW = "/desk/events/new"


def _page(code: str, kind: str) -> str:
    return f"{NEW}?batch={code}&kind={kind}"


def _form(code: str, kind: str, **more: str) -> dict[str, str]:
    return {
        "batch": code,
        "kind": kind,
        "happened_at": "2026-06-01T07:30",
        "quantity.unit": "KGM",
    } | more


def test_kinds_offered_are_those_of_the_family_and_the_organisation(ledger: Ledger) -> None:
    coop = world.make_producer(ledger)
    code = world.make_batch(ledger, coop)
    page = desk(ledger, coop).get(f"{NEW}?batch={code}").text
    for kind in ("harvest", "sell", "ship", "loss", "stocktake"):
        assert f"kind={kind}" in page
    for kind in ("slaughter", "inspect", "gather", "receive", "register", "hold"):
        assert f"kind={kind}" not in page
    assert "kind=split" in page


def test_key_data_are_asked_and_what_is_missing_is_named(ledger: Ledger) -> None:
    coop = world.make_producer(ledger)
    code = world.make_batch(ledger, coop)
    client = desk(ledger, coop)
    page = client.get(_page(code, "loss")).text
    assert 'name="fact.reason"' in page
    answer = client.submit(NEW, _form(code, "loss", quantity="2"), page=_page(code, "loss"))
    assert answer.status_code == 302, answer.text
    shown = client.get(answer.location).text
    assert "missing" in shown
    assert world.left(ledger, coop, code) == world.kg(98)


def test_more_than_there_is_is_refused_and_what_was_typed_stays(ledger: Ledger) -> None:
    coop = world.make_producer(ledger)
    code = world.make_batch(ledger, coop)
    form = _form(code, "sell", quantity="120", note="县城门店", **{"fact.channel": "直营"})
    answer = desk(ledger, coop).submit(NEW, form, page=_page(code, "sell"))
    assert answer.status_code == 409
    assert 'href="#f-quantity"' in answer.text
    for kept in ("120", "县城门店", "直营", "2026-06-01T07:30"):
        assert kept in answer.text
    assert world.left(ledger, coop, code) == world.kg(100)


def test_an_event_sent_twice_uses_up_once(ledger: Ledger) -> None:
    coop = world.make_producer(ledger)
    code = world.make_batch(ledger, coop)
    client = desk(ledger, coop)
    form = _form(code, "sell", quantity="30kg", id=form_id(client.get(_page(code, "sell")).text))
    for _ in range(3):
        assert client.submit(NEW, form, page=_page(code, "sell")).status_code == 302
    assert world.left(ledger, coop, code) == world.kg(70)


def test_shipping_finds_the_receiver_by_name(ledger: Ledger) -> None:
    coop = world.make_producer(ledger)
    world.make_party(ledger, "retailer", name="拉萨八廓店")
    world.make_party(ledger, "retailer", name="拉萨北京路店")
    code = world.make_batch(ledger, coop)
    client = desk(ledger, coop)
    form = _form(code, "ship", to_name="拉萨", quantity="40")
    asked = client.submit(NEW, form, page=_page(code, "ship"))
    assert asked.status_code == 422
    offered = re.findall(r'name="to_party" value="(\w{26})"', asked.text)
    assert len(offered) == 2
    answer = client.submit(NEW, {**form, "to_party": offered[0]}, page=_page(code, "ship"))
    assert answer.status_code == 302, answer.text
    nobody = client.submit(NEW, {**form, "to_name": "无此店"}, page=_page(code, "ship"))
    assert nobody.status_code == 422
    assert 'href="#f-to_name"' in nobody.text
    with ledger.database.read() as session:
        assert session.scalars(sa.select(Shipment)).one().to_party.uid == offered[0]


def test_the_receiver_disputes_with_quantity_and_reason(ledger: Ledger) -> None:
    coop, shop = world.make_producer(ledger), world.make_producer(ledger, "retailer")
    code = world.make_batch(ledger, coop)
    shipment = world.make_shipment(ledger, coop, str(shop.party_uid), code, world.kg(40))
    client, address = desk(ledger, shop), f"/desk/shipments/{shipment}"
    assert "is waiting" in client.get("/desk").text
    form = {"happened_at": "2026-06-01T07:50", "word": "dispute", "quantity": "35kg"}
    refused = client.submit(address, form)
    assert refused.status_code == 422
    assert 'href="#f-reason"' in refused.text
    all_of_it = client.submit(address, {**form, "word": "accept", "reason": "少了一袋"})
    assert all_of_it.status_code == 422, "40 kg were sent, and 35 kg are said to be all of it"
    assert client.submit(address, {**form, "reason": "少了一袋"}).status_code == 302
    assert world.left(ledger, shop, code) == world.kg(35)
    sender = desk(ledger, coop)
    assert "少了一袋" in sender.get(address).text
    back = _form(code, "return", **{"fact.reason": "少了一袋"})
    assert sender.submit(NEW, back, page=_page(code, "return")).status_code == 302
    assert world.left(ledger, coop, code) == world.kg(65)


def test_only_the_receiver_says_received(ledger: Ledger) -> None:
    coop, shop = world.make_producer(ledger), world.make_producer(ledger, "retailer")
    code = world.make_batch(ledger, coop)
    shipment = world.make_shipment(ledger, coop, str(shop.party_uid), code)
    sender, address = desk(ledger, coop), f"/desk/shipments/{shipment}"
    assert 'name="word"' not in sender.get(address).text
    form = {"happened_at": "2026-06-01T07:50", "word": "accept"}
    assert sender.submit(address, form, page="/account/").status_code == 403
    stranger = desk(ledger, world.make_producer(ledger, "retailer"))
    assert stranger.get(address).status_code == 403


def test_batches_are_made_of_batches_row_by_row(ledger: Ledger) -> None:
    coop = world.make_producer(ledger)
    first, second = world.make_batch(ledger, coop), world.make_batch(ledger, coop)
    client, page = desk(ledger, coop), f"/desk/make?batch={first}&kind=process"
    form = {
        "batch": first,
        "kind": "process",
        "happened_at": "2026-06-01T07:30",
        "input.0.code": first,
        "input.1.code": second,
        "input.1.quantity": "50kg",
        "output.0.goods": "grain/millet_milled",
        "output.0.quantity": "90kg",
        "output.0.fact.milling_degree": "精制",
        "output.1.goods": "grain/millet",
        "output.1.quantity": "200斤",
    }
    wrong = client.submit("/desk/make", {**form, "output.0.quantity": "viel"}, page=page)
    assert wrong.status_code == 422
    assert 'href="#f-output.0.quantity"' in wrong.text
    assert "精制" in wrong.text
    answer = client.submit("/desk/make", form, page=page)
    assert answer.status_code == 302, answer.text
    made = batch_of(ledger, code_in(answer.location))
    assert (made.variant, made.attributes["milling_degree"]) == ("millet_milled", "精制")
    assert world.left(ledger, coop, first) == world.kg(0)
    assert world.left(ledger, coop, second) == world.kg(50)
    with ledger.database.read() as session:
        assert len(closure(session, batch_of(ledger, second).id)) == 3


def test_an_event_is_corrected_and_its_first_telling_stays(ledger: Ledger) -> None:
    coop = world.make_producer(ledger)
    code = world.make_batch(ledger, coop)
    uid = world.make_event(ledger, coop, "store", code, payload={"store_id": "一号库"})
    client, address = desk(ledger, coop), f"/desk/events/{uid}/correct"
    page = client.get(address).text
    assert "until now: 一号库" in page
    form = {"happened_at": "2026-06-01T08:00", "fact.store_id": "二号库"}
    assert client.submit(address, form).status_code == 422
    answer = client.submit(address, {**form, "reason": "看错了"})
    assert answer.status_code == 302, answer.text
    corrected = client.get(answer.location).text
    assert "二号库" in corrected
    assert "看错了" in corrected
    assert "一号库" in client.get(f"/desk/events/{uid}").text


def test_the_last_of_a_kind_fills_the_form(ledger: Ledger) -> None:
    coop = world.make_producer(ledger)
    code = world.make_batch(ledger, coop)
    world.make_event(ledger, coop, "store", code, payload={"store_id": "一号库"})
    client = desk(ledger, coop)
    assert "again=1" in client.get(_page(code, "store")).text
    assert "一号库" in client.get(_page(code, "store") + "&again=1").text


def test_the_station_types_and_the_party_answers(ledger: Ledger) -> None:
    station, coop = world.make_producer(ledger, "county_station"), world.make_producer(ledger)
    code = world.make_batch(ledger, coop)
    client = desk(ledger, station)
    client.submit("/desk/for", {"for": str(coop.party_uid)})
    form = _form(code, "store", party=str(coop.party_uid))
    assert client.submit(NEW, form, page=_page(code, "store")).status_code == 302
    with ledger.database.read() as session:
        event = session.scalars(sa.select(Event).where(Event.kind == "store")).one()
        assert (event.party.uid, event.person_uid) == (coop.party_uid, station.person_uid)


def test_a_form_says_for_whom_it_was_opened(ledger: Ledger) -> None:
    """Choosing another organisation in a second tab changes nothing for a form that is open."""
    station, coop = world.make_producer(ledger, "county_station"), world.make_producer(ledger)
    other = world.make_producer(ledger)
    code = world.make_batch(ledger, coop)
    client = desk(ledger, station)
    client.submit("/desk/for", {"for": str(coop.party_uid)})
    form = _form(code, "store", party=str(coop.party_uid))
    client.submit("/desk/for", {"for": str(other.party_uid)})
    assert client.submit(NEW, form, page="/account/").status_code == 302
    with ledger.database.read() as session:
        event = session.scalars(sa.select(Event).where(Event.kind == "store")).one()
        assert event.party.uid == coop.party_uid
