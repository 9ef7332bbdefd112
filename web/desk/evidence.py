"""Photos and documents, for those who may see them."""

from __future__ import annotations

from urllib.parse import quote

from flask import Blueprint, Response

from suyuan.trace.errors import NotFound
from suyuan.trace.evidence.files import load
from suyuan.trace.evidence.queries import evidence as evidence_with
from suyuan.trace.oversight.sight import evidence_sight
from suyuan.web.desk.whom import whom
from suyuan.web.ground import db, now, settings
from suyuan.web.identity import current_actor

views = Blueprint("evidence", __name__, url_prefix="/evidence")

_PICTURES = frozenset({"image/jpeg", "image/png", "image/webp"})


@views.get("/<uid>")
def file(uid: str) -> Response:
    """The file, as what it was found to be; what is no picture is saved and not opened."""
    kept = evidence_with(db(), uid)
    seen = evidence_sight(db(), current_actor(), kept, now=now())
    if kept.disclosure not in seen and kept.party_id != whom().id:
        raise NotFound("There is no evidence file {uid}.", uid=uid)
    response = Response(load(settings().evidence_folder, kept.sha256), mimetype=kept.media_type)
    shown = "inline" if kept.media_type in _PICTURES else "attachment"
    response.headers["Content-Disposition"] = f"{shown}; filename*=UTF-8''{quote(kept.name)}"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
