"""The report of a division over a week, a month, a quarter or a year, on a page and as a file."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import gettext

from suyuan.trace.errors import InvalidInput
from suyuan.trace.oversight.division_reports import AskedReport, asked_report, division_report
from suyuan.trace.oversight.figures import cadences, figures
from suyuan.trace.oversight.periods import CADENCES, Period, period_on
from suyuan.trace.oversight.told_reports import ToldReport, told_report
from suyuan.trace.words import Names
from suyuan.web.ground import db, ledger, now, today
from suyuan.web.identity import current_actor
from suyuan.web.inspect.downloads import download
from suyuan.web.report_workbooks import report_workbook
from suyuan.web.showing import language

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_OFFERED = 12
"""How many periods back one is offered; older ones are reached from there."""


def add_to(blueprint: Blueprint) -> None:
    """Put these pages into ``blueprint``."""
    blueprint.add_url_rule("/division-report", "division_report", page)
    blueprint.add_url_rule("/division-report.xlsx", "division_report_file", file)


def page() -> str:
    """The report that is asked for; without a word the last month's of one's own division."""
    asked = _asked()
    told = _told(asked)
    period = asked.period
    return render_template(
        "inspect/division_report.html",
        told=told,
        cadence=cadences()[period.cadence],
        cadences=list(cadences().values()),
        offered=_offered(period),
        families=_families(),
        figures=figures(),
        links=_links(),
    )


def file() -> Response:
    """The same report as a workbook."""
    told = _told(_asked())
    content = report_workbook(told, _families(), language(), gettext)
    return download(content, _XLSX, f"report-{told.division}-{told.period}.xlsx")


def _asked() -> AskedReport:
    cadence = request.args.get("cadence", "monthly")
    if cadence not in CADENCES:
        raise InvalidInput("A report is one of: {known}.", "cadence", known=", ".join(CADENCES))
    return asked_report(
        current_actor(),
        request.args.get("division"),
        cadence,
        request.args.get("period"),
        now(),
    )


def _told(asked: AskedReport) -> ToldReport:
    return told_report(division_report(db(), asked, now()))


def _offered(period: Period) -> list[str]:
    """The newest periods of this cadence, that of today first, and the one that is shown."""
    one = period_on(period.cadence, today())
    names = []
    for _ in range(_OFFERED):
        names.append(one.name)
        one = one.before()
    return names if period.name in names else [*names, period.name]


def _families() -> dict[str, Names]:
    return {one.key: one.names for one in ledger().families}


def _links() -> dict[str, Any]:
    """The lists on which things that are counted stand."""
    return {
        "orders": url_for("inspect.orders", all=1),
        "warnings": url_for("inspect.warnings", state="all"),
    }
