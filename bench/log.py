"""The log: many leaves, many records, and proofs in a tree of a million.

Bulk: leaves that are ready, and whole records with their commitments, appended in portions of one
transaction, against the same rows alone. Proofs: an inclusion proof out of the database against
pymerkle's tree in SQLite, which keeps its leaves in a database as we do.
"""

from __future__ import annotations

import os
import tempfile
from itertools import count
from pathlib import Path

from _measure import KINDS, Figure, in_turn, keep, opened, per_second
from pymerkle import SqliteTree
from record import say

from suyuan.trace.acts.transaction import Ledger, Writing
from suyuan.trace.ids import new_uid
from suyuan.trace.log import queries
from suyuan.trace.log.append import NewRecord, append_entries, insert_records
from suyuan.trace.log.merkle import leaf_hash, verify_inclusion
from suyuan.trace.log.tables import Leaf
from suyuan.trace.log.tiles import tree_root
from suyuan.trace.many_rows import insert_rows
from suyuan.trace.parties.actor import SYSTEM

LEAVES = 50_000
RECORDS = 2_000
MILLION = 1_000_000


def main() -> None:
    figures: list[Figure] = []
    for kind in KINDS:
        with opened(kind) as ledger:
            figures += [leaves(ledger, kind), records(ledger, kind)]
    for kind in KINDS:
        with opened(kind) as ledger:
            figures.append(proofs(ledger, kind))
    keep("log", figures)


def leaves(ledger: Ledger, kind: str) -> Figure:
    """Ready leaves appended in one transaction."""
    entries = [os.urandom(78) for _ in range(LEAVES)]
    hashes = [leaf_hash(entry) for entry in entries]
    places = count(10**15, LEAVES)

    def ours(_run: int) -> None:
        with ledger.database.write() as session:
            append_entries(session, entries, ledger.keys.log)
            session.commit()

    def other(_run: int) -> None:
        first = next(places)
        with ledger.database.write() as session:
            rows = zip(range(first, first + LEAVES), hashes, entries, strict=True)
            insert_rows(session, (Leaf.index, Leaf.hash, Leaf.data), list(rows))
            session.commit()

    figure = in_turn(
        f"ready leaves in bulk, {kind}", ours, other, other_is="the same rows alone", runs=10
    )
    return per_second(figure, LEAVES)


def records(ledger: Ledger, kind: str) -> Figure:
    """Whole records of ten fields with their commitments and leaves, in one transaction."""
    places = count(10**16, RECORDS)

    def many(w: Writing) -> None:
        for _ in range(RECORDS):
            say(w)

    def other(_run: int) -> None:
        first = next(places)
        rows = [
            NewRecord(
                new_uid(ledger.clock.now()), "measured/1", "measured", b"x" * 700, b"x" * 16, {},
                ledger.clock.now(), None, None, None, b"",
            )
            for _ in range(RECORDS)
        ]  # fmt: skip
        with ledger.database.write() as session:
            insert_records(session, rows, first)
            session.commit()

    figure = in_turn(
        f"whole records in bulk, {kind}",
        lambda _run: ledger.perform(SYSTEM, many),
        other,
        other_is="rows of the same length alone",
        runs=10,
    )
    return per_second(figure, RECORDS)


def proofs(ledger: Ledger, kind: str) -> Figure:
    """One inclusion proof in a tree of a million leaves."""
    for _ in range(MILLION // LEAVES):
        with ledger.database.write() as session:
            append_entries(session, [os.urandom(78) for _ in range(LEAVES)], ledger.keys.log)
            session.commit()
    with tempfile.TemporaryDirectory() as folder:
        peer = SqliteTree(str(Path(folder) / "peer.db"), algorithm="sha256")
        for first in range(0, MILLION, LEAVES):
            peer.append_entries([b"%d" % at for at in range(first, first + LEAVES)])
        with ledger.database.read() as session:
            size = queries.head(session).size
            root = tree_root(queries.hash_reader(session), size)
            step = 7919 * 101

            def ours(run: int) -> None:
                index = (run * step) % MILLION
                path = queries.inclusion_proof(session, index, size)
                assert len(path) >= 15
                if run == 0:
                    verify_inclusion(session.get_one(Leaf, 0).hash, 0, size, path, root)

            figure = in_turn(
                f"an inclusion proof at a million leaves, {kind}",
                ours,
                lambda run: peer.prove_inclusion((run * step) % MILLION + 1),
                other_is="pymerkle's tree in SQLite",
                runs=20,
            )
        peer.close()
    return figure


if __name__ == "__main__":
    main()
