"""Certifications that an authority issues here: applied for, reviewed, approved or refused.

What is approved stands in the register of papers and is drawn from, shown, printed and withdrawn
like every other paper there (``acts.papers.revoke_paper``).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.acts.certificates import issuer_code_of
from suyuan.trace.acts.certified_amounts import (
    amount_approved,
    at_most,
    harvest_behind,
    remarks_on,
)
from suyuan.trace.acts.covering import renewable
from suyuan.trace.acts.happenings import require_active
from suyuan.trace.acts.papers import enter_paper
from suyuan.trace.acts.transaction import Writing
from suyuan.trace.balance.land import area_of
from suyuan.trace.errors import Conflict, Fault, Forbidden, InvalidInput, InvalidInputs
from suyuan.trace.evidence.queries import evidence_of
from suyuan.trace.identifiers import Warning
from suyuan.trace.papers.applications import application, is_competent, is_own
from suyuan.trace.papers.facts import ApplicationFacts, Covers, PaperFacts, ReviewFacts
from suyuan.trace.papers.kinds import PaperKinds, months_later
from suyuan.trace.papers.own_certifications import (
    OwnCertification,
    next_number,
    number_start,
    own_certification,
)
from suyuan.trace.papers.records import PAPER_APPLICATION
from suyuan.trace.papers.tables import Paper, PaperApplication
from suyuan.trace.parties import queries as parties
from suyuan.trace.parties.actor import Actor
from suyuan.trace.parties.tables import Party, Site
from suyuan.trace.products import queries as products
from suyuan.trace.products.tables import Product
from suyuan.trace.quantities import Quantity

COUNTY = 6
"""Digits of the code of a county; the further ones are of its townships."""


def apply_for_certification(w: Writing, facts: ApplicationFacts) -> str:
    """Ask the competent authority for a certification; returns the application's uid.

    Raises InvalidInputs naming every field that cannot be, Forbidden for a product or land of
    another organisation, NotFound; Conflict where one for the product is under review already.
    """
    applicant = parties.party(w.session, facts.applicant, "applicant")
    w.actor.require("register_paper", applicant)
    require_active(applicant)
    own = own_certification(facts.kind)
    product = products.product(w.session, facts.product, "product")
    sites = [parties.site(w.session, uid, "sites") for uid in dict.fromkeys(facts.sites)]
    _require_own(applicant, product, sites)
    faults = _faults(own, facts, sites)
    if faults:
        raise InvalidInputs(faults)
    kind = PaperKinds.load().get(own.kind)
    renewed = renewable(w, kind, applicant, facts.renews) if facts.renews else None
    _require_none_open(w, own, product)
    asked = PaperApplication(
        uid=w.new_uid(),
        kind=own.kind,
        applicant=applicant,
        product=product,
        division=_division(applicant, sites),
        sites=sites,
        area_m2=facts.area_m2,
        amount=facts.amount.amount,
        unit=facts.amount.unit,
        months=facts.months,
        note=facts.note.strip(),
        evidence=evidence_of(w.session, tuple(dict.fromkeys(facts.evidence)), applicant.id),
        renews=renewed,
        state="applied",
        applied_at=w.now,
    )
    asked.record_id = _record(w, asked, "certification.applied", **_said(asked))
    w.session.add(asked)
    w.session.flush()
    return asked.uid


def approve_certification(w: Writing, uid: str, review: ReviewFacts) -> str:
    """Approve an application, whole or for less; returns the uid of the paper, which holds from
    today.

    Raises Forbidden for who is not competent or reviews what is their own, Conflict where it is
    decided already or nobody has checked the applicant, InvalidInput for more than was asked for
    or than the land can give.
    """
    asked = _under_review(w, uid)
    against = review.against.strip()
    if not against:
        raise InvalidInput("Say against which papers the application was checked.", "against")
    require_active(asked.applicant)
    if asked.applicant.state != "active":
        raise Conflict("Nobody has checked this organisation yet: that comes first.", "applicant")
    asked.area_m2 = at_most(review.area_m2, asked.area_m2, "area_m2")
    asked.months = at_most(review.months, asked.months, "months") or asked.months
    harvest = harvest_behind(asked)
    amount = amount_approved(asked, harvest, review.amount)
    asked.amount, asked.unit = amount.amount, amount.unit
    paper = _issue(w, asked, against, remarks_on(asked, harvest))
    asked.paper_id = paper.id
    said = _said(asked)
    told = {key: said[key] for key in ("area_m2", "amount", "months")}
    _decide(w, asked, "approved", {**told, "paper": paper.uid, "against": against})
    return paper.uid


def refuse_certification(w: Writing, uid: str, reason: str) -> str:
    """Refuse an application; returns its uid. Raises Forbidden, Conflict as for an approval,
    InvalidInput without a reason."""
    asked = _under_review(w, uid)
    if not reason.strip():
        raise InvalidInput("Give the reason: the applicant is told.", "reason")
    asked.state_reason = reason.strip()
    _decide(w, asked, "refused", {"reason": asked.state_reason})
    return uid


def may_review(session: Session, actor: Actor, one: PaperApplication) -> bool:
    """Whether the actor may decide on this application: competent, and it is not their own."""
    undecided = one.state == "applied"
    return undecided and is_competent(actor, one) and not is_own(session, actor, one)


def _faults(own: OwnCertification, facts: ApplicationFacts, sites: Sequence[Site]) -> list[Fault]:
    """All that cannot be in an application."""
    faults: list[Fault] = []
    if facts.amount.amount <= 0:
        faults.append(Fault("amount", "Say how much a year is expected to give."))
    if not 1 <= facts.months <= own.months_most:
        most = (("most", own.months_most),)
        faults.append(Fault("months", "It is given for 1 to {most} months.", most))
    if own.asks_for_land:
        faults += _land_faults(facts.area_m2, sites)
    if len({site.division[:COUNTY] for site in sites}) > 1:
        faults.append(Fault("sites", "These places lie in several counties: apply in each."))
    return faults


def _land_faults(area_m2: int | None, sites: Sequence[Site]) -> list[Fault]:
    if not sites:
        return [Fault("sites", "Say on which land it grows.")]
    if area_m2 is None or area_m2 <= 0:
        return [Fault("area_m2", "Say how much land it grows on, in square metres.")]
    there = area_of(sites)
    if there is not None and area_m2 > there:
        found = (("there", there),)
        return [Fault("area_m2", "These places have {there} square metres in all.", found)]
    return []


def _require_own(applicant: Party, product: Product, sites: Sequence[Site]) -> None:
    """The goods are the applicant's; the land is too, or a member's, or its co-operative's."""
    if product.party_id != applicant.id:
        raise Forbidden("An organisation applies for its own products.", "product")
    for site in sites:
        if applicant.id not in (site.party_id, site.party.parent_id) and (
            site.party_id != applicant.parent_id
        ):
            raise Forbidden("The land is the applicant's own, or of its members.", "sites")


