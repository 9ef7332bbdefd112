"""One resource of the API: its operations, each declared once for routing, checking and OpenAPI."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

import flask_smorest
import marshmallow as ma
from flask import request
from werkzeug.exceptions import HTTPException, default_exceptions

from suyuan.api import problems
from suyuan.api.bodies import StrictParser
from suyuan.api.current import IDEMPOTENCY_KEY, ledger, refuse_agents, sign_in
from suyuan.api.schemas.problems import Problem
from suyuan.trace.errors import SuyuanError

View = TypeVar("View", bound=Callable[..., Any])
Schema = type[ma.Schema] | ma.Schema | str | Mapping[str, Any] | None

PREFIX = "/api/v1"
FORM_ROOM = 64 * 1024
"""Bytes that a form may have around its file, and the least that any body may have."""

_READING = (400, 401, 403, 404, 406, 422, 429, 500, 503)
_WRITING = (400, 401, 403, 404, 409, 413, 415, 422, 429, 500, 503)
_PUBLIC_READING = (400, 404, 422, 429, 500, 503)
_ONCE = {
    "name": IDEMPOTENCY_KEY,
    "in": "header",
    "required": False,
    "description": "A key of your own, new for each new request. The same request sent again "
    "with it is done once and answered the same.",
    "schema": {"type": "string", "minLength": 8, "maxLength": 255, "pattern": "^[!-~]+$"},
}


class ApiBlueprint(flask_smorest.Blueprint):  # type: ignore[misc]  # flask-smorest has no types
    """A group of addresses under ``/api/v1``; unless ``public`` they want a bearer token.

    ``feeds``: that of an agent beside printers serves as well.
    """

    ARGUMENTS_PARSER = StrictParser()

    def __init__(
        self, tag: str, description: str, *, public: bool = False, feeds: bool = False
    ) -> None:
        super().__init__(
            f"api_{tag.replace('-', '_')}", __name__, url_prefix=PREFIX, description=description
        )
        self.tag = tag
        self.public = public
        self.before_request(_cap_body)
        if not public:
            self.before_request(sign_in)
        if not public and not feeds:
            self.before_request(refuse_agents)
        self.register_error_handler(SuyuanError, problems.from_family)
        self.register_error_handler(Exception, problems.from_defect)
        # by number too: an application's handler for a number would stand before one for the class
        for raised in (HTTPException, *default_exceptions):
            self.register_error_handler(raised, problems.from_http)

    def get(
        self,
        rule: str,
        *,
        answer: Schema,
        query: type[ma.Schema] | None = None,
        media: Iterable[str] = (),
    ) -> Callable[[View], View]:
        """Declare a GET; ``media`` are further media types of the answer, by ``Accept``."""
        errors = _PUBLIC_READING if self.public else _READING
        return self._operation("GET", rule, 200, answer, errors, query=query, media=media)

    def post(
        self,
        rule: str,
        *,
        answer: Schema,
        body: type[ma.Schema] | None = None,
        form: Mapping[str, Any] | None = None,
        example: Mapping[str, Any] | None = None,
        status: int = 201,
        media: Iterable[str] = (),
        later: Schema = None,
    ) -> Callable[[View], View]:
        """Declare a POST; ``form`` is the OpenAPI schema of a multipart form in place of JSON.

        ``later``: what is answered with 202 where it takes long, if that may be.
        """
        return self._operation(
            "POST",
            rule,
            status,
            answer,
            _WRITING,
            body=body,
            form=form,
            example=example,
            media=media,
            later=later,
        )

    def _operation(
        self,
        method: str,
        rule: str,
        status: int,
        answer: Schema,
        errors: Iterable[int],
        *,
        query: type[ma.Schema] | None = None,
        body: type[ma.Schema] | None = None,
        form: Mapping[str, Any] | None = None,
        example: Mapping[str, Any] | None = None,
        media: Iterable[str] = (),
        later: Schema = None,
    ) -> Callable[[View], View]:
        doc: dict[str, Any] = {"security": [] if self.public else [{"bearer": []}]}
        if method == "POST":
            doc["parameters"] = [_ONCE]
        if form is not None:
            doc["requestBody"] = {
                "required": True,
                "content": {"multipart/form-data": {"schema": dict(form)}},
            }

        def declare(view: View) -> View:
            operation: Any = self.doc(operationId=view.__name__, **doc)(view)
            for code in errors:
                operation = self.alt_response(
                    code, schema=Problem, content_type=problems.MEDIA_TYPE
                )(operation)
            operation = self.response(status, answer)(operation)
            if later is not None:
                operation = self.alt_response(202, schema=later, success=True)(operation)
            for type_ in media:
                binary = {"type": "string", "format": "binary"}
                operation = self.alt_response(
                    status, schema=binary, content_type=type_, success=True
                )(operation)
            if query is not None:
                operation = self.arguments(query, location="query")(operation)
            if body is not None:
                operation = self.arguments(body, location="json", example=example)(operation)
            self.route(rule, methods=[method], tags=[self.tag])(operation)
            return view

        return declare


def _cap_body() -> None:
    """Read no more of a body than the settings allow; beyond that the framework raises 413."""
    request.max_content_length = ledger().settings.upload_bytes + FORM_ROOM
