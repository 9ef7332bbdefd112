"""The recursive query walks any graph as a naive walk would, capped, paged, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from itertools import pairwise

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.batches.tables import Batch, Link
from suyuan.trace.database import Database
from suyuan.trace.errors import InvalidInput
from suyuan.trace.lineage import queries
from suyuan.trace.lineage.queries import Chain, Direction
from suyuan.trace.parties.actor import Actor
from tests import world

Edges = set[tuple[int, int]]
LARGEST = 14


@st.composite
def graphs(draw: st.DrawFn) -> Edges:
    """Links from lower to higher numbers: any graph without rings, diamonds and all."""
    pairs = st.tuples(st.integers(1, LARGEST), st.integers(1, LARGEST))
    drawn = draw(st.sets(pairs.filter(lambda pair: pair[0] != pair[1]), max_size=40))
    return {(min(pair), max(pair)) for pair in drawn}


def _naive(edges: Edges, start: int, direction: Direction) -> dict[int, int]:
    """Every batch that is reached, with the fewest steps to it, ring by ring."""
    depths, ring, depth = {start: 0}, {start}, 0
    while ring:
        depth += 1
        met = {
            far
            for parent, child in edges
            for near, far in [(child, parent) if direction == "back" else (parent, child)]
            if near in ring
        }
        ring = met - depths.keys()
        depths |= dict.fromkeys(ring, depth)
    return depths


@pytest.fixture
def graph(ledger: Ledger) -> Ledger:
    """A ledger with batches 1 … LARGEST that are not linked yet."""
    _add_batches(ledger, world.make_producer(ledger), LARGEST)
    return ledger


def _add_batches(ledger: Ledger, actor: Actor, number: int) -> None:
    row: dict[str, object] = {
        "party_id": actor.party_id, "family": "grain", "variant": "millet", "name": "小米",
        "division": "540628", "quantity": Decimal(1), "unit": "KGM", "attributes": {}, "gaps": [],
        "warnings": [], "state": "registered", "registered_at": datetime(2026, 1, 1, tzinfo=UTC),
    }  # fmt: skip
    with ledger.database.write() as session:
        some_record = session.scalar(sa.text("SELECT id FROM record LIMIT 1"))
        session.execute(
            sa.insert(Batch),
            [
                {
                    **row,
                    "id": one,
                    "trace_code": f"{one:016d}",
                    "path": f"/t/{one:016d}",
                    "record_id": some_record,
                }
                for one in range(1, number + 1)
            ],
        )
        session.commit()


def _link(database: Database, edges: Edges) -> None:
    with database.write() as session:
        session.execute(sa.delete(Link))
        if edges:
            session.execute(
                sa.insert(Link), [{"parent_id": one, "child_id": two} for one, two in edges]
            )
        session.commit()


def _chain(
    ledger: Ledger, start: int, direction: Direction, *, most: int = 1000,
    limit: int | None = None, cursor: str | None = None,
) -> Chain:  # fmt: skip
    with ledger.database.read() as session:
        return queries.chain(session, start, direction, most=most, limit=limit, cursor=cursor)


@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(edges=graphs(), start=st.integers(1, LARGEST), direction=st.sampled_from(queries.DIRECTIONS))
def test_a_walk_reaches_what_a_naive_walk_reaches(
    graph: Ledger, edges: Edges, start: int, direction: Direction
) -> None:
    _link(graph.database, edges)
    expected = _naive(edges, start, direction)
    walked = _chain(graph, start, direction)
    assert {node.batch_id: node.depth for node in walked.nodes} == expected
    assert {(link.parent_id, link.child_id) for link in walked.links} == {
        (one, two) for one, two in edges if one in expected and two in expected
    }
    assert not walked.truncated
    with graph.database.read() as session:
        assert set(queries.closure(session, start)) == set(_naive(edges, start, "forward"))
        assert set(queries.ancestors(session, start)) == set(_naive(edges, start, "back"))


@settings(
    max_examples=30,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(edges=graphs(), limit=st.integers(1, 5), most=st.integers(1, LARGEST))
def test_pages_together_are_the_capped_walk(
    graph: Ledger, edges: Edges, limit: int, most: int
) -> None:
    _link(graph.database, edges)
    expected = _naive(edges, 1, "forward")
    whole = _chain(graph, 1, "forward", most=most)
    pages, cursor = [], None
    while True:
        page = _chain(graph, 1, "forward", most=most, limit=limit, cursor=cursor)
        pages.append(page)
        if (cursor := page.next_cursor) is None:
            break
    assert tuple(node for page in pages for node in page.nodes) == whole.nodes
    assert sorted(link.child_id for page in pages for link in page.links) == sorted(
        link.child_id for link in whole.links
    )
    assert len(whole.nodes) == min(most, len(expected))
    assert whole.truncated == (len(expected) > most)
    # the cap keeps the nearest
    assert [node.depth for node in whole.nodes] == sorted(expected.values())[:most]


def test_blending_and_splitting_over_and_over_does_not_explode(ledger: Ledger) -> None:
    """Thirty layers of four, each linked to all of the next: 4^30 ways, 121 batches."""
    layers, wide = 30, 4
    _add_batches(ledger, world.make_producer(ledger), 1 + layers * wide)
    ids = [[1]] + [list(range(2 + at * wide, 2 + (at + 1) * wide)) for at in range(layers)]
    edges = {(one, two) for upper, lower in pairwise(ids) for one in upper for two in lower}
    _link(ledger.database, edges)
    walked = _chain(ledger, 1, "forward")
    assert len(walked.nodes) == 1 + layers * wide
    assert walked.nodes[-1].depth == layers
    assert len(_chain(ledger, 121, "back").nodes) == 2 + (layers - 1) * wide


def test_a_batch_alone_is_a_chain_of_one(graph: Ledger) -> None:
    walked = _chain(graph, 3, "back")
    assert [node.trace_code for node in walked.nodes] == [f"{3:016d}"]
    assert walked.links == ()


def test_a_cursor_that_no_page_gave_is_refused(graph: Ledger) -> None:
    for cursor in ("", "-1", "x", "1e3", "9" * 30, "²"):
        with pytest.raises(InvalidInput, match="cursor"):
            _chain(graph, 1, "back", cursor=cursor)
