"""A laboratory's own sheets of results."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify
from werkzeug.datastructures import FileStorage

from suyuan.api.blueprints import ApiBlueprint
from suyuan.api.bodies import read_form
from suyuan.api.current import actor, ledger, perform, reading
from suyuan.api.schemas.result_sheets import (
    RESULT_SHEET_FORM,
    ResultSheetAnswer,
    ResultSheetInput,
)
from suyuan.trace.acts.result_sheets import import_results, read_result_file, require_laboratory
from suyuan.trace.errors import InvalidInput

result_sheets = ApiBlueprint("result-sheets", "Laboratories' own sheets of results.")


@result_sheets.post("/result-sheets", form=RESULT_SHEET_FORM, answer=ResultSheetAnswer)
def enter_result_sheet() -> Response:
    """Enter the reports of a sheet (xlsx, xls, ods, csv) that the laboratory has laid out before.

    `layout` is the name under which the laboratory keeps how the sheet is read; without it the
    one for such headings is taken. All reports are entered or none; the same file sent again is
    answered as the first time. What is wrong is told cell by cell.
    """
    with reading() as session:
        require_laboratory(session, actor())
    form: dict[str, Any] = read_form(ResultSheetInput())
    file = form["file"]
    if not isinstance(file, FileStorage):
        raise InvalidInput("Send this as a file of the form.", field="file")
    sheet = read_result_file(file.filename or "", file.read(), ledger().settings)
    response = jsonify(perform(import_results, sheet, form["layout"]))
    response.status_code = 201
    return response
