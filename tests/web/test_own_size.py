"""A label of one's own size, ordered on the desk and drawn on a sheet of stickers."""

from __future__ import annotations

import base64
import io
import re

import pypdfium2
import pytest
import sqlalchemy as sa
import zxingcpp
from PIL import Image

from suyuan.labels.free import FreeSize
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.parties.actor import Actor
from suyuan.trace.printing.tables import PrintRun
from tests.api_clients import client, problem
from tests.web.desk_world import desk, form_id
from tests.world import make_batch, make_producer, make_product


@pytest.fixture
def producer(ledger: Ledger) -> Actor:
    return make_producer(ledger)


@pytest.fixture
def code(ledger: Ledger, producer: Actor) -> str:
    product = make_product(ledger, producer, items_on_pack=True)
    return make_batch(ledger, producer, product=product)


def _order(ledger: Ledger, producer: Actor, code: str, **more: str) -> tuple[int, str]:
    program = desk(ledger, producer)
    address = f"/desk/batches/{code}/print"
    page = program.get(address).get_data(True)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token
    form = {"csrf_token": token[1], "id": form_id(page), "template": "own", "count": "2", **more}
    answer = program.post(address, data=form)
    return answer.status_code, answer.location or answer.get_data(True)


def test_labels_of_a_typed_size_come_on_a_half_used_sheet_of_stickers(
    ledger: Ledger, producer: Actor, code: str
) -> None:
    status, where = _order(ledger, producer, code, kind="trace", width="63.5 mm", height="38.1")
    assert status == 302
    uid = where.rpartition("/")[2]
    file = desk(ledger, producer).get(
        f"/desk/runs/{uid}/labels?layout=sheet&paper=a4-3x7&taken=20&dpi=300"
    )
    pages = list(pypdfium2.PdfDocument(file.get_data()))
    assert [round(page.get_width() / 72 * 25.4) for page in pages] == [210, 210]
    counts = [len(zxingcpp.read_barcodes(page.render(scale=300 / 72).to_pil())) for page in pages]
    assert counts == [1, 1]
    program = client(ledger, producer)
    assert program.read(f"/print-runs/{uid}").get_json()["template"] == "trace-63.5x38.1"
    drawing = {"sheet": True, "paper": "a4-3x8"}
    problem(program.send(f"/print-runs/{uid}/labels", drawing), 422, "does-not-fit")


@pytest.mark.parametrize(
    ("width", "height", "says"),
    [("12", "30", "from 20 to 400 mm"), ("5o", "30", "such as 63.5"), ("35", "30", "does not fit")],
)
def test_a_size_that_cannot_be_is_refused_in_words(
    ledger: Ledger, producer: Actor, code: str, width: str, height: str, says: str
) -> None:
    status, page = _order(ledger, producer, code, kind="trace", width=width, height=height)
    assert status == 422
    assert says in page


def test_a_hanging_tag_keeps_the_place_of_its_hole(
    ledger: Ledger, producer: Actor, code: str
) -> None:
    status, where = _order(
        ledger, producer, code, kind="trace", width="50", height="70", hole="yes"
    )
    assert status == 302
    file = desk(ledger, producer).get(f"/desk/runs/{where.rpartition('/')[2]}/labels?dpi=203")
    page = pypdfium2.PdfDocument(file.get_data())[0].render(scale=203 / 72, grayscale=True).to_pil()
    assert page.crop((0, 0, page.width, int(11 * 203 / 25.4))).getextrema() == (255, 255)
    assert FreeSize("trace", 50, 70, hole=True).id == "trace-50x70-hole"


def _preview(ledger: Ledger, producer: Actor, code: str, **more: str) -> str:
    status, page = _order(ledger, producer, code, more="preview", **more)
    assert status == 200
    return page


def test_the_label_is_shown_at_its_size_before_anything_is_issued(
    ledger: Ledger, producer: Actor, code: str
) -> None:
    page = _preview(ledger, producer, code, kind="trace", width="63.5", height="38.1")
    shown = re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', page)
    assert shown
    svg = base64.b64decode(shown[1]).decode()
    assert 'width="63.5mm" height="38.1mm"' in svg
    png = re.search(r"data:image/png;base64,([^\"]+)", svg)
    assert png
    picture = Image.open(io.BytesIO(base64.b64decode(png[1]))).convert("L")
    assert picture.size == (750, 450)
    (read,) = zxingcpp.read_barcodes(picture)
    assert read.text.endswith(f"/t/{code}/000000000000")
    assert 'value="63.5"' in page  # the form stays as it was typed
    with ledger.database.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(PrintRun)) == 0


@pytest.mark.parametrize(
    ("width", "says"),
    [("30", "must stand on this label"), ("", "filled in"), ("x", "such as 63.5")],
)
def test_where_there_is_nothing_to_show_it_says_why(
    ledger: Ledger, producer: Actor, code: str, width: str, says: str
) -> None:
    page = _preview(ledger, producer, code, kind="complete", width=width, height="30")
    assert says in page
    assert "data:image/svg" not in page
