"""The grades of a batch, derived from its facts each time they are asked for."""

from __future__ import annotations

from suyuan.trace.batches.tables import Batch
from suyuan.trace.papers.leaning import made_on
from suyuan.trace.products.family import Family
from suyuan.trace.products.grades import Grade


def grades_of(family: Family | None, batch: Batch) -> tuple[Grade, ...]:
    """The grade by each scheme in force on the day of production; none where facts are missing."""
    if family is None:
        return ()
    return family.grades(batch.attributes, batch.variant, made_on(batch))
