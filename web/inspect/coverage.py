"""How far stations cover the divisions that the reader looks after, against what the plans want."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from suyuan.trace.coverage.counting import coverage
from suyuan.trace.coverage.scope import counties_of
from suyuan.web.ground import db, today
from suyuan.web.identity import current_actor


def add_to(blueprint: Blueprint) -> None:
    """Put this page into ``blueprint``."""
    blueprint.add_url_rule("/stations", "coverage", coverage_page)


def coverage_page() -> str:
    """A line for each county; of one county (``?division=``) all of it."""
    chosen = request.args.get("division") or None
    counties = counties_of(current_actor(), chosen)
    lines = coverage(db(), counties, today())
    one = lines[0] if len(lines) == 1 else None
    return render_template("inspect/coverage.html", lines=lines, one=one, chosen=chosen)
