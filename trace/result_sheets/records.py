"""What records say of a laboratory's sheets of results."""

from __future__ import annotations

from suyuan.trace.log.schemas import RecordSchema

RESULT_SHEET = RecordSchema(
    "result_sheet",
    1,
    public=("result_sheet",),
    trade=("party", "evidence", "table", "layout", "layout_name", "reports", "entered_before"),
    subject="{result_sheet}",
)
"""A sheet of results came, was laid out, or was dropped; or its reports were entered.

Types: ``result_sheet.read``, ``.table``, ``.laid_out``, ``.dropped`` and ``.taken``, which names
the ``reports`` by uid and the numbers of those that were ``entered_before``.
"""
