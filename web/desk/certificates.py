"""Commitment certificates at the desk: issued, printed, declared void, collected from sellers."""

from __future__ import annotations

from io import BytesIO

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import gettext

from suyuan.labels.certificate import write_certificate
from suyuan.trace.acts.certificates import (
    issue_certificate,
    origin_of,
    reissue_certificate,
    void_certificate,
)
from suyuan.trace.acts.collecting import collect_certificate
from suyuan.trace.batches.tables import Batch
from suyuan.trace.certificates import queries
from suyuan.trace.certificates.collections import collected_quantity
from suyuan.trace.certificates.content import content_of
from suyuan.trace.certificates.facts import CertificateFacts
from suyuan.trace.certificates.grounds import grounds_of
from suyuan.trace.certificates.number import grouped, read_number
from suyuan.trace.certificates.rules import Grounds, obstacles, require_printable
from suyuan.trace.certificates.tables import Certificate
from suyuan.trace.certificates.texts import Edition, certificate_texts
from suyuan.trace.codes.signing import label_host
from suyuan.trace.errors import Forbidden
from suyuan.trace.keys.tables import Instance
from suyuan.trace.quantities import Quantity
from suyuan.trace.release.queries import require_not_stopped
from suyuan.web.desk import whom
from suyuan.web.desk.forms.certificate import read_certificate, read_collected
from suyuan.web.desk.reading import batch_seen, row_after
from suyuan.web.desk.sending import send_once, sent_files
from suyuan.web.desk.sheet import Answer, Done, Sheet, answered, typed
from suyuan.web.error_pages import say
from suyuan.web.ground import db, ledger, today
from suyuan.web.identity import current_actor, perform_once
from suyuan.web.once import once

views = Blueprint("certificates", __name__)

AT_ONCE = 100


@views.get("/certificates/")
def listed() -> str:
    """What the party chosen issued and collected, each page by page."""
    party = whom.whom()
    issued_after, collected_after = row_after("issued"), row_after("collected")
    issued = queries.certificates_of_issuer(db(), party.id, after=issued_after, limit=AT_ONCE)
    collected = queries.collected_by(db(), party.id, after=collected_after, limit=AT_ONCE)
    return render_template(
        "desk/certificates.html",
        issued=issued,
        collected=collected,
        here={"issued": issued_after, "collected": collected_after},
        more_issued=issued[-1].id if len(issued) == AT_ONCE else None,
        more_collected=collected[-1].id if len(collected) == AT_ONCE else None,
        number=grouped,
    )


@views.get("/certificates/<number>")
def page(number: str) -> str:
    """A certificate, what it rests on, and what rests on it."""
    found = _certificate_seen(number)
    return render_template(
        "desk/certificate.html",
        certificate=found,
        content=content_of(found),
        sources=queries.sources(db(), found.id),
        leaning=queries.leaning_on(db(), found.id),
        replaced_by=queries.replaced_by(db(), found.id),
        bought=collected_quantity(db(), found),
        number=grouped,
    )


@views.get("/certificates/<number>/certificate.pdf")
def pdf(number: str) -> Response:
    """The certificate as a page to print and hand over with the goods."""
    found = _certificate_seen(number)
    require_printable(found.state)
    require_not_stopped(db(), (found.batch_id,))
    out, host = BytesIO(), label_host(db().get_one(Instance, 1).hosts)
    write_certificate(content_of(found), str(host), today(), out)
    response = Response(out.getvalue(), mimetype="application/pdf")
    name = f"certificate-{found.number}.pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@views.route("/batches/<code>/certificate", methods=["GET", "POST"])
def new(code: str) -> Answer:
    """Issue a certificate of a batch, or read what stands in the way."""
    batch = batch_seen(code)
    current_actor().require("register_paper", batch.party)
    edition = certificate_texts().on(today())
    grounds = grounds_of(db(), ledger().families, batch, today())

    def draw(sheet: Sheet) -> str:
        return _form(sheet, batch, edition, grounds)

    def send() -> Done:
        facts = read_certificate(typed(), batch.trace_code, edition.bases)
        number = perform_once(once(("certificate", facts)), issue_certificate, facts)
        return _done(number)

    return answered(draw, send, prefilled=_prefilled(batch, grounds))


