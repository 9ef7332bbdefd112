"""Products, labels, places, papers and test reports at the desk; and what hostile forms bring."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from typing import TypeVar

import pytest
import sqlalchemy as sa
from pypdf import PdfReader
from werkzeug.datastructures import FileStorage

from suyuan.trace.acts.orders import hold
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.papers.tables import Paper
from suyuan.trace.parties.tables import Site
from suyuan.trace.printing.tables import PrintRun
from suyuan.trace.products.tables import Product
from suyuan.trace.quality.tables import TestReport
from tests import world
from tests.web.desk_world import desk, photo, register_form, registered, send_much

T = TypeVar("T")

NEW_BATCH = "/desk/batches/new"


def _one(ledger: Ledger, table: type[T]) -> T:
    with ledger.database.read() as session:
        found: T = session.scalars(sa.select(table)).one()
        session.expunge_all()
        return found


def test_a_product_is_added_with_what_its_label_says(ledger: Ledger) -> None:
    coop = world.make_producer(ledger)
    client, page = desk(ledger, coop), "/desk/products/new?goods=yak_meat/cooked_jerky"
    drawn = client.get(page).text
    for item in ("ingredients", "licence_number", "nutrition_panel.energy.amount"):
        assert f'name="label.{item}"' in drawn
    form = {
        "goods": "yak_meat/cooked_jerky",
        "name": "风味牦牛肉干",
        "label.ingredients": "牦牛肉、食用盐",
        "label.net_content": "100 g",
        "label.nutrition_panel.energy.amount": "1320",
        "label.nutrition_panel.energy.nrv": "16",
        "items_on_pack": "yes",
    }
    answer = client.submit("/desk/products/new", form, page=page)
    assert answer.status_code == 302, answer.text
    product = _one(ledger, Product)
    assert product.label["ingredients"] == "牦牛肉、食用盐"
    assert product.label["nutrition_panel"]["energy"] == {"amount": "1320", "nrv": "16"}
    assert "牦牛肉、食用盐" in client.get(answer.location).text
    changed = {"label.ingredients": "牦牛肉", "label.net_content": "100 g"}
    assert client.submit(answer.location, changed).status_code == 302
    product = _one(ledger, Product)
    assert (product.label["ingredients"], product.items_on_pack) == ("牦牛肉", False)


def test_what_cannot_stand_on_the_label_is_said_beside_its_field(ledger: Ledger) -> None:
    coop = world.make_producer(ledger)
    client, page = desk(ledger, coop), "/desk/products/new?goods=yak_meat/cooked_jerky"
    form = {
        "goods": "yak_meat/cooked_jerky",
        "name": "风味牦牛肉干",
        "label.net_content": "1斤",
        "label.licence_number": "SC1",
        "label.nutrition_panel.energy.amount": "1320千焦",
    }
    refused = client.submit("/desk/products/new", form, page=page)
    assert refused.status_code == 422
    for field in ("label.net_content", "label.nutrition_panel.energy.amount"):
        assert f'id="e-{field}"' in refused.text
        assert f'href="#f-{field}"' in refused.text
    assert 'value="1320千焦"' in refused.text
    mended = {**form, "label.net_content": "500 g", "label.nutrition_panel.energy.amount": "1320"}
    added = client.submit("/desk/products/new", mended, page=page)
    assert "SC1 is not a food production licence number" in client.get(added.location).text
    right = {"label.licence_number": "SC10454062600123"}
    client.submit(added.location, right)
    assert "production licence number:" not in client.get(added.location).text


def test_labels_are_offered_refused_with_reason_and_printed(ledger: Ledger) -> None:
    coop = world.make_producer(ledger)
    product = world.make_product(ledger, coop, items_on_pack=True)
    code = world.make_batch(ledger, coop, product=product)
    client, page = desk(ledger, coop), f"/desk/batches/{code}/print"
    drawn = client.get(page).text
    assert 'id="why-complete-70x50"' in drawn
    assert 'id="why-trace-50x30"' not in drawn
    assert client.submit(page, {"template": "trace-50x30", "count": "0"}).status_code == 422
    answer = client.submit(page, {"template": "trace-50x30", "count": "7"})
    assert answer.status_code == 302, answer.text
    for layout, dpi, pages in (("roll", "203", 7), ("sheet", "300", 1)):
        pdf = client.get(f"{answer.location}/labels?layout={layout}&dpi={dpi}")
        assert pdf.mimetype == "application/pdf"
        assert len(PdfReader(BytesIO(pdf.data)).pages) == pages
    for layout, suffix in (
        ("zpl", ".zpl"),
        ("tspl", ".tspl"),
        ("png", ".zip"),
        ("symbols", ".symbols.zip"),
    ):
        file = client.get(f"{answer.location}/labels?layout={layout}&dpi=203&head=576&gap=3")
        assert file.headers["Content-Disposition"].endswith(f'{suffix}"'), file.text
    for wrong in ("dpi=1e9", "layout=lpt", "layout=png&head=0", "layout=png&head=384"):
        assert client.get(f"{answer.location}/labels?{wrong}").status_code == 422, wrong


def test_of_what_is_stopped_the_order_is_shown_and_no_form(ledger: Ledger) -> None:
    coop = world.make_producer(ledger)
    code = world.make_batch(ledger, coop)
    ledger.perform(coop, hold, code, "抽检不合格")
    page = desk(ledger, coop).get(f"/desk/batches/{code}/print").text
    assert "抽检不合格" in page
    assert "Issue the codes" not in page
    assert 'name="template"' not in page


def test_a_small_label_needs_the_declaration(ledger: Ledger) -> None:
    coop = world.make_producer(ledger)
    code = world.make_batch(ledger, coop)
    client, page = desk(ledger, coop), f"/desk/batches/{code}/print"
    assert 'id="why-trace-50x30"' in client.get(page).text
    answer = client.submit(page, {"template": "trace-50x30", "count": "1"})
    assert answer.status_code == 422
    with ledger.database.read() as session:
        assert session.scalar(sa.select(PrintRun.id)) is None


def test_a_code_is_declared_void(ledger: Ledger) -> None:
    coop = world.make_producer(ledger)
    product = world.make_product(ledger, coop, items_on_pack=True)
    code = world.make_batch(ledger, coop, product=product)
    client = desk(ledger, coop)
    form = {"template": "trace-50x30", "count": "1"}
    run = client.submit(f"/desk/batches/{code}/print", form).location
    serial = client.get(run).text.split("serial=")[1][:12]
    assert client.submit(f"{run}/void", {"serial": "1", "reason": "撕坏"}).status_code == 422
    shown = f"{serial[:4]} {serial[4:8]} {serial[8:]}"
    assert client.submit(f"{run}/void", {"serial": shown, "reason": "撕坏"}).status_code == 302
    assert serial not in client.get(run).text


def test_nobody_prints_for_another(ledger: Ledger) -> None:
    coop, shop = world.make_producer(ledger), world.make_producer(ledger, "processor")
    product = world.make_product(ledger, coop, items_on_pack=True)
    code = world.make_batch(ledger, coop, product=product)
    world.make_shipment(ledger, coop, str(shop.party_uid), code, world.kg(10))
    assert desk(ledger, shop).get(f"/desk/batches/{code}/print").status_code == 403


def test_a_place_is_added_by_the_name_of_its_county(ledger: Ledger) -> None:
    client = desk(ledger, world.make_producer(ledger))
    form = {"kind": "pasture", "name": "夏季牧场", "division": "索县", "altitude_m": "4200"}
    wrong = client.submit("/desk/sites/new", {**form, "altitude_m": "40000"})
    assert wrong.status_code == 422
    assert "夏季牧场" in wrong.text
    assert client.submit("/desk/sites/new", form).status_code == 302
    site = _one(ledger, Site)
    assert (site.division, site.altitude_m) == ("540626", 4200)


def test_a_paper_is_registered_with_scope_and_file(ledger: Ledger) -> None:
    coop = world.make_producer(ledger)
    code = world.make_batch(ledger, coop)
    client = desk(ledger, coop)
    page = f"/desk/papers/new?kind=commitment_certificate&batch={code}"
    assert code in client.get(page).text
    form = {"kind": "commitment_certificate", "valid_from": "2026.6.1"}
    assert client.submit("/desk/papers/new", form, page=page).status_code == 422
    form |= {"batches": code}
    sent = {**form, "photos": (BytesIO(photo()), "合格证.jpg")}
    answer = client.submit("/desk/papers/new", sent, page=page)
    assert answer.status_code == 302, answer.text
    paper = _one(ledger, Paper)
    assert paper.evidence_id is not None
    assert answer.location in client.get(f"/desk/batches/{code}").text
    revoke = answer.location + "/revoke"
    assert client.submit(revoke, {"reason": "填错"}).status_code == 302
    assert "填错" in client.get(answer.location).text


def test_a_report_keeps_results_as_written(ledger: Ledger) -> None:
    coop = world.make_producer(ledger)
    code = world.make_batch(ledger, coop)
    client = desk(ledger, coop)
    form = {
        "batches": code,
        "laboratory": "那曲市检验检测中心",
        "number": "NQ-2026-031",
        "kind": "laboratory",
        "issued_on": "2026-05-30",
        "item.0.parameter": "铅(以Pb计)",
        "item.0.result": "未检出(<0.02)",
        "item.0.unit": "mg/kg",
        "conclusion": "合格",
    }
    wrong = client.submit("/desk/reports/new", {**form, "item.0.result": ""})
    assert wrong.status_code == 422
    assert 'href="#f-item.0.result"' in wrong.text
    answer = client.submit("/desk/reports/new", form)
    assert answer.status_code == 302, answer.text
    assert "未检出(&lt;0.02)" in client.get(answer.location).text
    report = _one(ledger, TestReport)
    assert report.conclusion == "合格"


# --- hostile forms --------------------------------------------------------------------------------

JUNK = "永" * (10 * 1024 * 1024 // 3)


def _bomb() -> bytes:
    """A PNG of a few hundred bytes that says it has 3.6 thousand million pixels."""

    def part(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    data = part(b"IHDR", head) + part(b"IDAT", zlib.compress(bytes(1000))) + part(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + data


@pytest.mark.parametrize(
    "file",
    [
        pytest.param((b"\x00\xff" * 5000, "junk.jpg"), id="junk that says it is a photo"),
        pytest.param((_bomb(), "bomb.png"), id="an image bomb"),
        pytest.param((photo()[:200], "cut.jpg"), id="a photo that ends in the middle"),
        pytest.param((b"<svg onload=alert(1)>", "x.svg"), id="a script that says it is a picture"),
        pytest.param((bytes(10 * 1024 * 1024 + 1), "big.pdf"), id="too much"),
    ],
)
def test_files_that_are_none_are_refused_in_words(ledger: Ledger, file: tuple[bytes, str]) -> None:
    coop = world.make_producer(ledger)
    form = register_form(photos=FileStorage(BytesIO(file[0]), filename=file[1]))
    page = NEW_BATCH + "?goods=grain/millet"
    answer = send_much(desk(ledger, coop), NEW_BATCH, form, page)
    assert answer.status_code in (413, 422)
    assert "东坡" in answer.text
    assert not registered(ledger, coop)


ODD = {
    "nul": "\0",
    "controls": "a\u202eb\x07\x1b[31m",
    "long": "x" * 5000,
    "digits": "9" * 400 + "kg",
    "odd": "😀" * 60 + "ༀ'\"<script>%s{0}{x.__class__}",
}


def test_no_text_breaks_a_form(ledger: Ledger) -> None:
    client = desk(ledger, world.make_producer(ledger))
    page = NEW_BATCH + "?goods=grain/millet"
    for field in (
        "quantity",
        "note",
        "fact.plot",
        "produced",
        "goods",
        "id",
        "lot",
        "share.0.note",
    ):
        for name, text in ODD.items():
            answer = client.submit(NEW_BATCH, register_form(**{field: text}), page=page)
            assert answer.status_code in (302, 404, 422), (field, name, answer.text)
            assert "<script>%s" not in answer.text


def test_ten_megabytes_of_junk_are_refused(ledger: Ledger) -> None:
    client = desk(ledger, world.make_producer(ledger))
    page = NEW_BATCH + "?goods=grain/millet"
    assert send_much(client, NEW_BATCH, register_form(note=JUNK), page).status_code == 413


def test_wrong_encodings_are_refused_in_words(ledger: Ledger) -> None:
    client = desk(ledger, world.make_producer(ledger))
    token = client.token(NEW_BATCH + "?goods=grain/millet").encode()
    fields = {b"csrf_token": token, b"goods": b"grain/millet", b"quantity": b"20kg"}
    fields[b"note"] = "小米".encode("gbk")
    parts = [
        b'--x\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % one
        for one in fields.items()
    ]
    kind = "multipart/form-data; boundary=x"
    answer = client.post(NEW_BATCH, data=b"".join(parts) + b"--x--\r\n", content_type=kind)
    assert answer.status_code == 422
    assert 'href="#f-note"' in answer.text


ADDRESSES = (
    "/desk/batches/%00", "/desk/batches/1234", "/desk/batches/..%2f..%2fetc",
    "/desk/events/%00", "/desk/events/new?batch=%00", "/desk/runs/x/labels",
    "/desk/evidence/%00", "/desk/shipments/x", "/desk/products/x", "/desk/papers/new?kind=x",
    "/desk/batches?after=x", "/desk/batches?after=99999999999999999999999",
    "/desk/batches/new?goods=product:%00", "/desk/make?batch=x&kind=y", "/desk/make",
    "/desk/reports/x", "/desk/for?q=%25%00",
)  # fmt: skip


def test_no_address_breaks_the_desk(ledger: Ledger) -> None:
    client = desk(ledger, world.make_producer(ledger))
    for address in ADDRESSES:
        assert client.get(address).status_code < 500, address
