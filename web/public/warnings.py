"""``/warnings``: what authorised people tell consumers of risks."""

from __future__ import annotations

from flask import render_template, request

from suyuan.trace.errors import NotFound
from suyuan.trace.notices.queries import published
from suyuan.web.catalogues import COOKIE
from suyuan.web.ground import db

PAGE = 50


def listed() -> str:
    """The texts that are published now, the newest first."""
    before = request.args.get("before", type=int)
    if before is not None and not 0 < before < 2**63:
        raise NotFound("There is no such page.")
    found = published(db(), before=before, limit=PAGE + 1)
    return render_template(
        "public/warnings.html",
        warnings=found[:PAGE],
        before=found[PAGE - 1].id if len(found) > PAGE else None,
        in_language=lambda code: f"/warnings?{COOKIE}={code}",
    )
