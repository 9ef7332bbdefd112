"""Browsers without a browser: Flask's test client, with forms that carry their tokens.

client = site(ledger)
signed_in(client, ledger, person_uid)
client.submit("/desk/members/", {"name": "扎西"})
"""

from __future__ import annotations

import re
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from suyuan.trace.acts.people import make_link
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.parties.actor import SYSTEM
from suyuan.web.app import create_app
from tests.compiled import TEMPLATES

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


class Client(FlaskClient):
    """A browser of one person: keeps cookies, and sends forms as the page gave them."""

    def token(self, page: str) -> str:
        """The form token that ``page`` carries."""
        answer = self.get(page)
        found = TOKEN.search(answer.text)
        assert found, f"{page} answers {answer.status_code} and has no form:\n{answer.text[:800]}"
        return found[1]

    def submit(
        self, address: str, fields: dict[str, Any] | None = None, *, page: str | None = None
    ) -> TestResponse:
        """Send the form of ``page`` (where not said, of ``address`` itself) to ``address``."""
        data = {"csrf_token": self.token(page or address), **(fields or {})}
        return self.post(address, data=data)


def site(ledger: Ledger, **headers: str) -> Client:
    """A stranger's browser at a site over ``ledger``; it reads English."""
    app = create_app(ledger, testing=True)
    app.jinja_env.bytecode_cache = TEMPLATES
    app.test_client_class = Client
    client = app.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = headers.get("accept_language", "en")
    assert isinstance(client, Client)
    return client


def another(client: Client) -> Client:
    """A second browser at the same site, where nobody is signed in."""
    second = client.application.test_client()
    second.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    assert isinstance(second, Client)
    return second


def signed_in(
    client: Client, ledger: Ledger, person_uid: str, party_uid: str | None = None
) -> Client:
    """``client`` with this person signed in by a one-time link, for ``party_uid`` where named."""
    link = "/in/" + ledger.perform(SYSTEM, make_link, person_uid, "sign_in", 10)
    answer = client.submit(link)
    assert answer.status_code == 302, answer.text
    if party_uid is not None:
        answer = client.submit("/account/organisation", {"party": party_uid}, page="/account/")
        assert answer.status_code == 302, answer.text
    return client
