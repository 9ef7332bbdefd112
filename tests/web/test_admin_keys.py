"""The operator's pages of keys: from making one to bringing the directory that the root signed."""

from __future__ import annotations

import io

import pytest
import sqlalchemy as sa

from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.codes.queries import newest_directory
from suyuan.trace.keys import queries
from suyuan.trace.keys.directory import parse_directory
from suyuan.trace.keys.notes import Ed25519Signer, sign_note
from suyuan.trace.keys.tables import SigningKey
from tests import world
from tests.root_machine import root_of
from tests.web_clients import Client, signed_in, site

CODES = "trace.example.cn/codes-1"


@pytest.fixture
def client(ledger: Ledger) -> Client:
    return signed_in(site(ledger), ledger, str(world.make_operator(ledger).person_uid))


def page_of(ledger: Ledger, name: str) -> str:
    with ledger.database.read() as session:
        return f"/admin/keys/{queries.id_of(queries.key(session, name))}"


def bring(client: Client, ledger: Ledger, root: Ed25519Signer | None = None) -> int:
    """The way of the draft: saved, signed elsewhere, brought back as a file."""
    draft = client.get("/admin/keys/draft")
    assert "attachment" in draft.headers["Content-Disposition"]
    signed = str(sign_note(parse_directory(draft.text).text(), (root or root_of(ledger),)))
    file = (io.BytesIO(signed.replace("\n", "\r\n").encode()), "signed.txt")
    return client.submit("/admin/keys/directory", {"file": file}).status_code


def test_a_key_is_made_and_in_force_once_the_directory_is_back(
    client: Client, ledger: Ledger
) -> None:
    form = {"use": "code", "issuer": "索县站", "division": "540626，5424", "gtin": ""}
    assert client.submit("/admin/keys/new", form).status_code == 302
    shown = client.get("/admin/keys").text
    assert "Directory 2 waits" in shown
    assert "waits for the root" in shown
    assert bring(client, ledger, Ed25519Signer.generate("trace.example.cn/root")) == 422
    assert bring(client, ledger) == 302
    with ledger.database.read() as session:
        key = queries.key(session, "trace.example.cn/codes-2")
        assert (key.state, key.division, key.issuer) == ("active", ["540626", "5424"], "索县站")
        assert newest_directory(session).seq == 2
    assert "waits" not in client.get("/admin/keys").text


def test_a_key_is_rotated_retired_and_revoked(client: Client, ledger: Ledger) -> None:
    page = page_of(ledger, CODES)
    assert client.submit(page, {"act": "rotate"}).status_code == 302
    assert client.submit(page, {"act": "retire", "on": "2026-06-03"}).status_code == 302
    assert "to be retired on 2026-06-03" in client.get("/admin/keys").text
    assert client.submit(page, {"act": "revoke", "size": ""}).status_code == 302
    assert "to be revoked at log size" in client.get("/admin/keys").text
    assert bring(client, ledger) == 302
    with ledger.database.read() as session:
        states = dict(session.execute(sa.select(SigningKey.name, SigningKey.state)).all())
    assert states[CODES] == "revoked"
    assert states["trace.example.cn/codes-2"] == "active"


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"act": "retire", "on": "3 June"}, "Write the day as"),
        ({"act": "retire", "on": "2020-01-01"}, "within its dates"),
        ({"act": "revoke", "size": "-1"}, "whole number"),
        ({"act": "revoke", "size": "999999"}, "The log has"),
        ({"act": "explode"}, "Choose what is to be done"),
    ],
)
def test_what_cannot_be_done_with_a_key_is_told(
    client: Client, ledger: Ledger, fields: dict[str, str], told: str
) -> None:
    answer = client.submit(page_of(ledger, CODES), fields)
    assert answer.status_code == 422
    assert told in answer.text


def test_a_directory_without_a_change_and_one_that_is_dropped(
    client: Client, ledger: Ledger
) -> None:
    assert client.get("/admin/keys/draft").status_code == 404
    assert client.submit("/admin/keys/draft", {"act": "renew"}, page="/admin/keys").status_code
    assert client.get("/admin/keys/draft").text.startswith("suyuan.keys/1\n")
    client.submit("/admin/keys/draft", {"act": "drop"}, page="/admin/keys")
    assert client.get("/admin/keys/draft").status_code == 404
    answer = client.submit("/admin/keys/directory", {"note": "nothing"})
    assert answer.status_code == 404
    assert "No directory waits" in answer.text


def test_every_edition_can_be_read_for_ever(client: Client, ledger: Ledger) -> None:
    client.submit("/admin/keys/draft", {"act": "renew"}, page="/admin/keys")
    bring(client, ledger)
    first = client.get("/.well-known/suyuan/keys/1")
    assert "immutable" in first.headers["Cache-Control"]
    assert parse_directory(first.text.partition("\n\n")[0] + "\n").seq == 1
    newest = client.get("/.well-known/suyuan/keys").text
    assert client.get("/.well-known/suyuan/keys/2").text == newest
    assert client.get("/.well-known/suyuan/keys/3").status_code == 404
