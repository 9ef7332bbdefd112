"""What records say of test reports."""

from __future__ import annotations

from suyuan.trace.log.schemas import RecordSchema

TEST_REPORT = RecordSchema(
    "test-report",
    1,
    public=(
        "report", "number", "kind", "laboratory", "laboratory_party", "cma", "catl",
        "sampled_on", "issued_on", "valid_to", "conclusion", "batches", "items",
    ),
    trade=("sample_number", "evidence", "entered_by"),
    subject="{report}",
)  # fmt: skip
"""A test report as it was entered."""
