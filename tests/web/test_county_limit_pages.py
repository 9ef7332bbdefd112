"""Two operators put a county's limit in force on a page; everybody reads it with its history."""

from __future__ import annotations

import re
from typing import Any

from suyuan.trace.acts.transaction import Ledger
from tests import world
from tests.web_clients import Client, another, signed_in, site

PAGE = "/admin/limits"
FORM: dict[str, Any] = {
    "act": "propose", "division": "索县", "standard": "DBS54/2003-2026", "clause": "表1",
    "product_class": "millet", "parameter": "lead", "maximum": "0.04", "unit": "mg/kg",
    "force": "mandatory", "valid_from": "2026-01-01", "source": "索县公告", "confidence": "K-med",
}  # fmt: skip


def operator(ledger: Ledger, client: Client) -> Client:
    return signed_in(client, ledger, str(world.make_operator(ledger).person_uid))


def test_two_operators_put_it_in_force_and_take_it_back(ledger: Ledger) -> None:
    public = site(ledger)
    one, other = operator(ledger, another(public)), operator(ledger, another(public))
    assert one.submit(PAGE, FORM).status_code == 302
    page = one.get(PAGE).text
    assert "Waits for a second person." in page
    assert "Approve the limit" not in page
    uid = re.findall(r'id="limit-([0-9a-z]{26})"', page)[0]
    address = f"/standards/county/{uid}"
    assert public.get(address).status_code == 404, "a proposal is no limit"
    assert one.submit(PAGE, {"act": "approve", "limit": uid}).status_code == 403
    assert other.submit(PAGE, {"act": "approve", "limit": uid}).status_code == 302
    shown = public.get(address).text
    for said in ("≤ 0.04 mg/kg", "DBS54/2003-2026", "索县公告", "unconfirmed", "two persons"):
        assert said in shown
    assert "DBS54/2003-2026" in public.get("/standards?product_class=millet").text
    listed = public.get("/standards?product_class=millet").text
    (national,) = re.findall(r'href="(/standards/gb_2762/2025/lead[^"]*)"', listed)
    history = public.get(national).text
    assert address in history
    assert "GB 2762-2017" in history
    one.submit(PAGE, {"act": "withdraw", "limit": uid, "reason": "公告废止"})
    assert "公告废止" in other.get(PAGE).text
    other.submit(PAGE, {"act": "approve", "limit": uid})
    assert "withdrawn by two persons" in public.get(address).text
    assert "DBS54/2003-2026" not in public.get("/standards?product_class=millet").text


def test_a_limit_that_is_none_is_said_at_its_field(ledger: Ledger) -> None:
    client = operator(ledger, site(ledger))
    answer = client.submit(PAGE, {**FORM, "maximum": "", "source": "公告"})
    assert answer.status_code == 422
    assert "Give a minimum or a maximum" in answer.text
    assert client.get("/standards/gb_0/1/x").status_code == 404


def test_a_sampling_plan_is_put_in_force_on_the_page(ledger: Ledger) -> None:
    public = site(ledger)
    one, other = operator(ledger, another(public)), operator(ledger, another(public))
    plan = {"maximum": "", "parameter": "total_plate_count", "unit": "CFU/g", "n": "5", "c": "2"}
    refused = one.submit(PAGE, {**FORM, **plan, "source": "公告"})
    assert refused.status_code == 422
    assert 'href="#f-m"' in refused.text
    assert one.submit(PAGE, {**FORM, **plan, "m": "1000", "most": "10000"}).status_code == 302
    uid = re.findall(r'id="limit-([0-9a-z]{26})"', one.get(PAGE).text)[0]
    assert other.submit(PAGE, {"act": "approve", "limit": uid}).status_code == 302
    said = "n=5 c=2 m=1000 M=10000 CFU/g"
    assert said in public.get(f"/standards/county/{uid}").text
    assert said in public.get("/standards?product_class=millet").text
