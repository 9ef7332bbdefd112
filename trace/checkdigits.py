"""Check characters of the numbers printed on papers, packs and labels.

Each function takes the characters before the check character and gives the check character that
belongs behind them. They know nothing of lengths or meanings: those rules live with the number
(``parties/identifiers.py``, ``products/identifiers.py``, ``papers/numbers.py``, ``codes/``).
"""

from __future__ import annotations

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""The 31 characters of GB 32100-2015: no I, O, S, V or Z."""

_ORGANISATION_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def iso7064_mod11_10(digits: str) -> str:
    """The check digit of a hybrid MOD 11,10 number (ISO/IEC 7064).

    Used by the production licence number (SC) and by the trace code.
    Raises ValueError for anything but ASCII digits.
    """
    rest = 10
    for value in _ascii_digits(digits):
        rest = ((rest + value) % 10 or 10) * 2 % 11
    return str((11 - rest) % 10)


def gs1_mod10(digits: str) -> str:
    """The check digit of a GTIN, SSCC or GLN (GS1 General Specifications 7.9).

    Weights 3, 1, 3, … from the right, so it holds for a number of any length.
    Raises ValueError for anything but ASCII digits.
    """
    values = _ascii_digits(digits)
    total = sum(value * (3 if place % 2 == 0 else 1) for place, value in enumerate(values[::-1]))
    return str(-total % 10)


def organisation_code(body: str) -> str:
    """The check character of the eight-character organisation code (GB 11714-1997).

    It is the 17th character of a unified social credit code.
    Raises ValueError when ``body`` is not eight characters of 0-9 and A-Z.
    """
    if len(body) != len(_ORGANISATION_WEIGHTS):
        raise ValueError("an organisation code has 8 characters before its check character")
    total = sum(
        _ORGANISATION_ALPHABET.index(character) * weight
        for character, weight in zip(body, _ORGANISATION_WEIGHTS, strict=True)
    )
    return "0123456789X0"[11 - total % 11]


def uscc(body: str) -> str:
    """The 18th character of a unified social credit code (GB 32100-2015): weights 3^i mod 31.

    Raises ValueError when ``body`` is not 17 characters of ``USCC_ALPHABET``.
    """
    if len(body) != 17:
        raise ValueError("a social credit code has 17 characters before its check character")
    total = sum(
        USCC_ALPHABET.index(character) * pow(3, place, 31) for place, character in enumerate(body)
    )
    return USCC_ALPHABET[-total % 31]


def _ascii_digits(text: str) -> list[int]:
    if not (text.isascii() and text.isdigit()):
        raise ValueError("a check digit is made of the digits 0 to 9 only")
    return [int(character) for character in text]
