"""Vectors of trace codes as people type them."""

from __future__ import annotations

from typing import Any

from suyuan.trace.checkdigits import iso7064_mod11_10

CODE = "5406260847047297"


def vectors() -> dict[str, Any]:
    """The content of ``trace-codes.json``."""
    return {
        "about": "What somebody typed, and the trace code that it is, or what is wrong with it.",
        "worked": _worked(),
        "cases": [
            {"typed": typed, "code": code, "problem": problem, "why": why}
            for typed, code, problem, why in (*_right(), *_wrong(), *_mistyped())
        ],
    }


def _worked() -> dict[str, str]:
    rests, rest = [], 10
    for digit in CODE[:-1]:
        rest = ((rest + int(digit)) % 10 or 10) * 2 % 11
        rests.append(str(rest))
    return {
        "division": CODE[:6],
        "random digits": CODE[6:15],
        "rests": " ".join(rests),
        "check digit": str((11 - rest) % 10),
        "trace code": CODE,
        "printed": "5406 2608 4704 7297",
    }


def _right() -> list[tuple[str, str | None, str | None, str]]:
    tibetan = CODE.translate(str.maketrans("0123456789", "༠༡༢༣༤༥༦༧༨༩"))
    full = CODE.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    zero = "0000000000000" + "00"
    return [
        (CODE, CODE, None, "as it is"),
        ("5406 2608 4704 7297", CODE, None, "as it is printed"),
        ("5406-2608-4704-7297", CODE, None, "hyphens"),
        (" 54 062608470 47297\t\n", CODE, None, "any spaces"),
        ("5406\u00a02608\u20034704\u30007297", CODE, None, "spaces of other kinds"),
        ("5406\u20132608\u20144704\uff0d7297", CODE, None, "dashes of other kinds"),
        ("5406\u30fc2608\u22124704\u20117297", CODE, None, "more dashes"),
        (f"\u200e{CODE[:8]}\u200b{CODE[8:]}\ufeff", CODE, None, "what is copied and not seen"),
        (full, CODE, None, "full-width digits"),
        (tibetan, CODE, None, "Tibetan digits"),
        (full[:8] + tibetan[8:12] + CODE[12:], CODE, None, "all mixed"),
        (zero + iso7064_mod11_10(zero), zero + iso7064_mod11_10(zero), None, "zeros"),
    ]


def _wrong() -> list[tuple[str, str | None, str | None, str]]:
    return [
        ("", None, "length", "nothing"),
        (CODE[:-1], None, "length", "15 digits"),
        (CODE + "0", None, "length", "17 digits"),
        ("5406 26O8 4704 7297", None, "character", "a letter O"),
        ("5406 2608 4704 729l", None, "character", "a small letter l"),
        ("5406/2608/4704/7297", None, "character", "slashes"),
        ("5406.2608.4704.7297", None, "character", "dots"),
        ("/t/" + CODE, None, "character", "a path"),
        ("٥٤٠٦٢٦٠٨٤٧٠٤٧٢٩٧", None, "character", "digits of another script"),
        ("54O6", None, "character", "characters are looked at before the length"),
        ("²" + CODE[1:], None, "character", "a raised digit"),
    ]


def _mistyped() -> list[tuple[str, str | None, str | None, str]]:
    """Every single digit changed, and neighbours exchanged: MOD 11,10 finds all the former."""
    found: list[tuple[str, str | None, str | None, str]] = []
    for at in (0, 5, 9, 15):
        other = str((int(CODE[at]) + 1) % 10)
        changed = CODE[:at] + other + CODE[at + 1 :]
        found.append((changed, None, "check digit", f"digit {at + 1} is another"))
    for at in (0, 7):
        swapped = CODE[:at] + CODE[at + 1] + CODE[at] + CODE[at + 2 :]
        found.append((swapped, None, "check digit", f"digits {at + 1} and {at + 2} exchanged"))
    return found
