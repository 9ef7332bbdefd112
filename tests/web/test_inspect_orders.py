"""Hold, recall and lift from the inspector's pages; inspections on record."""

from __future__ import annotations

import io
import re

import sqlalchemy as sa
from PIL import Image

from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.events.tables import Event
from suyuan.trace.release.tables import Order
from tests.web.inspecting import Chain, make_chain


def _orders(ledger: Ledger) -> list[Order]:
    with ledger.database.read() as session:
        return list(session.scalars(sa.select(Order)))


def _stop(chain: Chain, kind: str, reason: str) -> str:
    """Go through both forms as the here inspector; returns the order's page."""
    page = f"/inspect/batches/{chain.jerky.animals}/{kind}"
    asked = chain.here.submit(page, {"reason": reason})
    assert asked.status_code == 200
    assert 'name="confirm" value="3"' in asked.text
    done = chain.here.submit(page, {"reason": reason, "confirm": "3"})
    assert done.status_code == 302
    return done.location


def test_a_hold_says_first_what_it_reaches(ledger: Ledger) -> None:
    chain = make_chain(ledger)
    page = chain.here.get(f"/inspect/batches/{chain.jerky.animals}/hold").text
    assert "<dt>Batches</dt><dd>3</dd>" in page
    assert "<dt>Labelled packages</dt><dd>3</dd>" in page
    assert "索县亚拉镇牦牛养殖农民专业合作社" in page or "Yala Yak" in page
    assert "喀左食品有限公司" in page
    assert _orders(ledger) == []


def test_nothing_happens_before_it_is_confirmed(ledger: Ledger) -> None:
    chain = make_chain(ledger)
    page = f"/inspect/batches/{chain.jerky.animals}/recall"
    assert chain.here.submit(page, {"reason": ""}).status_code == 422
    assert chain.here.submit(page, {"reason": "兽药残留"}).status_code == 200
    # what was confirmed is not what it reaches now
    changed = chain.here.submit(page, {"reason": "兽药残留", "confirm": "2"})
    assert "has changed meanwhile" in changed.text
    assert _orders(ledger) == []


def test_a_recall_reaches_descendants_and_what_buyers_see(ledger: Ledger) -> None:
    chain = make_chain(ledger)
    order = _stop(chain, "recall", "兽药残留超标")
    for code in (chain.jerky.animals, chain.jerky.trace_code, chain.packed):
        public = chain.elsewhere.get(f"/t/{code}").text
        assert "alarm recalled" in public
        assert "兽药残留超标" in public
        assert "state-recalled" in chain.there.get(f"/inspect/batches/{code}").text
    drawing = chain.here.get(f"/inspect/batches/{chain.jerky.animals}/chain").text
    assert drawing.count('class="box recalled') == 3
    assert "兽药残留超标" in chain.there.get("/inspect/orders").text
    lifted = chain.here.submit(order, {"reason": "复检合格"})
    assert "Yes, lift it" in lifted.text
    assert chain.here.submit(order, {"reason": "复检合格", "confirm": "yes"}).status_code == 302
    assert _orders(ledger)[0].lift_reason == "复检合格"
    assert "alarm recalled" not in chain.elsewhere.get(f"/t/{chain.packed}").text
    assert "兽药残留超标" not in chain.here.get("/inspect/orders").text
    assert "兽药残留超标" in chain.here.get("/inspect/orders?all=1").text


def test_a_recalls_page_says_its_times_and_what_came_of_it(ledger: Ledger) -> None:
    chain = make_chain(ledger)
    page = f"/inspect/batches/{chain.jerky.animals}/recall"
    form = chain.here.get(page).text
    for times in ("24 hours, finish in 10", "48 hours, finish in 20", "72 hours, finish in 30"):
        assert times in form
    stated = {"reason": "标签虚假标注", "recall_class": "third", "known_at": "2026-01-05T08:00"}
    wrong = {**stated, "known_at": "2999-01-05T08:00"}
    assert "was known before now" in chain.here.submit(page, wrong).text
    asked = chain.here.submit(page, stated).text
    assert 'name="known_at" value="2026-01-05T08:00"' in asked
    order = chain.here.submit(page, {**stated, "confirm": "3"}).location
    shown = chain.there.get(order).text
    assert "third-class recall" in shown
    assert re.search(r"2026-01-08 08:00 · <strong[^>]*>done \d+ days late", shown)
    assert "days left" in shown
    assert "overdue" in chain.there.get("/inspect/orders").text
    assert "Finish the recall" not in shown
    finish = f"/desk/orders/{order.rpartition('/')[2]}/finish"
    assert chain.here.submit(finish, {"reason": "全部补正标签"}).status_code == 302
    done = chain.here.get(order).text
    assert "全部补正标签" in done
    assert "done in time" in done
    assert "alarm recalled" in chain.elsewhere.get(f"/t/{chain.packed}").text


def test_who_is_not_competent_stops_nothing(ledger: Ledger) -> None:
    chain = make_chain(ledger)
    page = f"/inspect/batches/{chain.jerky.animals}/hold"
    assert chain.there.get(page).status_code == 403
    sent = {"reason": "x", "confirm": "3", "csrf_token": chain.there.token("/account/")}
    assert chain.there.post(page, data=sent).status_code == 403
    assert "Hold …" not in chain.there.get(f"/inspect/batches/{chain.jerky.animals}").text
    order = _stop(chain, "hold", "待查")
    sent = {"reason": "x", "confirm": "yes", "csrf_token": chain.there.token("/account/")}
    assert chain.there.post(order, data=sent).status_code == 403
    assert _orders(ledger)[0].lifted_at is None


def test_an_inspection_is_an_event_of_the_batch(ledger: Ledger) -> None:
    chain = make_chain(ledger)
    page = f"/inspect/batches/{chain.jerky.trace_code}/inspection"
    picture = io.BytesIO()
    Image.new("RGB", (20, 20), (1, 2, 3)).save(picture, "PNG")
    form = {
        "id": "form-00000001",
        "happened_at": "2026-06-01T07:30",
        "at_site": "yes",
        "case_number": "索农检〔2026〕7号",
        "legal_basis": "农产品质量安全法第五十三条",
        "inspector": "扎西",
        "result": "未发现问题",
    }
    done = chain.here.submit(page, {**form, "evidence": (io.BytesIO(picture.getvalue()), "a.png")})
    assert done.status_code == 302, done.text
    again = chain.here.submit(page, {**form, "evidence": (io.BytesIO(picture.getvalue()), "a.png")})
    assert again.location == done.location
    with ledger.database.read() as session:
        event = session.scalars(sa.select(Event).where(Event.kind == "inspect")).one()
        assert event.evidence_grade == "third_party"
        assert event.site is not None
        assert len(event.evidence) == 1
        assert event.missing == []
    told = chain.there.get(done.location).text
    assert "未发现问题" in told
    assert "扎西" not in told
    wrong = chain.here.submit(page, {**form, "id": "form-00000002", "happened_at": "soon"})
    assert wrong.status_code == 422
