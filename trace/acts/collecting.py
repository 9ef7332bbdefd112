"""Collecting the certificates of what is bought: nothing is bought without one (order 2025-4)."""

from __future__ import annotations

from decimal import Decimal

import sqlalchemy as sa

from suyuan.trace.acts.transaction import Writing
from suyuan.trace.acts.warnings import warn
from suyuan.trace.balance.findings import amount_said
from suyuan.trace.batches import queries as batches
from suyuan.trace.batches.tables import Batch
from suyuan.trace.certificates import queries
from suyuan.trace.certificates.collections import collected_quantity
from suyuan.trace.certificates.facts import CollectFacts
from suyuan.trace.certificates.matching import (
    Goods,
    Stated,
    beyond,
    doubts_of_foreign,
    doubts_of_ours,
)
from suyuan.trace.certificates.number import is_ours, read_number
from suyuan.trace.certificates.records import COLLECTED
from suyuan.trace.certificates.tables import Certificate, CollectedCertificate
from suyuan.trace.certificates.texts import certificate_texts
from suyuan.trace.clock import day_of
from suyuan.trace.codes.trace_code import parse_trace_code
from suyuan.trace.doubts import Remark
from suyuan.trace.errors import Forbidden, InvalidInput
from suyuan.trace.events.tables import Event, Shipment
from suyuan.trace.evidence.queries import evidence_of
from suyuan.trace.lineage.queries import ancestors
from suyuan.trace.notices.wording import Evidence
from suyuan.trace.parties import queries as parties
from suyuan.trace.parties.tables import Party
from suyuan.trace.quantities import Quantity


def collect_certificate(w: Writing, facts: CollectFacts) -> str:
    """Keep the certificate that came with a batch; returns the uid of what is kept.

    One that is incomplete or does not match the goods is kept with what is wrong, and proves
    nothing. Raises Forbidden for goods that never came to the party, NotFound for a number that
    was never given, InvalidInput for a mistyped one and where nothing at all is stated.
    """
    party = parties.party(w.session, facts.party)
    w.actor.require("register_paper", party)
    batch = batches.batch(w.session, parse_trace_code(facts.trace_code))
    goods = _goods(w, batch, party)
    ours = _ours(w, facts)
    evidence = evidence_of(w.session, (facts.evidence,), party.id) if facts.evidence else []
    today = w.today
    if facts.issued_on is not None and facts.issued_on > today:
        raise InvalidInput("This day is still to come: enter what was issued.", "issued_on")
    if ours is None and not (evidence or facts.number.strip() or facts.issuer.strip()):
        raise InvalidInput(
            "Give the number of the certificate, or its photo with what stands on it.", "number"
        )
    kept = CollectedCertificate(
        uid=w.new_uid(),
        party_id=party.id,
        party=party,
        batch=batch,
        certificate=ours,
        number=facts.number.strip() if ours is None else "",
        evidence=evidence[0] if evidence else None,
        keep_until=certificate_texts().rules.keep_until(today),
        collected_at=w.now,
    )
    if ours is None:
        _write_down(kept, facts)
    doubts = _doubts_of_ours(w, ours, batch, goods) if ours else _doubts(kept, goods)
    kept.doubts = [one.to_json() for one in doubts]
    together = _bought_with(w, ours, kept) if ours is not None and not doubts else None
    if ours is not None and together is not None:
        kept.doubts.append(beyond(together, Quantity(ours.quantity, ours.batch.unit)).to_json())
    kept.record_id = _record(w, kept)
    w.session.add(kept)
    w.session.flush()
    if ours is not None and together is not None:
        _warn_of_beyond(w, ours, kept, together)
    return kept.uid


def _bought_with(w: Writing, ours: Certificate, kept: CollectedCertificate) -> Quantity | None:
    """What all its buyers bought with a certificate, this one too, where it is for less."""
    # of two who collect it at once the second sees the first
    batches.lock(w.session, [ours.batch_id])
    together = collected_quantity(w.session, ours, (kept.party_id, kept.batch))
    return together if together.amount > ours.quantity else None


