"""The record that says a field was erased, so that what is missing is missing by order.

An erasure drops a record's body and salt, keeps the other fields with their salts and all
commitments, and is itself logged under this schema, with the erased record's id as its subject.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.canonical import Members, read_canonical
from suyuan.trace.errors import InvalidInput
from suyuan.trace.log.schemas import RecordSchema
from suyuan.trace.log.tables import Record

ERASURE = RecordSchema(
    "erasure", 1, public=("record", "fields"), trade=("reason",), subject="{record}"
)
"""Of the record with id ``record`` the ``fields`` named are no longer kept."""
TYPE = "erasure"


def erased_by_order(session: Session, record: Record) -> frozenset[str]:
    """The fields of ``record`` that logged erasures name."""
    named: set[str] = set()
    orders = sa.select(Record.body).where(Record.type == TYPE, Record.subject == record.id)
    for body in session.scalars(orders):
        try:
            said = Members(read_canonical(body or b""))
            if said.text("record") == record.id:
                named.update(said.texts("fields"))
        except InvalidInput:
            continue  # that record is found wrong by itself
    return frozenset(named)
