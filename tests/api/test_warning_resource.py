"""Warnings over the API: who reads them, and what a program does about one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from suyuan.trace.acts.transaction import Ledger, Writing
from suyuan.trace.acts.warnings import warn
from suyuan.trace.batches.queries import batch
from suyuan.trace.clock import SetClock
from suyuan.trace.parties.actor import SYSTEM, Actor
from tests.api_clients import Program, application, client, wrong_fields
from tests.world import make_batch, make_event, make_producer, make_regulator


def _warned(w: Writing, rule: str, code: str) -> str:
    uid = warn(w, rule, code, batch=batch(w.session, code), evidence={"trace_code": code})
    assert uid is not None
    return uid


def _items(program: Program, query: str = "") -> list[dict[str, Any]]:
    answer = program.get(f"/api/v1/warnings{query}")
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.get_json()["items"]
    return items


def _programs(ledger: Ledger) -> tuple[Actor, Program, Program, Program]:
    app, owner = application(ledger), make_producer(ledger)
    others = (owner, make_regulator(ledger), make_producer(ledger))
    own, office, stranger = (client(ledger, actor, app) for actor in others)
    return owner, own, office, stranger


def test_each_reads_what_is_for_it(ledger: Ledger) -> None:
    owner, own, office, stranger = _programs(ledger)
    code = make_batch(ledger, owner)
    uids = [
        ledger.perform(SYSTEM, _warned, rule, code) for rule in ("over_limit", "paper_near_end")
    ]
    for program in (own, office):
        assert [one["uid"] for one in _items(program)] == uids[::-1]
        (high,) = _items(program, "?severity=high")
        assert (high["rule"], high["trace_code"], high["level"]) == ("over_limit", code, "county")
        assert _items(program, "?state=closed") == []
    assert _items(stranger) == []
    assert stranger.get(f"/api/v1/warnings?party={owner.party_uid}").status_code == 403
    assert stranger.get(f"/api/v1/warnings/{uids[0]}").status_code == 404
    assert stranger.get("/api/v1/warnings?state=eaten").status_code == 422


def test_a_page_follows_a_page(ledger: Ledger) -> None:
    owner, own, _, _ = _programs(ledger)
    for _ in range(3):
        ledger.perform(SYSTEM, _warned, "over_limit", make_batch(ledger, owner))
    first = own.get("/api/v1/warnings?limit=2").get_json()
    second = own.get(f"/api/v1/warnings?limit=2&after={first['next']}").get_json()
    assert len({one["uid"] for page in (first, second) for one in page["items"]}) == 3
    assert second["next"] is None


def test_acknowledged_acted_on_and_closed(ledger: Ledger, clock: SetClock) -> None:
    owner, own, office, _ = _programs(ledger)
    code = make_batch(ledger, owner)
    uid = ledger.perform(SYSTEM, _warned, "over_limit", code)
    address = f"/api/v1/warnings/{uid}"
    assert own.post(f"{address}/close", json={"reason": "无"}).status_code == 403
    assert office.post(f"{address}/acknowledge", json={}).status_code == 201
    assert office.post(f"{address}/acknowledge", json={}).status_code == 409
    assert own.post(f"{address}/act", json={"note": "已停售"}).status_code == 201
    assert office.post(f"{address}/close", json={}).status_code == 422
    chinese = {"Accept-Language": "zh-CN"}
    bare = office.post(f"{address}/close", json={"reason": "ok"}, headers=chinese)
    assert bare.status_code == 422
    assert "“严重”级预警须凭证据办结" in wrong_fields(bare)["proof"]
    assert "事件、检测报告、证照" in wrong_fields(bare)["proof"]
    clock.move(clock.now() + timedelta(hours=1))
    disposed = make_event(ledger, owner, "dispose", code)
    done = {"reason": "已销毁", "proof": disposed}
    assert office.post(f"{address}/close", json=done).status_code == 201
    told = own.get(address).get_json()
    assert told["state"] == "closed"
    assert [one["kind"] for one in told["steps"]] == ["acknowledged", "acted_on", "closed"]
    assert told["steps"][1]["party"] == owner.party_uid
    assert (told["steps"][2]["proof_kind"], told["steps"][2]["proof"]) == ("event", disposed)
