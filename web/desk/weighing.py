"""Packages that are weighed one by one: a label for each, with its own net content.

The field for the weight holds the focus, and a scale that types sends the form with its return
key: weigh, and the label is there. A list of weights makes a run of as many labels.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext

from suyuan.labels.from_facts import try_out
from suyuan.trace.acts.weighing import Weighed
from suyuan.trace.acts.weighing_out import label_weighed
from suyuan.trace.balance.labels import as_amount, room_left
from suyuan.trace.balance.queries import labelled
from suyuan.trace.batches.tables import Batch
from suyuan.trace.printers.queries import printers_of
from suyuan.trace.printing.weighing import FIELD, SCALE_UNITS, summed
from suyuan.trace.quantities import Quantity, units
from suyuan.trace.release.queries import orders_of
from suyuan.web.desk.printable import choices
from suyuan.web.desk.reading import batch_seen
from suyuan.web.desk.sheet import Answer, Done, Sheet, answered, typed
from suyuan.web.ground import db, settings
from suyuan.web.identity import current_actor, perform_once
from suyuan.web.once import once

views = Blueprint("weighing", __name__)

_SAMPLE = "888.8 g"
"""What labels are tried out with before anything was weighed."""
_NOTHING = Decimal(0)
_LINE = 40
"""Characters of one weight."""


@dataclass(frozen=True)
class SoFar:
    """How many packages of a batch carry a weight of their own, what they hold together, and how
    much of the batch no label speaks for (not counting what is allowed for spoilage)."""

    packages: int
    held: Quantity | None
    left: Quantity


@views.route("/batches/<code>/weigh", methods=["GET", "POST"])
def new(code: str) -> Answer:
    """Weigh packages of a batch and issue their labels, one at a time or by a list."""
    batch = batch_seen(code)
    current_actor().require("print_labels", batch.party)
    offered = [one for one in choices(batch, (_SAMPLE,)) if one.per_package and not one.refused]
    printers = [(one.uid, one.name) for one in printers_of(db(), current_actor().party_id)]

    def draw(sheet: Sheet) -> str:
        return render_template(
            "desk/weigh.html",
            sheet=sheet,
            batch=batch,
            orders=orders_of(db(), batch.id),
            choices=offered,
            units=[(unit, units()[unit].symbol) for unit in SCALE_UNITS],
            printers=printers,
            so_far=_so_far(batch),
            last=request.args.get("run", ""),
        )

    kept = {name: request.args.get(name, "")[:_LINE] for name in ("template", "unit", "printer")}
    first = offered[0].template.id if offered else ""
    prefilled = {**kept, "template": kept["template"] or first, "unit": kept["unit"] or "KGM"}
    return answered(
        draw,
        lambda: _issue(batch, [one.template.id for one in offered], dict(printers)),
        prefilled=prefilled,
        place=_placed,
    )


def _issue(batch: Batch, offered: list[str], printers: dict[str, str]) -> Done:
    given = typed()
    template = given.one_of("template", offered)
    unit = given.one_of("unit", SCALE_UNITS)
    printer = given.one_of("printer", printers, required=False) or None
    room = settings().print_run_codes * _LINE
    listed = given.text("net_contents", most=room).splitlines()
    several = tuple(line.strip() for line in listed if line.strip())
    single = given.text("weight", most=_LINE, required=not several)
    given.finish()
    said = several or (single,)
    uid = perform_once(
        once(("weigh", batch.trace_code, template, unit, printer, said)),
        label_weighed,
        batch.trace_code,
        Weighed(said, unit),
        template,
        try_out=try_out,
        printer=printer,
    )
    if several:
        onward = url_for("desk.printing.run", uid=uid)
        return Done(onward, gettext("The labels are ready to print."))
    kept = {"template": template, "unit": unit, "printer": printer or "", "run": uid}
    return Done(
        f"{url_for('desk.weighing.new', code=batch.trace_code)}?{urlencode(kept)}",
        gettext("The label was sent to the printer.")
        if printer
        else gettext("The label is ready to print."),
    )


def _placed(faults: Mapping[str, str]) -> dict[str, str]:
    """Faults of single lines, at the field that they were typed in."""
    field = FIELD if request.form.get(FIELD, "").strip() else "weight"
    lines = [text for name, text in faults.items() if name.split(".")[0] == FIELD]
    others = {name: text for name, text in faults.items() if name.split(".")[0] != FIELD}
    return {**others, field: " ".join(lines)} if lines else others


def _so_far(batch: Batch) -> SoFar:
    lot = Quantity(batch.quantity, batch.unit)
    found = labelled(db(), [batch.id]).get(batch.id, [])
    own = {one.net: one.labels for one in found if one.weighed}
    room = room_left(lot, _NOTHING, [(one.net, one.labels) for one in found])
    left = Quantity(max(as_amount(room), _NOTHING), batch.unit)
    return SoFar(sum(own.values()), summed(own), left)
