"""The weekly, monthly, quarterly and yearly report of a division."""

from __future__ import annotations

from typing import Any, cast

from flask import Response, jsonify

from suyuan.api.blueprints import ApiBlueprint
from suyuan.api.current import actor, now, reading
from suyuan.api.plain import plain, schema_of
from suyuan.api.schemas.division_reports import ReportQuery
from suyuan.trace.oversight.division_reports import asked_report, division_report
from suyuan.trace.oversight.periods import Cadence
from suyuan.trace.oversight.told_reports import ToldReport, told_report

division_reports = ApiBlueprint("division-reports", "What was recorded of a division in a period.")


@division_reports.get("/reports", query=ReportQuery, answer=schema_of(ToldReport))
def read_division_report(query: dict[str, Any]) -> Response:
    """Read the report of a division over a week, month, quarter or year.

    Everything counts by the moment at which it was recorded, in days of Asia/Shanghai: the report
    of a period that is `over` is the same whenever it is asked for. What is withdrawn, lifted,
    revoked or overturned later counts when that is done. For regulators who are competent for all
    of the division, of the `families` they are competent for, and for whoever serves it.
    """
    cadence = cast(Cadence, query["cadence"])
    asked = asked_report(actor(), query["division"], cadence, query["period"], now())
    with reading() as session:
        made = division_report(session, asked, now())
    return jsonify(plain(told_report(made)))
