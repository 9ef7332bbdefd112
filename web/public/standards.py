"""``/standards``: any limit with its source and history."""

from __future__ import annotations

from itertools import groupby

from flask import render_template, request
from flask_babel import gettext

from suyuan.trace.errors import NotFound
from suyuan.trace.quality.parameters import parameters
from suyuan.trace.quality.product_classes import product_classes
from suyuan.trace.quality.told import limits_for
from suyuan.web.catalogues import COOKIE
from suyuan.web.ground import today


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
    by_parameter = groupby(limits_for(asked, gettext), key=lambda one: one.parameter)
    return render_template(
        "public/limits.html",
        product=classes[asked],
        limits=[(parameters().by_key[key], list(rows)) for key, rows in by_parameter],
        today=today(),
        in_language=lambda code: f"/standards?product_class={asked}&{COOKIE}={code}",
    )
