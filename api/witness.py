"""The HTTP side of a witness (https://c2sp.org/tlog-witness): an application of its own.

It shares nothing with the pages and the API of an installation, not even the database.
"""

from __future__ import annotations

import structlog
from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from suyuan.trace.errors import Misconfigured, SuyuanError
from suyuan.trace.log.add_checkpoint import MAX_REQUEST, PATH, SIZE_TYPE
from suyuan.trace.witness.rules import OtherSize
from suyuan.trace.witness.witness import WitnessAtWork

_log = structlog.get_logger(__name__)
_TEXT = "text/plain; charset=utf-8"


def create_witness_app(witness: WitnessAtWork) -> Flask:
    """The WSGI application of a witness: one address to write to, one to read from."""
    app = Flask("suyuan.api.witness", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_REQUEST + 1

    @app.post(f"/{PATH}")
    def add_checkpoint() -> Response:
        """Cosign a checkpoint (200), or say why not (400, 403, 404, 409, 422)."""
        return Response(str(witness.add_checkpoint(request.get_data())), content_type=_TEXT)

    @app.get("/<origin_hash>/checkpoint")
    def checkpoint(origin_hash: str) -> Response:
        """The checkpoint of a log that was cosigned last, for monitors."""
        return Response(witness.checkpoint(origin_hash), content_type=_TEXT)

    @app.get("/")
    def about() -> Response:
        """Who this is: the verifier key, to be written into policies."""
        return Response(f"{witness.key}\n", content_type=_TEXT)

    @app.errorhandler(OtherSize)
    def other_size(error: OtherSize) -> Response:
        return Response(f"{error.size}\n", error.status, content_type=SIZE_TYPE)

    @app.errorhandler(SuyuanError)
    def refused(error: SuyuanError) -> Response:
        if isinstance(error, Misconfigured):
            _log.error("witness.failed", why=str(error))
            error = error.for_others()
        return Response(f"{error}\n", error.status, content_type=_TEXT)

    @app.errorhandler(HTTPException)
    def not_served(error: HTTPException) -> Response:
        return Response(f"{error.name}\n", error.code, content_type=_TEXT)

    return app
