"""Sheets of batches: handed out, sent in, read with the clerk, and gone in as one.

What was sent and decided is kept with the upload after every step, so that whoever loses the
connection finds everything where it was.
"""

from __future__ import annotations

import io

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from suyuan.trace.acts.intake import (
    accept_upload,
    choose_table,
    decide_upload,
    drop_upload,
    map_upload,
    settle_work_item,
    take_upload,
)
from suyuan.trace.batches.queries import batches_by_code
from suyuan.trace.errors import InvalidInput, SuyuanError
from suyuan.trace.intake import queries
from suyuan.trace.intake.decisions import decision_name
from suyuan.trace.intake.facts import TablePlace, read_sheet_file
from suyuan.trace.intake.review import Review
from suyuan.trace.intake.sheets import workbook_from_wire
from suyuan.trace.intake.tables import Upload
from suyuan.trace.intake.template import make_template
from suyuan.trace.intake.template_reading import read_template
from suyuan.trace.parties.queries import sites_of
from suyuan.trace.stated_dates import Calendar
from suyuan.web.desk import sheet_showing, whom
from suyuan.web.desk.forms import sheet_columns, sheet_rows
from suyuan.web.desk.sheet import Answer
from suyuan.web.error_pages import faults_by_field
from suyuan.web.ground import db, ledger, settings, today
from suyuan.web.guard import door
from suyuan.web.identity import current_actor, perform

views = Blueprint("sheets", __name__, url_prefix="/sheets")
views.before_request(lambda: door("import_sheet"))
views.context_processor(sheet_showing.texts)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ROWS_ASKED = 20
_ROWS_SHOWN = 200


@views.route("/", methods=["GET", "POST"])
def listed() -> Answer:
    """The sheets to hand out, the form to send one in, and those sent before."""
    whom.require("import_sheet")
    if request.method != "POST":
        return _start({})
    try:
        return redirect(url_for("desk.sheets.page", uid=_take()))
    except SuyuanError as error:
        return _start(faults_by_field(error)), error.status


@views.get("/template/<family>/<variant>.xlsx")
def template(family: str, variant: str) -> Response:
    """The sheet to fill in for one variant of a family."""
    data = make_template(ledger().families.get(family), variant)
    name = f"suyuan-{family}-{variant}.xlsx"
    return send_file(io.BytesIO(data), XLSX, as_attachment=True, download_name=name)


@views.get("/<uid>")
def page(uid: str) -> Answer:
    """Where a sheet has come to."""
    upload = _upload(uid)
    if upload.state == "taken":
        return _result(upload)
    if upload.state == "dropped":
        return render_template("desk/sheets_dropped.html", upload=upload)
    if upload.handed_out:
        return _filled_in(upload, {})
    if upload.mapping is None:
        return redirect(url_for("desk.sheets.columns", uid=uid))
    return _rows(upload, {})


@views.route("/<uid>/columns", methods=["GET", "POST"])
def columns(uid: str) -> Answer:
    """What the columns mean, to be confirmed or corrected."""
    upload = _upload(uid)
    if upload.state != "read" or upload.handed_out:
        return redirect(url_for("desk.sheets.page", uid=uid))
    review = _review(upload)
    if request.method != "POST":
        return _columns(upload, review, {})
    try:
        perform(map_upload, uid, sheet_columns.read_mapping(request.form, review))
    except SuyuanError as error:
        return _columns(upload, review, faults_by_field(error)), error.status
    return redirect(url_for("desk.sheets.page", uid=uid))


@views.post("/<uid>/table")
def table(uid: str) -> Response:
    """Say which table of the file is meant."""
    sheet, _, number = request.form.get("table", "").partition(".")
    if not (sheet.isdecimal() and number.isdecimal() and len(sheet + number) < 8):
        raise InvalidInput("There is no such table in this file.", field="table")
    perform(choose_table, uid, TablePlace(int(sheet), int(number)))
    return redirect(url_for("desk.sheets.columns", uid=uid))


@views.post("/<uid>/rows")
def rows(uid: str) -> Answer:
    """Keep what was decided about doubtful rows."""
    upload = _upload(uid)
    try:
        decisions = sheet_rows.read_decisions(request.form, _review(upload))
        back = request.form.getlist("back")
        perform(decide_upload, uid, () if back else decisions, back)
    except SuyuanError as error:
        if error.status in (403, 404, 409):
            raise
        return _rows(_upload(uid), faults_by_field(error)), error.status
    return redirect(url_for("desk.sheets.page", uid=uid))


