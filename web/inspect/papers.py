"""A paper of the register and a test report, with what they cover."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from suyuan.trace.acts.papers import check_paper, may_check
from suyuan.trace.batches.tables import Batch
from suyuan.trace.errors import InvalidInput
from suyuan.trace.evidence.tables import EvidenceFile
from suyuan.trace.log.schemas import Class
from suyuan.trace.oversight.proof import RecordProof, checks, record_proof
from suyuan.trace.oversight.sight import TRADE, evidence_sight, party_sight
from suyuan.trace.papers.applications import issued_upon
from suyuan.trace.papers.facts import CheckFacts
from suyuan.trace.papers.queries import account_of, draws_of, renewed_by, state_on
from suyuan.trace.papers.queries import paper as paper_with
from suyuan.trace.papers.tables import Paper
from suyuan.trace.parties.tables import Party, Site
from suyuan.trace.products.tables import Product
from suyuan.trace.quality.against import words_of
from suyuan.trace.quality.queries import judged_in, objections_to, retests_of
from suyuan.trace.quality.queries import report as report_with
from suyuan.trace.quality.tables import TestReport
from suyuan.trace.quantities import Quantity
from suyuan.trace.release.gate import against_items
from suyuan.web import identity
from suyuan.web.days import day_in
from suyuan.web.error_pages import faults_by_field, say
from suyuan.web.ground import db, now, today
from suyuan.web.identity import current_actor
from suyuan.web.inspect.downloads import proof_file
from suyuan.web.samples import answered

_COVERED: dict[str, Any] = {"party": Party, "site": Site, "product": Product, "batch": Batch}


def add_to(blueprint: Blueprint) -> None:
    """Put these pages into ``blueprint``."""
    blueprint.add_url_rule("/papers/<uid>", "paper", paper_page)
    blueprint.add_url_rule("/papers/<uid>/check", "check", check, methods=["POST"])
    blueprint.add_url_rule("/papers/<uid>/proof.json", "paper_proof", paper_proof)
    blueprint.add_url_rule("/reports/<uid>", "report", report_page)
    blueprint.add_url_rule("/reports/<uid>/proof.json", "report_proof", report_proof)


def check(uid: str) -> ResponseReturnValue:
    """Say that the paper was compared with the original or the issuer's register."""
    try:
        identity.perform(
            check_paper,
            uid,
            CheckFacts(request.form.get("where", ""), on=day_in(request.form, "on")),
        )
    except InvalidInput as error:
        return paper_page(uid, faults_by_field(error)), 422
    flash(gettext("The check is on record."), "done")
    return redirect(url_for("inspect.paper", uid=uid))


def paper_page(uid: str, faults: Mapping[str, str] | None = None) -> str:
    """The paper, its state today, who looked at it, what it covers, its record."""
    paper = paper_with(db(), uid)
    classes = party_sight(current_actor(), paper.holder)
    proof = _paper_proof(paper)
    return render_template(
        "inspect/paper.html",
        paper=paper,
        state=state_on(paper, today()),
        amount=Quantity(paper.amount, paper.unit) if paper.amount and paper.unit else None,
        account=account_of(db(), paper, today()),
        draws=draws_of(db(), paper.id),
        successor=renewed_by(db(), paper.id),
        issued_upon=issued_upon(db(), paper),
        covers=_covered(paper),
        may_check=may_check(current_actor(), paper),
        today=today(),
        given=request.form,
        faults=faults or {},
        classes=classes,
        file=_file(paper.evidence),
        proof=proof,
        fault=checks(proof),
    )


def report_page(uid: str) -> str:
    """The report with its lines, as the laboratory wrote them, its batches, its record."""
    report = report_with(db(), uid)
    classes = _report_classes(report)
    proof = record_proof(db(), report.record_id, classes)
    return render_template(
        "inspect/report.html",
        report=report,
        judged=judged_in(db(), report),
        against=against_items(words_of(db(), report)),
        say_item=say,
        objections=objections_to(db(), report),
        retests=retests_of(db(), report),
        samples=answered(report),
        trace_codes={one.id: one.trace_code for one in report.batches},
        entered_by=db().get_one(Party, report.entered_by_id),
        classes=classes,
        file=_file(report.evidence),
        proof=proof,
        fault=checks(proof),
    )


def paper_proof(uid: str) -> Response:
    """The proof of the paper's record, to be checked elsewhere."""
    return proof_file(_paper_proof(paper_with(db(), uid)))


def report_proof(uid: str) -> Response:
    """The proof of the report's record, to be checked elsewhere."""
    report = report_with(db(), uid)
    return proof_file(record_proof(db(), report.record_id, _report_classes(report)))


def _paper_proof(paper: Paper) -> RecordProof:
    return record_proof(db(), paper.record_id, party_sight(current_actor(), paper.holder))


def _report_classes(report: TestReport) -> frozenset[Class]:
    """What of a report the actor may see: as of who entered it, and of the batches tested."""
    actor = current_actor()
    entered_by = db().get_one(Party, report.entered_by_id)
    seen = [party_sight(actor, one.party) for one in report.batches]
    return party_sight(actor, entered_by) | frozenset[Class]().union(*seen) & TRADE


def _covered(paper: Paper) -> Sequence[tuple[str, Any]]:
    """What the paper covers, as pairs of target and row."""
    return [
        (one.target, row)
        for one in paper.scope
        if (row := db().scalar(_row(one.target, one.target_id))) is not None
    ]


def _row(target: str, key: int) -> sa.Select[Any]:
    table = _COVERED[target]
    return sa.select(table).where(table.id == key)


def _file(file: EvidenceFile | None) -> EvidenceFile | None:
    """The scanned paper, where it is for these eyes."""
    if file is None:
        return None
    seen = evidence_sight(db(), current_actor(), file, now=now())
    return file if file.disclosure in seen else None
