"""Printers of stations: trying one out."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from flask import Response
from flask_babel import gettext

from suyuan.api.blueprints import ApiBlueprint
from suyuan.api.schemas.printers import TRIED, TrialQuery
from suyuan.labels.output import MEDIA_TYPES, Output
from suyuan.labels.trial.writing import write_trial

printers = ApiBlueprint("printers", "Label printers of stations.")


@printers.get(
    "/printer-test",
    query=TrialQuery,
    answer=None,
    media=tuple(dict.fromkeys(MEDIA_TYPES[one] for one in TRIED)),
)
def draw_printer_test(query: dict[str, Any]) -> Response:
    """Labels that tell whether a printer is set right, in the reader's language."""
    output = Output(
        query["form"], query["dpi"], gap_mm=query["gap_mm"], head_dots=query["head_dots"]
    )
    out = BytesIO()
    write_trial(query["template"], output, gettext, out)
    response = Response(out.getvalue(), content_type=output.media_type)
    response.headers["Content-Disposition"] = f"attachment; filename=test{output.suffix}"
    return response
