"""What the lines of a report are of, by name: asked once the lines are known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.balance.accounts import NOTHING
from suyuan.trace.balance.bands import in_base
from suyuan.trace.balance.queries import parts_of
from suyuan.trace.batches.tables import Batch
from suyuan.trace.events.tables import Event
from suyuan.trace.papers.tables import Paper
from suyuan.trace.parties.tables import Party, Site
from suyuan.trace.quantities import Quantity

if TYPE_CHECKING:
    from suyuan.trace.balance.reports import Line


@dataclass(frozen=True)
class Named:
    """An outside name (uid, trace code, year) and what people call it.

    ``kind``: that of the event, where the line is of a step.
    """

    uid: str
    name: str
    kind: str = ""


def names_of(session: Session, by: str, lines: Sequence[Line]) -> None:
    """Put the names into the lines."""
    keys = [line.key for line in lines]
    match by:
        case "party":
            known = _rows(session, Party, keys)
        case "site":
            known = _rows(session, Site, keys)
        case "batch":
            known = _batches(session, keys)
        case "process":
            known = _events(session, keys)
        case "household":
            known = _households(session, keys)
        case "paper":
            known = _papers(session, lines)
        case _:
            known = {}
    for line in lines:
        line.named = known.get(line.key, Named(line.key, line.key))


def _rows(
    session: Session, table: type[Party] | type[Site], keys: Iterable[str]
) -> dict[str, Named]:
    found: dict[str, Named] = {}
    for some in parts_of(int(key) for key in keys if key):
        query = sa.select(table.id, table.uid, table.name).where(table.id.in_(some))
        found |= {str(row[0]): Named(row[1], row[2]) for row in session.execute(query)}
    return found


def _batches(session: Session, keys: Iterable[str]) -> dict[str, Named]:
    found: dict[str, Named] = {}
    for some in parts_of(keys):
        query = sa.select(Batch.trace_code, Batch.name).where(Batch.trace_code.in_(some))
        found |= {row[0]: Named(row[0], row[1]) for row in session.execute(query)}
    return found


def _events(session: Session, keys: Iterable[str]) -> dict[str, Named]:
    found: dict[str, Named] = {}
    for some in parts_of(keys):
        query = (
            sa.select(Event.uid, Event.kind, Party.name)
            .join(Party, Party.id == Event.party_id)
            .where(Event.uid.in_(some))
        )
        found |= {row[0]: Named(row[0], row[2], row[1]) for row in session.execute(query)}
    return found


def _papers(session: Session, lines: Sequence[Line]) -> dict[str, Named]:
    """Papers by number and year; their accounts open with what they cover."""
    rows: dict[int, sa.Row[Any]] = {}
    for some in parts_of(int(line.key.partition(":")[0]) for line in lines):
        query = sa.select(Paper.id, Paper.uid, Paper.kind, Paper.number, Paper.amount, Paper.unit)
        rows |= {row.id: row for row in session.execute(query.where(Paper.id.in_(some)))}
    found: dict[str, Named] = {}
    for line in lines:
        number, _, period = line.key.partition(":")
        row = rows[int(number)]
        covers = in_base(Quantity(row.amount or NOTHING, row.unit or line.account.unit))
        line.account = replace(line.account, opening=covers, stock=line.account.stock + covers)
        found[line.key] = Named(row.uid, f"{row.number} {period}".strip(), row.kind)
    return found


def _households(session: Session, keys: Iterable[str]) -> dict[str, Named]:
    """A registered household by its party's name, another as it was written."""
    split = {key: key.split(":", 2) for key in keys}
    parties = _rows(session, Party, (party for _, party, _ in split.values()))
    return {key: parties.get(party, Named("", name)) for key, (_, party, name) in split.items()}
