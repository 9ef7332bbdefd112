"""Labels of cartons: how many, of how many packages, numbered under a company prefix."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from flask import Blueprint, render_template, url_for
from flask_babel import gettext

from suyuan.labels.from_facts import try_out
from suyuan.labels.templates import template, template_ids
from suyuan.trace.acts.cartons import issue_cartons
from suyuan.trace.batches.tables import Batch
from suyuan.trace.cartons.facts import CartonOrder
from suyuan.trace.cartons.queries import usual_prefix
from suyuan.trace.errors import Fault
from suyuan.web.desk.forms.typed import Typed
from suyuan.web.desk.reading import batch_seen
from suyuan.web.desk.sheet import Answer, Done, Sheet, answered, typed
from suyuan.web.ground import db, settings
from suyuan.web.identity import current_actor, perform_once
from suyuan.web.once import once

views = Blueprint("cartons", __name__)

MOST_PACKAGES = 99_999_999
"""What the eight digits of a count hold."""


@views.route("/batches/<code>/cartons", methods=["GET", "POST"])
def new(code: str) -> Answer:
    """Number cartons of a batch and issue their labels."""
    batch = batch_seen(code)
    current_actor().require("print_labels", batch.party)
    offered = [one for one in map(template, template_ids()) if one.bars is not None]

    def draw(sheet: Sheet) -> str:
        return render_template("desk/cartons.html", sheet=sheet, batch=batch, templates=offered)

    prefix = usual_prefix(db(), batch.party_id)
    return answered(
        draw,
        lambda: _issue(batch),
        prefilled={"company_prefix": prefix, "template": offered[-1].id},
    )


def _issue(batch: Batch) -> Done:
    given = typed()
    order = CartonOrder(
        given.whole_number("cartons", 1, settings().print_run_codes, required=True) or 1,
        given.whole_number("packages", 1, MOST_PACKAGES, required=True) or 1,
        given.text("company_prefix", most=20, required=True),
        _weight(given),
    )
    chosen = given.one_of("template", template_ids())
    given.finish()
    uid = perform_once(
        once(("cartons", batch.trace_code, order, chosen)),
        issue_cartons,
        batch.trace_code,
        order,
        chosen,
        try_out=try_out,
    )
    return Done(url_for("desk.printing.run", uid=uid), gettext("The labels are ready to print."))


def _weight(given: Typed) -> Decimal | None:
    text = unicodedata.normalize("NFKC", given.text("net_kg", most=20)).removesuffix("kg").strip()
    if not text:
        return None
    if re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,3})?", text):
        return Decimal(text)
    given.note(Fault("net_kg", "A weight is written in kg to the gram, such as 12.5."))
    return None
