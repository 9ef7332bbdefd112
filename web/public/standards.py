"""``/standards``: any limit with its source and history, those of counties among them."""

from __future__ import annotations

from itertools import groupby

from flask import render_template, request
from flask_babel import gettext

from suyuan.trace.errors import NotFound
from suyuan.trace.quality.county_limits import (
    PREFIX,
    as_standard,
    county_limits,
    county_standards,
)
from suyuan.trace.quality.parameters import parameters
from suyuan.trace.quality.product_classes import product_classes
from suyuan.trace.quality.told import limit_told, limits_for
from suyuan.web.catalogues import COOKIE
from suyuan.web.ground import db, today


def listed() -> str:
    """The classes of products; with ``product_class`` its limits. Raises NotFound."""
    asked = request.args.get("product_class", "").strip()
    classes = product_classes().by_key
    if not asked:
        return render_template(
            "public/standards.html",
            classes=[one for one in classes.values() if not one.group],
            in_language=lambda code: f"/standards?{COOKIE}={code}",
        )
    if asked not in classes:
        raise NotFound("There is no product class {word}.", field="product_class", word=asked[:60])
    by_parameter = groupby(
        limits_for(asked, county_standards(db()), gettext), key=lambda one: one.parameter
    )
    return render_template(
        "public/limits.html",
        product=classes[asked],
        limits=[(parameters().by_key[key], list(rows)) for key, rows in by_parameter],
        today=today(),
        in_language=lambda code: f"/standards?product_class={asked}&{COOKIE}={code}",
    )


def limit(limit_id: str) -> str:
    """One limit with what held before, what holds after, and what counties have set; of a county's
    row also when two persons put it in force, and when they withdrew it. Raises NotFound."""
    rows = {f"{PREFIX}{one.uid}": one for one in county_limits(db()) if one.approved_at}
    told, beside = limit_told(limit_id, [as_standard(one) for one in rows.values()], gettext)
    return render_template(
        "public/limit.html",
        limit=told,
        beside=beside,
        county=rows,
        parameter=parameters().by_key[told.parameter],
        classes=[product_classes().by_key[key] for key in told.product_classes],
        today=today(),
        in_language=lambda code: f"/standards/{limit_id}?{COOKIE}={code}",
    )
