"""One address, three answers: a page for people, JSON for programs, a linkset for resolvers."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from suyuan.trace.acts.transaction import Ledger
from tests.jerky import Jerky, make_jerky
from tests.web.scanning import HOST, open_code
from tests.web_clients import site


@pytest.fixture
def jerky(ledger: Ledger) -> Jerky:
    return make_jerky(ledger)


@pytest.fixture
def client(ledger: Ledger) -> FlaskClient:
    return site(ledger)


BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "gives"),
    [
        (BROWSER, "text/html; charset=utf-8"),
        ("*/*", "text/html; charset=utf-8"),
        ("application/json", "application/json"),
        ("application/linkset+json", "application/linkset+json"),
        ("text/html;q=0.5, application/json", "application/json"),
        ("image/png", "text/html; charset=utf-8"),
    ],
)
def test_the_form_follows_what_is_accepted(
    client: FlaskClient, jerky: Jerky, accept: str, gives: str
) -> None:
    page = open_code(client, jerky.code, accept=accept)
    assert page.status_code == 200
    assert page.content_type == gives
    assert {"Accept", "Accept-Language", "Cookie"} <= set(page.headers["Vary"].split(", "))


def test_json_and_page_say_the_same(client: FlaskClient, jerky: Jerky) -> None:
    answer = open_code(client, jerky.code, accept="application/json").get_json()
    assert answer["trace_code"] == jerky.trace_code
    assert answer["issued"]["verdict"] == "good"
    assert answer["standing"]["state"] == "clear"


def test_forms_have_etags_of_their_own(client: FlaskClient, jerky: Jerky) -> None:
    address = f"/t/{jerky.trace_code}"
    tags = {
        open_code(client, address, accept=accept).headers["ETag"]
        for accept in (BROWSER, "application/json", "application/linkset+json")
    }
    assert len(tags) == 3


@pytest.mark.parametrize("link_type", ["linkset", "all"])
def test_every_link_is_given_where_asked(client: FlaskClient, jerky: Jerky, link_type: str) -> None:
    answer = open_code(client, f"/t/{jerky.trace_code}?linkType={link_type}")
    assert answer.content_type == "application/linkset+json"
    (context,) = answer.get_json()["linkset"]
    assert context["anchor"] == f"{HOST}/t/{jerky.trace_code}"


@pytest.mark.parametrize(
    "link_type",
    [
        "traceability",
        "gs1:traceability",
        "https://ref.gs1.org/voc/traceability",
        "https://gs1.org/voc/traceability",
    ],
)
def test_a_link_type_leads_there(client: FlaskClient, jerky: Jerky, link_type: str) -> None:
    page = open_code(client, f"/t/{jerky.trace_code}?linkType={link_type}")
    assert page.status_code == 307
    assert page.headers["Location"] == f"{HOST}/t/{jerky.trace_code}"


def test_links_are_of_the_vocabulary_that_the_resolver_names(
    client: FlaskClient, jerky: Jerky
) -> None:
    told = client.get("/.well-known/gs1resolver").get_json()["supportedLinkType"][0]["namespace"]
    (context,) = open_code(client, f"/t/{jerky.trace_code}?linkType=all").get_json()["linkset"]
    relations = context.keys() - {"anchor"}
    assert {one.removeprefix(told) for one in relations} >= {"defaultLink", "pip", "traceability"}


def test_every_link_that_is_given_opens_for_anybody(client: FlaskClient, jerky: Jerky) -> None:
    (context,) = open_code(client, f"/t/{jerky.trace_code}?linkType=all").get_json()["linkset"]
    links = [link for name, targets in context.items() if name != "anchor" for link in targets]
    for link in links:
        assert open_code(client, link["href"].removeprefix(HOST)).status_code == 200, link


def test_a_link_type_that_is_not_there_is_not_found(client: FlaskClient, jerky: Jerky) -> None:
    page = open_code(client, f"/t/{jerky.trace_code}?linkType=smartLabel")
    assert page.status_code == 404
    assert "smartLabel" in page.text


def test_a_false_code_is_a_problem_document_to_programs(client: FlaskClient, jerky: Jerky) -> None:
    false = jerky.code[:-1] + str((int(jerky.code[-1]) + 1) % 10)
    answer = open_code(client, false, accept="application/json")
    assert answer.status_code == 404
    assert answer.content_type == "application/problem+json"
    assert answer.get_json()["type"].endswith("forged")
    assert "合作社" not in answer.text, "a false code must not borrow a producer's name"


def test_a_program_asking_for_a_package_is_counted_no_less_than_a_person(
    client: FlaskClient, jerky: Jerky
) -> None:
    open_code(client, jerky.code, accept="application/json")
    client.application.extensions["suyuan-scans"].flush()
    answer = open_code(client, jerky.code, accept="application/json").get_json()
    assert answer["copies"]["count"] == 1
