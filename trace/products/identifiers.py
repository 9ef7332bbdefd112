"""Numbers that name goods and animals: GTIN, SSCC, ear tag, trade mark."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from suyuan.trace import checkdigits
from suyuan.trace.identifiers import Checked, Warning, check_warnings, refuse_unless, stripped
from suyuan.trace.parties.divisions import divisions
from suyuan.trace.written import compacted


def gtin(text: str, field: str | None = None) -> Checked:
    """GTIN-8, -12, -13 or -14, written as 14 digits (GS1 General Specifications 3.3.2).

    A wrong check digit warns; so does a number of the range that shops give out themselves.
    Raises InvalidInput for a wrong form.
    """
    value = stripped(text)
    refuse_unless(
        r"(?!0+$)(?:\d{8}|\d{12,14})",
        value,
        "{given} is not a GTIN: it has 8, 12, 13 or 14 digits.",
        field,
    )
    warnings = check_warnings(value[-1], checkdigits.gs1_mod10(value[:-1]))
    full = value.zfill(14)
    if len(value) != 8 and full[1] == "2" and full[0] == "0":
        warnings += (
            Warning.of(
                "in-store-number",
                "A number beginning with 2 is given out by the shop itself: another shop may use "
                "it for other goods.",
            ),
        )
    return Checked(full, warnings)


def variable_measure(gtin_14: str) -> bool:
    """Whether the trade item has no fixed weight: indicator 9 of a GTIN-14."""
    return gtin_14[0] == "9"


def sscc(text: str, field: str | None = None) -> Checked:
    """The serial number of a pallet or case: 18 digits, with or without its prefix (00).

    A wrong check digit warns. Raises InvalidInput for a wrong form.
    """
    value = stripped(text).replace("(00)", "")
    if len(value) == 20:
        value = value.removeprefix("00")
    refuse_unless(r"(?!0+$)\d{18}", value, "{given} is not an SSCC: it has 18 digits.", field)
    return Checked(value, check_warnings(value[17], checkdigits.gs1_mod10(value[:17])))


class Species(StrEnum):
    """The first digit of an ear tag; a yak wears a cattle tag."""

    PIG = "1"
    CATTLE = "2"
    SHEEP_OR_GOAT = "3"


@dataclass(frozen=True, slots=True)
class EarTag:
    """The parts of an ear tag: species, the county that gave it out, its number there."""

    species: Species
    county: str
    serial: str


def ear_tag(text: str, field: str | None = None) -> Checked:
    """畜禽标识, 15 digits: species, county code, eight of serial (农业部令 67 号). No check digit.

    A county that the catalogue does not know warns: it may be an old code or a misread digit.
    Raises InvalidInput for a wrong form.
    """
    value = stripped(text)
    refuse_unless(
        r"[123]\d{14}",
        value,
        "{given} is not an ear tag: it has 15 digits, first 1 for pig, 2 for cattle and yak or 3 "
        "for sheep and goat, then the county code and 8 digits.",
        field,
    )
    county = ear_tag_parts(value).county
    if county in divisions():
        return Checked(value)
    return Checked(
        value,
        (
            Warning.of(
                "unknown-division",
                "No county with the code {county} is known: compare with the tag.",
                county=county,
            ),
        ),
    )


def ear_tag_parts(value: str) -> EarTag:
    """The parts of a number that ``ear_tag`` accepted."""
    return EarTag(Species(value[0]), value[1:7], value[7:])


def trade_mark(text: str, field: str | None = None) -> Checked:
    """商标注册号: up to 8 digits and at most one letter; international ones begin with G.

    No check digit. Raises InvalidInput for a wrong form.
    """
    value = compacted(text).removeprefix("第").removesuffix("号")
    refuse_unless(
        r"\d{1,8}[A-Z]?|G\d{6,7}[A-Z]?",
        value,
        "{given} is not a trade mark number: it has up to 8 digits and at most one letter behind "
        "them, or G and 6 or 7 digits.",
        field,
    )
    return Checked(value)
