"""Reading symbols in the page, and what it says where a browser or the site lacks something."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FilePayload, expect

from suyuan.web.verify import shell
from tests import missing
from tests.jerky import Jerky, make_jerky
from tests.live import Live, live_site
from tests.web.phone import Phone, lying, new_phone, printed

FAKE_DETECTOR = """
  globalThis.BarcodeDetector = class {
    static async getSupportedFormats() { return ["qr_code"]; }
    async detect() { return [{ rawValue: %r }]; }
  };
"""
# a camera that shows a picture which was drawn on a canvas
FAKE_CAMERA = """
  navigator.mediaDevices.getUserMedia = async () => {
    const image = new Image();
    image.src = "data:image/png;base64,%s";
    await image.decode();
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [1280, 720];
    const pen = canvas.getContext("2d");
    const draw = () => {
      pen.fillStyle = "#777";
      pen.fillRect(0, 0, 1280, 720);
      pen.drawImage(image, 300, 60, 600 * image.width / image.height, 600);
    };
    setInterval(draw, 50);
    return canvas.captureStream(20);
  };
"""
WITHOUT_OWN = "Object.defineProperty(crypto, 'subtle', {value: undefined})"


@pytest.fixture(scope="module")
def live(run_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with live_site(run_folder, tmp_path_factory.mktemp("live")) as site:
        yield site


@pytest.fixture(scope="module")
def jerky(live: Live) -> Jerky:
    return make_jerky(live.ledger)


@pytest.fixture
def without_scripts(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A site that was built where there was no npm."""
    monkeypatch.setattr(shell, "_VENDORED", {"decoder": "vendor/no.js", "signatures": "vendor/no"})
    shell.vendored.cache_clear()
    yield
    shell.vendored.cache_clear()


def _need_scripts() -> None:
    if None in shell.vendored().values():
        missing.leave_out("scripts of others", "make scripts brings them, by npm")


def _file(body: bytes) -> FilePayload:
    return {"name": "label.png", "mimeType": "image/png", "buffer": body}


def _photo(live: Live, jerky: Jerky, dpi: int) -> bytes:
    return printed(live, jerky.trace_code, dpi)


@pytest.mark.parametrize("dpi", [203, 300])
def test_a_photo_of_a_label_is_read_without_network(
    browser: Browser, live: Live, jerky: Jerky, dpi: int
) -> None:
    """This browser has no detector of its own: the decoder was put on the phone with the page."""
    _need_scripts()
    context = new_phone(browser, live)
    phone = Phone(context)
    assert phone.tab.evaluate("'BarcodeDetector' in window") is False
    phone.expect_works("ready")
    context.set_offline(True)
    phone.reload()
    picture = _file(_photo(live, jerky, dpi))
    phone.tab.set_input_files("#photo", picture)
    phone.expect_verdict("good", "status-late")  # the site's clock stands in June
    assert phone.tab.locator("#result a.button").get_attribute("href") == live.path_of(jerky.code)
    context.close()


def test_the_camera_is_read_by_the_decoder(browser: Browser, live: Live, jerky: Jerky) -> None:
    _need_scripts()
    context = new_phone(browser, live, service_workers="block")
    shown = base64.b64encode(_photo(live, jerky, 300)).decode()
    context.add_init_script(FAKE_CAMERA % shown)
    phone = Phone(context)
    phone.tab.click("#scan")
    expect(phone.result).to_have_attribute("data-verdict", "good", timeout=20_000)
    expect(phone.tab.locator("#scan")).to_be_visible()
    expect(phone.tab.locator("#watch")).to_be_hidden()
    context.close()


def test_the_browsers_own_detector_needs_no_decoder(
    browser: Browser, live: Live, jerky: Jerky
) -> None:
    context = new_phone(browser, live)
    context.add_init_script(FAKE_DETECTOR % jerky.code)
    with lying(live, {}) as asked:
        phone = Phone(context)
        phone.expect_works("ready")
        picture = _file(_photo(live, jerky, 203))
        phone.tab.set_input_files("#photo", picture)
        phone.expect_verdict("good", "status-late")
    assert not [path for path in asked if "vendor" in path]
    context.close()


def test_a_picture_without_a_symbol_and_no_picture_at_all_are_told(
    browser: Browser, live: Live
) -> None:
    context = new_phone(browser, live, service_workers="block")
    phone = Phone(context)
    icon = (Path(shell.__file__).parents[1] / "static" / "verify" / "icon-192.png").read_bytes()
    for body, said in ((icon, "no-symbol"), (b"no picture", "no-picture")):
        phone.tab.set_input_files("#photo", _file(body))
        expect(phone.tab.locator(f'[data-said="{said}"]')).to_be_visible()
    context.close()


@pytest.mark.usefixtures("without_scripts")
def test_without_the_scripts_of_others_all_else_works_and_it_says_so(
    browser: Browser, live: Live, jerky: Jerky
) -> None:
    context = new_phone(browser, live)
    phone = Phone(context)
    phone.expect_works("ready", "no-decoder")
    expect(phone.tab.locator("#works")).to_contain_text("this site serves none")
    phone.type(jerky.code)
    phone.expect_verdict("good", "status-late")
    context.close()


@pytest.mark.usefixtures("without_scripts")
def test_an_old_browser_without_the_scripts_says_that_it_cannot_check(
    browser: Browser, live: Live, jerky: Jerky
) -> None:
    context = new_phone(browser, live, service_workers="block")
    context.add_init_script(WITHOUT_OWN)
    phone = Phone(context)
    expect(phone.tab.locator('[data-trouble="no-signature-check"]')).to_be_visible()
    phone.type(jerky.code)
    phone.expect_verdict("unchecked", "no-directory")
    phone.expect_nothing_green()
    context.close()


def test_an_old_browser_checks_signatures_by_script(
    browser: Browser, live: Live, jerky: Jerky
) -> None:
    _need_scripts()
    context = new_phone(browser, live, service_workers="block")
    context.add_init_script(WITHOUT_OWN)
    phone = Phone(context)
    phone.type(jerky.code)
    phone.expect_verdict("good", "status-late")
    phone.type(jerky.code[:-1] + ("1" if jerky.code[-1] != "1" else "2"))
    phone.expect_verdict("forged", "status-late")
    context.close()


def test_it_opens_without_network_in_the_language_of_last_time(
    browser: Browser, live: Live
) -> None:
    context = new_phone(browser, live, locale="zh-CN")
    phone = Phone(context)
    phone.expect_works("ready")
    context.set_offline(True)
    phone.open("/verify")
    expect(phone.tab.locator("html")).to_have_attribute("lang", "zh-CN")
    phone.tab.click("footer a[lang=bo]")
    phone.settle()
    phone.open("/verify")
    expect(phone.tab.locator("html")).to_have_attribute("lang", "bo")
    expect(phone.tab.locator("h1 [lang=bo]")).to_be_visible()
    context.close()


def test_without_scripts_it_leads_to_the_start_page(
    browser: Browser, live: Live, jerky: Jerky
) -> None:
    context = browser.new_context(base_url=live.url, java_script_enabled=False, locale="en-US")
    tab = context.new_page()
    tab.goto("/verify")
    expect(tab.locator("noscript p")).to_contain_text("Type the trace code above")
    expect(tab.locator("#camera")).to_be_hidden()
    tab.fill("#code", jerky.trace_code)
    tab.click("form.ask button")
    assert tab.url.endswith(f"/t/{jerky.trace_code}")
    context.close()
