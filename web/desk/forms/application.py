"""The form in which an organisation asks an authority for a certification."""

from __future__ import annotations

from collections.abc import Collection

from suyuan.trace.errors import Fault
from suyuan.trace.papers.facts import ApplicationFacts
from suyuan.trace.papers.own_certifications import OwnCertification
from suyuan.trace.quantities import Quantity
from suyuan.web.desk.forms.typed import Typed

LARGEST_AREA = 10**12


def read_application(
    typed: Typed,
    applicant: str,
    own: OwnCertification,
    goods: Collection[str],
    land: Collection[str],
) -> ApplicationFacts:
    """An application. ``goods`` and ``land``: what the form offered. Raises Doubtful."""
    product = typed.one_of("product", goods) if goods else ""
    if not goods:
        typed.note(Fault("product", "Enter the product first: it is certified."))
    facts = ApplicationFacts(
        kind=own.kind,
        applicant=applicant,
        product=product,
        amount=typed.quantity("amount", required=True) or Quantity.of(0, "KGM"),
        months=typed.whole_number("months", 1, own.months_most, required=True) or 0,
        sites=tuple(one for one in typed.fields.getlist("sites") if one in land),
        area_m2=typed.whole_number("area_m2", 1, LARGEST_AREA) if own.asks_for_land else None,
        note=typed.text("note", most=500),
        renews=typed.text("renews", most=26) or None,
    )
    typed.finish()
    return facts
