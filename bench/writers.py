"""Eight writers at once, each a process of its own, as many as a busy server has.

One record: an act that says ten fields, with its leaf, tiles, head and signed checkpoint, waiting
for the disk. One event: a clerk's whole sale with its checks, from a batch of the writer's own.
Beside each: the same act and rows, committed without leaf, tiles, head and checkpoint.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from itertools import count

from _measure import KINDS, Figure, in_turn, keep, opened, per_second
from record import say, without_tree

from suyuan.trace.acts.events import record_event
from suyuan.trace.acts.opening import unlock
from suyuan.trace.acts.transaction import Ledger, Writing
from suyuan.trace.clock import SetClock
from suyuan.trace.database import open_database
from suyuan.trace.parties.actor import SYSTEM, Actor
from suyuan.trace.settings import Settings
from tests import world
from tests.world import kg

Said = Callable[[Writing], object]
Act = Callable[[Ledger], tuple[Actor, Said]]
"""Who is to say what in the next transaction of a ledger."""

WRITERS = 8
EACH = 40

_own: list[Ledger] = []
"""The ledger that this writing process has unlocked."""


def main() -> None:
    figures: list[Figure] = []
    for kind in KINDS:
        with opened(kind) as ledger, writers(ledger) as pool:
            figures += [records(pool, kind), events(pool, ledger, kind)]
    keep("writers", figures)


@contextmanager
def writers(ledger: Ledger) -> Iterator[ProcessPoolExecutor]:
    """Processes that have each unlocked the ledger."""
    method = multiprocessing.get_context("forkserver")
    method.set_forkserver_preload([__name__])
    with ProcessPoolExecutor(
        WRITERS, method, _unlock, (ledger.settings, ledger.clock.now())
    ) as pool:
        yield pool


def _unlock(settings: Settings, now: datetime) -> None:
    _own.append(unlock(open_database(settings.database_url), settings, SetClock(now)))


def records(pool: ProcessPoolExecutor, kind: str) -> Figure:
    """Records a second."""
    return _at_once(
        pool, f"records appended by {WRITERS} writers at once, {kind}", [_say] * WRITERS, 10**15
    )


def events(pool: ProcessPoolExecutor, ledger: Ledger, kind: str) -> Figure:
    """Whole events a second."""
    actors = [world.make_producer(ledger) for _ in range(WRITERS)]
    sales = [partial(_sell, one, world.make_batch(ledger, one, kg(10_000))) for one in actors]
    return _at_once(pool, f"events recorded by {WRITERS} writers at once, {kind}", sales, 10**16)


def _at_once(pool: ProcessPoolExecutor, name: str, acts: Sequence[Act], far: int) -> Figure:
    # beyond any place in the tree, so that the two never meet
    places = count(far, EACH)

    def ours(_run: int) -> None:
        list(pool.map(_write, acts))

    def other(_run: int) -> None:
        list(pool.map(_write_alone, acts, [next(places) for _ in acts]))

    figure = in_turn(name, ours, other, other_is="the same rows without a tree", runs=10)
    return per_second(figure, len(acts) * EACH)


def _write(act: Act) -> None:
    (ledger,) = _own
    for _ in range(EACH):
        who, said = act(ledger)
        ledger.perform(who, said)


def _write_alone(act: Act, first: int) -> None:
    (ledger,) = _own
    for place in range(first, first + EACH):
        who, said = act(ledger)
        without_tree(ledger, who, said, place)


def _say(_ledger: Ledger) -> tuple[Actor, Said]:
    return SYSTEM, say


def _sell(actor: Actor, batch: str, ledger: Ledger) -> tuple[Actor, Said]:
    facts = world.event_facts(ledger, actor, "sell", batch, kg(1))
    return actor, lambda w: record_event(w, facts)


if __name__ == "__main__":
    main()
