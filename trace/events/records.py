"""What records say of events. Key data elements come as fields of their own, ``kde.<key>``."""

from __future__ import annotations

from suyuan.trace.log.schemas import RecordSchema

EVENT = RecordSchema(
    "event",
    1,
    public=(
        "event", "kind", "happened_at", "happened", "party", "site", "batches", "evidence",
        "evidence_grade", "completeness", "missing", "warnings", "corrects", "withdrawn", "reason",
    ),
    trade=("quantities", "to_party", "shipments", "accepted", "note"),
    personal=("typed_by",),
    subject="{event}",
)  # fmt: skip
"""Something happened: ``batches`` as ``[{code, role}]`` and ``quantities`` in the same order.

``party`` answers for it, ``typed_by`` is the person at the keyboard. ``corrects`` names the event
that this one mends, ``withdrawn`` says that it never happened.
"""

EVENT_EVIDENCE = RecordSchema(
    "event_evidence",
    1,
    public=("event", "evidence", "evidence_grade"),
    personal=("typed_by",),
    subject="{event}",
)
"""Files that followed an event after it was recorded; the grade that it has from then on."""

KDE = "kde."
"""What stands before the key of a key data element in a record."""
