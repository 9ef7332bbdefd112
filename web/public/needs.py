"""``/papers-needed``: which papers a product needs, in the case that is asked about."""

from __future__ import annotations

from flask import render_template, request
from flask_babel import gettext

from suyuan.trace.errors import InvalidInput
from suyuan.trace.papers.needs import Circumstances
from suyuan.trace.papers.needs_told import told_needs
from suyuan.trace.parties.roles import Rights
from suyuan.trace.products.papers_needed import Route, product_classes
from suyuan.web.catalogues import COOKIE
from suyuan.web.days import day_in
from suyuan.web.ground import ledger, today

_ROUTES: dict[str, Route] = {"within": "within", "across": "across"}


def needs() -> str:
    """The form, and the answer once a product was chosen. Raises InvalidInput."""
    asked = request.args.get("product_class", "").strip()
    producer = request.args.get("producer", "").strip()
    route = _ROUTES.get(request.args.get("route", ""))
    day = day_in(request.args, "day") or today()
    case = Circumstances(day, producer=producer or None, route=route)
    arguments = "".join(
        f"&{name}={value}" for name, value in (("route", route), ("day", day.isoformat())) if value
    )
    kinds = Rights.load().organisation_kinds
    if producer and producer not in kinds:
        raise InvalidInput(
            "There is no kind of organisation {kind}; there are: {known}.",
            "producer",
            kind=producer[:30],
            known=", ".join(kinds),
        )
    answer = told_needs(ledger().families, asked, case) if asked else None
    shown = answer.product_class if answer else ""
    return render_template(
        "public/needs.html",
        classes=product_classes().values(),
        producers=[one for one in kinds.values() if "register_batch" in one.permissions],
        answer=answer,
        asked={"product_class": shown, "producer": producer, "route": route or "", "day": day},
        standings={
            "needed": gettext("needed"),
            "depends": gettext("needed in some cases"),
            "not_needed": gettext("not needed"),
        },
        stages={
            "registration": gettext("when it is registered"),
            "process": gettext("when it is made"),
            "pack": gettext("when it is packed"),
            "release": gettext("before it is shipped or sold"),
        },
        in_language=lambda code: (
            f"/papers-needed?product_class={shown}&producer={producer}{arguments}&{COOKIE}={code}"
        ),
    )