@views.post("/<uid>/accept")
def accept(uid: str) -> Answer:
    """Let the accepted rows go in."""
    upload = _upload(uid)
    try:
        perform(accept_upload, uid, site=request.form.get("site") or None)
    except SuyuanError as error:
        if error.status in (403, 404, 409):
            raise
        draw = _filled_in if upload.handed_out else _rows
        return draw(_upload(uid), faults_by_field(error)), error.status
    flash(gettext("The rows went in."), "done")
    return redirect(url_for("desk.sheets.page", uid=uid))


@views.post("/<uid>/drop")
def drop(uid: str) -> Response:
    """Leave a sheet alone for good."""
    perform(drop_upload, uid)
    flash(gettext("The sheet was dropped; nothing of it went in."), "done")
    return redirect(url_for("desk.sheets.listed"))


@views.get("/waiting")
def work() -> str:
    """The rows that were set aside."""
    return _work({})


@views.post("/waiting/<uid>")
def settle(uid: str) -> Answer:
    """Say how such a row was settled."""
    try:
        perform(
            settle_work_item,
            uid,
            request.form.get("note", ""),
            request.form.get("state", "done"),
        )
    except InvalidInput as error:
        return _work({uid: faults_by_field(error)}), error.status
    flash(gettext("The row was settled."), "done")
    return redirect(url_for("desk.sheets.work"))


def _take() -> str:
    """Read the file that was sent, and keep it. Raises whatever is wrong with it."""
    party = whom.whom()
    current_actor().require("import_sheet", party)
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise InvalidInput("Choose a file.", field="file")
    family, _, variant = request.form.get("goods", "").partition("/")
    data = sent.read()
    file = read_sheet_file(party.uid, family, variant, sent.filename, data, settings())
    return perform(take_upload, file)


def _upload(uid: str) -> Upload:
    """The upload, for those who may work on it. Raises NotFound, Forbidden."""
    upload = queries.upload(db(), uid)
    current_actor().require("import_sheet", upload.party)
    return upload


def _review(upload: Upload) -> Review:
    return queries.review(db(), upload, ledger().families, today())


def _start(faults: dict[str, str]) -> str:
    party = whom.whom()
    return render_template(
        "desk/sheets_listed.html",
        faults=faults,
        families=ledger().families,
        uploads=queries.uploads_of(db(), party.id),
        work_items=queries.open_work(db(), party.id),
        most=settings().upload_bytes // (1024 * 1024),
    )


def _columns(upload: Upload, review: Review, faults: dict[str, str]) -> str:
    return render_template(
        "desk/sheets_columns.html",
        upload=upload,
        before=queries.taken_before(db(), upload),
        review=review,
        faults=faults,
        given=request.form,
        columns=sheet_columns.asked_columns(review),
        words=sheet_columns.asked_words(review),
        fields=sheet_columns.fields_offered(review.vocabulary),
        groups=sheet_columns.grouping_offered(review),
        calendars=[one.value for one in Calendar if one is not Calendar.UNKNOWN],
    )


def _rows(upload: Upload, faults: dict[str, str]) -> str:
    review = _review(upload)
    decided = review.decided
    open_rows = sheet_rows.rows_open(review)
    return render_template(
        "desk/sheets_rows.html",
        upload=upload,
        before=queries.taken_before(db(), upload),
        review=review,
        faults=faults,
        given=request.form,
        decided=decided,
        kinds=sheet_rows.kinds_open(review),
        open_rows=open_rows[:_ROWS_ASKED],
        more=len(open_rows) - _ROWS_ASKED,
        table_doubts=sheet_rows.table_doubts(review),
        all_rows=review.reading.rows[:_ROWS_SHOWN],
        proposals=review.proposals if decided.settled else (),
        decisions=[(decision_name(one), one) for one in review.decisions],
        sites=sites_of(db(), upload.party_id),
    )


def _filled_in(upload: Upload, faults: dict[str, str]) -> str:
    reading = read_template(workbook_from_wire(upload.grid), ledger().families)
    return render_template(
        "desk/sheets_filled_in.html",
        upload=upload,
        before=queries.taken_before(db(), upload),
        faults=faults,
        reading=reading,
        family=ledger().families.get(upload.family),
        sites=sites_of(db(), upload.party_id),
    )


def _result(upload: Upload) -> str:
    answer = upload.answer or {}
    found = batches_by_code(db(), answer.get("batches", []))
    return render_template(
        "desk/sheets_result.html",
        upload=upload,
        batches=[found[code] for code in answer.get("batches", []) if code in found],
        work_items=len(answer.get("work_items", [])),
    )


def _work(faults: dict[str, dict[str, str]]) -> str:
    party = whom.whom()
    return render_template(
        "desk/sheets_work.html",
        items=queries.work_items_of(db(), party.id),
        settled=queries.settled_work(db(), party.id),
        faults=faults,
    )
