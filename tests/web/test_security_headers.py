"""What guards every page: headers, form tokens, limits of size, errors that give nothing away."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import request
from structlog.testing import capture_logs

from suyuan.trace.acts.transaction import Ledger
from suyuan.web.app import create_app
from suyuan.web.protection import derived_key
from tests.jerky import make_jerky
from tests.web_clients import signed_in, site
from tests.world import make_producer

PAGES = ("/sign-in", "/apply", "/in/unknown", "/nowhere", "/healthz", "/metrics")
TEMPLATES = Path(__file__).resolve().parents[2] / "web" / "templates"


@pytest.mark.parametrize("page", PAGES)
def test_every_answer_is_guarded(ledger: Ledger, page: str) -> None:
    headers = site(ledger).get(page).headers
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "microphone=()" in headers["Permissions-Policy"]


def test_no_template_needs_an_inline_script_or_style() -> None:
    """The policy forbids both, so one would fail without a word."""
    script = r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/(ld\+)?json\")"
    inline = re.compile(script + r"|<style|\sstyle=|\son\w+=", re.I)
    found = [
        f"{file.name}:{number}"
        for file in TEMPLATES.rglob("*.html")
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if inline.search(line)
    ]
    assert not found


def test_a_stranger_gets_no_cookie_where_there_is_no_form(ledger: Ledger) -> None:
    for page in ("/healthz", "/nowhere"):
        answer = site(ledger).get(page)
        assert "Set-Cookie" not in answer.headers
        assert "Cookie" not in answer.headers.get("Vary", "")


def test_a_form_without_its_token_changes_nothing(ledger: Ledger) -> None:
    client = signed_in(site(ledger), ledger, str(make_producer(ledger).person_uid))
    answer = client.post("/sign-out")
    assert answer.status_code == 422
    assert "This form is too old" in answer.text
    assert client.get("/account/").status_code == 200


def test_cookies_keep_to_tls_where_the_site_does(ledger: Ledger) -> None:
    secure = replace(ledger, settings=replace(ledger.settings, https=True))
    client = create_app(secure, testing=True).test_client()
    answer = client.get("/sign-in", base_url="https://t.example.cn")
    assert "Secure" in answer.headers["Set-Cookie"]
    assert "max-age" in answer.headers["Strict-Transport-Security"]


def test_each_use_has_a_key_of_its_own(ledger: Ledger) -> None:
    session, other = derived_key(ledger, "session"), derived_key(ledger, "other")
    assert len(session) == 32
    assert len({session, other, ledger.keys.secret}) == 3


def test_too_much_is_refused_before_it_is_read(ledger: Ledger) -> None:
    small = replace(ledger, settings=replace(ledger.settings, upload_bytes=10))
    client = site(small)
    token = client.token("/sign-in")
    answer = client.post("/sign-in", data={"csrf_token": token, "phone": "1" * 2_000_000})
    assert answer.status_code == 413
    assert "More was sent than is allowed." in answer.text


def test_a_proxy_is_believed_only_where_one_stands(ledger: Ledger) -> None:
    path = make_jerky(ledger).code.removeprefix("https://t.example.cn")
    behind = replace(ledger, settings=replace(ledger.settings, trusted_proxies=1))
    forwarded = {"X-Forwarded-Host": "t.example.cn", "X-Forwarded-Proto": "https"}
    for served, expected in ((behind, "good"), (ledger, "other-host")):
        answer = site(served).get(
            path,
            base_url="https://inside.example",
            headers={**forwarded, "Accept": "application/json"},
        )
        assert expected in answer.text


def test_a_defect_shows_a_number_and_the_journal_has_it(ledger: Ledger) -> None:
    app = create_app(ledger, testing=True)

    def broken() -> str:
        raise ValueError(request.args["phone"])

    app.add_url_rule("/broken", view_func=broken)
    with capture_logs() as journal:
        answer = app.test_client().get("/broken?lang=en&phone=13800138000")
    assert answer.status_code == 500
    assert "Traceback" not in answer.text
    assert "ValueError" not in answer.text
    number = re.search(r'<b class="code">(\w{8})</b>', answer.text)
    assert number
    assert journal[0]["incident"] == number[1]
    assert "13800138000" not in str(journal)
    assert "broken" in journal[0]["trace"]


@pytest.mark.parametrize(
    ("address", "status"), [("/nowhere", 404), ("/sign-out", 405), ("/static/../app.py", 404)]
)
def test_what_is_not_there_says_so_in_the_readers_language(
    ledger: Ledger, address: str, status: int
) -> None:
    answer = site(ledger, accept_language="zh").get(address)
    assert answer.status_code == status
    assert '<html lang="zh-CN">' in answer.text


def test_readiness_names_what_is_missing(ledger: Ledger) -> None:
    client = site(ledger)
    assert client.get("/healthz").text == "ok\n"
    ready = client.get("/readyz")
    assert ready.status_code == 200
    assert ready.json is not None
    assert ready.json["checks"] == {"database": True, "log": True, "keys": True}
    assert ready.json["log_size"] > 0
    with ledger.database.write() as session:
        session.execute(sa.text("UPDATE alembic_version SET version_num='0'"))
        session.commit()
    late = client.get("/readyz")
    assert late.status_code == 503
    assert late.json is not None
    assert late.json["checks"]["database"] is False


def test_figures_name_no_person_and_no_code(ledger: Ledger) -> None:
    client = site(ledger)
    client.get("/in/a-secret-token")
    figures = client.get("/metrics").text
    assert 'rule="/in/<token>"' in figures
    assert "a-secret-token" not in figures
