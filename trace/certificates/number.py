"""The number of a commitment certificate. No law gives one: this is the issuing system's own.

22 digits, shown as ``540626-00001-261122-0001-7``: the county in which the issuer sits (GB/T
2260), the issuer's number there, the day that stands on the certificate (YYMMDD), a serial within
that day, and a check digit (ISO 7064 MOD 11,10 over the first 21).
"""

from __future__ import annotations

from datetime import date

from suyuan.trace.checkdigits import iso7064_mod11_10
from suyuan.trace.codes.trace_code import plain_digits
from suyuan.trace.errors import Conflict, InvalidInput

LENGTH = 22
ISSUER_DIGITS = 5
SERIAL_DIGITS = 4
_PARTS = (6, ISSUER_DIGITS, 6, SERIAL_DIGITS, 1)


def issuer_code(county: str, number: int) -> str:
    """The digits that stand for an issuer: its county's six and its own five. Raises Conflict."""
    if not 0 < number < 10**ISSUER_DIGITS:
        raise Conflict("All numbers for issuers of county {county} are given.", county=county)
    return f"{county[:6]:0<6}{number:0{ISSUER_DIGITS}d}"


def certificate_number(issuer: str, day: date, serial: int) -> str:
    """The number of an issuer's certificate. Raises Conflict when the day's serials are used up."""
    if not 0 < serial < 10**SERIAL_DIGITS:
        raise Conflict("All certificate numbers of {day} are given.", "issued_on", day=str(day))
    body = f"{issuer}{day:%y%m%d}{serial:0{SERIAL_DIGITS}d}"
    return body + iso7064_mod11_10(body)


def read_number(typed: str, field: str = "number") -> str:
    """The 22 digits of a number as somebody typed it. Raises InvalidInput.

    Spaces and hyphens of every kind, full-width and Tibetan digits are understood.
    """
    number = plain_digits(typed)
    if not (number.isascii() and number.isdigit() and len(number) == LENGTH):
        raise InvalidInput(
            "A certificate number of this system has {should} digits; this is another's, or "
            "mistyped.",
            field,
            should=LENGTH,
        )
    if iso7064_mod11_10(number[:-1]) != number[-1]:
        raise InvalidInput(
            "The digits do not fit together: one of them is mistyped. Compare with the "
            "certificate.",
            field,
        )
    return number


def is_ours(typed: str) -> bool:
    """Whether this can be a number of this system's form, rightly typed or not."""
    number = plain_digits(typed)
    return number.isascii() and number.isdigit() and len(number) == LENGTH


def grouped(number: str) -> str:
    """The number as it is printed and read aloud."""
    parts, at = [], 0
    for length in _PARTS:
        parts.append(number[at : at + length])
        at += length
    return "-".join(parts)
