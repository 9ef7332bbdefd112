"""Which check the number of a paper goes through, by the rule that its kind names; what its amount
is measured in; and that it was not revoked."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from suyuan.trace.errors import Conflict, InvalidInput
from suyuan.trace.identifiers import Checked
from suyuan.trace.papers import numbers
from suyuan.trace.papers.kinds import PaperKind
from suyuan.trace.papers.own_certifications import own_number
from suyuan.trace.papers.tables import Paper
from suyuan.trace.parties.identifiers import social_credit_code
from suyuan.trace.products.identifiers import trade_mark
from suyuan.trace.quantities import Quantity, units

_RULES: Mapping[str, Callable[[str, str | None], Checked]] = {
    "production_licence": numbers.production_licence,
    "green_food_product": numbers.green_food_product,
    "organic_certificate": numbers.organic_certificate,
    "farm_produce_indication": numbers.farm_produce_indication,
    "quarantine_certificate": numbers.quarantine_certificate,
    "laboratory_approval": numbers.laboratory_approval,
    "social_credit_code": social_credit_code,
    "trade_mark": trade_mark,
    "own_certification": own_number,
}


def check_number(kind: PaperKind, number: str) -> Checked:
    """The number in its one form. Raises InvalidInput where it cannot be one of this kind."""
    given = number.strip()
    if kind.number_rule == "none":
        return Checked(given)
    if not given:
        raise InvalidInput("A paper of this kind has a number.", "number")
    rule = _RULES.get(kind.number_rule)
    return rule(given, "number") if rule else Checked(given)


def require_measured(kind: PaperKind, amount: Quantity) -> None:
    """Raises InvalidInput for an amount from which none of the goods could be drawn."""
    measures = kind.quota.measures if kind.quota else frozenset()
    if measures and amount.dimension not in measures:
        known = [code for code, unit in units().items() if unit.dimension in measures]
        raise InvalidInput(
            "The amount of this paper is in one of: {units}.", "amount", units=", ".join(known)
        )


def require_in_force(paper: Paper) -> None:
    """Raises Conflict for a paper that was revoked: that is final."""
    if paper.state == "revoked":
        raise Conflict("This paper is revoked already.", "paper")
