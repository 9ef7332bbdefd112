"""A commitment certificate as an inspector sees it, with its record in the log."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from suyuan.trace.acts.certificates import may_void, void_certificate
from suyuan.trace.certificates import queries
from suyuan.trace.certificates.collections import collected_quantity
from suyuan.trace.certificates.content import content_of
from suyuan.trace.certificates.number import grouped, read_number
from suyuan.trace.certificates.tables import Certificate
from suyuan.trace.errors import Conflict, InvalidInput
from suyuan.trace.oversight.proof import RecordProof, checks, record_proof
from suyuan.trace.oversight.sight import party_sight
from suyuan.web import identity
from suyuan.web.error_pages import faults_by_field
from suyuan.web.ground import db
from suyuan.web.identity import current_actor
from suyuan.web.inspect.downloads import proof_file


def add_to(blueprint: Blueprint) -> None:
    """Put these pages into ``blueprint``."""
    blueprint.add_url_rule("/certificates/<number>", "certificate", certificate_page)
    blueprint.add_url_rule(
        "/certificates/<number>/void", "void_certificate", void, methods=["POST"]
    )
    blueprint.add_url_rule(
        "/certificates/<number>/proof.json", "certificate_proof", certificate_proof
    )


def certificate_page(number: str, faults: dict[str, str] | None = None) -> str:
    """The certificate, what it rests on and what rests on it, its record."""
    found = queries.certificate(db(), read_number(number))
    proof = _proof(found)
    return render_template(
        "inspect/certificate.html",
        certificate=found,
        content=content_of(found),
        sources=queries.sources(db(), found.id),
        leaning=queries.leaning_on(db(), found.id),
        replaced_by=queries.replaced_by(db(), found.id),
        bought=collected_quantity(db(), found),
        number=grouped,
        may_void=found.state == "issued" and may_void(current_actor(), found),
        given=request.form,
        faults=faults or {},
        proof=proof,
        fault=checks(proof),
    )


def void(number: str) -> ResponseReturnValue:
    """Declare the certificate void."""
    try:
        reason = request.form.get("reason", "")
        identity.perform(void_certificate, number, reason)
    except (InvalidInput, Conflict) as error:
        return certificate_page(number, faults_by_field(error)), error.status
    flash(gettext("The certificate is void."), "done")
    return redirect(url_for("inspect.certificate", number=number))


def certificate_proof(number: str) -> Response:
    """What shows that the certificate stands in the log."""
    return proof_file(_proof(queries.certificate(db(), read_number(number))))


def _proof(found: Certificate) -> RecordProof:
    return record_proof(db(), found.record_id, party_sight(current_actor(), found.issuer))
