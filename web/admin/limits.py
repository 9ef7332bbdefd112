"""Limits for a division: one operator proposes them or their end, a second one decides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, get_args

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from suyuan.trace.acts.county_limits import (
    CountyLimitFacts,
    answer_county_limit,
    ask_county_limit_withdrawal,
    propose_county_limit,
)
from suyuan.trace.errors import SuyuanError
from suyuan.trace.parties.queries import person
from suyuan.trace.quality.county_limits import as_standard, county_limits
from suyuan.trace.quality.explaining import limit_text
from suyuan.trace.quality.parameters import parameters
from suyuan.trace.quality.product_classes import product_classes
from suyuan.trace.quality.result_units import result_units
from suyuan.trace.quality.tables import CountyLimit
from suyuan.trace.sourced import Confidence
from suyuan.web.days import day_in
from suyuan.web.error_pages import faults_to_mend
from suyuan.web.ground import db
from suyuan.web.identity import current_actor, perform
from suyuan.web.places import division_of


def add_views(blueprint: Blueprint) -> None:
    """The page of limits, on the operator's blueprint."""
    blueprint.add_url_rule("/limits", "limits", limits, methods=["GET", "POST"])


def limits() -> ResponseReturnValue:
    """Every limit ever proposed, with what waits for a second person; does what is asked."""
    faults: dict[str, str] = {}
    if request.method == "POST":
        try:
            flash(_done(), "done")
            return redirect(url_for("admin.limits"))
        except SuyuanError as error:
            faults = faults_to_mend(error)
    rows = county_limits(db())
    page = render_template(
        "admin/limits.html",
        rows=rows,
        limit_said=_limit_said,
        names=_names(rows),
        me=current_actor().person_uid,
        classes=product_classes().by_key,
        parameters=parameters().by_key,
        units=list(result_units().by_symbol),
        confidences=get_args(Confidence),
        given=request.form,
        faults=faults,
    )
    return (page, 422) if faults else page


def _done() -> str:
    given = request.form
    act, uid = given.get("act", ""), given.get("limit", "")
    if act == "propose":
        perform(propose_county_limit, _facts())
        return str(gettext("Proposed: a second person has to approve it."))
    if act == "withdraw":
        perform(ask_county_limit_withdrawal, uid, given.get("reason", ""))
        return str(gettext("A second person has to agree; until then the limit decides."))
    perform(answer_county_limit, uid, act, given.get("reason", ""))  # type: ignore[arg-type]  # the act refuses other words
    return str(gettext("Decided. Judge what was tested anew: suyuan standards reevaluate."))


def _facts() -> CountyLimitFacts:
    given: Any = request.form
    texts = (
        "standard", "clause", "product_class", "parameter", "source", "minimum", "maximum",
        "n", "c", "m", "most",
    )  # fmt: skip
    return CountyLimitFacts(
        division=division_of(given.get("division", "")),
        valid_from=day_in(request.form, "valid_from"),
        valid_to=day_in(request.form, "valid_to"),
        unit=given.get("unit", ""),
        forbidden=given.get("forbidden") == "yes",
        dry=given.get("dry") == "yes",
        force=given.get("force", ""),
        confidence=given.get("confidence", ""),
        checked_by=given.get("checked_by", ""),
        **{name: given.get(name, "") for name in texts},
    )


def _names(rows: Sequence[CountyLimit]) -> dict[str, str]:
    """The names of those who asked and answered, by uid."""
    uids = {uid for row in rows for uid in (row.asked_by_uid, row.answered_by_uid) if uid}
    return {uid: person(db(), uid).name for uid in uids}


def _limit_said(row: CountyLimit) -> str:
    return limit_text(as_standard(row).edition.limits[0], gettext)