def _division(applicant: Party, sites: Sequence[Site]) -> str:
    """Where the land lies, or the applicant sits; several townships are their county."""
    found = {site.division for site in sites}
    if len(found) > 1:
        return next(iter(found))[:COUNTY]
    return next(iter(found), applicant.division)


def _require_none_open(w: Writing, own: OwnCertification, product: Product) -> None:
    query = sa.select(PaperApplication.uid).where(
        PaperApplication.kind == own.kind,
        PaperApplication.product_id == product.id,
        PaperApplication.state == "applied",
    )
    if (uid := w.session.scalar(query)) is not None:
        raise Conflict(
            "This is under review for this product already, as {application}.",
            "product",
            application=uid,
        )


def _under_review(w: Writing, uid: str) -> PaperApplication:
    """An undecided application that the actor may decide on, kept to this transaction."""
    asked = application(w.session, uid, for_update=True)
    w.actor.require("check_paper")
    if not is_competent(w.actor, asked):
        raise Forbidden(
            "An application is reviewed by the authority that is competent for its place and "
            "family.",
            "application",
        )
    if is_own(w.session, w.actor, asked):
        raise Forbidden("Nobody reviews an application of their own organisation.", "application")
    if asked.state != "applied":
        raise Conflict("This application is decided already.", "application")
    return asked


def _issue(
    w: Writing, asked: PaperApplication, against: str, remarks: tuple[Warning, ...]
) -> Paper:
    """Put what was approved into the register, numbered, checked, and valid from today."""
    authority = parties.party(w.session, w.actor.party_uid or "")
    person = parties.person_by_id(w.session, w.actor.person_id)
    own = own_certification(asked.kind)
    start = number_start(own, issuer_code_of(w, authority), w.today)
    given = sa.select(sa.func.max(Paper.number)).where(
        Paper.kind == own.kind, Paper.number.startswith(start)
    )
    facts = PaperFacts(
        kind=asked.kind,
        number=next_number(start, w.session.scalar(given)),
        holder=asked.applicant.uid,
        issuer=authority.name,
        issued_on=w.today,
        valid_from=w.today,
        valid_to=months_later(w.today, asked.months) - timedelta(days=1),
        amount=Quantity(asked.amount, asked.unit),
        covers=(Covers("product", asked.product.uid),),
        checked_by=person.name if person else authority.name,
        checked_where=against,
        renews=asked.renews.uid if asked.renews else None,
    )
    return enter_paper(w, asked.applicant, facts, looked_at=True, remarks=remarks)


def _decide(w: Writing, asked: PaperApplication, state: str, told: dict[str, Any]) -> None:
    asked.state, asked.decided_at, asked.decided_by_id = state, w.now, w.actor.party_id
    _record(w, asked, f"certification.{state}", **told)
    w.session.flush()


def _said(asked: PaperApplication) -> dict[str, Any]:
    """What an application says, as its record keeps it."""
    return {
        "applicant": asked.applicant.uid,
        "product": asked.product.uid,
        "division": asked.division,
        "sites": sorted(site.uid for site in asked.sites),
        "area_m2": asked.area_m2,
        "amount": Quantity(asked.amount, asked.unit).to_json(),
        "months": asked.months,
        "note": asked.note or None,
        "evidence": sorted(file.uid for file in asked.evidence),
        "renews": asked.renews.uid if asked.renews else None,
    }


def _record(w: Writing, asked: PaperApplication, type_: str, **said: Any) -> str:
    told = {"application": asked.uid, "kind": asked.kind, "state": asked.state, **said}
    return w.record(PAPER_APPLICATION, type_, told, subject=asked.uid)
