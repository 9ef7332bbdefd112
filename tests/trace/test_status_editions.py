"""The status list as it is published: step by step, numbered upwards, small, and in time."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from suyuan.trace.acts.orders import lift, recall
from suyuan.trace.acts.statuses import mark_paths, publish_status, renew_status, unmark_paths
from suyuan.trace.acts.transaction import Ledger, Writing
from suyuan.trace.clock import SetClock
from suyuan.trace.codes.paths import TracePath
from suyuan.trace.codes.queries import newest_directory, newest_status, status_body, status_delta
from suyuan.trace.codes.status import State, StatusList, apply_delta, delta_between, open_status
from suyuan.trace.codes.status_steps import applied, joined, step, undone
from suyuan.trace.codes.tables import PathState, StatusEdition
from suyuan.trace.codes.trace_code import new_trace_code
from suyuan.trace.errors import InvalidInput, NotFound
from suyuan.trace.keys.directory import KeyUse, open_directory
from suyuan.trace.keys.notes import VerifierKey, parse_verifier_key
from suyuan.trace.parties.actor import SYSTEM
from tests import world

MANY = 100_000
LONGEST_SECONDS = 1.0
"""From pressing the button to the list of everybody, on a machine that does other things too."""

_LINES = st.sets(st.tuples(st.sampled_from("abcdefgh"), st.sampled_from(State)), max_size=8).map(
    lambda found: {letter * 10 + "A": state for letter, state in found}
)


def body_of(states: dict[str, State]) -> str:
    return "".join(sorted(f"{token} {state}\n" for token, state in states.items()))


@given(_LINES, _LINES, _LINES)
def test_steps_lead_on_and_back_and_may_be_joined(
    one: dict[str, State], two: dict[str, State], three: dict[str, State]
) -> None:
    bodies = [body_of(states) for states in (one, two, three)]
    for older, newer, states in ((0, 1, two), (1, 2, three)):
        touched: dict[str, State | None] = dict.fromkeys((*one, *two, *three))
        body, delta = step(bodies[older], touched | states)
        assert body == bodies[newer]
        assert delta == delta_between(bodies[older], bodies[newer])
        assert applied(bodies[older], delta) == body
        assert applied(body, undone(delta)) == bodies[older]
    steps = [delta_between(bodies[0], bodies[1]), delta_between(bodies[1], bodies[2])]
    assert joined(steps) == delta_between(bodies[0], bodies[2])


def status_keys(ledger: Ledger) -> tuple[VerifierKey, ...]:
    root = parse_verifier_key(ledger.settings.root_key_file.read_text().strip())
    with ledger.database.read() as session:
        return open_directory(newest_directory(session).note, (root,)).keys_for(KeyUse.STATUS)


def edition(ledger: Ledger, seq: int) -> StatusList:
    with ledger.database.read() as session:
        note = session.get_one(StatusEdition, seq).note
        return open_status(note, status_body(session, seq), status_keys(ledger))


def test_every_edition_and_every_step_between_two_rebuild_what_was_signed(ledger: Ledger) -> None:
    paths = [TracePath(new_trace_code("540626")) for _ in range(6)]
    ledger.perform(SYSTEM, mark_paths, paths[:3], State.HELD, "one")
    ledger.perform(SYSTEM, mark_paths, paths[2:5], State.RECALLED, "two")
    ledger.perform(SYSTEM, unmark_paths, "one")
    ledger.perform(SYSTEM, mark_paths, paths[5:], State.VOIDED, "three")
    ledger.perform(SYSTEM, unmark_paths, "two")
    lists = [edition(ledger, seq) for seq in range(1, 7)]
    assert [len(one.states) for one in lists] == [0, 3, 5, 3, 4, 1]
    assert lists[2].state_of(paths[2]) is State.RECALLED, "the graver of two"
    assert lists[3].state_of(paths[0]) is None
    with ledger.database.read() as session:
        for older in range(1, 7):
            for newer in range(older, 7):
                delta = status_delta(session, older, newer)
                note = session.get_one(StatusEdition, newer).note
                rebuilt = apply_delta(lists[older - 1], delta, note, status_keys(ledger))
                assert rebuilt == lists[newer - 1]
        for older, newer in ((1, 7), (0, 1)):
            with pytest.raises(NotFound):
                status_delta(session, older, newer)
        assert session.scalars(sa.select(StatusEdition.seq).where(
            StatusEdition.body.is_not(None)
        )).all() == [6], "what follows from the steps is not kept twice"  # fmt: skip


def test_what_was_stepped_is_what_is_made_anew(ledger: Ledger) -> None:
    actor = world.make_producer(ledger)
    codes = [world.make_batch(ledger, actor) for _ in range(4)]
    orders = [ledger.perform(actor, recall, code, "metal found") for code in codes]
    ledger.perform(actor, lift, orders[1], "a mistake of the scale")
    with ledger.database.read() as session:
        last = newest_status(session).seq
    ledger.perform(SYSTEM, publish_status)
    assert edition(ledger, last).states == edition(ledger, last + 1).states
    with ledger.database.read() as session:
        assert status_delta(session, last, last + 1) == ""


def test_numbers_only_grow_and_an_older_list_is_refused(ledger: Ledger, clock: SetClock) -> None:
    path = TracePath(new_trace_code("540626"))
    for number in range(3):
        ledger.perform(SYSTEM, mark_paths, (path,), State.HELD, f"{number}")
    with ledger.database.read() as session:
        seqs = session.scalars(sa.select(StatusEdition.seq).order_by(StatusEdition.as_of)).all()
        old = session.get_one(StatusEdition, 2).note
        body = status_body(session, 2)
    assert seqs == [1, 2, 3, 4]
    with pytest.raises(InvalidInput, match="was seen before"):
        open_status(old, body, status_keys(ledger), least_seq=3)


def test_a_list_is_renewed_in_time_also_where_nothing_changes(
    ledger: Ledger, clock: SetClock
) -> None:
    """The worker looks each minute: at no moment is what is published past its date."""
    for _ in range(0, 60 * 50, 30):
        clock.move(clock.now() + timedelta(minutes=30))
        ledger.perform(SYSTEM, renew_status)
        with ledger.database.read() as session:
            assert clock.now() < newest_status(session).next_by
    with ledger.database.read() as session:
        assert newest_status(session).seq < 8, "and not oftener than it must be"


def test_with_a_hundred_thousand_entries_a_recall_is_out_within_a_second(ledger: Ledger) -> None:
    paths = {str(TracePath(new_trace_code("540626"))) for _ in range(MANY)}
    ledger.perform(SYSTEM, mark_paths, paths, State.HELD, "many")
    actor = world.make_producer(ledger)
    code = world.make_batch(ledger, actor)
    start = time.perf_counter()
    ledger.perform(actor, recall, code, "metal found")
    took = time.perf_counter() - start
    with ledger.database.read() as session:
        last = newest_status(session)
        body = status_body(session, last.seq)
        assert len(last.note.encode()) + len(body.encode()) <= 2 * 1000 * 1000
        assert body.count("\n") == len(paths) + 1
        assert status_delta(session, last.seq - 1, last.seq).count("\n") == 1
        assert session.scalar(sa.select(sa.func.count()).select_from(PathState)) == len(paths) + 1
    assert took < LONGEST_SECONDS, f"{took:.2f} s"


def test_a_recall_that_is_taken_back_in_the_same_act_changes_nothing(ledger: Ledger) -> None:
    path = TracePath(new_trace_code("540626"))

    def twice(w: Writing) -> None:
        mark_paths(w, (path,), State.RECALLED, "one")
        unmark_paths(w, "one")

    ledger.perform(SYSTEM, twice)
    assert edition(ledger, 2).states == {}
