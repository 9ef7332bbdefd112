"""An organisation's year from the regulator's page to its own desk, and back to the decision."""

from __future__ import annotations

from datetime import UTC, datetime

from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.clock import SetClock
from tests import world
from tests.api_clients import client as api_client
from tests.web.desk_world import desk
from tests.web_clients import signed_in, site


def test_a_year_is_announced_objected_to_and_decided_by_form(
    ledger: Ledger, clock: SetClock
) -> None:
    head, inspector = world.make_producer(ledger), world.make_regulator(ledger)
    for _ in range(3):
        world.make_batch(ledger, head)
    clock.move(datetime(2027, 3, 1, 1, tzinfo=UTC))
    office = signed_in(site(ledger), ledger, str(inspector.person_uid))
    page = f"/inspect/credit/{head.party_uid}"
    listed = office.get("/inspect/credit").text
    assert page in listed
    assert "not assessed" in listed
    sheet = office.get(page).text
    for told in ("80.0 of 100 points", "nothing tested in the year", "unconfirmed",
                 "complaints upheld"):  # fmt: skip
        assert told in sheet, told
    assert office.submit(page, {"act": "announce"}).status_code == 302
    sheet = office.get(page).text
    assert "may object until the end of 2027-03-08" in sheet
    assert 'value="decide"' not in sheet

    own = desk(ledger, head)
    told = own.get("/desk/credit/").text
    assert "80.0 of 100 points" in told
    uid = told.partition('name="assessment" value="')[2][:26]
    empty = own.submit("/desk/credit/", {"assessment": uid, "objection": " "})
    assert empty.status_code == 422
    assert "Say what is wrong" in empty.text
    sent = own.submit("/desk/credit/", {"assessment": uid, "objection": "检测报告在另一平台"})
    assert sent.status_code == 302
    assert 'name="objection"' not in own.get("/desk/credit/").text

    assert "检测报告在另一平台" in office.get(page).text
    decision = {"act": "decide", "assessment": uid, "grade": "A"}
    assert office.submit(page, decision).status_code == 422
    assert office.submit(page, {**decision, "reason": "报告属实"}).status_code == 302
    for reader, address in ((office, page), (own, "/desk/credit/")):
        text = reader.get(address).text
        assert "grade A" in text
        assert "another than by the points" in text
        assert "报告属实" in text
    assert "Why again" in office.get(page).text


def test_programs_assess_and_read_the_same(ledger: Ledger, clock: SetClock) -> None:
    head, inspector = world.make_producer(ledger), world.make_regulator(ledger)
    world.make_batch(ledger, head)
    clock.move(datetime(2027, 3, 1, 1, tzinfo=UTC))
    api, own = api_client(ledger, inspector), api_client(ledger, head)
    sent = {"party": head.party_uid, "year": 2026}
    uid = api.send("/credit", sent).get_json()["uid"]
    (listed,) = api.read("/credit").get_json()["items"]
    assert (listed["party"], listed["newest"]["uid"]) == (head.party_uid, uid)
    found = own.read(f"/credit/{uid}").get_json()["found"]
    assert (found["grade"], found["score"]) == ("unrated", None)
    assert {one["loss"] for one in found["lines"]} == {"untested", "no_certification"}
    assert own.send(f"/credit/{uid}/objection", {"objection": "不属实"}).status_code == 201
    refused = api.send(f"/credit/{uid}/decision", {"grade": "B"})
    assert refused.status_code == 422
    assert refused.get_json()["errors"][0]["field"] == "reason"
    decided = {"grade": "B", "reason": "查证属实"}
    assert api.send(f"/credit/{uid}/decision", decided).status_code == 201
    (own_one,) = own.read(f"/parties/{head.party_uid}/credit").get_json()["items"]
    assert (own_one["state"], own_one["grade"]) == ("decided", "B")
    stranger = api_client(ledger, world.make_producer(ledger))
    assert stranger.read(f"/credit/{uid}").status_code == 403
