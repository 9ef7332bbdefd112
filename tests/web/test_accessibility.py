"""axe-core finds nothing serious on any page, in three languages, on a telephone and a desk.

To have a page looked at, add a line to ``PAGES``: its name, its address in the scene, and who is
signed in (a person's uid), or None for a stranger.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from playwright.sync_api import Page as Tab

from suyuan.labels.from_facts import try_out
from suyuan.trace.acts.carriers import bind_carrier
from suyuan.trace.acts.orders import recall
from suyuan.trace.acts.people import make_link
from suyuan.trace.acts.printing import issue_print_run
from suyuan.trace.acts.publishing import propose_publication, publish
from suyuan.trace.acts.transaction import Ledger, Writing
from suyuan.trace.acts.warnings import act_on, warn
from suyuan.trace.batches.queries import batch
from suyuan.trace.carriers.facts import CarrierFacts
from suyuan.trace.parties.actor import SYSTEM, Actor
from suyuan.trace.printing.queries import codes_of
from tests.certifying import certify, make_yaks
from tests.jerky import SUO_COUNTY, Jerky, make_jerky
from tests.language_office import make_office
from tests.live import Live, live_site
from tests.sending_results import row, send_results
from tests.trace.test_print_jobs import issue
from tests.web.axe import grave
from tests.web.drawn_jobs import make_jobs
from tests.web.fed_printers import make_printers
from tests.world import make_operator, make_producer, make_regulator, make_sample

LANGUAGES = {"zh": "zh-CN", "bo": "bo", "en": "en-US"}
HOLOGRAM = "HG20260601"
WIDTHS = (360, 1280)


@dataclass(frozen=True)
class Scene:
    """A site with something of everything in it."""

    live: Live
    jerky: Jerky
    recalled: Jerky
    regulator: Actor
    operator: Actor
    office: Actor
    pinned: str
    warning: str
    sample: str
    certificate: str
    laboratory: Actor
    results: str
    jobs: dict[str, str]
    printers: dict[str, str]

    def path(self, code: str) -> str:
        return self.live.path_of(code)


@dataclass(frozen=True)
class Page:
    """A page to look at. ``has_scripts``: only pages for those signed in may have any, and the one
    that checks labels on the phone.

    ``is_there``: False for the page that answers a code nobody can vouch for.
    """

    name: str
    address: Callable[[Scene], str]
    who: Callable[[Scene], Actor | None] = lambda _: None
    has_scripts: bool = False
    is_there: bool = True


def _inspector(scene: Scene) -> Actor:
    return scene.regulator


def _office(scene: Scene) -> Actor:
    return scene.office


def _inspected(trace_code: str) -> str:
    return f"/inspect/batches/{trace_code}"


def _producer(scene: Scene) -> Actor:
    return scene.jerky.actor


def _desk(name: str, address: str) -> Page:
    """A page of the desk; ``{code}`` in its address is the batch of jerky."""
    return Page(
        f"desk: {name}",
        lambda scene: "/desk" + address.format(code=scene.jerky.trace_code, sample=scene.sample),
        _producer,
        has_scripts=True,
    )


def _account(name: str, address: str) -> Page:
    return Page(name, lambda _: "/account" + (address or "/"), _producer)


def _certificate(area: str) -> Callable[[Scene], str]:
    return lambda scene: f"{area}/certificates/{scene.certificate}"


def _operator(scene: Scene) -> Actor:
    return scene.operator


def _results(name: str, address: str) -> Page:
    """A page about a laboratory's own sheet of results."""
    return Page(
        f"desk: {name}",
        lambda scene: "/desk/result-sheets/" + address.format(scene.results),
        lambda scene: scene.laboratory,
        has_scripts=True,
    )


def _job(name: str, state: str) -> Page:
    """The page of labels that are drawn in the background."""
    return Page(
        f"desk: {name}",
        lambda scene: f"/desk/print-jobs/{scene.jobs[state]}",
        _producer,
        has_scripts=True,
    )


def _printer(name: str, address: str, of: str) -> Page:
    """A page about a station's printer."""
    return Page(
        f"desk: {name}",
        lambda scene: "/desk" + address.format(scene.printers[of]),
        _producer,
        has_scripts=True,
    )


