"""``suyuan warnings`` and the worker, as an operator types them."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from suyuan.commands.worker import do_what_is_due
from suyuan.trace.acts.contacts import ContactFacts, add_contact
from suyuan.trace.acts.papers import register_paper
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.clock import SHANGHAI, SetClock, SystemClock
from suyuan.trace.notices.queries import outbox, warnings_here
from suyuan.trace.papers.facts import PaperFacts
from suyuan.trace.parties.actor import Actor
from tests import world
from tests.shell import Shell


@pytest.fixture
def shell(ledger: Ledger, tmp_path: Path) -> Shell:
    """Commands over the ledger's own installation."""
    return Shell(tmp_path, ledger.settings.database_url)


@pytest.fixture
def owner(ledger: Ledger, clock: SetClock) -> Actor:
    """The head of a co-operative whose licence ends in twenty days, and who wants a message."""
    clock.move(SystemClock().now())
    head = world.make_producer(ledger, name="亚拉镇合作社")
    ends = clock.now().astimezone(SHANGHAI).date() + timedelta(days=20)
    party = str(head.party_uid)
    facts = PaperFacts("sc_licence", "SC10654062600017", party, valid_to=ends)
    ledger.perform(head, register_paper, facts)
    ledger.perform(head, add_contact, ContactFacts(party, "sms", "13800138000", "low"))
    return head


def test_sweep_list_and_outbox(shell: Shell, owner: Actor) -> None:
    swept = shell.run("warnings", "sweep", "--rule", "paper_near_end", "--json")
    assert json.loads(swept.stdout) == {"opened": {"paper_near_end": 1}, "escalated": 0}
    again = shell.run("warnings", "sweep", LANG="zh_CN.UTF-8")
    assert "     0  证照将到期" in again.stdout
    listed = json.loads(shell.run("warnings", "list", "--json").stdout)
    assert (listed["rule"], listed["party"]) == ("paper_near_end", owner.party_uid)
    assert "亚拉镇合作社" in shell.run("warnings", "list", "--rule", "paper_near_end").stdout
    assert shell.run("warnings", "list", "--state", "closed").stdout == ""
    assert shell.run("warnings", "send").stdout == "0\n"
    kept = json.loads(shell.run("warnings", "outbox", "--state", "kept", "--json").stdout)
    assert (kept["channel"], kept["address"]) == ("sms", "13800138000")
    assert "13800138000" in shell.run("warnings", "outbox").stdout


def test_a_rule_that_nothing_sweeps_for_is_no_choice(shell: Shell, ledger: Ledger) -> None:
    assert shell.run("warnings", "sweep", "--rule", "over_limit").returncode == 2


def test_the_worker_looks_hands_up_and_sends(ledger: Ledger, owner: Actor, clock: SetClock) -> None:
    world.make_regulator(ledger)
    do_what_is_due(ledger)
    clock.move(clock.now() + timedelta(days=21))
    do_what_is_due(ledger)
    with ledger.database.read() as session:
        near = [one for one in warnings_here(session) if one.rule == "paper_near_end"]
        assert [one.level for one in near] == ["county"]
        assert {one.state for one in outbox(session)} == {"kept"}
