"""The printers of a station: trying one out."""

from __future__ import annotations

from io import BytesIO

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext

from suyuan.labels.output import DPI
from suyuan.labels.templates import template, template_ids
from suyuan.labels.trial.writing import write_trial
from suyuan.web.desk import whom
from suyuan.web.desk.printing import LAYOUTS, RESOLUTIONS, chosen_output

views = Blueprint("printers", __name__, url_prefix="/printers")

TRIED = [one for one in LAYOUTS if one not in ("sheet", "symbols")]


@views.get("/test")
def trial() -> str:
    """Choose the paper and the printer for test labels."""
    whom.require("print_labels")
    return render_template(
        "desk/printer_test.html",
        templates=[template(one) for one in template_ids()],
        chosen=request.args.get("template", "trace-50x30"),
        layouts=TRIED,
        resolutions=RESOLUTIONS,
        dpi=DPI,
    )


@views.get("/test/labels")
def trial_labels() -> Response:
    """The test labels."""
    whom.require("print_labels")
    output, out = chosen_output(), BytesIO()
    write_trial(request.args.get("template", "trace-50x30"), output, gettext, out)
    response = Response(out.getvalue(), mimetype=output.media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="test{output.suffix}"'
    return response