@views.route("/certificates/<number>/again", methods=["GET", "POST"])
def again(number: str) -> Answer:
    """Declare a certificate void and issue another in its place."""
    before = _certificate_seen(number)
    edition = certificate_texts().on(today())
    grounds = grounds_of(db(), ledger().families, before.batch, today())

    def draw(sheet: Sheet) -> str:
        return _form(sheet, before.batch, edition, grounds, before)

    def send() -> Done:
        given = typed()
        reason = given.text("reason", most=500, required=True)
        facts = read_certificate(given, before.batch.trace_code, edition.bases)
        said = ("again", before.number, reason, facts)
        made = perform_once(once(said), reissue_certificate, before.number, reason, facts)
        return _done(made)

    return answered(draw, send, prefilled=_as_before(before))


@views.route("/certificates/<number>/void", methods=["GET", "POST"])
def void(number: str) -> Answer:
    """Declare a certificate void."""
    found = _certificate_seen(number)

    def draw(sheet: Sheet) -> str:
        return render_template(
            "desk/reason.html",
            sheet=sheet,
            batch=found.batch,
            title=gettext("Declare the certificate void"),
            means=gettext(
                "Whoever looks it up reads at once that it does not count. What it stood for may "
                "be certified anew."
            ),
            do=gettext("Declare void"),
        )

    def send() -> Done:
        given = typed()
        reason = given.text("reason", most=500, required=True)
        given.finish()
        perform_once(once(("void", found.number, reason)), void_certificate, found.number, reason)
        return Done(_page(found.number), gettext("The certificate is void."))

    return answered(draw, send)


@views.route("/certificates/collect", methods=["GET", "POST"])
def collect() -> Answer:
    """Keep the certificate that came with goods that were bought."""
    whom.require("register_paper")

    def draw(sheet: Sheet) -> str:
        return render_template("desk/certificate_collect.html", sheet=sheet)

    def send() -> Done:
        party = whom.whom()
        facts = read_collected(typed(), party.uid)
        uid = send_once(collect_certificate, facts, party.uid, sent_files()[:1])
        kept = queries.collected(db(), uid)
        said = gettext("The certificate is kept.")
        if kept.doubts:
            said = gettext(
                "The certificate is kept, and something is wrong with it: tell the agriculture "
                "office of where the goods come from."
            )
        return Done(url_for("desk.certificates.listed"), said)

    return answered(draw, send, prefilled={"batch": request.args.get("batch", "")[:40]})


def _form(
    sheet: Sheet,
    batch: Batch,
    edition: Edition,
    grounds: Grounds,
    before: Certificate | None = None,
) -> str:
    """The form of a certificate, with what stands in the way whatever is typed."""
    untested = [one for one in edition.bases.values() if not one.tested][:1]
    standing = obstacles(
        grounds,
        quantity=Quantity.of(1, batch.unit).amount if before else grounds.uncertified,
        basis=untested,
        style=grounds.style,
        day=today(),
    )
    return render_template(
        "desk/certificate_new.html",
        sheet=sheet,
        batch=batch,
        edition=edition,
        style=edition.styles[grounds.style],
        grounds=grounds,
        before=before,
        obstacles=[say(one) for one in standing if one.field != "quantity"],
        uncertified=Quantity(grounds.uncertified, grounds.unit),
        lots=[lot for lot in grounds.lots if lot.sources],
    )


def _prefilled(batch: Batch, grounds: Grounds) -> dict[str, str]:
    return {
        "quantity": Quantity(grounds.uncertified, batch.unit).amount_text,
        "quantity.unit": batch.unit,
        "issued_on": today().isoformat(),
        "product_name": batch.name,
        "origin": origin_of(batch),
        "contact": batch.party.phone,
        "basis": "quality_control",
    }


def _as_before(before: Certificate) -> dict[str, str]:
    facts = CertificateFacts(
        before.batch.trace_code, Quantity(before.quantity, before.batch.unit), tuple(before.basis)
    )
    return {
        "quantity": facts.quantity.amount_text,
        "quantity.unit": facts.quantity.unit,
        "issued_on": today().isoformat(),
        "product_name": before.product_name,
        "origin": before.origin,
        "contact": before.contact,
        "basis": facts.basis[0] if facts.basis else "",
    }


def _certificate_seen(number: str) -> Certificate:
    """The certificate with this number. Raises Forbidden where it is another organisation's."""
    found = queries.certificate(db(), read_number(number))
    if found.issuer_id != whom.whom().id and not current_actor().may_for(
        "read_trade", found.issuer
    ):
        raise Forbidden("This certificate is another organisation's.", "number")
    return found


def _done(number: str) -> Done:
    said = gettext("Issued: %(number)s", number=grouped(number))
    return Done(_page(number), said)


def _page(number: str) -> str:
    return url_for("desk.certificates.page", number=number)
