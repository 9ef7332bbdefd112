"""Which papers a product needs: the answer for any class of goods, case and day."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify

from suyuan.api.blueprints import ApiBlueprint
from suyuan.api.current import ledger, today
from suyuan.api.plain import plain, schema_of
from suyuan.api.schemas.needs import NeedsQuery
from suyuan.trace.errors import InvalidInput
from suyuan.trace.papers.needs import Circumstances
from suyuan.trace.papers.needs_told import ToldNeeds, told_needs
from suyuan.trace.quantities import Quantity

needs = ApiBlueprint("papers-needed", "Which papers a product needs.", public=True)


@needs.get("/papers/needed", query=NeedsQuery, answer=schema_of(ToldNeeds))
def list_papers_needed(query: dict[str, Any]) -> Response:
    """Say which papers a product needs, in this case, and who gives them.

    `needed`, `depends` (on something that was not said) or `not_needed`, by stage. Of several
    `papers` on one line one is enough. Without `day` it is asked for today.
    """
    case = Circumstances(
        query["day"] or today(),
        producer=query["producer"],
        route=query["route"],
        origin=query["origin"],
        processed=query["processed"],
        marks=frozenset({query["mark"]}) if query["mark"] else None,
    )
    amount = _quantity(query["quantity"], query["unit"])
    answer = told_needs(ledger().families, query["product_class"], case, query["stage"], amount)
    return jsonify(plain(answer))


def _quantity(amount: str | None, unit: str | None) -> Quantity | None:
    if amount is None and unit is None:
        return None
    if amount is None or unit is None:
        raise InvalidInput("A quantity is a number and its unit: give both.", "quantity")
    return Quantity.of(amount, unit)