PAGES = (
    Page("start", lambda _: "/"),
    Page("start with a fault", lambda _: "/?code=123"),
    Page("scan", lambda scene: scene.path(scene.jerky.code)),
    Page("scan of a batch", lambda scene: f"/t/{scene.jerky.trace_code}"),
    Page("scan of a recalled batch", lambda scene: scene.path(scene.recalled.code)),
    Page("malformed code", lambda scene: scene.path(scene.jerky.code)[:-1] + "x", is_there=False),
    Page("code never issued", lambda _: "/01/06901234567892/10/A1", is_there=False),
    Page("product never registered", lambda _: "/01/06901872446702", is_there=False),
    Page("scan of a package with a PIN", lambda scene: scene.pinned),
    Page("scratch PIN", lambda scene: f"/pin?path={scene.pinned}"),
    Page("by a carrier", lambda _: f"/c/hologram/{HOLOGRAM}"),
    Page("touch screen", lambda _: "/kiosk?code=5406&key=2"),
    Page("answer on the touch screen", lambda scene: f"/kiosk?code={scene.jerky.trace_code}"),
    Page("recall on the touch screen", lambda scene: f"/kiosk?code={scene.recalled.trace_code}"),
    Page("check on the phone", lambda _: "/verify", has_scripts=True),
    Page(
        "check yourself",
        lambda scene: f"/check?code={scene.jerky.trace_code}",
        has_scripts=True,
    ),
    Page("standards", lambda _: "/standards"),
    Page("limit", lambda _: "/standards/gb_2762/2025/lead.meat_product"),
    Page("papers needed", lambda _: "/papers-needed?product_class=livestock_product"),
    Page("limits of a class", lambda _: "/standards?product_class=cooked_jerky"),
    Page("party", lambda scene: f"/p/{scene.jerky.actor.party_uid}"),
    Page("site", lambda scene: f"/s/{scene.jerky.pasture}"),
    Page("event", lambda scene: f"/e/{scene.jerky.slaughter}"),
    Page("sign in", lambda _: "/sign-in/"),
    Page("certificate", lambda scene: f"/certificates/{scene.certificate}"),
    Page("inspected certificate", _certificate("/inspect"), _inspector),
    Page("desk: certificate", _certificate("/desk"), _producer, has_scripts=True),
    _desk("certificates", "/certificates/"),
    _desk("what stands in the way of a certificate", "/batches/{code}/certificate"),
    _desk("keeping a certificate", "/certificates/collect"),
    Page("inspection", lambda _: "/inspect/", _inspector),
    Page("found", lambda scene: f"/inspect/?q={scene.jerky.trace_code}", _inspector),
    Page("inspected batch", lambda scene: _inspected(scene.jerky.animals), _inspector),
    Page("chain", lambda scene: _inspected(scene.recalled.trace_code) + "/chain", _inspector),
    Page("inspected event", lambda scene: f"/inspect/events/{scene.jerky.slaughter}", _inspector),
    Page("record", lambda scene: _inspected(scene.jerky.animals) + "/record", _inspector),
    Page("recall", lambda scene: _inspected(scene.jerky.animals) + "/recall", _inspector),
    Page("orders", lambda _: "/inspect/orders", _inspector),
    Page("warnings", lambda _: "/inspect/warnings", _inspector),
    Page("inspected warning", lambda scene: f"/inspect/warnings/{scene.warning}", _inspector),
    Page("risk warnings", lambda _: "/warnings"),
    _desk("warnings", "/warnings/"),
    _desk("where warnings are sent", "/warnings/contacts"),
    Page("inspect", lambda scene: _inspected(scene.jerky.animals) + "/inspection", _inspector),
    _desk("first page", ""),
    Page("balance", lambda _: "/inspect/balance?season=", _inspector),
    Page("report", lambda _: "/inspect/division-report?cadence=yearly&period=2026", _inspector),
    Page("stations", lambda _: "/inspect/stations", _inspector),
    Page("balance by process", lambda _: "/inspect/balance?season=&by=process", _inspector),
    _desk("register a batch", "/batches/new?goods=yak_meat/live"),
    _desk("batch", "/batches/{code}"),
    _desk("what happened", "/events/new?batch={code}"),
    _desk("ship", "/events/new?batch={code}&kind=ship"),
    _desk("release", "/batches/{code}/release"),
    _desk("make", "/make?batch={code}&kind=repack"),
    _desk("print", "/batches/{code}/print"),
    _desk("trying a printer out", "/printers/test"),
    _job("labels that wait to be drawn", "page"),
    _job("labels that are drawn", "file"),
    Page(
        "desk: labels that are to be issued",
        lambda scene: f"/desk/issue-jobs/{scene.jobs['desk.issue_jobs.page']}",
        _producer,
        has_scripts=True,
    ),
    _desk("printers", "/printers/"),
    _desk("new printer", "/printers/new"),
    _desk("print agent", "/printers/agent"),
    _printer("a printer", "/printers/{}", "page"),
    _printer("a printer that is set otherwise", "/printers/{}/change", "change"),
    _printer("labels to send to a printer", "/runs/{}/send", "printer_jobs.send"),
    _printer("labels to share from a phone", "/printer-jobs/{}", "printer_jobs.labels"),
    _printer("labels that broke off", "/printer-jobs/{}", "printer_jobs.page"),
    _desk("weigh", "/batches/{code}/weigh"),
    _desk("cartons", "/batches/{code}/cartons"),
    _desk("blank rolls", "/rolls/"),
    _desk("order a blank roll", "/rolls/new"),
    _desk("carriers", "/carriers/"),
    _desk("bind a carrier", "/carriers/new"),
    _desk("product", "/products/new?goods=yak_meat/cooked_jerky"),
    _desk("paper", "/papers/new?kind=commitment_certificate"),
    _desk("certifications", "/certifications/new"),
    _desk("application", "/certifications/new?kind=origin_certification"),
    Page("proof sheet", lambda _: "/proof-sheet", _office),
    Page("credit", lambda _: "/inspect/credit", _inspector),
    Page("credit of", lambda scene: f"/inspect/credit/{_producer(scene).party_uid}", _inspector),
    _desk("own yearly assessments", "/credit/"),
    Page("applications", lambda _: "/inspect/applications", _inspector),
    _desk("test report", "/reports/new"),
    _desk("samples", "/samples/"),
    _desk("sampling sheet", "/samples/new"),
    _desk("sample", "/samples/{sample}"),
    _desk("step of a sample", "/samples/{sample}/step"),
    Page("inspected sample", lambda scene: f"/inspect/samples/{scene.sample}", _inspector),
    _desk("sheets", "/sheets/"),
    _results("results from a sheet", ""),
    _results("what stands where in a sheet of results", "{}/columns"),
    _results("results looked through", "{}"),
    _desk("members", "/members/"),
    _account("account", ""),
    _account("own PIN", "/pin"),
    _account("second factor", "/second-factor"),
    _account("tokens", "/tokens"),
    Page("operator's page", lambda _: "/admin/", _operator),
    Page("keys", lambda _: "/admin/keys", _operator),
    Page("new key", lambda _: "/admin/keys/new", _operator),
    Page("legal holds", lambda _: "/inspect/kept", _inspector),
    Page("limits of divisions", lambda _: "/admin/limits", _operator),
    Page("what is kept", lambda _: "/admin/kept", _operator),
    Page("erasing", lambda _: "/admin/erase", _operator),
    Page("signed directory", lambda _: "/admin/keys/directory", _operator),
    Page("parties", lambda _: "/admin/parties/", _operator),
    Page("how the API is used", lambda _: "/api/docs"),
)


