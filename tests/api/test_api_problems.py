"""Whatever goes wrong below /api is answered with a problem document (RFC 9457)."""

from __future__ import annotations

import dataclasses

import pytest
from flask import Flask

from suyuan.trace.acts.people import end_role, grant_role, revoke_token
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.parties.actor import SYSTEM
from suyuan.trace.parties.tables import ApiToken
from tests.api_clients import application, client, problem, wrong_fields
from tests.world import make_batch, make_party, make_producer

NOBODY = "0" * 26


def test_400_a_body_that_is_no_json(ledger: Ledger) -> None:
    api = client(ledger, make_producer(ledger))
    for body in (b"{", b"", b"\xff\xfe", b'{"a": NaN}', b"[" * 100_000, b"9" * 10_000):
        answer = api.post("/api/v1/parties", data=body, content_type="application/json")
        problem(answer, 400, "malformed")


def test_401_without_a_token(ledger: Ledger) -> None:
    answer = client(ledger).read("/batches")
    problem(answer, 401, "unauthenticated")
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="suyuan"'


@pytest.mark.parametrize(
    "header", ["Bearer sy_forged", "Bearer ", "Basic c3k6c3k=", "sy_forged", "Bearer \u00ff"]
)
def test_401_with_a_forged_token(ledger: Ledger, header: str) -> None:
    answer = client(ledger).read("/batches", headers={"Authorization": header})
    problem(answer, 401, "unauthenticated")


def test_401_once_the_token_is_revoked(ledger: Ledger) -> None:
    api = client(ledger, make_producer(ledger))
    assert api.read("/batches").status_code == 200
    with ledger.database.read() as session:
        uid = session.query(ApiToken).one().uid
    ledger.perform(SYSTEM, revoke_token, uid)
    problem(api.read("/batches"), 401, "unauthenticated")


def test_403_for_a_role_that_does_not_use_the_api(ledger: Ledger) -> None:
    head = make_producer(ledger)
    api = client(ledger, head)
    person, party = str(head.person_uid), str(head.party_uid)
    ledger.perform(SYSTEM, grant_role, person, party, "viewer")
    ledger.perform(SYSTEM, end_role, person, party, "head")
    problem(api.read("/batches"), 403, "forbidden")


def millet_of_others(ledger: Ledger) -> dict[str, object]:
    """A batch that another organisation would have to register."""
    return {
        "party": make_party(ledger),
        "family": "grain",
        "variant": "millet",
        "quantity": {"amount": "1", "unit": "KGM"},
    }


def test_403_for_what_is_anothers(ledger: Ledger) -> None:
    api = client(ledger, make_producer(ledger))
    batch = millet_of_others(ledger)
    problem(api.send("/batches", batch), 403, "forbidden")


def test_what_a_role_may_not_do_is_named_in_the_language_of_the_sentence(ledger: Ledger) -> None:
    api = client(ledger, make_producer(ledger))
    batch = millet_of_others(ledger)
    for language, word in (("zh", "登记批次"), ("bo", "登记批次"), ("en", "register a batch")):
        answer = api.send("/batches", batch, headers={"Accept-Language": language})
        assert word in problem(answer, 403, "forbidden")["detail"]


@pytest.mark.parametrize(
    "address",
    ["/api", "/api/", "/api/v1", "/api/v2/batches", "/api/v1/batches/12", "/api/v1/parties/%00"],
)
def test_404_for_an_address_that_does_not_exist(ledger: Ledger, address: str) -> None:
    problem(client(ledger, make_producer(ledger)).get(address), 404, "not-found")


def test_404_for_a_thing_that_does_not_exist(ledger: Ledger) -> None:
    answer = client(ledger, make_producer(ledger)).read(f"/products/{NOBODY}")
    assert problem(answer, 404, "not-found")["detail"] == f"There is no product {NOBODY}."


def test_405_for_a_method_that_an_address_does_not_take(ledger: Ledger) -> None:
    answer = client(ledger, make_producer(ledger)).delete("/api/v1/batches")
    problem(answer, 405, "method-not-allowed")
    assert {"GET", "POST"} <= set(answer.headers["Allow"].split(", "))


def test_409_for_an_idempotency_key_that_comes_with_another_request(ledger: Ledger) -> None:
    actor = make_producer(ledger)
    api = client(ledger, actor)
    site = {"party": actor.party_uid, "kind": "pasture", "name": "春季牧场", "division": "540626"}
    assert api.send("/sites", site, key="one-and-the-same").status_code == 201
    answer = api.send("/sites", {**site, "name": "冬季牧场"}, key="one-and-the-same")
    problem(answer, 409, "idempotency-key-reused")


