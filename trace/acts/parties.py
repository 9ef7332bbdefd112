"""Organisations and their places: applied for, checked by somebody, active or suspended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

import sqlalchemy as sa

from suyuan.trace.acts.transaction import Writing
from suyuan.trace.errors import Conflict, Fault, Forbidden, InvalidInput, InvalidInputs
from suyuan.trace.log.schemas import Class
from suyuan.trace.parties import identifiers, queries
from suyuan.trace.parties.chain_stages import chain_stage
from suyuan.trace.parties.divisions import divisions
from suyuan.trace.parties.facts import CompetenceFacts, PartyFacts, SiteFacts
from suyuan.trace.parties.records import COMPETENCE, PARTY, SITE
from suyuan.trace.parties.roles import Rights
from suyuan.trace.parties.site_rules import no_division, site_faults
from suyuan.trace.parties.tables import Competence, Party, Site

_A_FAMILY: Mapping[str, Class] = {"name": "personal", "names": "personal"}
"""Behind a household group stands a family: what it is called is a personal fact."""


def apply_for_party(w: Writing, facts: PartyFacts) -> str:
    """Take an application; the party is ``applied`` until somebody checks it. Returns its uid.

    Raises InvalidInputs naming every field that cannot be; a wrong check character only warns.
    Authorities and operators of the platform come in by an operator only.
    """
    w.actor.require("apply_party")
    uscc, warnings = _checked(facts)
    kind = Rights.load().organisation_kind(facts.kind)
    if kind.second_factor:
        w.actor.require("administer")
    if facts.parent and kind.answers_for_itself:
        raise InvalidInput("An organisation of this kind belongs to no other.", "parent")
    parent = queries.party(w.session, facts.parent, "parent") if facts.parent else None
    if parent is not None:
        w.actor.require("apply_party", parent)
    return _take(w, facts, uscc, warnings, parent)


def apply_from_outside(w: Writing, facts: PartyFacts) -> str:
    """Take the application of somebody who is not signed in. Returns the party's uid.

    The head is called back at the number given, and gets a way in once the party is checked.
    Raises InvalidInputs; Forbidden for a kind that does not apply by itself.
    """
    uscc, warnings = _checked(facts)
    if Rights.load().organisation_kind(facts.kind).second_factor or facts.parent:
        raise Forbidden("Such an organisation is added by an operator of the platform.", "kind")
    if not facts.phone:
        raise InvalidInput("Give a number at which the head can be called.", "phone")
    if not facts.undertaking:
        raise InvalidInput("The head must give the undertaking to tell the truth.", "undertaking")
    return _take(w, facts, uscc, warnings, None)


def _take(
    w: Writing,
    facts: PartyFacts,
    uscc: str | None,
    warnings: list[dict[str, object]],
    parent: Party | None,
) -> str:
    if uscc and w.session.scalar(sa.select(Party.id).where(Party.uscc == uscc)):
        raise Conflict("A party with this unified social credit code is here already.", "uscc")
    party = Party(
        uid=w.new_uid(),
        kind=facts.kind,
        parent_id=parent.id if parent else None,
        name=facts.name.strip(),
        names=dict(facts.names),
        uscc=uscc,
        division=facts.division,
        address=facts.address,
        phone=facts.phone,
        supervision_phone=facts.supervision_phone,
        state="applied",
        undertaking_at=w.now if facts.undertaking else None,
        warnings=warnings,
        applied_at=w.now,
    )
    party.record_id = w.record(
        PARTY,
        "party.applied",
        {
            "party": party.uid,
            "kind": party.kind,
            "name": party.name,
            "names": party.names,
            "division": party.division,
            "uscc": party.uscc,
            "state": party.state,
            "undertaking": facts.undertaking,
            "address": party.address,
            "parent": parent.uid if parent else None,
            "phone": party.phone,
            "supervision_phone": party.supervision_phone,
        },
        subject=party.uid,
        classes=_A_FAMILY if party.kind == "household_group" else None,
    )
    w.session.add(party)
    w.session.flush()
    return party.uid


def check_party(w: Writing, uid: str, against: str) -> str:
    """Make a party active: checked by the actor ``against`` these papers. Returns its uid."""
    party = _for_supervision(w, uid)
    if not against.strip():
        raise InvalidInput("Say against which papers the party was checked.", "against")
    if party.undertaking_at is None:
        raise Conflict("The head of this party has not signed the undertaking yet.", "undertaking")
    party.checked_at, party.checked_by_id = w.now, w.actor.person_id
    party.checked_against = against.strip()
    return _change_state(w, party, "active", "party.checked", "")


def suspend_party(w: Writing, uid: str, reason: str) -> str:
    """Suspend a party: it may register and print nothing until it is reinstated."""
    return _change_state(w, _for_supervision(w, uid), "suspended", "party.suspended", reason)


def reinstate_party(w: Writing, uid: str, reason: str) -> str:
    """Let a suspended party go on."""
    party = _for_supervision(w, uid)
    if party.state != "suspended":
        raise Conflict("This party is not suspended.", "party")
    return _change_state(w, party, "active", "party.reinstated", reason)


def sign_undertaking(w: Writing, uid: str) -> str:
    """The head of a party signs the undertaking to tell the truth. Returns the party's uid."""
    party = queries.party(w.session, uid)
    w.actor.require("manage_members", party)
    party.undertaking_at = w.now
    _record_state(w, party, "party.undertaking", "")
    return party.uid


