"""Lineage, back and forward, against reading the same rows by primary key.

Supply chains of 240 batches in twelve steps, each batch made of three of the step before; as many
of them as give ten thousand and a hundred thousand batches. What an answer holds is the same at
both sizes, so a growth of the ratio would be the cost of the table's size.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from random import Random

import sqlalchemy as sa
from _measure import KINDS, Figure, in_turn, keep, opened
from sqlalchemy.orm import Session

from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.batches.tables import Batch, Link
from suyuan.trace.lineage import queries
from tests import world

SIZES = (10_000, 100_000)
STEPS, WIDE, PARENTS = 12, 20, 3
CHAIN = STEPS * WIDE
RUNS = 200
_AT_ONCE = 5_000


def main() -> None:
    figures: list[Figure] = []
    for kind in KINDS:
        with opened(kind) as smaller, opened(kind) as larger:
            fill(smaller, SIZES[0])
            fill(larger, SIZES[1])
            figures += [measure(smaller, kind, SIZES[0]), measure(larger, kind, SIZES[1])]
            figures.append(measure_growth(smaller, larger, kind))
    keep("lineage", figures)


def measure(ledger: Ledger, kind: str, size: int) -> Figure:
    """The time of both walks, against the time of reading what they found by its keys."""
    starts = _starts(size)
    with ledger.database.read() as session:
        known = [_keys(session, start) for start in starts]
        return in_turn(
            f"lineage back and forward, {size} batches, {kind}",
            lambda run: _walk(session, starts[run]),
            lambda run: [
                (queries.batch_rows(session, nodes), _links(session, links))
                for nodes, links in known[run]
            ],
            other_is="the same batches and links by primary key",
            runs=RUNS,
        )


def measure_growth(smaller: Ledger, larger: Ledger, kind: str) -> Figure:
    """The time of both walks among many batches, against the same among a tenth of them."""
    few, many = _starts(SIZES[0]), _starts(SIZES[1])
    with smaller.database.read() as one, larger.database.read() as two:
        return in_turn(
            f"lineage back and forward, growth from {SIZES[0]} to {SIZES[1]} batches, {kind}",
            lambda run: _walk(two, many[run]),
            lambda run: _walk(one, few[run]),
            other_is=f"the same among {SIZES[0]} batches",
            runs=RUNS,
        )


def _starts(size: int) -> list[int]:
    """Batches in the middle of a chain, a different one for each run."""
    random = Random(size)
    return [
        random.randrange(size // CHAIN) * CHAIN + CHAIN // 2 + random.randrange(WIDE) + 1
        for _ in range(RUNS + RUNS // 10)
    ]


def _walk(session: Session, start: int) -> list[queries.Chain]:
    return [queries.chain(session, start, one, most=10_000) for one in queries.DIRECTIONS]


def _keys(session: Session, start: int) -> list[tuple[list[int], list[tuple[int, int]]]]:
    """The primary keys of what the walks from ``start`` find: of batches, and of links."""
    return [
        (
            [node.batch_id for node in chain.nodes],
            [(link.child_id, link.parent_id) for link in chain.links],
        )
        for chain in _walk(session, start)
    ]


def _links(session: Session, keys: list[tuple[int, int]]) -> Sequence[object]:
    """The links with these primary keys, in the quickest way that each database has."""
    child, parent = "unnest(CAST(:children AS bigint[]))", "unnest(CAST(:parents AS bigint[]))"
    pairs = f"(SELECT {child} AS child, {parent} AS parent)"
    if session.get_bind().dialect.name == "sqlite":
        # a list of pairs would be searched by scanning the table
        pairs = (
            "(SELECT c.value AS child, p.value AS parent FROM json_each(:children) c"
            " JOIN json_each(:parents) p ON p.key = c.key)"
        )
    query = sa.text(
        "SELECT link.parent_id, link.child_id, link.quantity, link.event_id"
        f" FROM {pairs} pairs CROSS JOIN link"
        " WHERE link.child_id = pairs.child AND link.parent_id = pairs.parent"
    )
    children, parents = [one for one, _ in keys], [two for _, two in keys]
    if session.get_bind().dialect.name == "sqlite":
        given: dict[str, object] = {"children": str(children), "parents": str(parents)}
    else:
        given = {"children": children, "parents": parents}
    return session.execute(query, given).all()


def fill(ledger: Ledger, size: int) -> None:
    """Write ``size`` batches and the links between them."""
    actor = world.make_producer(ledger)
    with ledger.database.write() as session:
        record = session.scalar(sa.text("SELECT id FROM record LIMIT 1"))
        numbers = range(1, size // CHAIN * CHAIN + 1)
        for at in range(0, len(numbers), _AT_ONCE):
            some = numbers[at : at + _AT_ONCE]
            rows = [_row(one, actor.party_id or 0, str(record)) for one in some]
            session.execute(sa.insert(Batch), rows)
        links = list(_all_links(size // CHAIN))
        for at in range(0, len(links), _AT_ONCE):
            session.execute(sa.insert(Link), links[at : at + _AT_ONCE])
        session.commit()
    with ledger.database.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT", sqlite_begin="IMMEDIATE")
        if not ledger.database.is_sqlite:
            connection.execute(sa.text("VACUUM ANALYZE"))


def _row(one: int, party_id: int, record: str) -> dict[str, object]:
    code = f"{one:016d}"
    return {
        "id": one, "trace_code": code, "path": f"/t/{code}", "party_id": party_id,
        "family": "grain", "variant": "millet", "name": "朝阳小米", "division": "211324",
        "quantity": Decimal(100), "unit": "KGM", "attributes": {}, "gaps": [], "warnings": [],
        "state": "registered", "registered_at": datetime(2026, 6, 1, tzinfo=UTC),
        "record_id": record,
    }  # fmt: skip


def _all_links(chains: int) -> Iterator[dict[str, object]]:
    random = Random(1)
    for chain in range(chains):
        for step in range(1, STEPS):
            upper = chain * CHAIN + (step - 1) * WIDE + 1
            for one in range(WIDE):
                for parent in random.sample(range(upper, upper + WIDE), PARENTS):
                    yield {
                        "child_id": upper + WIDE + one,
                        "parent_id": parent,
                        "quantity": Decimal(30),
                        "event_id": None,
                    }


if __name__ == "__main__":
    main()
