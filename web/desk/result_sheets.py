"""A laboratory's own sheets of results: sent in, laid out once, looked through, and entered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from suyuan.trace.acts import result_sheets as acts
from suyuan.trace.acts.judging import judged_now
from suyuan.trace.errors import InvalidInput, SuyuanError
from suyuan.trace.intake.facts import TablePlace
from suyuan.trace.intake.sheets import column_letter
from suyuan.trace.quality.county_limits import CountyStandard, county_standards
from suyuan.trace.quality.parameters import parameters
from suyuan.trace.quality.queries import report as report_with
from suyuan.trace.quality.result_units import result_units
from suyuan.trace.quality.tables import TestItem
from suyuan.trace.result_sheets import queries
from suyuan.trace.result_sheets.checking import Checked, NewReport, checked
from suyuan.trace.result_sheets.columns import fields_offered, result_vocabulary
from suyuan.trace.result_sheets.review import ResultReview, review_of
from suyuan.trace.result_sheets.tables import ResultSheet
from suyuan.web.desk.forms import result_layout
from suyuan.web.desk.forms.register import REPORT_KINDS
from suyuan.web.desk.sheet import Answer
from suyuan.web.error_pages import faults_by_field, say
from suyuan.web.ground import db, settings, today
from suyuan.web.identity import current_actor, perform
from suyuan.web.showing import named


@dataclass(frozen=True)
class Foreseen:
    """A line on a batch with the verdict that it would have; empty where none would be given."""

    line: TestItem
    trace_code: str
    verdict: str
    unconfirmed: bool
    grounds: Mapping[str, Any]
    overturned_by: str | None = None


views = Blueprint("result_sheets", __name__, url_prefix="/result-sheets")

_SHOWN_FAULTS = 200
_SHOWN_REPORTS = 50


@views.before_request
def only_laboratories() -> None:
    """A producer's reports are entered by form: the sheet is the laboratory's."""
    acts.require_laboratory(db(), current_actor())


@views.route("/", methods=["GET", "POST"])
def listed() -> Answer:
    """The form to send a sheet in, the layouts that are kept, and the sheets sent before."""
    if request.method != "POST":
        return _start({})
    try:
        return redirect(url_for("desk.result_sheets.page", uid=_take()))
    except SuyuanError as error:
        return _start(faults_by_field(error)), error.status


@views.get("/<uid>")
def page(uid: str) -> Answer:
    """What would be entered of a sheet, or what was."""
    sheet = _sheet(uid)
    if sheet.state != "read":
        return _result(sheet)
    if sheet.layout is None:
        return redirect(url_for("desk.result_sheets.columns", uid=uid))
    return _preview(sheet, {})


@views.route("/<uid>/columns", methods=["GET", "POST"])
def columns(uid: str) -> Answer:
    """What stands in which column and cell, and what holds for the whole file."""
    sheet = _sheet(uid)
    if sheet.state != "read":
        return redirect(url_for("desk.result_sheets.page", uid=uid))
    review = review_of(db(), sheet, today())
    if request.method != "POST":
        return _columns(sheet, review, {})
    try:
        layout = result_layout.read_layout(request.form, review)
        perform(acts.lay_out, uid, layout, request.form.get("name", ""))
    except SuyuanError as error:
        if error.status in (403, 404, 409):
            raise
        return _columns(sheet, review, faults_by_field(error)), error.status
    return redirect(url_for("desk.result_sheets.page", uid=uid))


@views.post("/<uid>/table")
def table(uid: str) -> Response:
    """Say which table of the file is meant."""
    sheet, _, number = request.form.get("table", "").partition(".")
    if not (sheet.isdecimal() and number.isdecimal() and len(sheet + number) < 8):
        raise InvalidInput("There is no such table in this file.", field="table")
    perform(acts.choose_result_table, uid, TablePlace(int(sheet), int(number)))
    return redirect(url_for("desk.result_sheets.columns", uid=uid))


@views.post("/<uid>/words")
def words(uid: str) -> Answer:
    """Say what the laboratory's words mean that the standards do not know."""
    sheet = _sheet(uid)
    reading = review_of(db(), sheet, today()).reading
    perform(acts.explain_words, uid, *result_layout.read_words(request.form, reading))
    return redirect(url_for("desk.result_sheets.page", uid=uid))


