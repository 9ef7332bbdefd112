"""The start page, the permanent names, and the files that everybody may see."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from suyuan.trace.acts.transaction import Ledger
from tests.jerky import Jerky, make_jerky
from tests.web.scanning import open_code
from tests.web_clients import site
from tests.world import make_product

TIBETAN = str.maketrans("0123456789", "༠༡༢༣༤༥༦༧༨༩")
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


@pytest.fixture
def jerky(ledger: Ledger) -> Jerky:
    return make_jerky(ledger)


@pytest.fixture
def client(ledger: Ledger) -> FlaskClient:
    return site(ledger)


@pytest.mark.parametrize(
    "write",
    [
        lambda code: code,
        lambda code: " ".join(code[at : at + 4] for at in range(0, 16, 4)),
        lambda code: "-".join(code[at : at + 4] for at in range(0, 16, 4)),
        lambda code: code.translate(TIBETAN),
        lambda code: code.translate(FULL_WIDTH),
    ],
)
def test_a_code_is_found_however_it_is_typed(
    client: FlaskClient, jerky: Jerky, write: object
) -> None:
    assert callable(write)
    answer = client.get("/", query_string={"code": write(jerky.trace_code)})
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/t/{jerky.trace_code}"


def test_code_and_serial_may_be_typed_together(client: FlaskClient, jerky: Jerky) -> None:
    path = "/t/" + jerky.code.split("/t/")[1]
    typed = path.removeprefix("/t/").replace("/", " ").translate(TIBETAN)
    assert client.get("/", query_string={"code": typed}).headers["Location"] == path


def test_a_whole_address_may_be_pasted(client: FlaskClient, jerky: Jerky) -> None:
    page = client.get("/", query_string={"code": jerky.code})
    assert "The code is real" in page.text
    false = client.get("/", query_string={"code": "https://evil.example/x"})
    assert false.status_code == 404


def test_a_mistyped_code_says_which_way(client: FlaskClient, jerky: Jerky) -> None:
    wrong = jerky.trace_code[:-1] + str((int(jerky.trace_code[-1]) + 1) % 10)
    answer = client.get("/", query_string={"code": wrong})
    assert answer.status_code == 422
    assert "one of them is mistyped" in answer.text
    assert wrong in answer.text
    assert "has 16 digits" in client.get("/?code=123").text
    answer = client.get("/", query_string={"code": f"{jerky.trace_code} O123 4567 8901"})
    assert answer.status_code == 422
    assert "A serial has digits only; &#34;O&#34; is none" in answer.text


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", "\x00", "٣" * 16, "1" * 5000])
def test_junk_is_answered_and_never_run(client: FlaskClient, hostile: str) -> None:
    answer = client.get("/", query_string={"code": hostile})
    assert answer.status_code in (404, 422)
    assert "<script" not in answer.text


GTIN = "06901234567892"


def test_a_product_without_a_lot_is_told_and_leads_to_the_trace_code(
    client: FlaskClient, ledger: Ledger, jerky: Jerky
) -> None:
    make_product(ledger, jerky.actor, gtin=GTIN, name="那曲牦牛肉干", names={"bo": "གཡག་ཤ།"})
    for language, says in (
        ("zh", "不表示某一批次"), ("bo", "不表示某一批次"), ("en", "no single batch"),
    ):  # fmt: skip
        page = client.get(f"/01/{GTIN}?lang={language}")
        assert page.status_code == 200
        assert says in page.text
        assert f'href="/p/{jerky.actor.party_uid}"' in page.text
        assert 'name="code"' in page.text
        assert "གཡག་ཤ།" in page.text
    shorter = client.get("/01/6901234567892")
    assert (shorter.status_code, shorter.location) == (301, f"/01/{GTIN}")


@pytest.mark.parametrize(
    ("gtin", "says"),
    [
        (GTIN, f"There is no product with the GTIN {GTIN} here"),
        (GTIN[:-1] + "3", "The check digit of the GTIN is 3, it should be 2"),
        ("690123456789", "leads on"),
        ("69012345678", "has 14 digits"),
        ("0690123456789x", "has 14 digits"),
        ("٣" * 14, "has 14 digits"),
        ("<script>alert(1)", "has 14 digits"),
    ],
)
def test_a_product_that_is_not_here_is_explained(client: FlaskClient, gtin: str, says: str) -> None:
    page = client.get(f"/01/{quote(gtin)}")
    if says == "leads on":
        assert page.location == f"/01/00{gtin}"
        return
    assert page.status_code == 404
    assert says in page.text
    assert "<script" not in page.text
    assert 'name="code"' in page.text


def test_a_party_a_site_and_an_event_have_pages(client: FlaskClient, jerky: Jerky) -> None:
    party = client.get(f"/p/{jerky.actor.party_uid}").text
    assert "Yala Yak Co-operative" in party
    assert f"/s/{jerky.pasture}" in party
    place = client.get(f"/s/{jerky.pasture}").text
    assert "31.89" in place
    assert "31.88672" not in place, "a pasture, and not a tent"
    event = client.get(f"/e/{jerky.slaughter}").text
    assert "with document" in event
    assert jerky.photo in event
    assert jerky.private_photo not in event


@pytest.mark.parametrize("address", ["/p/x", "/s/x", "/e/x", "/evidence/x", "/p/../etc/passwd"])
def test_what_is_not_there_is_not_found(client: FlaskClient, jerky: Jerky, address: str) -> None:
    assert client.get(address).status_code == 404


def test_only_files_for_everybody_are_given(client: FlaskClient, jerky: Jerky) -> None:
    photo = client.get(f"/evidence/{jerky.photo}")
    assert photo.status_code == 200
    assert photo.content_type == "image/png"
    assert photo.headers["X-Content-Type-Options"] == "nosniff"
    assert photo.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert photo.headers["Content-Disposition"].startswith("inline; filename*=UTF-8''")
    again = client.get(f"/evidence/{jerky.photo}", headers={"If-None-Match": photo.headers["ETag"]})
    assert again.status_code == 304
    assert client.get(f"/evidence/{jerky.private_photo}").status_code == 404


def test_a_code_written_by_hand_into_the_address_leads_to_the_right_one(
    client: FlaskClient, jerky: Jerky
) -> None:
    spaced = " ".join(jerky.trace_code[at : at + 4] for at in range(0, 16, 4))
    answer = open_code(client, f"/t/{spaced}")
    assert answer.status_code == 301
    assert answer.headers["Location"] == f"/t/{jerky.trace_code}"
