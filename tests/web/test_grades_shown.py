"""A derived grade names its scheme and version wherever it shows."""

from __future__ import annotations

import json

from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.quantities import Quantity
from tests import world
from tests.web_clients import another, signed_in, site

TOLD = "一级（行业习惯(按每500克条数)，版本 1，未经核实）"


def test_every_page_and_the_passport_name_grade_scheme_and_version(ledger: Ledger) -> None:
    actor = world.make_producer(ledger)
    code = world.make_batch(
        ledger, actor, Quantity.of(500, "GRM"), family="cordyceps", variant="dried",
        attributes={"pieces": 1700, "weight": "500"},
    )  # fmt: skip
    public = site(ledger, accept_language="zh")
    assert TOLD in public.get(f"/t/{code}").text
    told = json.loads(public.get(f"/api/v1/passport?code={code}").text)
    (grade,) = told["grades"]
    assert (grade["key"], grade["scheme"], grade["version"]) == ("first", "trade_500g", "1")
    assert grade["unconfirmed"] is True
    chinese = {"Accept-Language": "zh"}
    clerk = signed_in(another(public), ledger, str(actor.person_uid))
    assert TOLD in clerk.get(f"/desk/batches/{code}", headers=chinese).text
    inspector = world.make_regulator(ledger)
    page = signed_in(another(public), ledger, str(inspector.person_uid))
    assert TOLD in page.get(f"/inspect/batches/{code}", headers=chinese).text


def test_a_clerk_reads_which_grade_would_be_right(ledger: Ledger) -> None:
    actor = world.make_producer(ledger)
    client = signed_in(site(ledger, accept_language="zh"), ledger, str(actor.person_uid))
    page = "/desk/batches/new?goods=cordyceps/dried"
    typed = {
        "goods": "cordyceps/dried", "quantity": "500", "quantity.unit": "GRM",
        "name": "冬虫夏草 王中王", "fact.pieces": "1700", "fact.weight": "500",
    }  # fmt: skip
    answer = client.submit("/desk/batches/new", typed, page=page)
    assert answer.status_code in (409, 422)
    assert "不支持等级“王中王”" in answer.text
    assert "应为一级" in answer.text
