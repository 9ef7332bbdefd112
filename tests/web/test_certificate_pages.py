"""Commitment certificates at the desk, in public and before an inspector."""

from __future__ import annotations

import io
import re
from typing import Any

import pypdfium2
import pytest

from suyuan.trace.acts.certificates import void_certificate
from suyuan.trace.acts.orders import hold, recall
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.certificates import queries
from suyuan.trace.certificates.number import grouped
from suyuan.trace.certificates.tables import Certificate
from tests import world
from tests.certifying import CONTACT, certify, collected, head, make_yaks, merge_yaks, treat
from tests.labels.test_label_pdf import read_by_zbar, read_by_zxing, squeezed, text_of
from tests.letting_go import let_pass
from tests.web.desk_world import desk, photo
from tests.web_clients import signed_in, site

FORM = {"quantity": "5", "quantity.unit": "HEA", "basis": "quality_control", "contact": CONTACT}


def _numbers(ledger: Ledger, code: str) -> list[str]:
    with ledger.database.read() as session:
        rows = session.query(Certificate).join(Certificate.batch).filter_by(trace_code=code)
        return [one.number for one in rows.order_by(Certificate.id)]


def test_a_clerk_issues_one_prints_it_and_issues_it_anew(ledger: Ledger) -> None:
    coop = world.make_producer(ledger)
    code = make_yaks(ledger, coop)
    client = desk(ledger, coop)
    sent = client.submit(f"/desk/batches/{code}/certificate", FORM)
    assert sent.status_code == 302, sent.text
    (number,) = _numbers(ledger, code)
    page = client.get(sent.location).text
    assert grouped(number) in page
    assert number in client.get("/desk/certificates/").text
    assert number in client.get(f"/desk/batches/{code}").text
    printed = client.get(f"/desk/certificates/{number}/certificate.pdf")
    assert printed.mimetype == "application/pdf"
    again = {**FORM, "quantity": "9", "reason": "头数写错"}
    assert client.submit(f"/desk/certificates/{number}/again", again).status_code == 302
    before, other = _numbers(ledger, code)
    assert grouped(other) in client.get(f"/desk/certificates/{before}").text
    assert client.submit(f"/desk/certificates/{other}/void", {"reason": "未售"}).status_code == 302
    assert client.get(f"/desk/certificates/{other}/certificate.pdf").status_code == 409


@pytest.mark.parametrize(("order", "word"), [(hold, "held"), (recall, "recalled")])
def test_one_of_stopped_goods_says_so_and_is_not_printed(
    ledger: Ledger, order: Any, word: str
) -> None:
    coop = world.make_producer(ledger)
    code = make_yaks(ledger, coop)
    number = certify(ledger, coop, code)
    assert "In force" in site(ledger).get(f"/certificates/{number}").text
    ledger.perform(world.make_regulator(ledger), order, code, "检出沙门氏菌")
    told = site(ledger).get(f"/certificates/{number}").text
    assert f"certificate are {word}" in told
    assert "检出沙门氏菌" in told
    assert "In force" not in told
    printed = f"/desk/certificates/{number}/certificate.pdf"
    assert desk(ledger, coop).get(printed).status_code == 409


