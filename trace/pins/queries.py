"""Reading and counting what was entered for packages; rows that are counted are locked first."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.orm import Session

from suyuan.trace.pins.facts import Confirmation
from suyuan.trace.pins.rules import pin_limits, remembered_tries
from suyuan.trace.pins.tables import PinDevice, PinEntry, PinGuess


def confirmation_of(session: Session, path: str, now: datetime) -> Confirmation:
    """What everybody may know of the PIN of the package at ``path``, which carries one."""
    query = sa.select(PinEntry.tries, PinEntry.tries_since, PinEntry.confirmed_at)
    row = session.execute(query.where(PinEntry.path == path)).first()
    tries, since, confirmed_at = row if row is not None else (0, now, None)
    limits = pin_limits()
    left, _ = remembered_tries(tries, since, now, limits)
    return Confirmation(confirmed_at, left >= limits.code_tries)


def locked_entry(session: Session, path: str, now: datetime) -> PinEntry:
    """The row of a package, made where it is missing, kept to this transaction until it ends."""
    _make(session, PinEntry, path=path, tries=0, tries_since=now)
    held = sa.select(PinEntry).where(PinEntry.path == path).with_for_update()
    return session.scalars(held.execution_options(populate_existing=True)).one()


def locked_device(session: Session, device: bytes, day: date) -> PinDevice:
    """The row of a device on a day, as ``locked_entry``."""
    _make(session, PinDevice, device=device, day=day, tries=0)
    held = sa.select(PinDevice).where(PinDevice.device == device).with_for_update()
    return session.scalars(held.execution_options(populate_existing=True)).one()


def is_known(session: Session, device: bytes) -> bool:
    """Whether a device has a row of its own today."""
    return session.get(PinDevice, device) is not None


def forget_days_before(session: Session, day: date) -> None:
    """Delete what devices and networks tried before ``day``."""
    for table in (PinDevice, PinGuess):
        session.execute(sa.delete(table).where(table.day < day))


def _make(session: Session, table: type[PinEntry] | type[PinDevice], **values: Any) -> None:
    insert = insert_postgresql if session.get_bind().dialect.name == "postgresql" else insert_sqlite
    session.execute(insert(table).values(**values).on_conflict_do_nothing())
