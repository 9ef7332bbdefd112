"""A laboratory's own sheets of results, as sent and as answered."""

from __future__ import annotations

from marshmallow import fields

from suyuan.api.schemas.fields import Text
from suyuan.api.schemas.shapes import Answer, Input
from suyuan.trace.result_sheets.tables import KeptLayout


class ResultSheetInput(Input):
    """A sheet of results, and the name of the layout by which it is read."""

    layout = Text(KeptLayout.name, load_default="")
    file = fields.Raw(required=True)


RESULT_SHEET_FORM = {
    "type": "object",
    "required": ["file"],
    "additionalProperties": False,
    "properties": {
        "layout": {"type": "string", "maxLength": 80},
        "file": {"type": "string", "format": "binary"},
    },
}


class ResultSheetAnswer(Answer):
    """The reports that a sheet became by uid, and the numbers of those entered before."""

    reports = fields.List(fields.String(), required=True)
    entered_before = fields.List(fields.String(), required=True)