def add_site(w: Writing, facts: SiteFacts) -> str:
    """Add a place of a party. Returns its uid. Raises InvalidInputs, NotFound, Forbidden."""
    party = queries.party(w.session, facts.party)
    w.actor.require("register_site", party)
    faults = list(site_faults(facts))
    if faults:
        raise InvalidInputs(faults)
    site = Site(
        uid=w.new_uid(),
        party_id=party.id,
        kind=facts.kind,
        name=facts.name.strip(),
        names=dict(facts.names),
        division=facts.division,
        address=facts.address,
        latitude=facts.latitude,
        longitude=facts.longitude,
        altitude_m=facts.altitude_m,
        area_m2=facts.area_m2,
        capacity=facts.capacity,
        made_at=w.now,
    )
    site.record_id = w.record(
        SITE,
        "site.added",
        {"site": site.uid, **{k: v for k, v in asdict(facts).items() if v not in ("", {})}},
        subject=site.uid,
    )
    w.session.add(site)
    w.session.flush()
    return site.uid


def set_competences(w: Writing, uid: str, competences: tuple[CompetenceFacts, ...]) -> str:
    """Say what a regulator is competent for; replaces what was said before. Returns its uid."""
    w.actor.require("administer")
    party = queries.party(w.session, uid)
    if party.kind != "regulator":
        raise InvalidInput("Only a regulator has competences.", "party")
    for one in competences:
        divisions().get(one.division, "division")
        if one.family is not None:
            w.families.get(one.family)
        if one.stage is not None:
            chain_stage(one.stage)
    w.session.execute(sa.delete(Competence).where(Competence.party_id == party.id))
    for one in competences:
        w.session.add(Competence(party_id=party.id, **asdict(one)))
    said = [
        {key: str(value) for key, value in asdict(one).items() if value is not None}
        for one in competences
    ]
    w.record(COMPETENCE, "competence.set", {"party": uid, "competences": said}, subject=uid)
    return uid


def _checked(facts: PartyFacts) -> tuple[str | None, list[dict[str, object]]]:
    """The party's USCC in its one form, and what warns; raises InvalidInputs for all faults."""
    faults: list[Fault] = []
    uscc, warnings = None, []
    try:
        Rights.load().organisation_kind(facts.kind)
    except InvalidInput as error:
        faults.append(_fault("kind", error))
    if not facts.name.strip():
        faults.append(Fault("name", "A party has a name."))
    if facts.division not in divisions():
        faults.append(no_division(facts.division))
    for field in ("phone", "supervision_phone"):
        value = getattr(facts, field)
        try:
            if value:
                identifiers.phone(value, field)
        except InvalidInput as error:
            faults.append(_fault(field, error))
    try:
        if facts.uscc:
            checked = identifiers.social_credit_code(facts.uscc, "uscc")
            uscc = checked.value
            warnings = [{"field": "uscc", **one.to_json()} for one in checked.warnings]
    except InvalidInput as error:
        faults.append(_fault("uscc", error))
    if faults:
        raise InvalidInputs(faults)
    return uscc, warnings


def _fault(field: str, error: InvalidInput) -> Fault:
    return Fault(field, error.message, tuple(error.params.items()))


def _for_supervision(w: Writing, uid: str) -> Party:
    party = queries.party(w.session, uid)
    w.actor.require("approve_party")
    if w.actor.party_kind == "platform_operator":
        return party
    if Rights.load().organisation_kind(party.kind).second_factor:
        raise Forbidden("Authorities are admitted and suspended by an operator only.", "party")
    if not any(divisions().contains(one, party.division) for one in w.actor.supervised()):
        raise Forbidden("This party is outside your division.", field="party")
    return party


def _change_state(w: Writing, party: Party, state: str, type_: str, reason: str) -> str:
    if state == "suspended" and not reason.strip():
        raise InvalidInput("Give the reason; the party and its customers will ask.", "reason")
    party.state, party.state_reason = state, reason.strip()
    _record_state(w, party, type_, reason)
    return party.uid


def _record_state(w: Writing, party: Party, type_: str, reason: str) -> None:
    w.record(
        PARTY,
        type_,
        {
            "party": party.uid,
            "state": party.state,
            "reason": reason or None,
            "checked_against": party.checked_against or None,
            "undertaking": party.undertaking_at is not None,
        },
        subject=party.uid,
    )
