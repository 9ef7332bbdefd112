"""What stands on a commitment certificate, for whoever draws it or shows it: one answer for all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from suyuan.trace.certificates.number import grouped
from suyuan.trace.certificates.tables import Certificate
from suyuan.trace.certificates.texts import Edition, StyleText, certificate_texts
from suyuan.trace.parties.roles import Rights
from suyuan.trace.parties.tables import Party
from suyuan.trace.products.bilingual_order import BilingualOrder, bilingual_order
from suyuan.trace.quantities import Quantity, units
from suyuan.trace.words import Names

PATH = "/certificates/"
"""What stands before its number in the address at which everybody may read a certificate."""


@dataclass(frozen=True)
class CertificateContent:
    """The words of a certificate as its day has them, and what it says of its goods.

    ``bases``: every basis of the edition, and whether the commitment rests on it. ``fields``: key,
    heading and text, in the order of the form.
    """

    number: str
    title: Names
    edition: Edition
    style: StyleText
    bases: tuple[tuple[Names, bool], ...]
    fields: tuple[tuple[str, Names, str], ...]
    number_name: Names
    number_note: Names
    trace_code: str
    division: str

    @property
    def path(self) -> str:
        return PATH + self.number

    @property
    def grouped(self) -> str:
        """The number as people read it."""
        return grouped(self.number)

    def order(self, today: date) -> BilingualOrder:
        """Which script stands first on what is printed today."""
        return bilingual_order(self.division, today)


def content_of(one: Certificate, *, for_all: bool = False) -> CertificateContent:
    """What stands on a certificate. ``for_all``: on a page that everybody may open, where a family
    behind a household group is not named (个人信息保护法); what is printed goes with the goods."""
    hidden = for_all and one.issuer.kind == "household_group"
    texts = certificate_texts()
    edition = texts.edition(one.edition)
    said = {
        "product_name": one.product_name,
        "quantity": in_chinese(Quantity(one.quantity, one.batch.unit)),
        "origin": one.origin,
        "issuer": _household(one.issuer) if hidden else one.issuer.name,
        "contact": "" if hidden else one.contact,
        "issued_on": one.issued_on.isoformat(),
    }
    return CertificateContent(
        number=one.number,
        title=texts.title,
        edition=edition,
        style=edition.styles[one.style],
        bases=tuple((basis.names, key in one.basis) for key, basis in edition.bases.items()),
        fields=tuple((key, names, said[key]) for key, names in texts.fields.items() if said[key]),
        number_name=texts.number,
        number_note=texts.number_note,
        trace_code=one.batch.trace_code,
        division=one.batch.division,
    )


def _household(issuer: Party) -> str:
    what = Rights.load().organisation_kind(issuer.kind).names.zh
    return f"{issuer.parent.name} {what}" if issuer.parent else what


def in_chinese(quantity: Quantity) -> str:
    """A quantity as a certificate says it: ``12.5 kg``, ``9 头``."""
    unit = units()[quantity.unit]
    return f"{quantity.amount_text} {unit.symbol or unit.zh}"
