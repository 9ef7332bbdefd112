"""Commitment certificates: issued for goods that deserve one, declared void, issued anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import sqlalchemy as sa

from suyuan.trace.acts.claiming import require_said_proved
from suyuan.trace.acts.happenings import require_active, require_there
from suyuan.trace.acts.transaction import Writing
from suyuan.trace.acts.warnings import warn
from suyuan.trace.batches import queries as batches
from suyuan.trace.batches.tables import Batch
from suyuan.trace.certificates import queries
from suyuan.trace.certificates.facts import CertificateFacts, Source
from suyuan.trace.certificates.grounds import grounds_of
from suyuan.trace.certificates.number import certificate_number, issuer_code, read_number
from suyuan.trace.certificates.records import CERTIFICATE, CERTIFICATE_ISSUER
from suyuan.trace.certificates.rules import obstacles, require_none
from suyuan.trace.certificates.sources import all_sources
from suyuan.trace.certificates.tables import Certificate, CertificateIssuer, CertificateSource
from suyuan.trace.certificates.texts import STYLES, Edition, certificate_texts
from suyuan.trace.codes.trace_code import parse_trace_code
from suyuan.trace.errors import Conflict, Fault, InvalidInput
from suyuan.trace.notices.wording import Evidence
from suyuan.trace.parties.actor import Actor
from suyuan.trace.parties.divisions import divisions
from suyuan.trace.parties.tables import Party
from suyuan.trace.quantities import Quantity
from suyuan.trace.release.queries import require_not_stopped
from suyuan.trace.release.rules import require_reason


def issue_certificate(w: Writing, facts: CertificateFacts) -> str:
    """Issue a certificate for so much of a batch; returns its number.

    It is the commitment of whoever registered the batch. What went into the batch is named with
    its certificates. Raises NotCertifiable with all that stands in the way, Conflict where the
    batch is stopped or gone, Unproved, Unborne and MarkUnproved for a name or an origin that
    claims too much, InvalidInput, NotFound, Forbidden.
    """
    return _issue(w, facts, replaces=None)


def void_certificate(w: Writing, number: str, reason: str) -> str:
    """Declare a certificate void; returns its number. What it stood for may be certified anew; the
    certificates that were issued on the strength of it are warned of.

    Its issuer may, and a regulator who is competent for the batch. Raises Conflict where it is
    void already, InvalidInput without a reason.
    """
    found = queries.certificate(w.session, read_number(number))
    if not may_void(w.actor, found):
        w.actor.require("register_paper", found.issuer)
    reason = require_reason(reason)
    _require_standing(w, found)
    _void(w, found, reason)
    w.session.flush()
    for leaning in queries.leaning_on(w.session, found.id):
        if leaning.state != "void":
            evidence: Evidence = {
                "certificate": leaning.number,
                "number": found.number,
                "trace_code": leaning.batch.trace_code,
                "reason": reason,
            }
            key = f"{leaning.number}/{found.number}"
            warn(w, "certificate_source_void", key, batch=leaning.batch, evidence=evidence)
    return found.number


def reissue_certificate(w: Writing, number: str, reason: str, facts: CertificateFacts) -> str:
    """Declare a certificate void and issue another in its place; returns the new number.

    Raises as the two; InvalidInput where the other is for another batch.
    """
    before = queries.certificate(w.session, read_number(number))
    w.actor.require("register_paper", before.issuer)
    if parse_trace_code(facts.trace_code) != before.batch.trace_code:
        raise InvalidInput("A certificate is issued anew for the same batch.", "trace_code")
    reason = require_reason(reason)
    _require_standing(w, before)
    _void(w, before, reason)
    w.session.flush()
    return _issue(w, facts, replaces=before)


def may_void(actor: Actor, one: Certificate) -> bool:
    """Whether the actor may declare this certificate void: its issuer, or who is competent."""
    if actor.party_kind == "regulator":
        return actor.may("check_paper") and actor.competent(one.batch.division, one.batch.family)
    return actor.may_for("register_paper", one.issuer)


def origin_of(batch: Batch) -> str:
    """The place of origin as a certificate says it, where nothing else is said."""
    known = divisions()
    division = known.name_path(batch.division) if batch.division in known else batch.division
    return f"{division} {batch.site.name}" if batch.site else division


def _issue(w: Writing, facts: CertificateFacts, *, replaces: Certificate | None) -> str:
    code = parse_trace_code(facts.trace_code)
    batch = batches.batch(w.session, code)
    w.actor.require("register_paper", batch.party)
    require_active(batch.party)
    batches.lock(w.session, [batch.id])
    require_there([batch])
    require_not_stopped(w.session, [batch.id])
    day = _day(w, facts, batch)
    edition = certificate_texts().on(day)
    name, origin = facts.product_name.strip(), facts.origin.strip()
    # the name of a site may hold that of some other place
    require_said_proved(w, batch, name, origin if origin != origin_of(batch) else "")
    quantity = facts.quantity.to(batch.unit).amount
    grounds = grounds_of(w.session, w.families, batch, day)
    if replaces is not None:
        # the goods it went with may be gone by now; for so much of them it was issued already
        grounds = replace(grounds, left=max(grounds.left, replaces.quantity))
    style = facts.style or grounds.style
    if style not in STYLES:
        raise InvalidInput(
            "A certificate is of a style: {known}.", "style", known=", ".join(STYLES)
        )
    basis = [edition.basis(key) for key in dict.fromkeys(facts.basis)]
    contact = facts.contact.strip() or batch.party.phone
    found = obstacles(grounds, quantity=quantity, basis=basis, style=style, day=day)
    require_none((*found, *_without_contact(contact)))
    issued = Certificate(
        number=_next_number(w, batch.party, day),
        style=style,
        edition=edition.key,
        batch=batch,
        issuer=batch.party,
        product_name=name or batch.name,
        quantity=quantity,
        origin=origin or origin_of(batch),
        contact=contact,
        basis=[one.key for one in basis],
        issued_on=day,
        keep_until=certificate_texts().rules.keep_until(day),
        state="issued",
        replaces=replaces,
        made_at=w.now,
    )
    sources = all_sources(grounds.lots)
    issued.record_id = _record(w, issued, edition, sources)
    issued.sources = [
        CertificateSource(issued_id=one.issued_id, collected_id=one.collected_id) for one in sources
    ]
    w.session.add(issued)
    w.session.flush()
    return issued.number


def _day(w: Writing, facts: CertificateFacts, batch: Batch) -> date:
    """The day that stands on the certificate. Raises InvalidInput for one that cannot."""
    today = w.today
    day = facts.issued_on or today
    earliest = certificate_texts().rules.earliest(today)
    if day > today:
        raise InvalidInput("This day is still to come: date it today.", "issued_on")
    if day < earliest:
        raise InvalidInput(
            "A certificate is dated when it is given. The earliest day that can still be entered "
            "is {earliest}.",
            "issued_on",
            earliest=earliest.isoformat(),
        )
    if batch.produced_on is not None and day < batch.produced_on:
        raise InvalidInput(
            "The goods came to be on {made}: a certificate is given later.",
            "issued_on",
            made=batch.produced_on.isoformat(),
        )
    return day


def _without_contact(contact: str) -> tuple[Fault, ...]:
    return () if contact else (Fault("contact", "A certificate says how to reach who commits."),)


def _require_standing(w: Writing, one: Certificate) -> None:
    """Raises Conflict where a certificate is void, asked with its batch locked."""
    batches.lock(w.session, [one.batch_id])
    w.session.refresh(one)
    if one.state == "void":
        raise Conflict("This certificate is void already.", "number")


def _void(w: Writing, one: Certificate, reason: str) -> None:
    one.state, one.state_reason, one.void_since = "void", reason, w.now
    w.record(
        CERTIFICATE,
        "certificate.voided",
        {
            "certificate": one.number,
            "state": "void",
            "reason": reason,
            "typed_by": w.actor.person_uid,
        },
        subject=one.number,
    )


def issuer_code_of(w: Writing, issuer: Party) -> str:
    """The digits that stand for an issuer in its numbers; its row is kept to this transaction."""
    row = w.session.scalar(
        sa.select(CertificateIssuer)
        .where(CertificateIssuer.party_id == issuer.id)
        .with_for_update()
    )
    return row.code if row is not None else _enter_issuer(w, issuer)


def _next_number(w: Writing, issuer: Party, day: date) -> str:
    """The next number of an issuer on a day."""
    prefix = f"{issuer_code_of(w, issuer)}{day:%y%m%d}"
    last = w.session.scalar(
        sa.select(sa.func.max(Certificate.number)).where(Certificate.number.startswith(prefix))
    )
    serial = int(last[len(prefix) : -1]) + 1 if last else 1
    return certificate_number(prefix[:-6], day, serial)


def _enter_issuer(w: Writing, issuer: Party) -> str:
    county = issuer.division[:6]
    last = w.session.scalar(
        sa.select(sa.func.max(CertificateIssuer.code)).where(
            CertificateIssuer.code.startswith(county)
        )
    )
    code = issuer_code(county, int(last[6:]) + 1 if last else 1)
    said = {"code": code, "party": issuer.uid}
    record_id = w.record(CERTIFICATE_ISSUER, "certificate_issuer.entered", said, subject=code)
    w.session.add(CertificateIssuer(code=code, party_id=issuer.id, record_id=record_id))
    w.session.flush()
    return code


def _record(w: Writing, one: Certificate, edition: Edition, sources: tuple[Source, ...]) -> str:
    return w.record(
        CERTIFICATE,
        "certificate.issued",
        {
            "certificate": one.number,
            "style": one.style,
            "edition": edition.key,
            "trace_code": one.batch.trace_code,
            "issuer": one.issuer.uid,
            "product_name": one.product_name,
            "quantity": Quantity(one.quantity, one.batch.unit).to_json(),
            "origin": one.origin,
            "contact": one.contact,
            "basis": one.basis,
            "issued_on": one.issued_on.isoformat(),
            "keep_until": one.keep_until.isoformat(),
            "upstream": [source.label for source in sources],
            "replaces": one.replaces.number if one.replaces else None,
            "state": "issued",
            "typed_by": w.actor.person_uid,
        },
        subject=one.number,
    )
