"""How far stations cover the divisions that one looks after, against what the plans want."""

from __future__ import annotations

from typing import Any

from flask import Response

from suyuan.api.blueprints import ApiBlueprint
from suyuan.api.current import actor, reading, today
from suyuan.api.paging import listed, page
from suyuan.api.plain import plain, schema_of
from suyuan.api.schemas.coverage import CoverageQuery
from suyuan.trace.coverage.counting import Coverage, coverage
from suyuan.trace.coverage.scope import counties_of

coverages = ApiBlueprint("coverage", "Stations: how far they cover a division.")

_PAGE = {
    "type": "object",
    "required": ["items", "next"],
    "properties": {
        "items": {"type": "array", "items": schema_of(Coverage)},
        "next": {"type": ["string", "null"]},
    },
}


@coverages.get("/reports/stations", query=CoverageQuery, answer=_PAGE)
def report_stations(query: dict[str, Any]) -> Response:
    """List how far stations cover each county that you look after, by the county's code.

    Counted are stations that somebody has checked. A township is served where a station of its
    level stands in it. Which villages there are is not recorded (`villages_listed`): each village
    station is counted for one. `percent` is rounded down, `met` is reckoned exactly; both are null
    where the number of places is not recorded. `trained` is null where none are asked of a level.
    """
    asked = page(query)
    after = asked.after or 0
    counties = list(enumerate(counties_of(actor(), query["division"]), start=1))
    shown = counties[after : after + asked.limit + 1]
    with reading() as session:
        lines = coverage(session, [county for _, county in shown], today())
    numbered = [(number, line) for (number, _), line in zip(shown, lines, strict=True)]
    return listed(asked, numbered, lambda one: one[0], lambda one: plain(one[1]))
