"""Labels move to another host with a directory that the root signs; what was printed stays good."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from suyuan.trace.acts.directories import request_directory
from suyuan.trace.acts.keys import drop_draft, rotate_key
from suyuan.trace.acts.label_hosts import move_labels
from suyuan.trace.acts.printing import issue_print_run
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.codes.verify import Verdict
from suyuan.trace.errors import Conflict, Forbidden, InvalidInput
from suyuan.trace.keys.tables import Instance
from suyuan.trace.parties.actor import SYSTEM, Actor
from suyuan.trace.printing.online import check_online
from suyuan.trace.printing.queries import codes_of
from tests import world
from tests.root_machine import sign_and_accept

OLD, NEW = "t.example.cn", "q.example.cn"


def label(ledger: Ledger, actor: Actor, batch: str) -> str:
    run = ledger.perform(actor, issue_print_run, batch, 1, "x", try_out=lambda *_: None)
    with ledger.database.read() as session:
        return codes_of(session, run)[0].url


def verdict(ledger: Ledger, url: str) -> Verdict:
    with ledger.database.read() as session:
        return check_online(session, url, ledger.clock.now()).verdict


def hosts(ledger: Ledger) -> list[Mapping[str, Any]]:
    with ledger.database.read() as session:
        return list(session.get_one(Instance, 1).hosts)


def test_new_labels_name_the_new_host_and_old_ones_stay_good(ledger: Ledger) -> None:
    coop = world.make_producer(ledger)
    batch = world.make_batch(ledger, coop)
    before = label(ledger, coop, batch)
    ledger.perform(SYSTEM, move_labels, NEW)
    assert label(ledger, coop, batch).startswith(f"https://{OLD}/"), "until the root has signed"
    ledger.perform(SYSTEM, rotate_key, "trace.example.cn/codes-1")  # drafts anew
    sign_and_accept(ledger)
    after = label(ledger, coop, batch)
    assert after.startswith(f"https://{NEW}/")
    assert [verdict(ledger, one) for one in (before, after)] == [Verdict.GOOD] * 2
    assert verdict(ledger, after.replace(NEW, "u.example.cn")) is Verdict.OTHER_HOST
    today = ledger.clock.now().date().isoformat()
    assert [(one["host"], one["to"]) for one in hosts(ledger)] == [(OLD, today), (NEW, None)]


def test_a_former_host_may_be_named_again(ledger: Ledger) -> None:
    for host in (NEW, OLD):
        ledger.perform(SYSTEM, move_labels, host)
        sign_and_accept(ledger)
    assert [one["host"] for one in hosts(ledger) if one["to"] is None] == [OLD]
    assert len(hosts(ledger)) == 2


def test_what_waits_can_be_taken_back_or_named_otherwise(ledger: Ledger) -> None:
    ledger.perform(SYSTEM, move_labels, "wrong.example.cn")
    assert NEW in ledger.perform(SYSTEM, move_labels, NEW)
    assert "wrong" not in ledger.perform(SYSTEM, request_directory)
    ledger.perform(SYSTEM, drop_draft)
    sign_and_accept(ledger)
    assert [one["host"] for one in hosts(ledger)] == [OLD]


@pytest.mark.parametrize(
    "host", ["localhost", "192.0.2.7", "q", "Q.example.cn", "https://q.cn", ""]
)
def test_a_host_that_means_another_machine_elsewhere_is_refused(ledger: Ledger, host: str) -> None:
    with pytest.raises(InvalidInput):
        ledger.perform(SYSTEM, move_labels, host)


def test_the_present_host_is_no_change_and_only_the_operator_makes_one(ledger: Ledger) -> None:
    with pytest.raises(Conflict):
        ledger.perform(SYSTEM, move_labels, OLD)
    with pytest.raises(Forbidden):
        ledger.perform(world.make_producer(ledger), move_labels, NEW)
