"""Which papers a product needs: the decision table ``standards/papers_needed.json``.

There is no one certificate for all: what the law asks for hangs on the class of the product. A
row that says ``not_needed`` is an answer too, shown to those who would otherwise look for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal, cast, get_args

from suyuan.trace.products.attributes import STAGES, Stage
from suyuan.trace.sourced import PROVENANCE, Provenance, Row, read_standard
from suyuan.trace.words import Names, read_names

Necessity = Literal["required", "conditional", "not_needed"]
Route = Literal["within", "across"]
ValidOn = Literal["made", "moved", "asked", "ever"]


@dataclass(frozen=True)
class When:
    """In which case a paper is needed. What is ``None``, or empty, does not matter.

    ``producer``: kinds of organisations of ``roles.json``; ``route``: the goods stay in the
    province or leave it; ``origin``: where what they were made of comes from; ``mark``: one that
    is put on the goods.
    """

    producer: frozenset[str] = frozenset()
    route: Route | None = None
    origin: Route | None = None
    processed: bool | None = None
    mark: str | None = None


@dataclass(frozen=True)
class PaperNeed:
    """A paper kind that is needed when a batch comes to a stage.

    ``any_of``: papers that bear the same word stand for each other, one of them is enough.
    ``condition``: in which case it is needed, for people to read; ``when``: the same for the gate;
    one that is ``conditional`` and says no ``when`` only stands for another. ``valid_on``: the day
    on which it must hold: when the batch was ``made``, ``moved`` off or ``asked`` about, or at some
    time (``ever``). ``of``: the paper is for what of this class the batch was made of. ``since``
    and ``until``: the first and the last day on which the law asks for it.
    """

    kind: str
    stage: Stage
    necessity: Necessity
    any_of: str | None
    condition: Names | None
    provenance: Provenance
    when: When | None = None
    valid_on: ValidOn = "ever"
    of: str | None = None
    since: date | None = None
    until: date | None = None


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
    row.only(
        "kind", "stage", "necessity", "any_of", "condition", "when", "valid_on", "of", "since",
        "until", "variants", *PROVENANCE,
    )  # fmt: skip
    day = row.maybe("valid_on", lambda r: r.one_of(get_args(ValidOn)))
    return PaperNeed(
        kind=row.get("kind").text(),
        stage=cast("Stage", row.get("stage").one_of(STAGES)),
        necessity=cast("Necessity", row.get("necessity").one_of(get_args(Necessity))),
        any_of=row.maybe("any_of", Row.text),
        condition=read_names(row, "condition") if row.has("condition") else None,
        provenance=row.provenance(),
        when=row.maybe("when", _read_when),
        valid_on=cast("ValidOn", day or "ever"),
        of=row.maybe("of", Row.text),
        since=row.maybe("since", Row.day),
        until=row.maybe("until", Row.day),
    )


def _read_when(row: Row) -> When:
    row.only("producer", "route", "origin", "processed", "mark")
    return When(
        producer=frozenset(row.list_of("producer", Row.text)),
        route=row.maybe("route", _read_route),
        origin=row.maybe("origin", _read_route),
        processed=row.maybe("processed", Row.flag),
        mark=row.maybe("mark", Row.text),
    )


def _read_route(row: Row) -> Route:
    return cast("Route", row.one_of(get_args(Route)))


def _read_class(key: str, row: Row) -> ProductClass:
    row.only("names", "needs")
    return ProductClass(key, read_names(row), row.list_of("needs", read_need))