@views.post("/<uid>/enter")
def enter(uid: str) -> Answer:
    """Enter all the reports of a sheet."""
    sheet = _sheet(uid)
    try:
        perform(acts.enter_results, uid)
    except SuyuanError as error:
        if error.status in (403, 404, 409) or sheet.state != "read":
            raise
        return _preview(_sheet(uid), faults_by_field(error)), error.status
    flash(gettext("The reports were entered."), "done")
    return redirect(url_for("desk.result_sheets.page", uid=uid))


@views.post("/<uid>/drop")
def drop(uid: str) -> Response:
    """Leave a sheet alone for good."""
    perform(acts.drop_results, uid)
    flash(gettext("The sheet was dropped; nothing of it went in."), "done")
    return redirect(url_for("desk.result_sheets.listed"))


def _take() -> str:
    """Read the file that was sent, and keep it. Raises whatever is wrong with it."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise InvalidInput("Choose a file.", field="file")
    return perform(acts.take_results, acts.read_result_file(sent.filename, sent.read(), settings()))


def _sheet(uid: str) -> ResultSheet:
    return acts.own_sheet(db(), current_actor(), uid)


def _start(faults: dict[str, str]) -> str:
    own = acts.require_laboratory(db(), current_actor())
    return render_template(
        "desk/result_sheets.html",
        faults=faults,
        layouts=queries.layouts_of(db(), own.id),
        sheets=queries.result_sheets_of(db(), own.id),
        most=settings().upload_bytes // (1024 * 1024),
    )


def _columns(sheet: ResultSheet, review: ResultReview, faults: dict[str, str]) -> str:
    kept = review.kept
    return render_template(
        "desk/result_columns.html",
        sheet=sheet,
        review=review,
        faults=faults,
        given=request.form,
        columns=result_layout.asked_columns(review),
        facts=result_layout.asked_facts(review),
        rows=result_layout.first_rows(review),
        letter=column_letter,
        fields=fields_offered(),
        fact_name=_fact_name,
        kinds=REPORT_KINDS,
        name=sheet.layout_name or (kept.name if kept else sheet.name.rpartition(".")[0][:80]),
    )


def _preview(sheet: ResultSheet, faults: dict[str, str]) -> str:
    review = review_of(db(), sheet, today())
    found = checked(db(), review)
    return render_template(
        "desk/result_preview.html",
        sheet=sheet,
        review=review,
        found=found,
        faults=faults if not found.faults else {},
        bad=[(one, say(one.fault)) for one in found.faults[:_SHOWN_FAULTS]],
        words=result_layout.asked_words(review.reading),
        as_written=result_layout.AS_WRITTEN,
        parameters=sorted((named(one.names), one.key) for one in parameters().by_key.values()),
        units=list(result_units().by_symbol),
        reports=_with_verdicts(found),
        fact_name=_fact_name,
    )


def _with_verdicts(found: Checked) -> list[tuple[NewReport, list[Foreseen]]]:
    """The first reports with the verdicts that entering them would give, by line and batch."""
    county = county_standards(db())
    return [(one, list(_foreseen(one, county))) for one in found.new[:_SHOWN_REPORTS]]


def _foreseen(report: NewReport, county: tuple[CountyStandard, ...]) -> Iterator[Foreseen]:
    items = [
        TestItem(position=position, **asdict(item))
        for position, item in enumerate(report.facts.items, start=1)
    ]
    told = {
        (given.position, at): given
        for at, batch in enumerate(report.batches)
        for given in judged_now(items, batch, county)
    }
    for line in items:
        for at, batch in enumerate(report.batches or (None,)):
            given = told.get((line.position, at))
            yield Foreseen(
                line,
                batch.trace_code if batch else "",
                given.verdict.verdict if given else "",
                given.unconfirmed if given else False,
                given.grounds if given else {},
            )


def _result(sheet: ResultSheet) -> str:
    answer = sheet.answer or {}
    return render_template(
        "desk/result_entered.html",
        sheet=sheet,
        reports=[report_with(db(), uid) for uid in answer.get("reports", [])],
        before=answer.get("entered_before", []),
    )


def _fact_name(key: str) -> str:
    field = result_vocabulary().fields.get(key)
    return named(field.names) if field else key
