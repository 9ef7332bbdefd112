"""Recalls over the API: the times of each class, and what came of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.clock import SetClock
from tests.api_clients import client, wrong_fields
from tests.world import make_batch, make_producer


def _clock(answer: dict[str, Any]) -> dict[str, Any]:
    """The times of a recall by their step, as an answer has them."""
    return {one["step"]: one for one in answer["clock"]["deadlines"]}


@pytest.mark.parametrize(("of", "hours"), [("first", 24), ("second", 48), ("third", 72)])
def test_a_recall_answers_what_remains_of_its_times(
    ledger: Ledger, clock: SetClock, of: str, hours: int
) -> None:
    owner = make_producer(ledger)
    api, now = client(ledger, owner), ledger.clock.now()
    sent = {
        "kind": "recall", "reason": "检出超标", "recall_class": of,
        "known_at": (now - timedelta(hours=hours, minutes=90)).isoformat(),
    }  # fmt: skip
    made = api.send(f"/batches/{make_batch(ledger, owner)}/orders", sent)
    uid = made.get_json()["uid"]
    told = api.read(f"/orders/{uid}").get_json()
    assert (told["clock"]["recall_class"], told["clock"]["assumed"]) == (of, False)
    start, finish = _clock(told)["start"], _clock(told)["finish"]
    assert (start["overdue"], start["hours_left"]) == (True, -2)
    assert (finish["overdue"], finish["done_at"]) == (False, None)
    clock.move(datetime.fromisoformat(finish["due_at"]) + timedelta(hours=3))
    api = client(ledger, owner)
    (listed,) = api.read("/recalls").get_json()["items"]
    late = _clock(listed)["finish"]
    assert (late["overdue"], late["hours_left"]) == (True, -3)
    assert api.send(f"/orders/{uid}/finish", {"reason": "全部销毁"}).status_code == 201
    done = api.read(f"/orders/{uid}").get_json()
    assert (done["outcome"], done["lifted_at"]) == ("全部销毁", None)
    assert _clock(done)["finish"]["done_at"] == done["finished_at"]


def test_a_hold_has_no_times_and_a_class_is_one_of_three(ledger: Ledger) -> None:
    owner = make_producer(ledger)
    api, code = client(ledger, owner), make_batch(ledger, owner)
    held = api.send(f"/batches/{code}/orders", {"kind": "hold", "reason": "待查"})
    assert api.read(f"/orders/{held.get_json()['uid']}").get_json()["clock"] is None
    wrong = {"kind": "recall", "reason": "x", "recall_class": "fourth"}
    assert set(wrong_fields(api.send(f"/batches/{code}/orders", wrong))) == {"recall_class"}
