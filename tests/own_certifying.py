"""Land, and applications for certifications that an authority issues here, for tests."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from suyuan.trace.acts.certifying import (
    apply_for_certification,
    approve_certification,
    refuse_certification,
)
from suyuan.trace.acts.evidence import keep_evidence
from suyuan.trace.acts.parties import add_site
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.papers.facts import ApplicationFacts, ReviewFacts
from suyuan.trace.parties.actor import Actor
from suyuan.trace.parties.facts import SiteFacts
from tests import world
from tests.world import kg

TEN_MU = 6667
"""Square metres; millet gives 5 000.25 kg from them at most."""
SEEN = ReviewFacts("土地承包合同、现场核查")


def make_field(ledger: Ledger, actor: Actor, area_m2: int | None = TEN_MU) -> str:
    """Land of the actor's organisation; returns its uid."""
    facts = SiteFacts(str(actor.party_uid), "field", "东坡地", actor.division, area_m2=area_m2)
    return ledger.perform(actor, add_site, facts)


def wanted(ledger: Ledger, actor: Actor, **more: Any) -> ApplicationFacts:
    """An application for millet of ten mu, of which more is expected than they give."""
    facts = ApplicationFacts(
        "origin_certification", str(actor.party_uid), world.make_product(ledger, actor), kg(9000),
        12, sites=(make_field(ledger, actor),), area_m2=TEN_MU,
    )  # fmt: skip
    return replace(facts, **more)


def certified(ledger: Ledger, actor: Actor, authority: Actor) -> tuple[str, str]:
    """A certification of origin, issued; returns the paper and the product that it covers."""
    facts = wanted(ledger, actor)
    uid = ledger.perform(actor, apply_for_certification, facts)
    return ledger.perform(authority, approve_certification, uid, SEEN), facts.product


def tell_of_own_certifications(ledger: Ledger, actor: Actor) -> None:
    """One renewed with all that can be said, and one refused."""
    authority = world.make_regulator(ledger, actor.division)
    paper, product = certified(ledger, actor, authority)
    file = ledger.perform(
        actor, keep_evidence, str(actor.party_uid), b"%PDF-1.7 land", "承包合同.pdf"
    )
    again = wanted(ledger, actor, product=product, renews=paper, note="第二年", evidence=(file,))
    uid = ledger.perform(actor, apply_for_certification, again)
    ledger.perform(authority, approve_certification, uid, SEEN)
    uid = ledger.perform(actor, apply_for_certification, wanted(ledger, actor))
    ledger.perform(authority, refuse_certification, uid, "缺现场核查")
