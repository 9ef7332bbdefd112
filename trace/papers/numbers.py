"""Numbers that stand on certificates, permits and licences.

Forms are those of the issuing rules named at each function; whether a number was ever issued is
asked of the issuer, not of this module. Every function raises InvalidInput for a wrong form.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from suyuan.trace import checkdigits
from suyuan.trace.errors import InvalidInput
from suyuan.trace.identifiers import Checked, Warning, check_warnings, refuse_unless, stripped
from suyuan.trace.written import compacted, folded

QUARANTINE_NUMBER_LENGTH = 40
"""The longest quarantine certificate number kept, in characters."""


@dataclass(frozen=True, slots=True)
class ProductionLicence:
    """The parts of an SC number: what is made, in which county, and the licence's number there."""

    category: str
    division: str
    serial: str


def production_licence(text: str, field: str | None = None) -> Checked:
    """食品生产许可证编号: SC, 3 of category, 6 of division, 4 of serial, 1 check (MOD 11,10).

    A wrong check digit or an unlisted category warns. The old QS number is taken with a warning:
    it may stand in a history, no longer on a pack.
    """
    value = stripped(text)
    if re.fullmatch(r"QS\d{12}", value, re.ASCII):
        return Checked(value, (Warning.of("historic", "QS numbers are no longer valid on packs."),))
    refuse_unless(
        r"SC[12]\d{13}",
        value,
        "{given} is not a food production licence number: it is SC and 14 digits, the first of "
        "them 1 for food or 2 for additives.",
        field,
    )
    warnings = check_warnings(value[-1], checkdigits.iso7064_mod11_10(value[2:-1]))
    category = licence_parts(value).category
    if category[0] == "1" and category not in licence_categories():
        warnings += (
            Warning.of(
                "unknown-category",
                "Food category {category} is not in the list: compare with the licence.",
                category=category,
            ),
        )
    return Checked(value, warnings)


def licence_parts(value: str) -> ProductionLicence:
    """The parts of an SC number that ``production_licence`` accepted."""
    return ProductionLicence(value[2:5], value[5:11], value[11:15])


@cache
def licence_categories() -> dict[str, str]:
    """Food categories of production licences by their three digits: 104 is 肉制品."""
    source = files("suyuan.trace.standards") / "licence_categories.json"
    rows = json.loads(source.read_text(encoding="utf-8"))["rows"]
    return {row["code"]: row["name"] for row in rows}


def green_food_product(text: str, field: str | None = None) -> Checked:
    """绿色食品产品编号 LB-XX-YYMMPPNNNN(N)A: class, year, month, region, serial, grade A or AA.

    The region is the Green Food Centre's own numbering, not a division code. The form before 2009
    had its grade as a last digit; it is taken with a warning.
    """
    value = compacted(text)
    old = re.fullmatch(r"LB-\d{2}-\d{9}[12]", value, re.ASCII)
    if old:
        return Checked(
            value, (Warning.of("historic", "This is the form of green food numbers before 2009."),)
        )
    refuse_unless(
        r"LB-\d{2}-\d{2}(?:0[1-9]|1[0-2])\d{2}\d{4,5}AA?",
        value,
        "{given} is not a green food product number: it is LB, two digits of class, then year, "
        "month, region and serial in 10 or 11 digits and A or AA, as in LB-15-1711196965A.",
        field,
    )
    return Checked(value)


def green_food_enterprise(text: str, field: str | None = None) -> Checked:
    """绿色食品企业信息码, which stands on the pack: GF, 6 of division, 2 of year, 4 of serial."""
    value = stripped(text)
    refuse_unless(
        r"GF\d{12}",
        value,
        "{given} is not a green food enterprise code: it is GF and 12 digits.",
        field,
    )
    return Checked(value)


def organic_code(text: str, field: str | None = None) -> Checked:
    """有机码 of one pack: 17 digits; 18 are taken with a warning, the new rule was not seen."""
    value = stripped(text).removeprefix("有机码").lstrip(":")
    refuse_unless(r"\d{17,18}", value, "{given} is not an organic code: it has 17 digits.", field)
    if len(value) == 17:
        return Checked(value)
    return Checked(
        value,
        (
            Warning.of(
                "unconfirmed-form",
                "Organic codes of 18 digits are not confirmed by a rule seen: compare with the "
                "pack.",
            ),
        ),
    )


def organic_certificate(text: str, field: str | None = None) -> Checked:
    """有机产品认证证书编号: certifier (3 digits, since 2024 4), OP, year, serial, perhaps -n."""
    value = compacted(text)
    refuse_unless(
        r"\d{3,4}OP\d{7}(?:-\d{1,3})?",
        value,
        "{given} is not an organic certificate number: it is the certifier's 3 or 4 digits, OP, "
        "two digits of year and five of serial, with -1 and so on for a sub-certificate.",
        field,
    )
    return Checked(value)


def farm_produce_indication(text: str, field: str | None = None) -> Checked:
    """农产品地理标志证书编号: AGI and 5 digits, or AGI, year, month and serial."""
    value = compacted(text)
    refuse_unless(
        r"AGI\d{5}|AGI\d{4}-\d{2}-\d{4,5}",
        value,
        "{given} is not an AGI certificate number: it is AGI and 5 digits, or as in "
        "AGI2014-03-1483.",
        field,
    )
    return Checked(value)


def quarantine_certificate(text: str, field: str | None = None) -> Checked:
    """动物检疫合格证明 number, kept as text: each province has its own form, all have digits."""
    value = folded(text)
    if len(value) > QUARANTINE_NUMBER_LENGTH or not re.search(r"\d", value) or not _plain(value):
        raise InvalidInput(
            "{given} is not a certificate number: write it as printed, at most {most} characters, "
            "letters, digits and dashes.",
            field=field,
            given=value[:QUARANTINE_NUMBER_LENGTH],
            most=QUARANTINE_NUMBER_LENGTH,
        )
    return Checked(value)


def laboratory_approval(text: str, field: str | None = None) -> Checked:
    """检验检测机构资质认定 (CMA) certificate number: 12 digits, the first two the year."""
    value = stripped(text).removeprefix("CMA")
    refuse_unless(r"\d{12}", value, "{given} is not a CMA number: it has 12 digits.", field)
    return Checked(value)


def _plain(value: str) -> bool:
    return all(character.isalnum() or character in " -()〔〕[]./号" for character in value)
