"""The forms of commitment certificates: for how much, on what basis; and what was collected."""

from __future__ import annotations

from collections.abc import Collection

from suyuan.trace.certificates.facts import CertificateFacts, CollectFacts
from suyuan.trace.codes.trace_code import parse_trace_code
from suyuan.trace.errors import Fault, InvalidInput
from suyuan.trace.quantities import Quantity
from suyuan.web.desk.forms.typed import Typed


def read_certificate(typed: Typed, trace_code: str, bases: Collection[str]) -> CertificateFacts:
    """A certificate for so much of a batch. ``bases``: those that the form offered.

    Raises Doubtful.
    """
    quantity = typed.quantity("quantity", required=True)
    facts = CertificateFacts(
        trace_code=trace_code,
        quantity=quantity or Quantity.of(0, "KGM"),
        basis=tuple(one for one in typed.fields.getlist("basis") if one in bases),
        issued_on=typed.day("issued_on"),
        product_name=typed.text("product_name"),
        origin=typed.text("origin", most=300),
        contact=typed.text("contact", most=60),
    )
    typed.finish()
    return facts


def read_collected(typed: Typed, party: str) -> CollectFacts:
    """A certificate that came with a batch. Raises Doubtful."""
    facts = CollectFacts(
        party=party,
        trace_code=_code(typed),
        number=typed.text("number", most=80),
        issuer=typed.text("issuer"),
        product_name=typed.text("product_name"),
        quantity=typed.quantity("quantity"),
        origin=typed.text("origin", most=300),
        contact=typed.text("contact", most=60),
        issued_on=typed.day("issued_on"),
    )
    typed.finish()
    return facts


def _code(typed: Typed) -> str:
    text = typed.text("batch", most=40, required=True)
    try:
        return parse_trace_code(text) if text else ""
    except InvalidInput as error:
        typed.note(Fault("batch", error.message, tuple(error.params.items())))
        return ""
