"""Which papers a product needs: the decision table ``standards/papers_needed.json``.

There is no one certificate for all: what the law asks for hangs on the class of the product. A
row that says ``not_needed`` is an answer too, shown to those who would otherwise look for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal, cast, get_args

from suyuan.trace.products.attributes import STAGES, Stage
from suyuan.trace.sourced import PROVENANCE, Provenance, Row, read_standard
from suyuan.trace.words import Names, read_names

Necessity = Literal["required", "conditional", "not_needed"]


@dataclass(frozen=True)
class PaperNeed:
    """A paper kind that is needed when a batch comes to a stage.

    ``any_of``: papers that bear the same word stand for each other, one of them is enough.
    ``condition``: in which case it is needed, for people to read.
    """

    kind: str
    stage: Stage
    necessity: Necessity
    any_of: str | None
    condition: Names | None
    provenance: Provenance


@dataclass(frozen=True)
class ProductClass:
    """A class of products in law, with the papers each of them needs."""

    key: str
    names: Names
    needs: tuple[PaperNeed, ...]


@cache
def product_classes() -> dict[str, ProductClass]:
    """The decision table by product class. Raises Misconfigured."""
    table = read_standard("papers_needed.json").get("product_classes")
    return {key: _read_class(key, row) for key, row in table.entries()}


def read_need(row: Row) -> PaperNeed:
    """One row of the table, or of a family's own papers. Raises Misconfigured."""
    row.only("kind", "stage", "necessity", "any_of", "condition", "variants", *PROVENANCE)
    return PaperNeed(
        kind=row.get("kind").text(),
        stage=cast("Stage", row.get("stage").one_of(STAGES)),
        necessity=cast("Necessity", row.get("necessity").one_of(get_args(Necessity))),
        any_of=row.maybe("any_of", Row.text),
        condition=read_names(row, "condition") if row.has("condition") else None,
        provenance=row.provenance(),
    )


def _read_class(key: str, row: Row) -> ProductClass:
    row.only("names", "needs")
    return ProductClass(key, read_names(row), row.list_of("needs", read_need))
