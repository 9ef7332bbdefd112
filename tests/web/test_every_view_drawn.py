"""Every view that answers with a page, in a real browser at 360 px: axe-core finds nothing grave.

Where ``test_accessibility`` looks at chosen pages in all languages and widths, here no page is left
out: a new view comes along by itself, as it is about one of everything, for one who gets through.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import APIResponse, Browser
from playwright.sync_api import Page as Tab

from suyuan.trace.acts.people import make_link
from suyuan.trace.parties.actor import SYSTEM, Actor
from tests import world
from tests.live import Live, live_site
from tests.web.axe import grave
from tests.web.every_page import Things, make_things, views
from tests.web.test_page_access import MATRIX, asker

NARROW = 360
ROOMS = ("public", "desk", "inspect", "admin", "account")
"""Each is gone through by a test of its own, and all others by one more."""
ENDS_IT = ("sign_in.leave",)


@dataclass
class Visit:
    """A live site with one of everything, and a signed-in window for each kind of asker."""

    live: Live
    browser: Browser
    things: Things
    people: dict[str, Actor | None]
    tabs: dict[str, Tab]

    def tab(self, letter: str) -> Tab:
        if letter not in self.tabs:
            context = self.browser.new_context(
                base_url=self.live.url, locale="zh-CN", viewport={"width": NARROW, "height": 800}
            )
            tab = self.tabs[letter] = context.new_page()
            if actor := self.people[letter]:
                secret = self.live.ledger.perform(
                    SYSTEM, make_link, str(actor.person_uid), "sign_in", 10
                )
                tab.goto(f"/in/{secret}")
                tab.locator("main form button").first.click()
                tab.wait_for_url(lambda url: "/in/" not in url)
        return self.tabs[letter]


@pytest.fixture(scope="module")
def visit(
    browser: Browser, run_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Visit]:
    with live_site(run_folder, tmp_path_factory.mktemp("views")) as live:
        owner = world.make_producer(live.ledger)
        member = world.make_actor(live.ledger, str(owner.party_uid), "operator")
        things = make_things(live.ledger, owner, member)
        people = {letter: asker(live.ledger, letter, owner) for letter in "nhrob"}
        yield Visit(live, browser, things, {**people, "l": things.laboratory}, {})


@pytest.mark.parametrize("room", [*ROOMS, "other"])
def test_nothing_grave_is_found_on_any_page_of(visit: Visit, room: str) -> None:
    found: list[str] = []
    seen = 0
    for endpoint, address in _addresses(visit, room):
        for letter in "hrobln":
            if letter not in MATRIX[f"GET {endpoint}"]:
                continue
            if _is_page(visit.tab(letter).request.get(address)):
                found += [f"{endpoint} {said}" for said in _looked_at(visit.tab(letter), address)]
                seen += 1
                break
    assert not found, "\n".join(found)
    assert seen > 3


def _addresses(visit: Visit, room: str) -> Iterator[tuple[str, str]]:
    for method, endpoint, rule in views(visit.live.app):
        within = endpoint.partition(".")[0]
        asked = (within if within in ROOMS else "other") == room and endpoint not in ENDS_IT
        if method == "GET" and asked:
            yield endpoint, visit.things.address(endpoint, rule)


def _is_page(answer: APIResponse) -> bool:
    return answer.status == 200 and answer.headers.get("content-type", "").startswith("text/html")


def _looked_at(tab: Tab, address: str) -> Iterator[str]:
    tab.goto(address)
    wide = tab.evaluate("document.documentElement.scrollWidth")
    if wide > NARROW:
        yield f"{address} is {wide} px wide"
    yield from (f"{address}: {one}" for one in grave(tab))
