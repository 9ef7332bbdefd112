"""Labels as pictures for a printer's own app on a phone: shared from the page of the job."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image, ImageOps
from playwright.sync_api import Browser, ViewportSize, expect

from suyuan.labels.from_facts import try_out
from suyuan.trace.acts.cartons import issue_cartons
from suyuan.trace.acts.people import make_link
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.acts.voiding import end_labels
from suyuan.trace.cartons.facts import CartonOrder
from suyuan.trace.parties.actor import SYSTEM, Actor
from suyuan.trace.printing.queries import codes_of
from tests import api_clients, world
from tests.live import Live, live_site
from tests.stations import became, make_printer, make_run, send
from tests.web.desk_world import desk
from tests.web_clients import Client

HEADS = {203: 400, 300: 600, 600: 1200}
"""A head that is wider than a label of 50 mm in its dots."""
MODULES = 45
"""Of the symbols here, version 7."""
PHONE = ViewportSize(width=360, height=740)
SHARING = """
  window.handed = [];
  navigator.canShare = ({ files }) => files.length <= 10;
  navigator.share = async ({ files }) => {
    for (const file of files) window.handed.push([file.name, file.type, file.size]);
  };
"""


@pytest.fixture
def owner(ledger: Ledger) -> Actor:
    return world.make_producer(ledger)


@pytest.fixture
def client(ledger: Ledger, owner: Actor) -> Client:
    return desk(ledger, owner)


def urls(ledger: Ledger, run: str) -> list[str]:
    with ledger.database.read() as session:
        return [label.url for label in codes_of(session, run)]


def read(data: bytes) -> tuple[tuple[int, int], str]:
    """Size and text of the symbol of a picture."""
    picture = Image.open(BytesIO(data))
    picture.load()
    assert picture.mode == "1"
    (found,) = zxingcpp.read_barcodes(picture.convert("L"))
    return picture.size, found.text


@pytest.mark.parametrize(("dpi", "head"), HEADS.items())
def test_each_label_is_a_picture_as_wide_as_the_head_and_is_read(
    ledger: Ledger, owner: Actor, client: Client, dpi: int, head: int
) -> None:
    run = make_run(ledger, owner, 12)
    printer = make_printer(ledger, owner, language="png", dpi=dpi, head_dots=head)
    job = send(ledger, owner, printer, run=run, first=2)
    page = client.get(f"/desk/printer-jobs/{job}").text
    links = re.findall(r'download="([^"]+)" href="([^"]+)"', page)
    assert [name for name, _ in links] == [f"{number:06d}.png" for number in range(2, 13)]
    assert page.count("data-share=") == 2, "at most ten at a time"
    for (_, href), url in zip(links[:2], urls(ledger, run)[1:3], strict=True):
        answer = client.get(href)
        assert answer.mimetype == "image/png"
        assert read(answer.data) == ((head, round(30 / 25.4 * dpi)), url)
    with zipfile.ZipFile(BytesIO(client.get(f"/desk/printer-jobs/{job}/labels").data)) as archive:
        drawn = [read(archive.read(name)) for name in archive.namelist()]
    assert [url for _, url in drawn] == urls(ledger, run)[1:]
    assert {size[0] for size, _ in drawn} == {head}


def test_modules_are_whole_dots(ledger: Ledger, owner: Actor, client: Client) -> None:
    run = make_run(ledger, owner, 1)
    for dpi, head in HEADS.items():
        address = f"/print-runs/{run}?dpi={dpi}&head_dots={head}"
        answer = api_clients.client(ledger, owner).read(address, headers={"Accept": "image/png"})
        assert answer.mimetype == "image/png"
        picture = Image.open(BytesIO(answer.data)).convert("L")
        (found,) = zxingcpp.read_barcodes(picture)
        corners, edge = found.position, 3
        around = picture.crop(
            (
                corners.top_left.x - edge,
                corners.top_left.y - edge,
                corners.bottom_right.x + edge,
                corners.bottom_right.y + edge,
            )
        )
        symbol = around.crop(ImageOps.invert(around).getbbox())
        assert symbol.width == symbol.height
        assert symbol.width % MODULES == 0
        cells = symbol.resize((MODULES, MODULES), Image.Resampling.NEAREST)
        drawn = cells.resize(symbol.size, Image.Resampling.NEAREST)
        assert drawn.tobytes() == symbol.tobytes(), "each module is one colour"


def test_one_label_is_a_picture_by_the_api(ledger: Ledger, owner: Actor) -> None:
    run, api = make_run(ledger, owner, 3), api_clients.client(ledger, owner)
    png = {"Accept": "image/png"}
    answer = api.read(f"/print-runs/{run}?number=3&dpi=203&head_dots=400", headers=png)
    assert read(answer.data) == ((400, 240), urls(ledger, run)[2])
    assert api.read(f"/print-runs/{run}?number=4", headers=png).status_code == 404
    narrow = api.read(f"/print-runs/{run}?dpi=203&head_dots=384", headers=png)
    api_clients.problem(narrow, 422, "does-not-fit")
    pinned = make_run(ledger, owner, pins=True)
    assert api.read(f"/print-runs/{pinned}", headers=png).status_code == 409


def test_void_labels_are_not_handed_over(ledger: Ledger, owner: Actor, client: Client) -> None:
    run, printer = make_run(ledger, owner, 4), make_printer(ledger, owner, language="png")
    job = send(ledger, owner, printer, run=run, first=1, last=3)
    ledger.perform(owner, end_labels, run, 2, 2, "spoiled", "撕坏")
    page = f"/desk/printer-jobs/{job}"
    assert re.findall(r"labels/(\d)\.png", client.get(page).text) == ["1", "3"]
    answers = {number: client.get(f"{page}/labels/{number}.png").status_code for number in range(6)}
    assert answers == {0: 404, 1: 200, 2: 404, 3: 200, 4: 404, 5: 404}


def test_what_was_handed_over_is_settled_by_who_printed_it(
    ledger: Ledger, owner: Actor, client: Client
) -> None:
    run, printer = make_run(ledger, owner, 4), make_printer(ledger, owner, language="png")
    job = send(ledger, owner, printer, run=run)
    program = api_clients.client(ledger, owner)
    assert program.send(f"/printers/{printer}/take", {}).status_code == 409, "no agent feeds it"
    page = f"/desk/printer-jobs/{job}"
    sent = {"outcome": "partly", "last_out": "3", "rest": "spoiled", "note": "卡纸"}
    assert client.submit(page, sent).status_code == 302
    assert became(ledger, owner, job)[0] == "partly"
    assert client.get(page + "/labels").status_code == 409, "they are not handed over twice"
    assert client.get(page + "/labels/1.png").status_code == 409


def test_each_carton_of_a_part_has_its_own_sscc(
    ledger: Ledger, owner: Actor, client: Client
) -> None:
    code = world.make_batch(ledger, owner)
    order = CartonOrder(4, 24, "6901234")
    run = ledger.perform(owner, issue_cartons, code, order, "carton-100x150", try_out=try_out)
    printer = make_printer(ledger, owner, language="png", head_dots=832)

    def sscc(data: bytes) -> str:
        found = zxingcpp.read_barcodes(Image.open(BytesIO(data)).convert("L"))
        (text,) = [one.text for one in found if one.text.startswith(("(00)", "00"))]
        return text

    one_by_one, together = [], []
    for first in (1, 3):
        job = send(ledger, owner, printer, run=run, first=first, last=first + 1)
        page = f"/desk/printer-jobs/{job}/labels"
        numbers = (first, first + 1)
        one_by_one += [sscc(client.get(f"{page}/{number}.png").data) for number in numbers]
        with zipfile.ZipFile(BytesIO(client.get(page).data)) as pictures:
            together += [sscc(pictures.read(name)) for name in pictures.namelist()]
    assert one_by_one == together == sorted(set(together))
    assert len(together) == 4


def test_test_labels_are_pictures_too(ledger: Ledger, owner: Actor, client: Client) -> None:
    printer = make_printer(ledger, owner, language="png", head_dots=400)
    page = f"/desk/printers/{printer}"
    answer = client.submit(page + "/test", {"template": "trace-50x30"}, page=page)
    job = answer.headers["Location"]
    links = re.findall(r'download="[^"]+" href="([^"]+)"', client.get(job).text)
    assert len(links) >= 3
    for href in links:
        assert Image.open(BytesIO(client.get(href).data)).width == 400


@pytest.fixture
def live(run_folder: Path, tmp_path: Path) -> Iterator[Live]:
    with live_site(run_folder, tmp_path) as found:
        yield found


def test_a_phone_hands_the_labels_to_the_printers_app(live: Live, browser: Browser) -> None:
    head = world.make_producer(live.ledger)
    run = make_run(live.ledger, head, 12)
    printer = make_printer(live.ledger, head, language="png", head_dots=400)
    job = send(live.ledger, head, printer, run=run)
    link = live.ledger.perform(SYSTEM, make_link, str(head.person_uid), "sign_in", 10)
    phone = browser.new_context(base_url=live.url, viewport=PHONE, has_touch=True, locale="en-US")
    phone.add_init_script(SHARING)
    page = phone.new_page()
    page.goto(f"/in/{link}")
    page.locator("main button").click()
    page.wait_for_url("**/desk")
    page.goto(f"/desk/printer-jobs/{job}")
    buttons = page.locator("[data-share] button")
    expect(buttons).to_have_text(["Share 1 to 10", "Share 11 to 12"])
    buttons.nth(1).click()
    expect(page.locator("[data-share]").nth(1)).to_contain_text("Handed over.")
    handed = page.evaluate("window.handed")
    assert [(name, kind) for name, kind, _ in handed] == [
        ("000011.png", "image/png"), ("000012.png", "image/png"),
    ]  # fmt: skip
    assert all(size > 100 for _, _, size in handed)
    phone.close()


def test_a_device_without_scripts_shows_the_pictures_alone(live: Live, browser: Browser) -> None:
    head = world.make_producer(live.ledger)
    printer = make_printer(live.ledger, head, language="png", head_dots=400)
    job = send(live.ledger, head, printer)
    link = live.ledger.perform(SYSTEM, make_link, str(head.person_uid), "sign_in", 10)
    plain = browser.new_context(base_url=live.url, locale="en-US", java_script_enabled=False)
    page = plain.new_page()
    page.goto(f"/in/{link}")
    page.locator("main button").click()
    page.wait_for_url("**/desk")
    page.goto(f"/desk/printer-jobs/{job}")
    assert page.locator("[data-share] button").count() == 0
    with page.expect_download() as download:
        page.locator("[data-share] a").first.click()
    with Image.open(download.value.path()) as picture:
        assert picture.width == 400
    plain.close()
