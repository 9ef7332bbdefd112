"""What is due: the records whose time is up, and the days by which they are found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.log.contents import classes_told, contents_of
from suyuan.trace.log.schemas import Schemas
from suyuan.trace.log.tables import Record
from suyuan.trace.retention.queries import batches_of, held_by, kept_until, open_case
from suyuan.trace.retention.rules import Keeping, retention_rules, rules_state
from suyuan.trace.retention.tables import KeptUntil, Reckoned

AT_ONCE = 200
"""Records that are looked at in one page."""


@dataclass(frozen=True)
class Due:
    """A record whose time is up: since which day, by which rule, and which of its fields; ``held``
    where a case keeps it all the same."""

    record: Record
    keeping: Keeping
    fields: tuple[str, ...]
    held: bool


def due(session: Session, schemas: Schemas, today: date) -> Iterator[Due]:
    """The records with personal fields that a rule had kept and whose time is up.

    First those that are reckoned, by index, whose time was up first; then those recorded since.
    """
    for page in (_by_day(session, today), _since_reckoned(session)):
        for record in page:
            found = _keeping(session, record, schemas)
            if found is not None and found.until < today:
                yield _due(session, record, found, schemas)


def days_of(session: Session, some: Sequence[Record], schemas: Schemas) -> Iterator[KeptUntil]:
    """The rows for those of some records that a rule has kept."""
    for record in some:
        found = _keeping(session, record, schemas)
        if found is not None:
            yield KeptUntil(record_id=record.id, until=found.until)


def reckoned_to(session: Session) -> int:
    """The last leaf whose record was reckoned by the rules as they are; -1 where none was."""
    found = session.scalar(sa.select(Reckoned.leaf_index).where(Reckoned.rules == rules_state()))
    return -1 if found is None else found


def ruled_after(session: Session, leaf: int) -> list[Record]:
    """The next records after a leaf that a rule may speak of, at most ``AT_ONCE``."""
    schemas = sorted({one for rule in retention_rules() for one in rule.schemas})
    query = sa.select(Record).where(Record.schema.in_(schemas), Record.leaf_index > leaf)
    return list(session.scalars(query.order_by(Record.leaf_index).limit(AT_ONCE)))


def page_of_due(today: date, after: tuple[date, str]) -> sa.Select[Record, date]:
    """The next reckoned records whose time was up before a day."""
    place = sa.tuple_(KeptUntil.until, KeptUntil.record_id)
    return (
        sa.select(Record, KeptUntil.until)
        .join(KeptUntil, KeptUntil.record_id == Record.id)
        .where(KeptUntil.until < today, place > after)
        .order_by(KeptUntil.until, KeptUntil.record_id)
        .limit(AT_ONCE)
    )


def _by_day(session: Session, today: date) -> Iterator[Record]:
    if reckoned_to(session) < 0:  # rows by other rules than these say nothing
        return
    after = (date.min, "")
    while page := session.execute(page_of_due(today, after)).all():
        yield from (record for record, _ in page)
        after = (page[-1].until, page[-1].Record.id)


def _since_reckoned(session: Session) -> Iterator[Record]:
    leaf = reckoned_to(session)
    while page := ruled_after(session, leaf):
        yield from page
        leaf = page[-1].leaf_index


def _due(session: Session, record: Record, found: Keeping, schemas: Schemas) -> Due:
    goods = batches_of(session, record)
    named = tuple(one for one in _personal(record, schemas) if found.rule.concerns((one,)))
    held = held_by(session, record, goods) or open_case(session, goods)
    return Due(record, found, named, bool(held))


def _keeping(session: Session, record: Record, schemas: Schemas) -> Keeping | None:
    fields = _personal(record, schemas)
    return kept_until(session, record, batches_of(session, record), fields) if fields else None


def _personal(record: Record, schemas: Schemas) -> tuple[str, ...]:
    """The personal fields that are there and that some rule speaks of."""
    there = contents_of(record)
    classes = classes_told(there, schemas) or {}
    return tuple(
        name
        for name in sorted(there.fields)
        if classes.get(name) == "personal" and any(r.concerns((name,)) for r in retention_rules())
    )
