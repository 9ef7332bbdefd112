"""What records say of printers and of what was sent to them."""

from __future__ import annotations

from suyuan.trace.log.schemas import RecordSchema

PRINTER = RecordSchema(
    "printer",
    1,
    public=("printer",),
    trade=(
        "site", "name", "language", "dpi", "head_dots", "gap_mm", "shift_right", "shift_down",
        "channel",
    ),
    subject="{printer}",
)  # fmt: skip
"""A printer was registered, set otherwise, or removed."""

PRINTER_JOB = RecordSchema(
    "printer_job",
    1,
    public=("printer_job", "run"),
    trade=(
        "printer", "template", "first", "last", "labels", "again", "outcome", "last_out", "why",
        "detail", "sent", "note", "channel",
    ),
    subject="{printer_job}",
)  # fmt: skip
"""Labels of a run, or test labels, were sent to a printer; an agent told what became of them; a
person settled what it is."""
