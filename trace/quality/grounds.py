"""What a verdict rests on, as it is kept beside it and logged: enough to tell it again.

The rows of the standards may be mended later; a verdict that was given keeps the row that decided
it, as it read that day.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from suyuan.trace.canonical import Json
from suyuan.trace.quality.explaining import limit_text, plain_number
from suyuan.trace.quality.limits import Edition, Limit, SamplingPlan
from suyuan.trace.quality.parameters import Parameter, parameters
from suyuan.trace.quality.product_classes import ProductClass, product_classes
from suyuan.trace.quality.verdicts import Asked, Verdict
from suyuan.trace.sourced import Provenance
from suyuan.trace.words import Names

Grounds = Mapping[str, Any]
"""A JSON object: what was asked, and the row, edition and standard that decided."""


def grounds_of(verdict: Verdict) -> dict[str, Json]:
    """The grounds of a verdict; members that say nothing are left out."""
    asked, limit, edition = verdict.asked, verdict.limit, verdict.edition
    said: dict[str, Json] = {
        "why": verdict.why,
        "parameter": verdict.parameter.key,
        "product_class": verdict.product_class.key,
        "production_date": asked.production_date.isoformat(),
        "results": list(asked.results),
        "unit": asked.unit,
        "lod": asked.lod,
        "moisture": asked.moisture,
        "standard": verdict.standard,
        "force": verdict.force,
        "kinds": [one.key for one in verdict.kinds],
        "rows": list(verdict.rows),
        "confidence": verdict.confidence,
        "edition": _edition(edition) if edition else None,
        "limit": _limit(limit) if limit else None,
    }
    return _told(said)


def verdict_on(word: str, grounds: Grounds) -> Verdict:
    """The verdict that was given on these grounds. Raises LookupError where they are none."""
    edition = _edition_in(grounds["edition"]) if "edition" in grounds else None
    limit = _limit_in(grounds["limit"], grounds["parameter"]) if "limit" in grounds else None
    asked = Asked(
        product_class=grounds["product_class"],
        production_date=date.fromisoformat(grounds["production_date"]),
        parameter=grounds["parameter"],
        results=tuple(grounds["results"]),
        unit=grounds.get("unit", ""),
        lod=grounds.get("lod", ""),
        moisture=grounds.get("moisture", ""),
    )
    return Verdict(
        verdict=word,  # type: ignore[arg-type]  # one of those that were written
        why=grounds["why"],
        asked=asked,
        product_class=_class(asked.product_class),
        parameter=_parameter(asked.parameter),
        limit=limit,
        standard=grounds.get("standard"),
        edition=edition,
        force=grounds.get("force"),
        kinds=tuple(_class(key) for key in grounds.get("kinds", ())),
        rows=tuple(grounds.get("rows", ())),
    )


def decided_alike(one: Grounds, other: Grounds) -> bool:
    """Whether two verdicts were decided by the same row of the same edition, reading the same.

    Where a row comes from may be told better without its deciding anything else.
    """
    plain = all(one.get(name) == other.get(name) for name in _DECIDING)
    years = [each.get("edition", {}).get("year") for each in (one, other)]
    limits = [_without(each.get("limit", {}), _TOLD) for each in (one, other)]
    return plain and years[0] == years[1] and limits[0] == limits[1]


_DECIDING = ("why", "product_class", "production_date", "results", "standard", "force")
_TOLD = ("source", "confidence", "checked_by", "text")


def _without(said: Grounds, names: Collection[str]) -> dict[str, Any]:
    return {name: value for name, value in said.items() if name not in names}


def _told(said: Mapping[str, Json]) -> dict[str, Json]:
    return {name: value for name, value in said.items() if value not in (None, "", [], False)}


def _class(key: str) -> ProductClass:
    """The class with this key, or what stands for one that is not kept any more."""
    known = product_classes().by_key.get(key)
    return known or ProductClass(key, Names(key, key), None, False, (), ())


def _parameter(key: str) -> Parameter:
    return parameters().by_key.get(key) or Parameter(key, Names(key, key), None, ())


def _provenance(said: Provenance) -> dict[str, Json]:
    return {"source": said.source, "confidence": said.confidence, "checked_by": said.checked_by}


def _provenance_in(said: Grounds) -> Provenance:
    return Provenance(said["source"], said["confidence"], said.get("checked_by"))


def _edition(edition: Edition) -> dict[str, Json]:
    return _told(
        {
            "year": edition.year,
            "title": edition.title,
            "from": edition.valid_from.isoformat(),
            "to": edition.valid_to.isoformat() if edition.valid_to else None,
            "partial": edition.partial,
            **_provenance(edition.provenance),
        }
    )


def _edition_in(said: Grounds) -> Edition:
    return Edition(
        year=said["year"],
        title=said["title"],
        valid_from=date.fromisoformat(said["from"]),
        valid_to=date.fromisoformat(said["to"]) if "to" in said else None,
        partial=said.get("partial", False),
        note=None,
        limits=(),
        provenance=_provenance_in(said),
    )


def _limit(limit: Limit) -> dict[str, Json]:
    plan = limit.plan
    return _told(
        {
            "id": limit.id,
            "text": limit_text(limit),
            "minimum": _number(limit.minimum),
            "maximum": _number(limit.maximum),
            "plan": _told({"n": plan.n, "m": _number(plan.m), "M": _number(plan.most)})
            | {"c": plan.c}
            if plan
            else None,
            "forbidden": limit.forbidden,
            "unit": limit.unit,
            "basis": limit.basis,
            "condition": {"zh": limit.condition.zh, "en": limit.condition.en}
            if limit.condition
            else None,
            "clause": limit.clause,
            "carried_from": limit.carried_from,
            **_provenance(limit.provenance),
        }
    )


def _limit_in(said: Grounds, parameter: str) -> Limit:
    plan, condition = said.get("plan"), said.get("condition")
    found = Limit(
        id=said["id"],
        parameter=parameter,
        classes=(),
        minimum=_decimal(said.get("minimum")),
        maximum=_decimal(said.get("maximum")),
        plan=None,
        forbidden=said.get("forbidden", False),
        unit=said.get("unit"),
        basis=said["basis"],
        condition=Names(condition["zh"], condition["en"]) if condition else None,
        clause=said["clause"],
        note=None,
        provenance=_provenance_in(said),
        carried_from=said.get("carried_from"),
    )
    if plan is None:
        return found
    most = _decimal(plan.get("M"))
    return replace(found, plan=SamplingPlan(plan["n"], plan["c"], Decimal(plan["m"]), most))


def _number(value: Decimal | None) -> str | None:
    return None if value is None else plain_number(value)


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
