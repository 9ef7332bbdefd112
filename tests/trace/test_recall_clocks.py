"""A recall is begun and finished in the times of its class, and who misses them is told of.

Cases of ``domain.md`` B9: 24, 48 and 72 hours, 10, 20 and 30 working days.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from suyuan.trace.acts.orders import hold, lift, recall
from suyuan.trace.acts.recalls import finish_recall
from suyuan.trace.acts.sweeping import sweep
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.clock import SetClock, shown
from suyuan.trace.errors import Conflict, Forbidden, InvalidInput
from suyuan.trace.notices.queries import warnings_here
from suyuan.trace.parties.actor import Actor
from suyuan.trace.release import queries
from suyuan.trace.release.recall_clocks import (
    RecallClock,
    RecallFacts,
    clock_of,
    recall_classes,
)
from tests import world

HOUR = timedelta(hours=1)


def _clock(ledger: Ledger, order: str) -> RecallClock:
    with ledger.database.read() as session:
        clock = clock_of(queries.order(session, order))
    assert clock is not None
    return clock


def _late(ledger: Ledger) -> list[str]:
    """Which times were told of as missed, so far."""
    sweep(ledger, ["recall_late"])
    with ledger.database.read() as session:
        found = warnings_here(session, rule="recall_late")
        return sorted(one.key.partition(":")[2] for one in found)


def _recalled(ledger: Ledger, actor: Actor, of: str, known: timedelta) -> str:
    facts = RecallFacts(of, ledger.clock.now() - known)
    return ledger.perform(actor, recall, world.make_batch(ledger, actor), "检出兽药残留", facts)


@pytest.mark.parametrize(
    ("of", "hours", "days"), [("first", 24, 10), ("second", 48, 20), ("third", 72, 30)]
)
def test_each_class_has_its_hours_and_its_working_days(of: str, hours: int, days: int) -> None:
    """B8.1, B9: 24/48/72 h and 10/20/30 working days; each says where that was read."""
    one = recall_classes()[of]
    assert (one.start, one.finish_days) == (timedelta(hours=hours), days)
    assert one.provenance.source
    assert one.provenance.checked_by is None


@pytest.mark.parametrize(
    ("of", "hours", "last"),
    [
        # ordered on Monday 2026-06-01; 19 June (端午) and no other day off falls into these weeks
        ("first", 24, "2026-06-16 00:00"),
        ("second", 48, "2026-07-01 00:00"),
        ("third", 72, "2026-07-15 00:00"),
    ],
)
def test_hours_run_from_knowing_and_working_days_from_the_order(
    ledger: Ledger, clock: SetClock, of: str, hours: int, last: str
) -> None:
    clock.move(datetime(2026, 6, 1, 2, 0, tzinfo=UTC))
    actor = world.make_producer(ledger)
    in_time = _clock(ledger, _recalled(ledger, actor, of, hours * HOUR))
    late = _clock(ledger, _recalled(ledger, actor, of, hours * HOUR + timedelta(minutes=1)))
    for one, missed in ((in_time, False), (late, True)):
        start, finish = one.deadlines
        assert start.late(clock.now()) is missed
        assert shown(finish.due_at) == last
        assert finish.left(clock.now()) > timedelta(0)
    finish = in_time.deadlines[1]
    assert not finish.late(finish.due_at)
    assert finish.late(finish.due_at + timedelta(seconds=1))


def test_while_nobody_says_of_which_class_it_is_the_shortest_times_count(ledger: Ledger) -> None:
    actor = world.make_producer(ledger)
    code = world.make_batch(ledger, actor)
    one = _clock(ledger, ledger.perform(actor, recall, code, "金属异物"))
    assert (one.of.key, one.assumed, one.unconfirmed) == ("first", True, True)
    held = ledger.perform(actor, hold, code, "待查")
    with ledger.database.read() as session:
        assert clock_of(queries.order(session, held)) is None


def test_what_is_missed_is_warned_of_once_and_what_is_finished_is_not(
    ledger: Ledger, clock: SetClock
) -> None:
    actor = world.make_producer(ledger)
    first = _recalled(ledger, actor, "first", HOUR)
    assert _late(ledger) == []
    _recalled(ledger, actor, "second", 49 * HOUR)
    assert _late(ledger) == ["start"]
    done = _recalled(ledger, actor, "first", HOUR)
    ledger.perform(actor, finish_recall, done, "追回 38 千克, 全部销毁; 2 千克已食用")
    lifted = _recalled(ledger, actor, "first", HOUR)
    ledger.perform(actor, lift, lifted, "复检合格")
    clock.move(_clock(ledger, first).deadlines[1].due_at)
    assert _late(ledger) == ["start"]
    clock.move(clock.now() + timedelta(seconds=1))
    assert _late(ledger) == ["finish", "start"]
    assert _late(ledger) == ["finish", "start"]


def test_goods_stay_recalled_when_the_recall_is_finished(ledger: Ledger) -> None:
    actor, regulator = world.make_producer(ledger), world.make_regulator(ledger)
    uid = _recalled(ledger, actor, "third", HOUR)
    with pytest.raises(Forbidden, match="says what came of it"):
        ledger.perform(world.make_producer(ledger), finish_recall, uid, "全部销毁")
    with pytest.raises(InvalidInput):
        ledger.perform(actor, finish_recall, uid, " ")
    ledger.perform(regulator, finish_recall, uid, "全部销毁")
    with pytest.raises(Conflict, match="no recall that is still under way"):
        ledger.perform(actor, finish_recall, uid, "再来一次")
    with ledger.database.read() as session:
        order = queries.order(session, uid)
        assert (order.outcome, order.lifted_at) == ("全部销毁", None)
        assert queries.stops(session, [order.batch_id])
    held = ledger.perform(actor, hold, world.make_batch(ledger, actor), "待查")
    with pytest.raises(Conflict):
        ledger.perform(actor, finish_recall, held, "查完")


def test_a_class_that_there_is_not_and_a_ground_of_tomorrow_are_refused(ledger: Ledger) -> None:
    actor = world.make_producer(ledger)
    code = world.make_batch(ledger, actor)
    with pytest.raises(InvalidInput, match="classes are: first, second, third"):
        ledger.perform(actor, recall, code, "x", RecallFacts("fourth"))
    tomorrow = ledger.clock.now() + timedelta(days=1)
    with pytest.raises(InvalidInput, match="was known before now"):
        ledger.perform(actor, recall, code, "x", RecallFacts("first", tomorrow))
