"""Declaring codes void: a whole run at once, and what a scan and the status list then say."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from suyuan.trace.acts.printing import issue_print_run
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.acts.voiding import void_code, void_run
from suyuan.trace.codes.status import State, token_of
from suyuan.trace.codes.tables import StatusEdition
from suyuan.trace.errors import Conflict, Forbidden, InvalidInput, NotFound
from suyuan.trace.log.tables import Record
from suyuan.trace.parties.actor import Actor
from suyuan.trace.printing.content import IssuedLabel
from suyuan.trace.printing.online import check_online
from suyuan.trace.printing.queries import codes_of
from tests.world import make_batch, make_producer


def _issue(
    ledger: Ledger, actor: Actor, count: int = 3, *, per_package: bool = True, unbound: bool = False
) -> str:
    return ledger.perform(
        actor, issue_print_run, make_batch(ledger, actor), count, "trace-50x30", per_package,
        try_out=lambda *_: None, unbound=unbound,
    )  # fmt: skip


def _labels(ledger: Ledger, run: str) -> list[IssuedLabel]:
    with ledger.database.read() as session:
        return codes_of(session, run)


def _state(ledger: Ledger, label: IssuedLabel) -> State | None:
    with ledger.database.read() as session:
        return check_online(session, label.url, ledger.clock.now()).state


def _listed(ledger: Ledger) -> str:
    with ledger.database.read() as session:
        newest = sa.select(StatusEdition.body).order_by(StatusEdition.seq.desc()).limit(1)
        return session.scalar(newest) or ""


@pytest.mark.parametrize("unbound", [False, True])
def test_a_void_run_leaves_no_code_of_it_in_force_and_no_other_touched(
    ledger: Ledger, unbound: bool
) -> None:
    actor = make_producer(ledger)
    run, other = _issue(ledger, actor, unbound=unbound), _issue(ledger, actor)
    labels, kept = _labels(ledger, run), _labels(ledger, other)
    ledger.perform(actor, void_run, run, "标签卷被盗")
    assert {_state(ledger, label) for label in labels} == {State.VOIDED}
    assert {_state(ledger, label) for label in kept} == {None}
    assert _listed(ledger) == "".join(sorted(f"{token_of(one.path)} V\n" for one in labels))
    assert _labels(ledger, run) == []


def test_a_code_that_was_void_before_is_not_listed_twice(ledger: Ledger) -> None:
    actor = make_producer(ledger)
    run = _issue(ledger, actor)
    ledger.perform(actor, void_code, _labels(ledger, run)[1].path, "标签破损")
    ledger.perform(actor, void_run, run, "标签卷被盗")
    assert len(_listed(ledger).splitlines()) == 3
    with ledger.database.read() as session:
        body = session.scalars(sa.select(Record.body).where(Record.type == "run_voided")).one()
        assert b'"codes":2' in (body or b"")


def test_a_run_is_declared_void_once_with_a_reason_by_who_prints(ledger: Ledger) -> None:
    actor = make_producer(ledger)
    run = _issue(ledger, actor)
    with pytest.raises(Forbidden):
        ledger.perform(make_producer(ledger), void_run, run, "恶作剧")
    with pytest.raises(InvalidInput):
        ledger.perform(actor, void_run, run, " ")
    with pytest.raises(NotFound):
        ledger.perform(actor, void_run, "0" * 26, "标签卷被盗")
    ledger.perform(actor, void_run, run, "标签卷被盗")
    with pytest.raises(Conflict):
        ledger.perform(actor, void_run, run, "标签卷被盗")


def test_batch_labels_are_not_declared_void(ledger: Ledger) -> None:
    actor = make_producer(ledger)
    run = _issue(ledger, actor, per_package=False)
    with pytest.raises(InvalidInput, match="whole batch"):
        ledger.perform(actor, void_run, run, "印错")
    assert _listed(ledger) == ""
