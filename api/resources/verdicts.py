"""What-if: the verdict on a result that nobody stores, and the limits that verdicts rest on."""

from __future__ import annotations

from functools import cache
from typing import Any

from flask import Response, jsonify
from flask_babel import gettext

from suyuan.api.blueprints import ApiBlueprint
from suyuan.api.current import once, reading
from suyuan.api.plain import TEXT, plain, schema_of
from suyuan.api.schemas.verdicts import VerdictInput, WhatIf
from suyuan.api.words import language
from suyuan.trace.quality.county_limits import county_standards, evaluate_within
from suyuan.trace.quality.parameters import Parameter, parameters
from suyuan.trace.quality.product_classes import ProductClass, product_classes
from suyuan.trace.quality.result_units import result_units
from suyuan.trace.quality.told import ToldLimit, ToldVerdict, all_limits, told
from suyuan.trace.quality.verdicts import Verdict, evaluate

verdicts = ApiBlueprint("verdicts", "Limits of the standards, and what they say.", public=True)

_LISTED: dict[str, Any] = {
    "product_classes": schema_of(tuple[ProductClass, ...]),
    "parameters": schema_of(tuple[Parameter, ...]),
    "units": {"type": "array", "items": TEXT},
    "limits": schema_of(tuple[ToldLimit, ...]),
}
_STANDARDS = {"type": "object", "required": list(_LISTED), "properties": _LISTED}
_ASKED = {
    "product_class": "maize",
    "production_date": "2026-10-03",
    "parameter": "黄曲霉毒素B1",
    "result": "20.1",
    "unit": "µg/kg",
}


@verdicts.post(
    "/verdicts", body=VerdictInput, answer=schema_of(ToldVerdict), example=_ASKED, status=200
)
def give_verdict(what_if: WhatIf) -> Response:
    """Say what the standard in force on the production date says of a result; store nothing.

    `pass`, `fail`, `inconclusive` (the result does not tell: the detection limit is above the
    limit, the unit cannot be converted, results are missing) or `not_regulated` (no limit for this
    parameter in this product). `explanation` says why, in the language of `Accept-Language`. With
    a `division`, the limits that its county has set have their say too.
    """
    once()  # refuses a key that is none
    return jsonify(plain(told(_verdict(what_if), language(), gettext)))


def _verdict(what_if: WhatIf) -> Verdict:
    if not what_if.division:
        return evaluate(what_if.asked)
    with reading() as session:
        return evaluate_within(session, what_if.asked, what_if.division)


@verdicts.get("/standards", answer=_STANDARDS)
def list_standards() -> Response:
    """List product classes, parameters and every limit with edition, days, source, confidence.

    Limits that counties have set, each by two persons here, stand last, with their `division`.
    """
    with reading() as session:
        limits = [plain(one) for one in all_limits(county_standards(session), gettext)]
    return jsonify({**_classes_and_parameters(), "limits": limits})


@cache
def _classes_and_parameters() -> dict[str, Any]:
    return {
        "product_classes": [plain(one) for one in product_classes().by_key.values()],
        "parameters": [plain(one) for one in parameters().by_key.values()],
        "units": list(result_units().by_symbol),
    }
