"""The proof sheet: the office approves what waits, and labels carry it."""

from __future__ import annotations

from suyuan.trace.acts.transaction import Ledger
from tests import world
from tests.api_clients import client as api_client
from tests.language_office import make_office
from tests.web.desk_world import desk
from tests.web_clients import signed_in, site

ZH, BO = "风干牦牛肉（原味）", "གཡག་ཤ་སྐམ་པོ།"


def test_what_waits_is_approved_and_refused_by_form(ledger: Ledger) -> None:
    head, office = world.make_producer(ledger), make_office(ledger)
    product = world.make_product(ledger, head, name=ZH, names={"bo": BO}, items_on_pack=True)
    code = world.make_batch(ledger, head, product=product)
    sheet = signed_in(site(ledger), ledger, str(office.person_uid))
    assert "/proof-sheet" in sheet.get("/account/").text
    page = sheet.get("/proof-sheet").text
    assert f'<span lang="bo">{BO}</span>' in page
    assert "composed and never attested" in page

    client = desk(ledger, head)
    order = {"template": "trace-50x30", "count": "1", "more": "preview"}
    address = f"/desk/batches/{code}/print"
    before = client.submit(address, order)
    assert "Left out until the language office approves it" in before.text
    assert BO in before.text
    assert sheet.submit("/proof-sheet", {"act": "approve", "zh": ZH, "bo": BO}).status_code == 302
    assert "Left out" not in client.submit(address, order).text
    bare = sheet.submit("/proof-sheet", {"act": "refuse", "zh": ZH, "bo": BO, "reason": ""})
    assert bare.status_code == 422
    assert "Give the reason" in bare.text
    refusal = {"act": "refuse", "zh": ZH, "bo": BO, "reason": "用字有误"}
    assert sheet.submit("/proof-sheet", refusal).status_code == 302
    assert "用字有误" in sheet.get("/proof-sheet").text
    assert "Left out" in client.submit(address, order).text
    assert client.get("/proof-sheet").status_code == 403


def test_programs_read_and_answer_the_sheet(ledger: Ledger) -> None:
    head, api = world.make_producer(ledger), api_client(ledger, make_office(ledger))
    world.make_product(ledger, head, name=ZH, names={"bo": BO})
    waits = api.read("/tibetan-texts").get_json()["waiting"]
    assert [one["bo"] for one in waits if one["kind"] == "product"] == [BO]
    assert api.send("/tibetan-texts", {"zh": ZH, "bo": BO, "state": "refused"}).status_code == 422
    assert api.send("/tibetan-texts", {"zh": ZH, "bo": BO, "state": "approved"}).status_code == 201
    told = api.read("/tibetan-texts").get_json()
    assert [one["zh"] for one in told["waiting"] if one["kind"] == "product"] == []
    assert [(one["zh"], one["state"]) for one in told["looked_at"]] == [(ZH, "approved")]
