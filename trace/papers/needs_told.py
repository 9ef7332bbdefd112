"""The answer to "which papers does this product need", as programs and pages get it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from suyuan.trace.errors import InvalidInput
from suyuan.trace.papers.kinds import PaperKinds
from suyuan.trace.papers.needs import Circumstances, Needed, Standing, needed
from suyuan.trace.products.attributes import Stage
from suyuan.trace.products.families import Families
from suyuan.trace.products.papers_needed import PaperNeed, ValidOn, product_classes
from suyuan.trace.quantities import Quantity
from suyuan.trace.sourced import Confidence
from suyuan.trace.words import Names


@dataclass(frozen=True)
class ToldPaper:
    """A paper that would do. ``where`` says who gives it, ``condition`` in which case it is asked
    for, ``must_cover`` how much its amount must cover, where it has one. ``checked_by`` is None
    where nobody compared the rule with its source yet."""

    kind: str
    names: Names
    where: Names
    condition: Names | None
    valid_on: ValidOn
    of: str | None
    must_cover: Quantity | None
    source: str
    confidence: Confidence
    checked_by: str | None


@dataclass(frozen=True)
class ToldNeed:
    """One line of the answer: ``needed``, ``depends`` on what was not said, or ``not_needed``.

    One of ``papers`` is enough.
    """

    key: str
    standing: Standing
    stage: Stage
    papers: tuple[ToldPaper, ...]


@dataclass(frozen=True)
class ToldNeeds:
    """Which papers goods of a class in law need, up to which stage, in this case."""

    product_class: str
    names: Names
    day: date
    needs: tuple[ToldNeed, ...]


def told_needs(
    families: Families,
    product: str,
    case: Circumstances,
    stage: Stage | None = None,
    quantity: Quantity | None = None,
) -> ToldNeeds:
    """The answer for a class of ``papers_needed.json``, or for a variant such as
    ``yak_meat/fresh``, with what its family adds. Raises InvalidInput."""
    key, rows = _rows(families, product)
    known = product_classes()[key]
    return ToldNeeds(
        key,
        known.names,
        case.day,
        tuple(_told(one, quantity) for one in needed(rows, case, stage)),
    )


def _rows(families: Families, product: str) -> tuple[str, Sequence[PaperNeed]]:
    if product in product_classes():
        return product, product_classes()[product].needs
    family, _, variant = product.partition("/")
    if family in families and variant in families.get(family).variants:
        known = families.get(family)
        return known.variant(variant).product_class, known.papers(variant)
    raise InvalidInput(
        "There is no product class {word}; there are: {known}.",
        field="product_class",
        word=product[:60],
        known=", ".join(product_classes()),
    )


def _told(one: Needed, quantity: Quantity | None) -> ToldNeed:
    papers = []
    for row in one.papers:
        kind = PaperKinds.load().get(row.kind)
        papers.append(
            ToldPaper(
                kind=row.kind,
                names=kind.names,
                where=kind.issuer.names,
                condition=row.condition,
                valid_on=row.valid_on,
                of=row.of,
                must_cover=quantity if kind.quota is not None else None,
                source=row.provenance.source,
                confidence=row.provenance.confidence,
                checked_by=row.provenance.checked_by,
            )
        )
    return ToldNeed(one.key, one.standing, one.stage, tuple(papers))
