"""The trace code (追溯码): one for each batch, with or without a GTIN.

16 digits in groups of four: the 6-digit division code of the site where the batch came to be, 9
random digits, so that nobody can count batches, and 1 check digit (ISO 7064 MOD 11,10). It is
typed on telephones, read aloud and sent by SMS. Roll codes of blank labels are such numbers too.
"""

from __future__ import annotations

import random
import re
import secrets
from typing import Literal, cast

from suyuan.trace.checkdigits import iso7064_mod11_10
from suyuan.trace.errors import InvalidInput

LENGTH = 16
SERIAL_LENGTH = 12
_RANDOM_DIGITS = 9

_FULL_WIDTH = "０１２３４５６７８９"
_TIBETAN = "༠༡༢༣༤༥༦༧༨༩"
_HYPHENS = "-\u00ad\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u30fc\ufe63\uff0d"
_INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"  # come along when text is copied
_PLAIN = str.maketrans(_FULL_WIDTH + _TIBETAN, "0123456789" * 2, _HYPHENS + _INVISIBLE)

Problem = Literal["character", "length", "check digit"]


class TraceCodeError(InvalidInput):
    """A trace code was mistyped."""

    @property
    def problem(self) -> Problem:
        """In which way; its characters are looked at first, then its length."""
        return cast("Problem", self.params["problem"])


def new_trace_code(division: str, rng: random.Random | None = None) -> str:
    """A trace code drawn for a 6-digit ``division``; whether it is taken, its register knows.

    ``rng`` is the system's randomness unless given. Raises InvalidInput for another division.
    """
    if not re.fullmatch("[0-9]{6}", division):
        raise InvalidInput("A division code has 6 digits.", field="division")
    draw = (rng or secrets.SystemRandom()).randrange(10**_RANDOM_DIGITS)
    body = f"{division}{draw:0{_RANDOM_DIGITS}d}"
    return body + iso7064_mod11_10(body)


def new_serial(rng: random.Random | None = None) -> str:
    """A serial of a single package: 12 random digits; its register knows whether it is taken."""
    draw = (rng or secrets.SystemRandom()).randrange(10**SERIAL_LENGTH)
    return f"{draw:0{SERIAL_LENGTH}d}"


def parse_trace_code(typed: str) -> str:
    """The 16 digits of a code as somebody typed it.

    Spaces and hyphens of every kind, full-width and Tibetan digits are understood.
    Raises TraceCodeError.
    """
    plain = plain_digits(typed)
    require_trace_code(plain)
    return plain


def plain_digits(typed: str) -> str:
    """``typed`` without spaces and hyphens of any kind, full-width and Tibetan digits as 0 to 9."""
    return "".join(with_plain_digits(typed).split())


def with_plain_digits(text: str) -> str:
    """``text`` without hyphens of any kind and what cannot be seen, with all digits as 0 to 9."""
    return text.translate(_PLAIN)


def require_trace_code(code: str) -> None:
    """Raises TraceCodeError unless ``code`` is 16 plain digits whose check digit is right."""
    field = "trace_code"
    wrong = _no_digit(code)
    if wrong is not None:
        raise TraceCodeError(
            'A trace code has digits only; "{character}" is none. A letter O may be a 0.',
            field,
            problem="character",
            character=wrong,
        )
    if len(code) != LENGTH:
        raise TraceCodeError(
            "A trace code has {should} digits; here are {is_}.",
            field,
            problem="length",
            is_=len(code),
            should=LENGTH,
        )
    if iso7064_mod11_10(code[:-1]) != code[-1]:
        raise TraceCodeError(
            "The digits do not fit together: one of them is mistyped. Compare with the label.",
            field,
            problem="check digit",
        )


def require_serial(serial: str) -> None:
    """Raises TraceCodeError unless ``serial`` is 12 plain digits."""
    wrong = _no_digit(serial)
    if wrong is not None:
        raise TraceCodeError(
            'A serial has digits only; "{character}" is none. A letter O may be a 0.',
            "serial",
            problem="character",
            character=wrong,
        )
    if len(serial) != SERIAL_LENGTH:
        raise TraceCodeError(
            "The serial of a package has {should} digits; here are {is_}.",
            "serial",
            problem="length",
            is_=len(serial),
            should=SERIAL_LENGTH,
        )


def _no_digit(text: str) -> str | None:
    """The first character that is no digit, as it can be shown; none where there is none."""
    wrong = next((character for character in text if character not in "0123456789"), None)
    return wrong if wrong is None or wrong.isprintable() else "?"


def show_trace_code(code: str) -> str:
    """The code as it is printed and read aloud: ``5406 2608 4704 7297``."""
    return " ".join(code[at : at + 4] for at in range(0, len(code), 4))


def division_of(code: str) -> str:
    """The division of the site where the batch was registered. No claim of origin."""
    return code[:6]