def test_413_for_more_than_the_settings_allow(ledger: Ledger) -> None:
    small = dataclasses.replace(
        ledger, settings=dataclasses.replace(ledger.settings, upload_bytes=1000)
    )
    api = client(small, make_producer(small))
    much = b'{"name": "' + b"a" * 100_000 + b'"}'
    problem(
        api.post("/api/v1/parties", data=much, content_type="application/json"), 413, "too-large"
    )


def test_415_for_a_body_of_another_media_type(ledger: Ledger) -> None:
    api = client(ledger, make_producer(ledger))
    answer = api.post("/api/v1/parties", data={"name": "a"})
    problem(answer, 415, "unsupported-media-type")
    problem(api.send("/evidence", {}), 415, "unsupported-media-type")


def test_422_names_every_field_that_is_wrong(ledger: Ledger) -> None:
    actor = make_producer(ledger)
    answer = client(ledger, actor).send(
        "/batches",
        {
            "party": "nobody",
            "family": "g" * 31,
            "quantity": {"amount": "a lot", "unit": "KGM"},
            "best_before": "2026-02-30",
            "shares": [{"household": 7}],
            "weight": 3,
        },
    )
    problem(answer, 422, "invalid-input")
    assert wrong_fields(answer) == {
        "party": "This is no uid: it has 26 small letters and digits.",
        "family": "This must be at most 30 characters; it has 31.",
        "quantity": "a lot is not a decimal number: write it like 12.5, without an exponent.",
        "best_before": "This must be a date like 2026-10-03.",
        "shares.0.household": "This must be text.",
        "weight": "There is no such field here.",
    }


def test_422_for_values_that_no_record_could_hold(ledger: Ledger) -> None:
    api = client(ledger, make_producer(ledger))
    raw = (
        b'{"name": "a\\u0000b", "address": "\\ud800", "names": {"zh": 1e999},'
        b' "x": 9007199254740993, "y": ' + b"[" * 30 + b"]" * 30 + b"}"
    )
    answer = api.post("/api/v1/parties", data=raw, content_type="application/json")
    problem(answer, 422, "invalid-input")
    assert set(wrong_fields(answer)) >= {"name", "address", "names.zh", "x"}


def test_422_for_a_member_that_comes_twice(ledger: Ledger) -> None:
    answer = client(ledger, make_producer(ledger)).post(
        "/api/v1/parties", data=b'{"name": "a", "name": "b"}', content_type="application/json"
    )
    problem(answer, 422, "invalid-input")


def test_422_for_a_query_that_is_not_asked_for(ledger: Ledger) -> None:
    api = client(ledger, make_producer(ledger))
    answer = api.read("/batches?limt=5&limit=ten&after=zz")
    problem(answer, 422, "invalid-input")
    assert set(wrong_fields(answer)) == {"limt", "limit"}
    problem(api.read("/batches?after=zz"), 422, "invalid-input")


def test_422_for_a_mistyped_trace_code_says_which_digit_would_be_right(ledger: Ledger) -> None:
    actor = make_producer(ledger)
    code = make_batch(ledger, actor)
    mistyped = code[:-1] + str((int(code[-1]) + 1) % 10)
    answer = client(ledger, actor).read(f"/batches/{mistyped}")
    problem(answer, 422, "invalid-input")


def test_429_for_too_many_requests_of_one_token(ledger: Ledger) -> None:
    slow = dataclasses.replace(
        ledger, settings=dataclasses.replace(ledger.settings, rate_api="3 per minute")
    )
    app = application(slow)
    actor = make_producer(slow)
    first, second = client(slow, actor, app), client(slow, actor, app)
    # the limit is one for all resources together
    assert [first.read(a).status_code for a in ("/batches", "/sites", "/papers")] == [200] * 3
    answer = first.read("/batches")
    problem(answer, 429, "too-many-requests")
    assert int(answer.headers["Retry-After"]) > 0
    assert second.read("/batches").status_code == 200


def test_500_for_a_defect_tells_nothing_of_our_insides(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("secret inside")

    monkeypatch.setattr("suyuan.trace.parties.queries.parties", broken)
    answer = client(ledger, make_producer(ledger)).read("/parties")
    problem(answer, 500, "defect")
    assert "secret" not in answer.text


def test_messages_are_in_the_language_of_the_reader(ledger: Ledger) -> None:
    api = client(ledger, make_producer(ledger))
    answer = api.send("/sites", {}, headers={"Accept-Language": "zh-CN"})
    document = problem(answer, 422, "invalid-input")
    assert document["title"] == "请求中有错误"
    assert wrong_fields(answer)["name"] == "此项必填。"
    unknown = api.read(f"/products/{NOBODY}", headers={"Accept-Language": "zh-CN"})
    assert problem(unknown, 404, "not-found")["title"] == "找不到"


def test_the_pages_of_a_site_keep_their_own_errors(ledger: Ledger) -> None:
    app: Flask = application(ledger)
    assert app.test_client().get("/nowhere").content_type.startswith("text/html")
