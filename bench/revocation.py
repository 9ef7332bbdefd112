"""A paper revoked, against a recall of as many batches: what leans on it falls in one commit.

Ours: a licence is revoked on which so many batches lean; each is found by what the paper covers,
marked in the status list, and the new edition is signed and committed. The other: a recall of a
batch of which as many were made, which reaches them by lineage. And one batch of 100 000 labelled
packages, which are told by their batch: it takes no longer than a batch without labels.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import count

import sqlalchemy as sa
from _measure import KINDS, Figure, in_turn, keep, opened

from suyuan.trace.acts.orders import recall
from suyuan.trace.acts.papers import register_paper, revoke_paper
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.batches.queries import batch
from suyuan.trace.batches.tables import Batch, Link
from suyuan.trace.codes.trace_code import new_trace_code
from suyuan.trace.papers.facts import Covers, PaperFacts
from suyuan.trace.parties.actor import Actor
from suyuan.trace.printing.tables import IssuedCode, PrintRun
from tests import world

BATCHES = 2_000
PACKAGES = 100_000
RUNS = 5
FLOUR = "millet_milled"


def main() -> None:
    figures: list[Figure] = []
    for kind in KINDS:
        with opened(kind) as ledger:
            figures += [many_batches(ledger, kind), many_packages(ledger, kind)]
    keep("revocation", figures)


def many_batches(ledger: Ledger, kind: str) -> Figure:
    leaning, made = (iter(list(one)) for one in zip(*_both(ledger), strict=True))

    def ours(_run: int) -> object:
        actor, paper = next(leaning)
        return ledger.perform(actor, revoke_paper, paper, "measured")

    def theirs(_run: int) -> object:
        actor, code = next(made)
        return ledger.perform(actor, recall, code, "measured")

    return in_turn(
        f"a paper revoked on which {BATCHES} batches lean, {kind}",
        ours,
        theirs,
        other_is="a recall that reaches as many",
        runs=RUNS,
    )


def many_packages(ledger: Ledger, kind: str) -> Figure:
    labelled = iter([_licensed(ledger, packages=PACKAGES) for _ in range(RUNS)])
    bare = iter([_licensed(ledger) for _ in range(RUNS)])

    def revoked(which: Iterator[tuple[Actor, str, str]]) -> object:
        actor, paper, _ = next(which)
        return ledger.perform(actor, revoke_paper, paper, "measured")

    return in_turn(
        f"a paper revoked behind a batch of {PACKAGES} packages, {kind}",
        lambda _run: revoked(labelled),
        lambda _run: revoked(bare),
        other_is="behind a batch without labels",
        runs=RUNS,
    )


def _both(ledger: Ledger) -> Iterator[tuple[tuple[Actor, str], tuple[Actor, str]]]:
    """For each run a paper on which the batches lean, and a batch of which as many were made."""
    for _ in range(RUNS):
        actor, paper, code = _licensed(ledger)
        _copy(ledger, code, linked=False)
        other = world.make_producer(ledger)
        root = world.make_batch(ledger, other, family="grain", variant=FLOUR)
        _copy(ledger, root, linked=True)
        yield (actor, paper), (other, root)


_serials = count(10**6)
_numbers = count(1)


def _licensed(ledger: Ledger, packages: int = 0) -> tuple[Actor, str, str]:
    """A producer with a paper, and a batch that leans on it with so many labels."""
    actor = world.make_producer(ledger)
    own = str(actor.party_uid)
    facts = PaperFacts(
        "workshop_registration", f"no. {next(_numbers)}", own, valid_from=date(2020, 1, 1),
        covers=(Covers("party", own),),
    )  # fmt: skip
    paper = ledger.perform(actor, register_paper, facts)
    code = world.make_batch(ledger, actor, family="grain", variant=FLOUR)
    if packages:
        _label(ledger, code, packages)
    return actor, paper, code


def _copy(ledger: Ledger, code: str, *, linked: bool) -> None:
    """So many more batches like this one, made of it where they are ``linked``."""
    with ledger.database.write() as session:
        first = batch(session, code)
        row = {c.key: getattr(first, c.key) for c in Batch.__table__.columns if c.key != "id"}
        codes = [new_trace_code("540626") for _ in range(BATCHES - 1)]
        session.execute(
            sa.insert(Batch), [{**row, "trace_code": one, "path": f"/t/{one}"} for one in codes]
        )
        if linked:
            ids = session.scalars(sa.select(Batch.id).where(Batch.trace_code.in_(codes)))
            rows = [{"child_id": one, "parent_id": first.id} for one in ids]
            session.execute(sa.insert(Link), rows)
        session.commit()


def _label(ledger: Ledger, code: str, packages: int) -> None:
    """A print run of so many packages, its rows alone."""
    with ledger.database.write() as session:
        of = batch(session, code)
        run = PrintRun(
            uid=f"{next(_numbers):026}", batch_id=of.id, party_id=of.party_id, template="bench",
            count=packages, key_name="bench", host="bench", manifest_root=bytes(32),
            manifest_parts=b"", content={}, at=ledger.clock.now(), record_id=of.record_id,
        )  # fmt: skip
        session.add(run)
        session.flush()
        same = {
            "print_run_id": run.id, "within": code, "signature": bytes(64), "salt": bytes(16),
        }  # fmt: skip
        serials = (f"{next(_serials):012}" for _ in range(packages))
        session.execute(
            sa.insert(IssuedCode),
            [
                {**same, "position": n, "serial": one, "path": f"/t/{code}/{one}"}
                for n, one in enumerate(serials)
            ],
        )
        session.commit()


if __name__ == "__main__":
    main()
