"""What records say of sheets: what went in of one, and how work left over was settled."""

from __future__ import annotations

from suyuan.trace.log.schemas import RecordSchema

SHEET = RecordSchema(
    "sheet",
    1,
    public=("upload", "family", "variant"),
    trade=("party", "evidence", "mapping", "batches", "papers"),
    personal=("animals", "accepted", "fixed", "amounts", "work_items", "typed_by"),
    subject="{upload}",
)
"""The accepted rows of a sheet went in: which batches they became, which doubts were accepted
and why, which cells were fixed, which animals were in each batch, and what stays to be done."""

SHEET_WORK = RecordSchema(
    "sheet_work",
    1,
    public=("upload", "family", "variant"),
    trade=("party", "evidence", "table", "mapping"),
    personal=("decided", "taken_back", "typed_by"),
    subject="{upload}",
)
"""Work on a sheet before its rows go in: it came, a table was chosen, its columns were explained,
doubts were decided or decisions taken back, or it was dropped."""

WORK_ITEM = RecordSchema(
    "work_item",
    1,
    public=("work_item", "state"),
    trade=("party", "upload", "row"),
    personal=("note", "settled_by"),
    subject="{work_item}",
)
"""A row that was set aside was settled."""
