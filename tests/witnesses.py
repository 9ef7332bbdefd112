"""Witnesses for tests, and a transport that reaches applications without a network."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa
from flask import Flask

from suyuan.api.witness import create_witness_app
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.log.audit import log_key
from suyuan.trace.log.queries import head
from suyuan.trace.log.tables import (
    CosignatureLine,
    CosignedHead,
    Head,
    Leaf,
    Record,
    WitnessContact,
)
from suyuan.trace.transport import Answer, NoAnswer
from suyuan.trace.witness.witness import WitnessAtWork, create_witness
from tests.opened import CHEAP


@dataclass
class Wired:
    """Asks applications by the beginning of their address; ``down`` are those that are away."""

    apps: Mapping[str, Flask]
    down: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)

    def get(self, url: str) -> Answer:
        return self._ask("GET", url, None)

    def post(self, url: str, body: bytes) -> Answer:
        return self._ask("POST", url, body)

    def _ask(self, method: str, url: str, body: bytes | None) -> Answer:
        self.asked.append(url)
        base = next((base for base in self.apps if url.startswith(f"{base}/")), None)
        if base is None or base in self.down:
            raise NoAnswer("{url} did not answer: {why}", url=url, why="no route")
        client = self.apps[base].test_client()
        answer = client.open(url.removeprefix(base), method=method, data=body)
        return Answer(answer.status_code, str(answer.mimetype), answer.data)


def base_of(name: str) -> str:
    """The address of the witness ``name`` in a test."""
    return f"https://{name}.example/witness"


def make_witness(folder: Path, name: str, ledger: Ledger) -> WitnessAtWork:
    """A witness of its own that follows the ledger's log."""
    create_witness(folder / name, f"{name}.example/w", "secret", CHEAP)
    witness = WitnessAtWork(folder / name, "secret", ledger.clock)
    with ledger.database.read() as session:
        key = log_key(session)
    witness.store.add_key(key.name, key)
    return witness


@contextmanager
def witnessed_by(ledger: Ledger, folder: Path, needed: int, *names: str) -> Iterator[Wired]:
    """Have the ledger's log witnessed by so many of these, as its policy file then says."""
    witnesses = {name: make_witness(folder, name, ledger) for name in names}
    lines = [f"witness {name} {one.key} {base_of(name)}" for name, one in witnesses.items()]
    lines += [f"group enough {needed} {' '.join(names)}", "quorum enough", ""]
    ledger.settings.policy_file.write_text("\n".join(lines))
    yield Wired({base_of(name): create_witness_app(one) for name, one in witnesses.items()})
    ledger.settings.policy_file.unlink()


@contextmanager
def as_it_was_before(ledger: Ledger) -> Iterator[Callable[[], None]]:
    """Gives what brings the database back to now, as a backup that was taken now would."""
    with ledger.database.read() as session:
        row = head(session)
        kept = {"size": row.size, "frontier": row.frontier, "checkpoint": row.checkpoint}

    def come_back() -> None:
        with ledger.database.write() as session:
            session.execute(sa.delete(Record).where(Record.leaf_index >= kept["size"]))
            session.execute(sa.delete(Leaf).where(Leaf.index >= kept["size"]))
            session.execute(sa.update(Head).values(**kept))
            for table in (CosignatureLine, CosignedHead, WitnessContact):
                session.execute(sa.delete(table))
            session.commit()

    yield come_back
