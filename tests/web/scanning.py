"""Opening codes as a telephone does: the address as it stands in the symbol, on the label host."""

from __future__ import annotations

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

HOST = "https://t.example.cn"


def open_code(client: FlaskClient, address: str, **headers: str) -> TestResponse:
    """GET a signed address or a path; ``headers`` as ``accept_language="bo"``."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.get(address.removeprefix(HOST), base_url=HOST, headers=sent)
