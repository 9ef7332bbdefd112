"""The certifications that an authority issues here itself (``standards/own_certifications.json``).

Whoever wants one applies; a regulator who is competent reviews; what is approved stands in the
register of papers under a number of this system's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from suyuan.trace.checkdigits import iso7064_mod11_10
from suyuan.trace.errors import Conflict, InvalidInput
from suyuan.trace.identifiers import Checked, refuse_unless, stripped
from suyuan.trace.sourced import PROVENANCE, Provenance, Row, keyed, read_standard

ISSUER_DIGITS = 11
"""Those of the issuing office, as commitment certificates have them."""


@dataclass(frozen=True)
class OwnCertification:
    """A certification: the kind of paper that it is, the letters before its number, whether land
    is behind its amount, and for how many months it is given at most."""

    kind: str
    prefix: str
    asks_for_land: bool
    months_most: int
    provenance: Provenance


def own_certification(kind: str, field: str = "kind") -> OwnCertification:
    """The certification that is this kind of paper. Raises InvalidInput."""
    known = own_certifications()
    if kind not in known:
        raise InvalidInput(
            "No authority issues papers of the kind {kind} here; it issues: {known}.",
            field,
            kind=kind,
            known=", ".join(known),
        )
    return known[kind]


def number_start(own: OwnCertification, issuer: str, day: date) -> str:
    """What all numbers of an issuer begin with in the year of a day."""
    return f"{own.prefix}{issuer}{day:%y}"


def next_number(start: str, last: str | None) -> str:
    """The number after the ``last`` with this beginning. Raises Conflict when all are given."""
    serial = int(last[len(start) : -1]) + 1 if last else 1
    if serial >= 10 ** _serial_digits():
        raise Conflict("All numbers for certifications of this year are given.", "number")
    body = f"{start}{serial:0{_serial_digits()}d}"
    return body + iso7064_mod11_10(body[2:])


def own_number(text: str, field: str | None = None) -> Checked:
    """The number of a certification issued here, in its one form.

    It is refused with a wrong check digit: no genuine one has that. Raises InvalidInput.
    """
    value = stripped(text)
    prefixes = "|".join(one.prefix for one in own_certifications().values())
    digits = ISSUER_DIGITS + 2 + _serial_digits() + 1
    refuse_unless(
        rf"(?:{prefixes})\d{{{digits}}}",
        value,
        "{given} is not the number of a certification that is issued here.",
        field,
    )
    if iso7064_mod11_10(value[2:-1]) != value[-1]:
        raise InvalidInput(
            "The digits do not fit together: one of them is mistyped. Compare with the "
            "certificate.",
            field,
        )
    return Checked(value)


@cache
def own_certifications() -> Mapping[str, OwnCertification]:
    """The certifications by the kind of paper that they are. Raises Misconfigured."""
    return keyed(_file().get("certifications").rows(), _read, lambda one: one.kind)


@cache
def _serial_digits() -> int:
    row = _file().get("number")
    row.only("serial_digits", *PROVENANCE)
    row.provenance()
    return row.get("serial_digits").integer()


def _file() -> Row:
    root = read_standard("own_certifications.json")
    root.only("about", "number", "certifications")
    return root


def _read(row: Row) -> OwnCertification:
    row.only("kind", "prefix", "asks_for_land", "months_most", *PROVENANCE)
    prefix = row.get("prefix").text()
    if len(prefix) != 2 or not (prefix.isascii() and prefix.isupper()):
        row.get("prefix").wrong("expected two capital letters.")
    return OwnCertification(
        kind=row.get("kind").text(),
        prefix=prefix,
        asks_for_land=row.get("asks_for_land").flag(),
        months_most=row.get("months_most").integer(),
        provenance=row.provenance(),
    )