def _warn_of_beyond(
    w: Writing, ours: Certificate, kept: CollectedCertificate, together: Quantity
) -> None:
    evidence: Evidence = {
        "number": ours.number,
        "quantity": amount_said(together.amount, together.unit),
        "amount": amount_said(ours.quantity, ours.batch.unit),
        "trace_code": kept.batch.trace_code,
    }
    key = f"{ours.number}:{kept.party.uid}"
    warn(w, "certificate_beyond", key, batch=ours.batch, party=ours.issuer, evidence=evidence)


def _ours(w: Writing, facts: CollectFacts) -> Certificate | None:
    """The certificate that the number names, where it is of the form of those issued here."""
    if not is_ours(facts.number):
        return None
    return queries.certificate(w.session, read_number(facts.number))


def _goods(w: Writing, batch: Batch, party: Party) -> Goods:
    """What came to the party, and when. Raises Forbidden where nothing did."""
    if batch.party_id == party.id:
        came = Quantity(batch.quantity, batch.unit)
        # what was bought is often registered before its paper is at hand
        return Goods(batch.name, came, w.today)
    query = (
        sa.select(Shipment.quantity, Event.happened_at)
        .join(Event, Event.id == Shipment.ship_event_id)
        .where(Shipment.batch_id == batch.id, Shipment.to_party_id == party.id)
    )
    rows = [(row.quantity, row.happened_at) for row in w.session.execute(query)]
    if not rows:
        raise Forbidden(
            "Nothing of batch {code} came to this organisation.",
            "trace_code",
            code=batch.trace_code,
        )
    came = Quantity(sum((row[0] for row in rows), Decimal(0)), batch.unit)
    return Goods(batch.name, came, day_of(max(row[1] for row in rows)))


def _write_down(kept: CollectedCertificate, facts: CollectFacts) -> None:
    kept.issuer, kept.product_name = facts.issuer.strip(), facts.product_name.strip()
    kept.origin, kept.contact = facts.origin.strip(), facts.contact.strip()
    kept.issued_on = facts.issued_on
    if facts.quantity is not None:
        kept.quantity, kept.unit = facts.quantity.amount, facts.quantity.unit


def _doubts(kept: CollectedCertificate, goods: Goods) -> tuple[Remark, ...]:
    stated = Stated(
        issuer=kept.issuer,
        product_name=kept.product_name,
        quantity=_quantity(kept),
        origin=kept.origin,
        contact=kept.contact,
        issued_on=kept.issued_on,
        has_file=kept.evidence is not None,
    )
    return doubts_of_foreign(stated, goods)


def _doubts_of_ours(
    w: Writing, ours: Certificate, batch: Batch, goods: Goods
) -> tuple[Remark, ...]:
    """Whether one issued here is of these goods: of this batch or what it was made of, or where
    the batch was registered by its buyer, of the same kind."""
    of = ours.batch
    alike = (of.family, of.variant) == (batch.family, batch.variant)
    bought = alike and batch.party_id != ours.issuer_id
    return doubts_of_ours(
        void=ours.state == "void",
        of_these_goods=bought or of.id in ancestors(w.session, batch.id),
        quantity=Quantity(ours.quantity, of.unit),
        issued_on=ours.issued_on,
        goods=goods,
    )


def _quantity(kept: CollectedCertificate) -> Quantity | None:
    if kept.quantity is None or kept.unit is None:
        return None
    return Quantity(kept.quantity, kept.unit)


def _record(w: Writing, kept: CollectedCertificate) -> str:
    quantity = _quantity(kept)
    return w.record(
        COLLECTED,
        "certificate.collected",
        {
            "collected": kept.uid,
            "trace_code": kept.batch.trace_code,
            "party": kept.party.uid,
            "keep_until": kept.keep_until.isoformat(),
            "certificate": kept.certificate.number if kept.certificate else None,
            "number": kept.number or None,
            "issuer": kept.issuer or None,
            "product_name": kept.product_name or None,
            "quantity": quantity.to_json() if quantity else None,
            "origin": kept.origin or None,
            "contact": kept.contact or None,
            "issued_on": kept.issued_on.isoformat() if kept.issued_on else None,
            "doubts": kept.doubts,
            "evidence": kept.evidence.uid if kept.evidence else None,
            "typed_by": w.actor.person_uid,
        },
        subject=kept.uid,
    )
