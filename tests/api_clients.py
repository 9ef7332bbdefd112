"""Programs that speak to the API, without a server: Flask's test client with a bearer token.

api = client(ledger, actor)
api.post("/batches", {"party": …})
"""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from suyuan import api
from suyuan.trace.acts.people import make_token
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.parties.actor import SYSTEM, Actor
from suyuan.web import catalogues

V1 = "/api/v1"


class Program(FlaskClient):
    """A program with one token, or none; it reads English."""

    def read(self, address: str, **more: Any) -> Any:
        """GET an address below /api/v1; a TestResponse, whose JSON is what the test expects."""
        return self.get(V1 + address, **more)

    def send(self, address: str, body: Any = None, *, key: str | None = None, **more: Any) -> Any:
        """POST JSON to an address below /api/v1, with an Idempotency-Key where one is given."""
        headers = {**more.pop("headers", {}), **({"Idempotency-Key": key} if key else {})}
        return self.post(V1 + address, json={} if body is None else body, headers=headers, **more)


def application(ledger: Ledger) -> Flask:
    """An application with the API alone, as the site registers it."""
    app = Flask(__name__)
    app.extensions["suyuan"] = ledger
    catalogues.install(app)
    api.register(app)
    app.test_client_class = Program
    return app


def client(ledger: Ledger, actor: Actor | None = None, app: Flask | None = None) -> Program:
    """A program that speaks for this actor; for nobody without one."""
    program = (app or application(ledger)).test_client()
    program.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    if actor is not None:
        program.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token(ledger, actor)}"
    assert isinstance(program, Program)
    return program


def token(ledger: Ledger, actor: Actor) -> str:
    """A fresh token of the actor."""
    return ledger.perform(
        SYSTEM, make_token, str(actor.person_uid), str(actor.party_uid), "tests", 30
    )


def problem(answer: TestResponse, status: int, kind: str) -> dict[str, Any]:
    """The answer's problem document, which must be whole and of this kind."""
    assert answer.status_code == status, answer.text
    assert answer.content_type == "application/problem+json"
    document: dict[str, Any] = answer.get_json()
    assert document["type"] == f"/problems/{kind}"
    assert document["status"] == status
    assert document["title"]
    assert document["detail"]
    return document


def wrong_fields(answer: TestResponse) -> dict[str, str]:
    """What is wrong by field, in a problem document."""
    return {one["field"]: one["detail"] for one in answer.get_json().get("errors", ())}