@pytest.fixture(scope="module")
def scene(run_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with live_site(run_folder, tmp_path_factory.mktemp("live")) as live:
        jerky, recalled = make_jerky(live.ledger), make_jerky(live.ledger)
        live.ledger.perform(recalled.actor, recall, recalled.trace_code, "检出兽药残留")
        yield Scene(
            live,
            jerky,
            recalled,
            make_regulator(live.ledger, SUO_COUNTY),
            make_operator(live.ledger),
            make_office(live.ledger),
            _pinned(live.ledger, jerky),
            _warned(live.ledger, jerky),
            make_sample(live.ledger, jerky.actor, jerky.trace_code),
            certify(live.ledger, jerky.actor, make_yaks(live.ledger, jerky.actor)),
            *_sent_results(live.ledger, jerky),
            make_jobs(live.ledger, jerky.actor, issue(live.ledger, jerky.actor, 3)),
            make_printers(live.ledger, jerky.actor),
        )


def _sent_results(ledger: Ledger, jerky: Jerky) -> tuple[Actor, str]:
    """A laboratory, and a sheet of its with a result to look at, a word and a cell that is bad."""
    laboratory = make_producer(ledger, "laboratory")
    code = jerky.trace_code
    rows = row(code, "R-1"), row(code, "R-1", "六六六"), row(code, "R-2", "镉", "不少")
    return laboratory, send_results(ledger, laboratory, *rows)


def _warned(ledger: Ledger, jerky: Jerky) -> str:
    """A warning about the jerky, taken up and told to consumers by two people; its uid."""

    def opened(w: Writing) -> str:
        jerked = batch(w.session, jerky.trace_code)
        uid = warn(w, "over_limit", "1", batch=jerked, evidence={"result": "0.9 mg/kg"})
        assert uid is not None
        return uid

    uid = ledger.perform(SYSTEM, opened)
    first, second = (make_regulator(ledger, SUO_COUNTY) for _ in range(2))
    ledger.perform(first, act_on, uid, "已下架")
    ledger.perform(first, propose_publication, uid, "请勿食用该批次产品,可到购买处退货。")
    ledger.perform(second, publish, uid)
    return uid


def _pinned(ledger: Ledger, jerky: Jerky) -> str:
    """A package with a scratch PIN and a hologram; returns its path."""
    run = ledger.perform(
        jerky.actor, issue_print_run, jerky.trace_code, 1, "trace-70x40-pin",
        try_out=try_out, pins=True,
    )  # fmt: skip
    with ledger.database.read() as session:
        (label,) = codes_of(session, run)
    ledger.perform(jerky.actor, bind_carrier, CarrierFacts("hologram", HOLOGRAM, label.path))
    return label.path


class Windows:
    """One window of the browser for each language and person: signing in is done once."""

    def __init__(self, browser: Browser, scene: Scene) -> None:
        self._browser, self._scene = browser, scene
        self._tabs: dict[tuple[str, str | None], Tab] = {}

    def open(self, language: str, actor: Actor | None) -> Tab:
        key = (language, actor.person_uid if actor else None)
        if key not in self._tabs:
            context = self._browser.new_context(
                base_url=self._scene.live.url, locale=LANGUAGES[language]
            )
            self._tabs[key] = context.new_page()
            if actor is not None:
                self._sign_in(self._tabs[key], actor)
        return self._tabs[key]

    def _sign_in(self, tab: Tab, actor: Actor) -> None:
        ledger = self._scene.live.ledger
        secret = ledger.perform(SYSTEM, make_link, str(actor.person_uid), "sign_in", 10)
        tab.goto(f"/in/{secret}")
        tab.locator("main form button").first.click()


@pytest.fixture(scope="module")
def windows(browser: Browser, scene: Scene) -> Windows:
    return Windows(browser, scene)


def test_what_is_grave_is_found(browser: Browser) -> None:
    tab = browser.new_page()
    tab.set_content("<html lang=en><title>t</title><main><h1>h</h1><img src=/x.png></main>")
    (found,) = grave(tab)
    assert "image-alt" in found
    assert "/x.png" in found
    tab.close()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_nothing_grave_is_found(windows: Windows, scene: Scene, page: Page, language: str) -> None:
    tab = windows.open(language, page.who(scene))
    address = page.address(scene)
    # what the server sends is the page: it is whole before any script runs
    plain = tab.request.get(address)
    assert (plain.status == 404) is not page.is_there
    assert "<h1" in plain.text()
    for width in WIDTHS:
        tab.set_viewport_size({"width": width, "height": 800})
        if width == WIDTHS[0]:
            tab.goto(address)
        if not page.has_scripts:
            assert tab.locator("script").count() == 0
        wide = tab.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"the page is {wide} px wide"
        found = grave(tab)
        assert not found, f"at {width} px: " + "\n".join(found)
