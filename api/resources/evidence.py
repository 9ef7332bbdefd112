"""Photos and documents that stand behind records."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from suyuan.api.blueprints import ApiBlueprint
from suyuan.api.bodies import read_form
from suyuan.api.current import actor, ledger, now, perform, reading
from suyuan.api.schemas.printing import EVIDENCE_FORM, EvidenceAnswer, EvidenceInput
from suyuan.api.schemas.shapes import Named, made
from suyuan.trace.acts.evidence import keep_evidence as keep
from suyuan.trace.errors import Forbidden, InvalidInput
from suyuan.trace.evidence import files, queries
from suyuan.trace.evidence.tables import EvidenceFile
from suyuan.trace.oversight.sight import evidence_sight
from suyuan.trace.parties.tables import Party

evidence = ApiBlueprint("evidence", "Photos and documents, kept under the hash of their bytes.")


@evidence.post("/evidence", form=EVIDENCE_FORM, answer=Named)
def keep_evidence() -> Response:
    """Keep a photo (JPEG, PNG, WebP; EXIF data are taken out), a PDF or a sheet."""
    form: dict[str, Any] = read_form(EvidenceInput())
    file = form["file"]
    if not isinstance(file, FileStorage):
        raise InvalidInput("Send this as a file of the form.", field="file")
    uid = perform(keep, form["party"], file.read(), file.filename or "", form["disclosure"])
    return made(uid, f"/api/v1/evidence/{uid}")


@evidence.get("/evidence/<uid:uid>", answer=EvidenceAnswer)
def read_evidence(uid: str) -> Response:
    """Read what is known of a file."""
    with reading() as session:
        file = queries.evidence(session, uid)
        whole = {name: getattr(file, name, None) for name in EvidenceAnswer().fields}
        whole["party"] = session.get_one(Party, file.party_id).uid
        return jsonify(EvidenceAnswer.seen(whole, _sight(session, file)))


@evidence.get(
    "/evidence/<uid:uid>/file",
    answer=None,
    media=("image/jpeg", "image/png", "image/webp", "application/pdf", "application/octet-stream"),
)
def download_evidence(uid: str) -> Response:
    """Download a file whose class of disclosure is open to the one who asks."""
    with reading() as session:
        file = queries.evidence(session, uid)
        if file.disclosure not in _sight(session, file):
            raise Forbidden("This file is not open to you.", field="evidence")
        data = files.load(ledger().settings.evidence_folder, file.sha256)
    response = Response(data, content_type=file.media_type)
    # never shown in place: what a document holds must not run as ours
    response.headers["Content-Disposition"] = f"attachment; filename={file.sha256[:16]}"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _sight(session: Session, file: EvidenceFile) -> frozenset[Any]:
    return evidence_sight(session, actor(), file, now=now())
