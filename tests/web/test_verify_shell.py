"""What the server gives for /verify: page, service worker, manifest; and how much it weighs."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.keys.tables import Instance
from suyuan.web.verify import shell
from tests.web.phone import weight
from tests.web_clients import site

MOST_ON_THE_LINE = 40_000
"""Bytes of a first visit, compressed, without what is lazily loaded: 3 s at 100 kbit/s."""
VENDORED = {"decoder": 16_000, "signatures": 8_000}
"""Bytes, compressed, of each script of others; each only where the browser needs it."""


def _given(page: str) -> dict[str, object]:
    found = re.search(r'<script type="application/json" id="given">(.*?)</script>', page, re.DOTALL)
    assert found
    given: dict[str, object] = json.loads(found[1])
    return given


def _body(client: FlaskClient, address: str) -> bytes:
    """What is served there; static files are closed at once."""
    with client.get(address) as answer:
        assert answer.status_code == 200, address
        return bytes(answer.data)


def _worker(ledger: Ledger) -> dict[str, object]:
    first = site(ledger).get("/verify/worker.js").text.splitlines()[0]
    described: dict[str, object] = json.loads(
        first.removeprefix("const SHELL = ").removesuffix(";")
    )
    return described


@pytest.mark.parametrize("language", ["zh", "bo", "en"])
def test_the_page_carries_the_root_key_and_its_texts(ledger: Ledger, language: str) -> None:
    answer = site(ledger, accept_language=language).get("/verify")
    given = _given(answer.text)
    with ledger.database.read() as session:
        assert given["root"] == session.get_one(Instance, 1).root
    assert given["language"] == language
    assert "Set-Cookie" not in answer.headers
    texts = json.dumps(given["texts"], ensure_ascii=False)
    assert ("Not recalled as of" in texts) is (language == "en")
    assert ("ཕྱིར་བསྡུ།" in texts) is (language == "bo")


def test_every_text_that_the_script_names_is_there(ledger: Ledger) -> None:
    texts = _given(site(ledger).get("/verify").text)["texts"]
    folder = Path(shell.__file__).parents[1] / "static" / "verify"
    named = {
        key
        for file in folder.glob("*.js")
        for key in re.findall(r'say\("([a-z.-]+)"', file.read_text(encoding="utf-8"))
    }
    assert len(named) > 20
    for key in named:
        found: object = texts
        for part in key.split("."):
            assert isinstance(found, dict)
            assert part in found, key
            found = found[part]
        assert isinstance(found, str)


def test_the_service_worker_may_keep_the_page(ledger: Ledger) -> None:
    answer = site(ledger).get("/verify/worker.js")
    assert answer.headers["Service-Worker-Allowed"] == "/verify"
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert answer.headers["Cache-Control"] == "no-cache"
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]


def test_everything_that_is_kept_is_served(ledger: Ledger) -> None:
    described, client = _worker(ledger), site(ledger)
    pages, files, lazy = described["pages"], described["files"], described["lazy"]
    assert isinstance(pages, dict)
    assert isinstance(files, list)
    assert isinstance(lazy, list)
    for address in (*pages.values(), *files, *lazy):
        assert _body(client, address)
    page = client.get("/verify").text
    for address in re.findall(r'(?:href|src)="(/(?:static|verify)/[^"]+)"', page):
        assert address in files, address


def test_a_new_edition_is_told_by_the_service_worker(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = _worker(ledger)["edition"]
    assert _worker(ledger)["edition"] == before
    with ledger.database.write() as session:
        session.get_one(Instance, 1).root = "trace.example.cn/root-2+00000000+AA=="
        session.commit()
    changed = _worker(ledger)["edition"]
    assert changed != before
    monkeypatch.setattr(shell, "_digest_of_files", lambda: b"other")
    assert _worker(ledger)["edition"] not in (before, changed)


@pytest.mark.parametrize("language", ["zh", "bo", "en"])
def test_a_phone_can_put_it_among_its_programs(ledger: Ledger, language: str) -> None:
    answer = site(ledger).get(f"/verify/{language}.webmanifest")
    assert answer.headers["Content-Type"] == "application/manifest+json"
    assert answer.json is not None
    assert answer.json["lang"] == language
    assert answer.json["start_url"] == answer.json["scope"] == "/verify"
    assert {"192x192", "512x512"} <= {icon["sizes"] for icon in answer.json["icons"]}
    for icon in answer.json["icons"]:
        assert _body(site(ledger), icon["src"])


def test_a_first_visit_is_light(ledger: Ledger) -> None:
    client = site(ledger)
    page = client.get("/verify")
    addresses = set(re.findall(r'(?:href|src)="(/(?:static|verify)/[^"]+)"', page.text))
    total = weight([page.data, *(_body(client, address) for address in addresses)])
    assert total < MOST_ON_THE_LINE, total
    for use, address in shell.vendored().items():
        if address:
            assert weight([_body(client, address)]) < VENDORED[use]


def test_the_start_page_leads_to_it(ledger: Ledger) -> None:
    assert 'href="/verify"' in site(ledger).get("/").text
