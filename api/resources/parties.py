"""Organisations and their places."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify

from suyuan.api.blueprints import ApiBlueprint
from suyuan.api.current import actor, perform, reading
from suyuan.api.paging import listed, page, page_of
from suyuan.api.schemas.parties import (
    CheckInput,
    OwnQuery,
    PartyAnswer,
    PartyInput,
    PartyQuery,
    ReasonInput,
    SiteAnswer,
    SiteInput,
)
from suyuan.api.schemas.shapes import Named, made
from suyuan.trace.acts import parties as acts
from suyuan.trace.oversight.sight import party_sight
from suyuan.trace.parties import queries
from suyuan.trace.parties.facts import PartyFacts, SiteFacts
from suyuan.trace.parties.tables import Party, Site

parties = ApiBlueprint("parties", "Organisations: applied for, checked, active or suspended.")
sites = ApiBlueprint("sites", "Places of organisations.")

_PARTY = {
    "kind": "cooperative",
    "name": "索县高原牦牛养殖专业合作社",
    "division": "540626",
    "phone": "13908968000",
    "undertaking": True,
}
_SITE = {
    "party": "01kd8z0000000000000000000a",
    "kind": "pasture",
    "name": "亚拉镇夏季牧场",
    "division": "540626",
    "altitude_m": 4100,
}


@parties.get("/parties", query=PartyQuery, answer=page_of(PartyAnswer, "PartyPage"))
def list_parties(query: dict[str, Any]) -> Response:
    """List organisations, in order of coming."""
    asked = page(query)
    with reading() as session:
        rows = queries.parties(
            session, after=asked.after or 0, limit=asked.limit + 1, state=query["state"]
        )
        return listed(asked, rows, lambda row: row.id, _party)


@parties.post("/parties", body=PartyInput, answer=Named, example=_PARTY)
def apply_for_party(body: PartyFacts) -> Response:
    """Apply for an organisation."""
    uid = perform(acts.apply_for_party, body)
    return made(uid, f"/api/v1/parties/{uid}")


@parties.get("/parties/<uid:uid>", answer=PartyAnswer)
def read_party(uid: str) -> Response:
    """Read an organisation."""
    with reading() as session:
        return jsonify(_party(queries.party(session, uid)))


@parties.post("/parties/<uid:uid>/check", body=CheckInput, answer=Named)
def check_party(body: dict[str, str], uid: str) -> Response:
    """Say that an organisation was checked, and against which papers."""
    return made(perform(acts.check_party, uid, body["against"]))


@parties.post("/parties/<uid:uid>/suspend", body=ReasonInput, answer=Named)
def suspend_party(body: dict[str, str], uid: str) -> Response:
    """Suspend an organisation."""
    return made(perform(acts.suspend_party, uid, body["reason"]))


@parties.post("/parties/<uid:uid>/reinstate", body=ReasonInput, answer=Named)
def reinstate_party(body: dict[str, str], uid: str) -> Response:
    """Let a suspended organisation go on."""
    return made(perform(acts.reinstate_party, uid, body["reason"]))


@sites.get("/sites", query=OwnQuery, answer=page_of(SiteAnswer, "SitePage"))
def list_sites(query: dict[str, Any]) -> Response:
    """List the places of an organisation."""
    with reading() as session:
        whose = queries.party(session, query["party"] or actor().party_uid or "")
        found = [_site(site) for site in queries.sites_of(session, whose.id)]
        return jsonify(items=found, next=None)


@sites.post("/sites", body=SiteInput, answer=Named, example=_SITE)
def add_site(body: SiteFacts) -> Response:
    """Add a place."""
    uid = perform(acts.add_site, body)
    return made(uid, f"/api/v1/sites/{uid}")


@sites.get("/sites/<uid:uid>", answer=SiteAnswer)
def read_site(uid: str) -> Response:
    """Read a place."""
    with reading() as session:
        return jsonify(_site(queries.site(session, uid)))


def _party(row: Party) -> dict[str, Any]:
    return PartyAnswer.seen(row, party_sight(actor(), row))


def _site(row: Site) -> dict[str, Any]:
    return SiteAnswer.seen(row, party_sight(actor(), row.party))
