"""What records say of batches. Facts of the family come as fields of their own, ``fact.<key>``."""

from __future__ import annotations

from collections.abc import Mapping

from suyuan.trace.log.schemas import Class, RecordSchema
from suyuan.trace.products.attributes import Fact, FactValue

BATCH = RecordSchema(
    "batch",
    1,
    public=(
        "trace_code", "path", "party", "site", "product", "family", "variant", "name", "division",
        "lot", "quantity", "produced", "best_before", "gaps", "warnings", "households", "parents",
        "evidence_grade",
    ),
    trade=("marks", "note", "evidence"),
    personal=("shares", "typed_by"),
    subject="{trace_code}",
)  # fmt: skip
"""A batch came to be: which, whose, where, how much; ``parents`` where it was made of others, else
``evidence_grade`` and the SHA-256 of the files that show it."""

BATCH_STATE = RecordSchema(
    "batch_state",
    1,
    public=("trace_code", "party", "state", "reason", "corrects", "withdrawn", "evidence_grade"),
    personal=("typed_by",),
    subject="{trace_code}",
)
"""A batch was withdrawn, with the reason."""

FACT = "fact."
"""What stands before the key of a family's fact in a record."""


def fact_fields(
    values: Mapping[str, FactValue], asked: Mapping[str, Fact], prefix: str = FACT
) -> tuple[dict[str, FactValue], dict[str, Class]]:
    """The fields for checked facts, and the disclosure class that the family gives each."""
    fields = {f"{prefix}{key}": value for key, value in values.items()}
    classes: dict[str, Class] = {f"{prefix}{key}": asked[key].disclosure for key in values}
    return fields, classes
