"""A gift box: put together on the desk, shown to whoever scans it."""

from __future__ import annotations

from suyuan.trace.acts.orders import hold
from suyuan.trace.acts.transaction import Ledger
from tests import world
from tests.api_clients import client
from tests.web.desk_world import code_in, desk
from tests.web.scanning import open_code
from tests.web_clients import site


def test_a_box_is_put_together_on_the_desk_and_its_page_lists_what_is_in_it(
    ledger: Ledger,
) -> None:
    head = world.make_producer(ledger)
    first = world.make_batch(ledger, head, name="朝阳小米")
    second = world.make_batch(ledger, head, name="朝阳黑米")
    browser, page = desk(ledger, head), f"/desk/make?batch={first}&kind=assort"
    assert "kind=assort" in browser.get(f"/desk/events/new?batch={first}").text
    assert 'value="assortment/gift_box" selected' in browser.get(page).text
    form = {
        "batch": first, "kind": "assort", "happened_at": "2026-06-01T07:30",
        "input.0.code": first, "input.0.quantity": "10kg",
        "input.1.code": second, "input.1.quantity": "5kg",
        "output.0.goods": "assortment/gift_box", "output.0.quantity": "20盒",
    }  # fmt: skip
    answer = browser.submit("/desk/make", form, page=page)
    assert answer.status_code == 302, answer.text
    box = code_in(answer.location)
    stranger = site(ledger)
    shown = open_code(stranger, f"/t/{box}").text
    assert "In this box" in shown
    for code, name in ((first, "朝阳小米"), (second, "朝阳黑米")):
        assert f'href="/t/{code}"' in shown
        assert name in shown
    assert "<strong" not in shown.split("In this box")[1].split("</section>")[0]
    ledger.perform(head, hold, second, "抽检")
    held = open_code(stranger, f"/t/{box}").text
    assert "Held" in held.split("In this box")[1].split("</section>")[0]
    told = client(ledger, head).read(f"/passport?code={box}").get_json()
    assert told["standing"]["state"] == "held"
    assert [one["state"] for one in told["items"]] == ["clear", "held"]
    assert "In this box" not in open_code(stranger, f"/t/{first}").text
