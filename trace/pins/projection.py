"""What rows of scratch PINs hold, by their records: wrong entries are counted and not recorded."""

from __future__ import annotations

import sqlalchemy as sa

from suyuan.trace.log.projections import Column, Projection, newest, said_by
from suyuan.trace.pins.records import PIN_CONFIRMED
from suyuan.trace.pins.tables import PinEntry

CONFIRMATIONS = Projection(
    PinEntry,
    PinEntry.path,
    PIN_CONFIRMED,
    names=said_by("path"),
    references=(PinEntry.record_id,),
    unsaid=sa.and_(PinEntry.record_id.is_(None), PinEntry.confirmed_at.is_(None)),
    columns=(Column("confirmed_at", PinEntry.confirmed_at, newest("at")),),
)
PROJECTIONS = (CONFIRMATIONS,)
