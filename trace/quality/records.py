"""What records say of test reports."""

from __future__ import annotations

from suyuan.trace.log.schemas import RecordSchema

TEST_REPORT = RecordSchema(
    "test-report",
    1,
    public=(
        "report", "number", "kind", "laboratory", "laboratory_party", "cma", "catl",
        "sampled_on", "issued_on", "valid_to", "conclusion", "batches", "items", "retest_of",
    ),
    trade=("sample_number", "evidence", "entered_by"),
    subject="{report}",
)  # fmt: skip
"""A test report as it was entered."""

VERDICT = RecordSchema(
    "verdict",
    1,
    public=("report", "trace_code", "items", "standards", "overturned", "overturned_by"),
    subject="{report}",
)
"""What the standards say of a report's results on one batch.

``items`` stand at the places of the report's items, null where this record says nothing:
``{"uid", "verdict", "unconfirmed", "grounds"}``. ``standards``: the state of the standards that
decided. Types: ``verdicts.given``, ``verdicts.changed`` (by another row of the standards) and
``verdicts.overturned``, which names the verdicts and the report that decided otherwise.
"""

OBJECTION = RecordSchema(
    "objection",
    1,
    public=("objection", "report", "until", "retest_due", "state", "decided_by"),
    trade=("reason",),
    subject="{objection}",
)
"""An objection to a report was raised, or decided by the re-test."""

COUNTY_LIMIT = RecordSchema(
    "county_limit",
    1,
    public=(
        "limit", "division", "standard", "clause", "force", "product_class", "parameter",
        "minimum", "maximum", "plan", "forbidden", "unit", "dry", "valid_from", "valid_to",
        "source", "confidence", "checked_by", "state", "reason",
    ),
    personal=("typed_by",),
    subject="{limit}",
)  # fmt: skip
"""A limit for a division was proposed (all of it), or what became of it (``state``).

Types: ``county_limit.proposed``, ``.approved``, ``.refused``, ``.withdrawal_asked``,
``.withdrawn``, ``.kept``; each names in ``typed_by`` the person who did it.
"""
