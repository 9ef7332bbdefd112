"""Printers of a station for pages to be about, and what the forms about them take."""

from __future__ import annotations

from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.parties.actor import Actor
from tests.stations import break_off, make_printer, make_run, send
from tests.world import make_site

_PRINTER = {
    "site": "{printers[site]}", "language": "zpl", "dpi": "203", "head_dots": "832",
    "gap_mm": "2",
}  # fmt: skip
FORMS: dict[str, dict[str, str]] = {
    "desk.printers.new": {"name": "新打印机", **_PRINTER},
    "desk.printers.change": {"name": "改名", **_PRINTER},
    "desk.printers.test": {"template": "trace-50x30"},
    "desk.printers.agent": {"label": "打印代理", "days": "30"},
    "desk.printer_jobs.send": {"printer": "{printers[page]}", "first": "2"},
    "desk.printer_jobs.page": {"outcome": "partly", "last_out": "1", "rest": "send"},
}


def make_printers(ledger: Ledger, owner: Actor) -> dict[str, str]:
    """The printer, job or run for each view, by the last part of its name; and the place."""
    site = make_site(ledger, owner, kind="store", name="包装车间")
    first, second = (make_printer(ledger, owner, name, site=site) for name in ("一号", "二号"))
    broken = break_off(ledger, owner, send(ledger, owner, first), first)
    phone = make_printer(ledger, owner, "手机", site=site, language="png", head_dots=400)
    handed = send(ledger, owner, phone)
    return {
        "site": site, "page": first, "change": first, "test": first, "remove": second,
        "printer_jobs.labels": handed, "printer_jobs.picture": handed,
        "printer_jobs.page": broken, "printer_jobs.send": make_run(ledger, owner),
    }  # fmt: skip
