"""A sample as an inspector sees it: its chain from the field to the verdict, and its record."""

from __future__ import annotations

from flask import Blueprint, Response, render_template

from suyuan.api.words import remark_told
from suyuan.trace.oversight.proof import RecordProof, checks, record_proof
from suyuan.trace.oversight.sight import sample_sight
from suyuan.trace.quality.queries import judged_in
from suyuan.trace.samples import queries
from suyuan.trace.samples.tables import Sample
from suyuan.web import samples
from suyuan.web.ground import db, now
from suyuan.web.identity import current_actor
from suyuan.web.inspect.downloads import proof_file


def add_to(blueprint: Blueprint) -> None:
    """Put these pages into ``blueprint``."""
    blueprint.add_url_rule("/samples/<uid>", "sample", sample_page)
    blueprint.add_url_rule("/samples/<uid>/proof.json", "sample_proof", sample_proof)


def sample_page(uid: str) -> str:
    """The sample, its chain, the reports on it with their verdicts, and its record."""
    found = queries.sample(db(), uid)
    proof = _proof(found)
    return render_template(
        "inspect/sample.html",
        one=samples.shown(found),
        reports=[
            (one.report, [remark_told(doubt) for doubt in one.doubts], judged_in(db(), one.report))
            for one in queries.reports_on(db(), [found])[found.id]
        ],
        proof=proof,
        fault=checks(proof),
    )


def sample_proof(uid: str) -> Response:
    """The proof of the sheet's record, to be checked elsewhere."""
    return proof_file(_proof(queries.sample(db(), uid)))


def _proof(found: Sample) -> RecordProof:
    classes = sample_sight(db(), current_actor(), found, now=now())
    return record_proof(db(), found.record_id, classes)
