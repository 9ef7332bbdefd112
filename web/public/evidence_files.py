"""Evidence files that everybody may see.

They come from strangers, so a browser is told to take them for what they were found to be, to run
nothing in them, and to save what is no picture.
"""

from __future__ import annotations

from urllib.parse import quote

from flask import Response, request

from suyuan.trace.errors import NotFound
from suyuan.trace.evidence.files import load
from suyuan.trace.evidence.queries import evidence as evidence_with
from suyuan.web.ground import db, settings

DAY_SECONDS = 24 * 3600
_PICTURES = frozenset({"image/jpeg", "image/png", "image/webp"})


def evidence(uid: str) -> Response:
    """The file with this uid. Raises NotFound, also where it is not for everybody."""
    file = evidence_with(db(), uid, None)
    if file.disclosure != "public":
        raise NotFound("There is no evidence file {uid}.", uid=uid)
    response = Response(load(settings().evidence_folder, file.sha256), mimetype=file.media_type)
    shown = "inline" if file.media_type in _PICTURES else "attachment"
    response.headers["Content-Disposition"] = f"{shown}; filename*=UTF-8''{quote(file.name)}"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.set_etag(file.sha256)
    response.cache_control.public = True
    response.cache_control.max_age = DAY_SECONDS
    response.make_conditional(request)
    return response
