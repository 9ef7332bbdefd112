"""Everybody checks a passport in a browser: what is proven, what is not, and without a script."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from suyuan.api.resolver import answer_json
from suyuan.trace.acts.certificates import void_certificate
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.errors import InvalidInput
from suyuan.trace.log.audit import log_key
from suyuan.trace.log.passport_check import verify_passport
from suyuan.trace.log.shown_fields import LINKS, MENDS, SHOWN, STEP_KINDS, WORKED_OUT
from suyuan.trace.passport import passport_of_typed
from tests import world
from tests.certifying import certify, make_yaks
from tests.jerky import Jerky, make_jerky
from tests.live import Live, live_site
from tests.web_clients import site

PASSPORTS = "**/api/v1/passport?*"
MUTANTS = 300


@pytest.fixture(scope="module")
def live(run_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with live_site(run_folder, tmp_path_factory.mktemp("check")) as running:
        yield running


@pytest.fixture(scope="module")
def jerky(live: Live) -> Jerky:
    return make_jerky(live.ledger)


@pytest.fixture
def phone(browser: Browser, live: Live) -> Iterator[BrowserContext]:
    context = browser.new_context(base_url=live.url, locale="en-US")
    yield context
    context.close()


def told(ledger: Ledger, code: str) -> dict[str, Any]:
    with ledger.database.read() as session:
        found = passport_of_typed(session, ledger.families, code, now=ledger.clock.now())
        answer: dict[str, Any] = json.loads(json.dumps(answer_json(found, session)))
        return answer


def checked(page: Page, code: str) -> Page:
    page.goto(f"/check?code={code}")
    page.locator("#go").click()
    page.wait_for_selector("#said[data-outcome]")
    return page


def states(page: Page) -> dict[str, str]:
    """Each shown value with what was found of it."""
    rows = page.locator("#checked [data-shown]")
    found: dict[str, str] = rows.evaluate_all(
        "all => Object.fromEntries(all.map(one => [one.dataset.shown, one.dataset.state]))"
    )
    return found


def test_from_the_page_of_a_label_to_all_of_it_proven(phone: BrowserContext, jerky: Jerky) -> None:
    page = phone.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(f"/t/{jerky.trace_code}")
    page.get_by_role("link", name="Check this yourself").click()
    page.get_by_role("button", name="Check now").click()
    page.wait_for_selector("#said[data-outcome=proven]")
    found = states(page)
    assert set(found.values()) == {"proven"}
    assert {"/name", "/quantity", "/steps/0/who", "/tests/0/items/0/result"} <= set(found)
    assert "4520" in page.locator("[data-shown='/route/0/place/altitude_m']").inner_text()
    assert "corrected later" in page.locator("[data-shown='/steps/1/happened_at']").inner_text()
    assert not wrong


def test_a_harvest_date_is_proven_and_no_price_is_seen(live: Live, phone: BrowserContext) -> None:
    head = world.make_producer(live.ledger)
    code = world.make_batch(
        live.ledger, head, family="cordyceps", variant="dried", name="那曲冬虫夏草",
        attributes={"gathered_from": "2026-05-20"}, note="收购价 38元/根",
    )  # fmt: skip
    page = phone.new_page()
    sent: list[str] = []
    page.on(
        "response", lambda one: sent.append(one.text()) if "/api/v1/passport" in one.url else None
    )
    checked(page, code)
    row = page.locator("[data-shown='/facts/0/value']")
    assert row.get_attribute("data-state") == "proven"
    assert "2026-05-20" in row.inner_text()
    assert sent
    assert "38元" not in "".join(sent)
    assert '"note"' in sent[0], "the price's field is there as a commitment"


def test_a_value_that_the_server_altered_is_shown_as_not_proven(
    live: Live, phone: BrowserContext, jerky: Jerky
) -> None:
    passport = told(live.ledger, jerky.trace_code)
    at = next(n for n, fact in enumerate(passport["facts"]) if fact["value"] == 21)
    passport["facts"][at]["value"] = 99

    def lie(route: Route) -> None:
        route.fulfill(json=passport)

    phone.route(PASSPORTS, lie)
    page = checked(phone.new_page(), jerky.trace_code)
    found = states(page)
    assert [shown for shown, state in found.items() if state != "proven"] == [f"/facts/{at}/value"]
    assert "The log says otherwise: 21" in page.locator("[data-state=not-proven]").inner_text()
    assert "1 of" in page.locator("#said").inner_text()


def test_a_checkpoint_of_another_key_proves_nothing(
    live: Live, phone: BrowserContext, jerky: Jerky
) -> None:
    passport = told(live.ledger, jerky.trace_code)
    note = passport["proofs"]["logs"][0]["checkpoint"]
    passport["proofs"]["logs"][0]["checkpoint"] = note.replace("\n— ", "1\n— ", 1)
    phone.route(PASSPORTS, lambda route: route.fulfill(json=passport))
    page = checked(phone.new_page(), jerky.trace_code)
    assert page.locator("#said").get_attribute("data-outcome") == "refused"
    assert not states(page)


def test_without_a_script_the_file_can_be_had(browser: Browser, live: Live, jerky: Jerky) -> None:
    context = browser.new_context(base_url=live.url, locale="en-US", java_script_enabled=False)
    page = context.new_page()
    page.goto(f"/check?code={jerky.trace_code}")
    assert not page.locator("#go").is_visible()
    expect(page.get_by_text("needs a script, which is switched off")).to_be_visible()
    with live.ledger.database.read() as session:
        assert str(log_key(session)) in page.content()
    with page.expect_download() as saving:
        page.get_by_role("link", name="Save the passport").click()
    saved = json.loads(Path(saving.value.path()).read_text("utf-8"))
    with live.ledger.database.read() as session:
        assert verify_passport(saved, log_key(session)).proven
    context.close()


def test_the_table_of_the_browser_is_that_of_the_program() -> None:
    text = (Path(__file__).parents[2] / "web/static/proof/shown.js").read_text("utf-8")
    tables = {
        part.split(" = ")[0]: json.loads(part.split(" = ", 1)[1].split(";\n")[0])
        for part in text.split("export const EXPECTED")[0].split("export const ")[1:]
    }
    assert tables["SHOWN"] == SHOWN
    assert tables["LINKS"] == LINKS
    assert {tuple(one) for one in tables["MENDS"]} == MENDS
    assert tables["STEP_KINDS"] == STEP_KINDS
    assert set(tables["WORKED_OUT"]) == WORKED_OUT


def test_browser_and_program_agree_on_hundreds_of_mutants(
    live: Live, phone: BrowserContext, jerky: Jerky
) -> None:
    coop = world.make_producer(live.ledger)
    herd = make_yaks(live.ledger, coop)
    number = certify(live.ledger, coop, herd, 4)
    live.ledger.perform(coop, void_certificate, certify(live.ledger, coop, herd, 5), "写错")
    passport = told(live.ledger, jerky.trace_code)
    certified = told(live.ledger, herd)
    assert number in str(certified["certificates"])
    with live.ledger.database.read() as session:
        key = str(log_key(session))
    draw = random.Random(11)
    _agree(phone, key, certified, [
        {"at": ("certificates", *spot), "to": draw.choice(STRANGE)}
        for spot, _ in _spots(certified["certificates"])
    ])  # fmt: skip
    spots = [spot for spot, _ in _spots(passport)]
    changes = [{"at": draw.choice(spots), "to": draw.choice(STRANGE)} for _ in range(MUTANTS)]
    ours = _agree(phone, key, passport, changes)
    assert sum(one == "refused" for one in ours) > 3
    assert sum(isinstance(one, list) and bool(one) for one in ours) > MUTANTS / 4


def _agree(
    phone: BrowserContext, key: str, passport: dict[str, Any], changes: list[dict[str, Any]]
) -> list[Any]:
    """What program and browser both say of each change."""
    page = phone.new_page()
    page.goto(f"/check?code={passport['trace_code']}")
    theirs = page.evaluate(AGREE, [passport, changes, key])
    ours = [_outcome(_changed(passport, change), key) for change in changes]
    differ = [
        (change, one, other)
        for change, one, other in zip(changes, ours, theirs, strict=True)
        if one != other
    ]
    assert not differ, differ[:3]
    return ours


STRANGE: list[Any] = [
    None, True, 0, -1, 1.5, 2**53, "", "x", "AAAA", "2026-01-01T00:00:00Z", [], {}, ["x"],
    {"key": "x"}, "/steps/0", "name", "id",
]  # fmt: skip

AGREE = """
async ([passport, changes, key]) => {
  const { verifyPassport } = await import("/static/proof/passport.js");
  const { parseVerifierKey } = await import("/static/verify/notes.js");
  const { Refused } = await import("/static/verify/bytes.js");
  const outcomes = [];
  for (const { at, to } of changes) {
    const other = structuredClone(passport);
    let room = other;
    for (const step of at.slice(0, -1)) room = room[step];
    room[at.at(-1)] = to;
    try {
      const { fields } = await verifyPassport(other, [parseVerifierKey(key)]);
      outcomes.push(fields.filter((one) => !one.proven).map((one) => one.shown).sort());
    } catch (error) {
      outcomes.push(error instanceof Refused ? "refused" : String(error));
    }
  }
  return outcomes;
}
"""


def _spots(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    for name, below in value.items() if isinstance(value, dict) else enumerate(value):
        yield (*at, name), below
        if isinstance(below, dict | list):
            yield from _spots(below, (*at, name))


def _changed(passport: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    other = copy.deepcopy(passport)
    room: Any = other
    for step in change["at"][:-1]:
        room = room[step]
    room[change["at"][-1]] = change["to"]
    return other


def _outcome(passport: dict[str, Any], key: str) -> Any:
    try:
        return sorted(one.shown for one in verify_passport(passport, key).not_proven)
    except InvalidInput:
        return "refused"


def test_a_batch_that_is_not_there_has_no_page(ledger: Ledger) -> None:
    client = site(ledger)
    assert client.get("/check?code=5406260847047297").status_code == 404
    assert client.get("/check?code=12").status_code == 422
    assert client.get("/check").status_code == 422
