"""The desk on a telephone: a real browser, 360 px wide, whose network comes and goes."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect
from pypdf import PdfReader

from suyuan.trace.acts.people import make_link
from suyuan.trace.batches.tables import Batch
from suyuan.trace.evidence.tables import EvidenceFile
from suyuan.trace.log.tables import Asked
from suyuan.trace.parties.actor import SYSTEM, Actor
from tests import world
from tests.live import Live, live_site

LARGEST_PHOTO = 200 * 1024
PHONE = ViewportSize(width=360, height=740)


@pytest.fixture
def live(run_folder: Path, tmp_path: Path) -> Iterator[Live]:
    with live_site(run_folder, tmp_path) as site:
        yield site


@pytest.fixture
def coop(live: Live) -> Actor:
    """The head of 索县's co-operative, with a product whose items stand on the pack."""
    head = world.make_producer(live.ledger, name="索县牧民合作社")
    world.make_site(live.ledger, head)
    world.make_product(live.ledger, head, items_on_pack=True)
    return head


@pytest.fixture
def phone(browser: Browser, live: Live, coop: Actor) -> Iterator[BrowserContext]:
    """A telephone whose owner is signed in."""
    context = browser.new_context(
        base_url=live.url, viewport=PHONE, has_touch=True, locale="zh-CN", accept_downloads=True
    )
    page = context.new_page()
    link = live.ledger.perform(SYSTEM, make_link, str(coop.person_uid), "sign_in", 10)
    page.goto(f"/in/{link}")
    page.locator("main button").click()
    page.wait_for_url("**/desk")
    page.close()
    yield context
    context.close()


def _fill_in(page: Page, quantity: str = "20") -> None:
    page.goto("/desk/batches/new?goods=grain/millet")
    page.fill("#f-quantity", quantity)
    page.fill("#f-produced", "2026-05-30")
    page.fill("[id='f-fact.plot']", "东坡")


def _all_sent(page: Page) -> None:
    """Wait until the script rests and nothing is kept any more."""
    kept = page.locator("#kept")
    expect(kept).to_have_attribute("data-at", "rest", timeout=30_000)
    expect(kept).to_be_hidden()


def _batches(live: Live) -> list[Batch]:
    with live.ledger.database.read() as session:
        found = list(session.scalars(sa.select(Batch).order_by(Batch.id)))
        session.expunge_all()
        return found


def _big_photo(folder: Path) -> Path:
    """A photo as a telephone takes it: 12 million noisy pixels, several megabytes."""
    noise = Image.frombytes("RGB", (1000, 750), os.urandom(1000 * 750 * 3))
    path = folder / "IMG_0001.jpg"
    noise.resize((4000, 3000)).save(path, "JPEG", quality=92)
    assert path.stat().st_size > 2_000_000
    return path


def test_a_form_without_network_stays_on_the_phone_and_is_sent_under_its_id(
    live: Live, phone: BrowserContext
) -> None:
    page = phone.new_page()
    _fill_in(page)
    id_ = page.input_value("form[data-keep] input[name=id]")
    phone.set_offline(True)
    page.click("form[data-keep] button.main")
    line = page.locator("#kept li")
    expect(line).to_have_count(1)
    expect(line).to_have_attribute("data-id", id_)
    expect(page.locator("#kept")).to_contain_text("等待网络")
    assert not _batches(live)

    phone.set_offline(False)
    page.goto("/desk")  # e.g. the next day
    _all_sent(page)
    (batch,) = _batches(live)
    assert batch.attributes["plot"] == "东坡"
    with live.ledger.database.read() as session:
        assert session.scalars(sa.select(Asked.key)).all() == [id_]


def test_several_forms_can_be_filled_in_without_network(live: Live, phone: BrowserContext) -> None:
    page = phone.new_page()
    _fill_in(page, "20")
    phone.set_offline(True)
    page.click("form[data-keep] button.main")
    page.get_by_role("button", name="再填一张").click()
    page.fill("#f-quantity", "21")
    page.click("form[data-keep] button.main")
    expect(page.locator("#kept li")).to_have_count(2)
    phone.set_offline(False)
    page.goto("/desk")
    _all_sent(page)
    assert [int(batch.quantity) for batch in _batches(live)] == [20, 21]


def test_an_answer_that_got_lost_makes_no_second_batch(live: Live, phone: BrowserContext) -> None:
    page = phone.new_page()
    _fill_in(page)

    def lose_the_answer(route):  # type: ignore[no-untyped-def]  # Playwright's own type
        route.fetch()
        route.abort("connectionreset")

    page.route("**/desk/batches/new", lose_the_answer, times=1)
    page.click("form[data-keep] button.main")
    expect(page.locator("#kept li")).to_have_count(1)
    assert len(_batches(live)) == 1
    page.goto("/desk")
    _all_sent(page)
    assert len(_batches(live)) == 1


def test_what_is_wrong_with_a_kept_form_is_mended(live: Live, phone: BrowserContext) -> None:
    page = phone.new_page()
    _fill_in(page, "viel")
    phone.set_offline(True)
    page.click("form[data-keep] button.main")
    expect(page.locator("#kept li")).to_have_count(1)
    phone.set_offline(False)
    page.goto("/desk")
    page.get_by_role("button", name="打开修改").click()
    expect(page.locator("#e-quantity")).to_be_visible()
    assert page.input_value("[id='f-fact.plot']") == "东坡"
    page.fill("#f-quantity", "20")
    page.click("form[data-keep] button.main")
    page.wait_for_url(re.compile(r"/desk/batches/\d{16}$"))
    _all_sent(page)
    assert len(_batches(live)) == 1


