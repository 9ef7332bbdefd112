"""What anybody may read without a token: passports, product families, divisions."""

from __future__ import annotations

import re
from typing import Any

from flask import Response, jsonify

from suyuan.api.blueprints import ApiBlueprint
from suyuan.api.current import ledger, now, reading
from suyuan.api.plain import plain, schema_of
from suyuan.api.resolver import answer_json, unvouched_json
from suyuan.api.schemas.scans import CodeQuery, DivisionQuery
from suyuan.trace.parties.divisions import Division, divisions
from suyuan.trace.passport import Passport, Unvouched, passport_of, passport_of_typed
from suyuan.trace.products.family import Family
from suyuan.trace.written import compacted

catalogue = ApiBlueprint(
    "catalogue", "Open to everybody: passports, product families, divisions.", public=True
)

PASSPORT = schema_of(Passport)
PASSPORT["properties"]["proofs"] = {"type": "object"}
FAMILY = schema_of(Family)
_TYPED = re.compile(r"[0-9-]{16,24}")
_DIVISIONS = {
    "type": "object",
    "required": ["items"],
    "properties": {"items": {"type": "array", "items": schema_of(Division)}},
}
_FAMILIES = {
    "type": "object",
    "required": ["items"],
    "properties": {"items": {"type": "array", "items": {"$ref": "#/components/schemas/Family"}}},
}


@catalogue.get("/passport", query=CodeQuery, answer="Passport")
def read_passport(query: dict[str, Any]) -> Response:
    """Read the answer about a code: who issued it, what is wrong, how often it was opened.

    `code` is the scanned URL, its path, or a trace code as typed. This counts as no scan.
    `proofs` says of each shown value which record of the log it comes from, with all that is
    needed to check it without us; `proofs=0` leaves that out.
    """
    asked = query["code"].strip()
    typed = compacted(asked)
    told: dict[str, Any] = {"now": now(), "otherwise_call": ledger().settings.supervision_phone}
    found: Passport | Unvouched
    with reading() as session:
        if _TYPED.fullmatch(typed):
            found = passport_of_typed(session, ledger().families, typed, **told)
        else:
            found = passport_of(session, ledger().families, asked, **told)
        if isinstance(found, Unvouched):
            return unvouched_json(found)
        return jsonify(answer_json(found, session if query["proofs"] else None))


@catalogue.get("/families", answer=_FAMILIES)
def list_families() -> Response:
    """List the product families: variants, facts and key data asked for, papers, yields."""
    return jsonify(items=[plain(family) for family in ledger().families])


@catalogue.get("/families/<string:key>", answer="Family")
def read_family(key: str) -> Response:
    """Read a product family."""
    return jsonify(plain(ledger().families.get(key)))


@catalogue.get("/divisions", query=DivisionQuery, answer=_DIVISIONS)
def search_divisions(query: dict[str, Any]) -> Response:
    """Find administrative divisions by name or code; `within` another one, where it is given."""
    found = divisions().search(query["q"], within=query["within"])
    return jsonify(items=[plain(row) for row in found])