def test_more_than_a_page_of_them_is_turned_page_by_page(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    coop, buyer = world.make_producer(ledger), world.make_producer(ledger)
    code = make_yaks(ledger, coop)
    older, newer = certify(ledger, coop, code, 4), certify(ledger, coop, code, 5)
    monkeypatch.setattr("suyuan.web.desk.certificates.AT_ONCE", 1)
    client = desk(ledger, coop)
    first = client.get("/desk/certificates/")
    assert newer in first.text
    assert older not in first.text
    (link,) = re.findall(r'href="(/desk/certificates/\?issued=\d+)"', first.text)
    second = client.get(link).text
    assert older in second
    assert newer not in second
    assert client.get("/desk/certificates/?issued=-1").status_code == 404
    let_pass(ledger, coop, code)
    world.make_shipment(ledger, coop, str(buyer.party_uid), code, head(9))
    collected(ledger, buyer, code, number=newer)
    assert _shows_more(desk(ledger, coop).get(f"/desk/certificates/{newer}").text)
    inspector = signed_in(site(ledger), ledger, str(world.make_regulator(ledger).person_uid))
    assert _shows_more(inspector.get(f"/inspect/certificates/{newer}").text)


def _shows_more(text: str) -> bool:
    return "That is more than it is for" in text or "已超出证上数量" in text


def test_the_form_says_what_stands_in_the_way_before_anything_is_typed(ledger: Ledger) -> None:
    coop = world.make_producer(ledger)
    code = make_yaks(ledger, coop)
    treat(ledger, coop, code, "2099-01-01")
    client = desk(ledger, coop)
    assert "2099-01-01" in client.get(f"/desk/batches/{code}/certificate").text
    sent = client.submit(f"/desk/batches/{code}/certificate", FORM)
    assert sent.status_code == 422
    assert _numbers(ledger, code) == []


@pytest.mark.parametrize("dpi", [203, 300])
def test_both_readers_are_led_to_the_page_of_the_printed_one(ledger: Ledger, dpi: int) -> None:
    coop = world.make_producer(ledger, name="索县亚拉牦牛养殖农民专业合作社")
    number = certify(ledger, coop, make_yaks(ledger, coop, name="活牦牛(联户)"))
    client = desk(ledger, coop)
    document = client.get(f"/desk/certificates/{number}/certificate.pdf").data
    picture = pypdfium2.PdfDocument(document)[0].render(scale=dpi / 72).to_pil().convert("L")
    address = f"https://t.example.cn/certificates/{number}"
    assert read_by_zxing(picture) == read_by_zbar(picture) == {address}
    text = squeezed(text_of(document))
    for word in (
        "承诺达标合格证",
        "我承诺生产销售的食用农产品",
        "活牦牛(联户)",
        "9头",
        "√质量安全控制",
    ):
        assert word in text
    tibetan = pypdfium2.PdfDocument(io.BytesIO(document))[0].get_textpage().get_text_bounded()
    assert "ཐོན་ས།" in tibetan, "a word of grade B stands on it"
    assert "ཁས་ལེན་ཚད་ལྡན་ལག་ཁྱེར།" not in tibetan, "a word of grade C waits for its office"
    assert site(ledger).get(f"/certificates/{number}").status_code == 200


def test_everybody_reads_one_by_its_number_and_sees_when_it_is_void(ledger: Ledger) -> None:
    coop = world.make_producer(ledger)
    lots = [make_yaks(ledger, coop, 4), make_yaks(ledger, coop, 5)]
    parents = [certify(ledger, coop, code, 1) for code in lots]
    mixed = merge_yaks(ledger, coop, *lots)
    number = certify(ledger, coop, mixed)
    stranger = site(ledger)
    moved = stranger.get(f"/certificates/{grouped(number)}")
    assert (moved.status_code, moved.location) == (301, f"/certificates/{number}")
    page = stranger.get(f"/certificates/{number}").text
    assert all(grouped(one) in page for one in parents)
    assert "In force." in page
    assert grouped(number) in stranger.get(f"/t/{mixed}").text
    assert all(grouped(one) in stranger.get(f"/t/{mixed}").text for one in parents)
    ledger.perform(coop, void_certificate, parents[0], "承诺不实")
    assert "void" in stranger.get(f"/certificates/{number}").text
    assert "承诺不实" in stranger.get(f"/certificates/{parents[0]}").text
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    assert stranger.get(f"/certificates/{wrong}").status_code == 404
    assert stranger.get("/certificates/x").status_code == 404


def test_a_buyer_keeps_one_with_its_photo_and_is_told_what_is_wrong(ledger: Ledger) -> None:
    coop, buyer = world.make_producer(ledger), world.make_producer(ledger)
    code = make_yaks(ledger, coop)
    number, _ = (certify(ledger, coop, code, some) for some in (4, 5))
    let_pass(ledger, coop, code)
    world.make_shipment(ledger, coop, str(buyer.party_uid), code, head(5))
    client = desk(ledger, buyer)
    form = {"batch": code, "number": number, "photos": (io.BytesIO(photo()), "证.jpg")}
    token = client.token("/desk/certificates/collect")
    sent = client.post(
        "/desk/certificates/collect",
        data={"csrf_token": token, **form},
        content_type="multipart/form-data",
        follow_redirects=True,
    )
    assert "tell the agriculture office" in sent.text
    assert "and 5" in sent.text
    with ledger.database.read() as session:
        (kept,) = queries.collected_by(session, buyer.party_id or 0)
        assert kept.evidence is not None


def test_an_inspector_sees_its_record_and_declares_it_void(ledger: Ledger) -> None:
    coop = world.make_producer(ledger)
    code = make_yaks(ledger, coop)
    number = certify(ledger, coop, code)
    inspector = world.make_regulator(ledger)
    client = signed_in(site(ledger), ledger, str(inspector.person_uid), inspector.party_uid)
    page = f"/inspect/certificates/{number}"
    assert page in client.get(f"/inspect/batches/{code}").text
    assert grouped(number) in client.get(page).text
    assert client.get(f"{page}/proof.json").get_json()
    assert client.submit(f"{page}/void", {"reason": ""}, page=page).status_code == 422
    assert client.submit(f"{page}/void", {"reason": "承诺不实"}, page=page).status_code == 302
    assert "承诺不实" in client.get(page).text


def test_a_family_that_commits_is_named_on_paper_and_not_on_the_page(ledger: Ledger) -> None:
    coop = world.make_producer(ledger, name="索县牦牛合作社")
    family = world.make_producer(
        ledger, "household_group", name="扎西家", parent=str(coop.party_uid)
    )
    number = certify(ledger, family, make_yaks(ledger, family))
    page = site(ledger).get(f"/certificates/{number}").text
    assert "扎西家" not in page
    assert CONTACT not in page
    assert "索县牦牛合作社 " in page
    document = desk(ledger, family).get(f"/desk/certificates/{number}/certificate.pdf").data
    assert "扎西家" in text_of(document)
