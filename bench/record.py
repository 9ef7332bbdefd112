"""One record and one event, against the same rows written without the tree.

Ours: the act as it is, with record, leaf, tiles, head and signed checkpoint in its transaction.
The other: the same act and record, committed without leaf, tiles, head and checkpoint. The record
says ten fields and does nothing else, so that the tree has the largest share that it can have; the
event is a sale with its checks.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import TypeVar

from _measure import KINDS, Figure, in_turn, keep, opened

from suyuan.trace.acts.events import record_event
from suyuan.trace.acts.transaction import Ledger, Writing
from suyuan.trace.log.append import insert_records
from suyuan.trace.log.schemas import RecordSchema
from suyuan.trace.parties.actor import SYSTEM, Actor
from tests import world
from tests.world import kg

T = TypeVar("T")
RUNS = 400
TEN_FIELDS = RecordSchema("measured", 1, public=tuple(f"field_{n}" for n in range(10)))
FIELDS = {f"field_{n}": f"a value of some length, number {n}" for n in range(10)}


def main() -> None:
    figures: list[Figure] = []
    for kind in KINDS:
        with opened(kind) as ledger:
            figures += [one_record(ledger, kind), one_event(ledger, kind)]
    keep("record", figures)


def say(w: Writing) -> str:
    """Record ten fields and nothing else."""
    return w.record(TEN_FIELDS, "measured", FIELDS)


def one_record(ledger: Ledger, kind: str) -> Figure:
    places = count(10**13)
    return in_turn(
        f"one record appended, {kind}",
        lambda _run: ledger.perform(SYSTEM, say),
        lambda _run: without_tree(ledger, SYSTEM, say, next(places)),
        other_is="the same rows without a tree",
        runs=RUNS,
    )


def one_event(ledger: Ledger, kind: str) -> Figure:
    actor = world.make_producer(ledger)
    code = world.make_batch(ledger, actor, kg(10_000))
    # beyond any place in the tree, so that the two never meet
    places = count(10**12)

    def ours(_run: int) -> object:
        facts = world.event_facts(ledger, actor, "sell", code, kg(1))
        return ledger.perform(actor, record_event, facts)

    def other(_run: int) -> object:
        facts = world.event_facts(ledger, actor, "sell", code, kg(1))
        return without_tree(ledger, actor, lambda w: record_event(w, facts), next(places))

    return in_turn(
        f"one event recorded, {kind}",
        ours,
        other,
        other_is="the same rows without a tree",
        runs=RUNS,
    )


def without_tree(ledger: Ledger, actor: Actor, act: Callable[[Writing], T], place: int) -> T:
    """Do the act in a transaction that writes its records and no log."""
    with ledger.database.write() as session:
        w = Writing(
            session, actor, ledger.clock.now(), ledger.settings, ledger.families, ledger.keys
        )
        answer = act(w)
        insert_records(session, w.records, place)
        session.commit()
        return answer


if __name__ == "__main__":
    main()
