"""Live yaks of a co-operative that may be certified, and certificates of them, for tests."""

from __future__ import annotations

from typing import Any

from suyuan.trace.acts.certificates import issue_certificate, reissue_certificate
from suyuan.trace.acts.collecting import collect_certificate
from suyuan.trace.acts.evidence import keep_evidence
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.acts.transformations import transform
from suyuan.trace.certificates.facts import CertificateFacts, CollectFacts
from suyuan.trace.parties.actor import Actor
from suyuan.trace.quantities import Quantity
from tests import world
from tests.letting_go import let_pass
from tests.own_certifying import tell_of_own_certifications

CONTACT = "0896-3732210"


def head(amount: int | str) -> Quantity:
    """So many animals."""
    return Quantity.of(amount, "HEA")


def make_yaks(ledger: Ledger, actor: Actor, amount: int = 9, **more: Any) -> str:
    """A batch of live yaks; returns its trace code."""
    facts = {"family": "yak_meat", "variant": "live", "name": "活牦牛", **more}
    return world.make_batch(ledger, actor, head(amount), **facts)


def certificate(code: str, amount: int | str = 9, **more: Any) -> CertificateFacts:
    """A certificate for so many animals, resting on quality control."""
    said = {"basis": ("quality_control",), "contact": CONTACT, **more}
    return CertificateFacts(code, head(amount), **said)


def certify(ledger: Ledger, actor: Actor, code: str, amount: int | str = 9, **more: Any) -> str:
    """An issued certificate; returns its number."""
    return ledger.perform(actor, issue_certificate, certificate(code, amount, **more))


def treat(
    ledger: Ledger, actor: Actor, code: str, until: str, drug: str = "伊维菌素注射液"
) -> None:
    """A treatment whose withdrawal period ends on a day."""
    payload = {"drug": drug, "dose": "0.2 mg/kg", "withdrawal_end": until}
    world.make_event(ledger, actor, "treat", code, payload=payload)


def merge_yaks(ledger: Ledger, actor: Actor, *codes: str) -> str:
    """All that is in hand of some herds as one; returns its trace code."""
    total = sum((world.left(ledger, actor, code) for code in codes), head(0))
    output = world.batch_facts(actor, total, family="yak_meat", variant="live", name="合群牦牛")
    facts = world.transformation(ledger, actor, "merge", dict.fromkeys(codes), (output,))
    made: list[str] = ledger.perform(actor, transform, facts)["batches"]
    return made[0]


def collected(ledger: Ledger, buyer: Actor, code: str, **more: Any) -> str:
    """What a buyer keeps of a certificate that came with a batch; returns its uid."""
    facts = CollectFacts(str(buyer.party_uid), code, **more)
    return ledger.perform(buyer, collect_certificate, facts)


def foreign(ledger: Ledger, buyer: Actor, amount: int = 9, **more: Any) -> dict[str, Any]:
    """All that stands on a whole certificate of somebody who has no account here."""
    party = str(buyer.party_uid)
    said = {
        "number": "手写 17",
        "issuer": "巴青县牧民 次仁",
        "product_name": "活牦牛",
        "quantity": head(amount),
        "origin": "那曲市巴青县",
        "contact": "13900000000",
        "issued_on": ledger.clock.now().date(),
        "evidence": ledger.perform(buyer, keep_evidence, party, b"%PDF-1.7", "证.pdf"),
    }
    return {**said, **more}


def tell_of_certificates(ledger: Ledger, coop: Actor, buyer: Actor) -> None:
    """One of everything: issued anew, collected from here and elsewhere, of mixed goods, and an
    authority's own."""
    code, other = make_yaks(ledger, coop), make_yaks(ledger, buyer)
    number = certify(ledger, coop, code)
    again = ledger.perform(coop, reissue_certificate, number, "头数写错", certificate(code, 8))
    let_pass(ledger, coop, code)
    world.make_shipment(ledger, coop, str(buyer.party_uid), code, head(3))
    collected(ledger, buyer, code, number=again)
    collected(ledger, buyer, other, **foreign(ledger, buyer, 5))
    certify(ledger, coop, merge_yaks(ledger, coop, code, make_yaks(ledger, coop)), 2)
    tell_of_own_certifications(ledger, coop)
