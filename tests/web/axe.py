"""What axe-core finds on the page that a window shows, as far as it is grave."""

from __future__ import annotations

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

_IS_THERE = "typeof axe === 'object'"
# the answer whole, with all that was found in order, takes as long to hand over as the looking
_RUN = """axe.run({resultTypes: ["violations"]}).then((found) => found.violations
    .filter((one) => one.impact === "serious" || one.impact === "critical")
    .map((one) => `${one.id}: ${one.help}: `
        + one.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join("; ")))"""


def grave(tab: Page) -> list[str]:
    """A line for each rule that is broken seriously or critically, with the first places."""
    if not tab.evaluate(_IS_THERE):
        tab.evaluate(AXE_SCRIPT)
    found: list[str] = tab.evaluate(_RUN)
    return found