def test_nobody_else_sends_what_somebody_kept(
    live: Live, phone: BrowserContext, coop: Actor
) -> None:
    page = phone.new_page()
    _fill_in(page)
    phone.set_offline(True)
    page.click("form[data-keep] button.main")
    expect(page.locator("#kept li")).to_have_count(1)
    # The owner is signed out and gone before the network comes back: a document that is being
    # left still hears that it is back, and would rightly send what its own reader kept.
    page.close()
    phone.clear_cookies()
    phone.set_offline(False)
    other = world.make_actor(live.ledger, str(coop.party_uid), "clerk")
    link = live.ledger.perform(SYSTEM, make_link, str(other.person_uid), "sign_in", 10)
    page = phone.new_page()
    page.goto(f"/in/{link}")
    page.locator("main button").click()
    page.wait_for_url("**/desk")  # going on at once may stop the signing in
    expect(page.locator("#kept")).to_have_attribute("data-at", "rest")
    expect(page.locator("#kept li")).to_contain_text("其他人")
    assert not _batches(live)


def test_photos_shrink_on_the_phone_and_follow_the_text(
    live: Live, phone: BrowserContext, tmp_path: Path
) -> None:
    page = phone.new_page()
    sent: list[tuple[str, int]] = []
    page.on("request", lambda one: sent.append((one.url, len(one.post_data_buffer or b""))))
    _fill_in(page)
    page.set_input_files("#f-photos", [_big_photo(tmp_path)])
    page.click("form[data-keep] button.main")
    page.wait_for_url(re.compile(r"/desk/batches/\d{16}$"), timeout=60_000)
    _all_sent(page)
    texts = [size for url, size in sent if url.endswith("/desk/batches/new") and size]
    photos = [size for url, size in sent if url.endswith("/photos")]
    assert texts
    assert max(texts) < 10_000
    assert len(photos) == 1
    assert photos[0] <= LARGEST_PHOTO + 2_000
    with live.ledger.database.read() as session:
        file = session.scalars(sa.select(EvidenceFile)).one()
        assert file.media_type == "image/jpeg"


def test_photos_wait_too_when_the_network_is_gone(
    live: Live, phone: BrowserContext, tmp_path: Path
) -> None:
    page = phone.new_page()
    _fill_in(page)
    page.set_input_files("#f-photos", [_big_photo(tmp_path)])
    phone.set_offline(True)
    page.click("form[data-keep] button.main")
    expect(page.locator("#kept li")).to_have_count(1, timeout=60_000)
    phone.set_offline(False)
    page.goto("/desk")
    _all_sent(page)
    with live.ledger.database.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(EvidenceFile)) == 1


def test_from_registering_to_a_printed_label_at_360_px(live: Live, phone: BrowserContext) -> None:
    page = phone.new_page()
    page.goto("/desk")
    page.get_by_role("link", name="登记批次").click()
    page.get_by_role("link", name="朝阳小米").click()
    page.fill("#f-quantity", "30")
    page.select_option("select[name='quantity.unit']", "斤")
    page.fill("#f-produced", "5月30日")
    page.get_by_role("button", name="登记", exact=True).click()
    page.wait_for_url(re.compile(r"/desk/batches/\d{16}$"))
    expect(page.locator("main")).to_contain_text("15 kg")
    page.locator("main").get_by_role("link", name="打印标签").click()
    chosen = page.locator("input[name=template]:checked")
    shipped = chosen.get_attribute("value")
    page.check("input[name=template][value=own]")
    page.select_option("#f-kind", "trace")
    page.fill("#f-width", "60")
    page.fill("#f-height", "40")
    expect(page.locator("#preview figcaption")).to_contain_text("60 × 40 mm")
    assert page.locator("#preview img").evaluate("image => image.naturalWidth") == 227  # 60 mm
    page.check(f"input[name=template][value={shipped}]")
    page.fill("#f-count", "3")
    page.locator("form[data-keep] button.main").click()
    page.wait_for_url("**/desk/runs/*")
    with page.expect_download() as download:
        page.get_by_role("button", name="下载标签").click()
    pdf = io.BytesIO(Path(download.value.path()).read_bytes())
    assert len(PdfReader(pdf).pages) == 3
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_every_page_of_the_desk_fits_a_narrow_screen(
    live: Live, phone: BrowserContext, coop: Actor
) -> None:
    code = world.make_batch(live.ledger, coop, name="很长的名字" * 8)
    page = phone.new_page()
    for path in (
        "/desk", "/desk/batches/new", f"/desk/batches/{code}", f"/desk/events/new?batch={code}",
        f"/desk/events/new?batch={code}&kind=ship", f"/desk/make?batch={code}&kind=process",
        f"/desk/batches/{code}/print", "/desk/products/new?goods=yak_meat/cooked_jerky",
        "/desk/papers/new", "/desk/reports/new", "/desk/sites/new", "/desk/shipments",
    ):  # fmt: skip
        page.goto(path)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= PHONE["width"], (path, width)
        small = page.evaluate(
            "[...document.querySelectorAll('main a.tile, main button:not(.first), main select, "
            "main input:not([type=hidden]):not([type=checkbox]):not([type=radio])')]"
            ".filter(e => e.offsetParent && e.getBoundingClientRect().height < 44)"
            ".map(e => e.outerHTML.slice(0, 80))"
        )
        assert not small, (path, small)
