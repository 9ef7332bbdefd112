"""Numbers on papers, packs and animals: what is refused, what is taken with a warning."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suyuan.trace import checkdigits
from suyuan.trace.errors import InvalidInput
from suyuan.trace.identifiers import Checked, Warning
from suyuan.trace.papers import numbers
from suyuan.trace.parties.identifiers import PhoneKind, mobile_number, phone, social_credit_code
from suyuan.trace.products.identifiers import (
    EarTag,
    Species,
    ear_tag,
    ear_tag_parts,
    gtin,
    sscc,
    trade_mark,
    variable_measure,
)

Check = Callable[[str, str | None], Checked]


def warned(checked: Checked) -> set[str]:
    return {warning.code for warning in checked.warnings}


GOOD: list[tuple[Check, str]] = [
    (social_credit_code, "93540626MA6T00012N"),
    (social_credit_code, "93211324MA0Q00027C"),
    (social_credit_code, "91211324MA0Q00019P"),
    (social_credit_code, "93411325MA44000AXR"),
    (numbers.production_licence, "SC10321132400010"),
    (numbers.production_licence, "SC10454062600014"),
    (numbers.production_licence, "SC10141132500016"),
    (numbers.green_food_product, "LB-15-1711196965A"),
    (numbers.green_food_product, "LB-50-1703081720A"),
    (numbers.green_food_product, "LB-15-19012700330A"),
    (numbers.green_food_enterprise, "GF540626260001"),
    (numbers.organic_code, "12326000000000001"),
    (numbers.organic_certificate, "001OP2600001"),
    (numbers.organic_certificate, "0012OP2600001-1"),
    (numbers.farm_produce_indication, "AGI01234"),
    (numbers.farm_produce_indication, "AGI2014-03-1483"),
    (numbers.quarantine_certificate, "藏动检A540626100001"),
    (numbers.laboratory_approval, "160020349085"),
    (sscc, "069012340000000016"),
    (ear_tag, "254062600000001"),
    (trade_mark, "12345678A"),
    (trade_mark, "G1234567"),
]


@pytest.mark.parametrize(("check", "number"), GOOD)
def test_a_right_number_is_taken_as_it_is(check: Check, number: str) -> None:
    assert check(number, None) == Checked(number)


@pytest.mark.parametrize(("check", "number"), GOOD)
def test_full_width_and_lower_case_are_the_same_number(check: Check, number: str) -> None:
    typed = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in number.lower())
    if check is numbers.quarantine_certificate:
        typed = typed.upper()
    assert check(f" {typed}\u3000", None).value == number


@pytest.mark.parametrize(
    ("check", "number"),
    [
        (social_credit_code, "93540626MA6T0001N"),
        (social_credit_code, "93540626MA6TO0012N"),
        (numbers.production_licence, "SC1045406260001"),
        (numbers.production_licence, "SC30454062600014"),
        (numbers.green_food_product, "LB-15-1713196965A"),
        (numbers.green_food_product, "LB-15-1711196965B"),
        (numbers.green_food_enterprise, "GF5406262600"),
        (numbers.organic_code, "1232600000000001"),
        (numbers.organic_certificate, "001OP26001"),
        (numbers.farm_produce_indication, "AGI123"),
        (numbers.quarantine_certificate, "无证"),
        (numbers.quarantine_certificate, "1" * 41),
        (numbers.quarantine_certificate, "<b>1</b>"),
        (numbers.laboratory_approval, "1600203490"),
        (gtin, "690123456789"[:-1]),
        (gtin, "0" * 13),
        (sscc, "06901234000000001"),
        (ear_tag, "无耳标"),
        (ear_tag, "454062600000001"),
        (ear_tag, "25406260000001"),
        (trade_mark, "第号"),
    ],
)
def test_a_wrong_form_is_refused_naming_the_field(check: Check, number: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        check(number, "number")
    assert refusal.value.field == "number"
    assert "{" not in str(refusal.value)


@pytest.mark.parametrize(
    ("check", "number", "code"),
    [
        (social_credit_code, "91350203M0001QAY9B", "check-digit"),
        (social_credit_code, "93540626MA6T00013N", "organisation-check-digit"),
        (numbers.production_licence, "SC10454062600015", "check-digit"),
        (numbers.production_licence, "SC19954062600010", "unknown-category"),
        (numbers.production_licence, "QS540604010001", "historic"),
        (numbers.green_food_product, "LB-15-0711196961", "historic"),
        (numbers.organic_code, "123260000000000012", "unconfirmed-form"),
        (gtin, "6901234567893", "check-digit"),
        (gtin, "2001234567893", "in-store-number"),
        (sscc, "069012340000000017", "check-digit"),
        (ear_tag, "254099900000001", "unknown-division"),
    ],
)
def test_a_doubtful_number_is_taken_and_keeps_its_warning(
    check: Check, number: str, code: str
) -> None:
    checked = check(number, None)
    assert code in warned(checked)
    assert all("{" not in str(warning) for warning in checked.warnings)


def test_a_warning_says_what_would_be_right() -> None:
    (warning,) = numbers.production_licence("SC10454062600015").warnings
    assert dict(warning.params) == {"is_": "5", "should": "4"}
    assert Warning.from_json(warning.to_json()) == warning


def test_gtins_are_written_as_fourteen_digits() -> None:
    assert gtin("6901234567892") == Checked("06901234567892")
    assert gtin("96385074").value == "00000096385074"
    assert gtin("036000291452").value == "00036000291452"
    assert variable_measure("96901234567895")


def test_an_sscc_may_carry_its_prefix() -> None:
    assert sscc("(00) 0690 1234 0000 0000 16").value == "069012340000000016"
    assert sscc("00069012340000000016").value == "069012340000000016"


def test_an_ear_tag_tells_species_and_county_of_issue() -> None:
    assert ear_tag_parts("254062600000001") == EarTag(Species.CATTLE, "540626", "00000001")
    assert ear_tag("254242700000001").warnings == (), "tags keep the county code of their day"


def test_a_licence_tells_category_and_county() -> None:
    parts = numbers.licence_parts("SC10454062600014")
    assert (parts.category, parts.division, parts.serial) == ("104", "540626", "0001")
    assert numbers.licence_categories()[parts.category] == "肉制品"


@pytest.mark.parametrize(
    ("typed", "number", "uri", "kind"),
    [
        ("138 0013 8000", "13800138000", "tel:+8613800138000", PhoneKind.MOBILE),
        ("+86-138-0013-8000", "13800138000", "tel:+8613800138000", PhoneKind.MOBILE),
        ("８６13800138000", "13800138000", "tel:+8613800138000", PhoneKind.MOBILE),
        ("0896-3731234", "0896-3731234", "tel:+868963731234", PhoneKind.LANDLINE),
        ("(0896)3731234", "0896-3731234", "tel:+868963731234", PhoneKind.LANDLINE),
        ("+86 896 3731234", "0896-3731234", "tel:+868963731234", PhoneKind.LANDLINE),
        ("010 66666666 转 801", "010-66666666转801", "tel:+861066666666;ext=801", "landline"),
        ("400 123 4567", "400-123-4567", "tel:4001234567", PhoneKind.SERVICE),
        ("12315", "12315", "tel:12315", PhoneKind.SERVICE),
    ],
)
def test_telephones(typed: str, number: str, uri: str, kind: str) -> None:
    found = phone(typed)
    assert (found.number, found.uri, found.kind) == (number, uri, kind)
    assert phone(number) == found


@pytest.mark.parametrize("typed", ["", "6631234", "12800138000", "1380013800", "abc", "0896-123"])
def test_what_cannot_be_called_is_refused_and_not_repeated(typed: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        phone(typed, "telephone")
    assert not typed or typed not in str(refusal.value)


def test_only_a_mobile_number_signs_in() -> None:
    assert mobile_number("１３８００１３８０００") == "13800138000"
    for other in ("12315", "0896-3731234", "nobody"):
        with pytest.raises(InvalidInput):
            mobile_number(other)


@given(st.text(alphabet="0123456789", min_size=13, max_size=13), st.integers(0, 13), st.data())
def test_one_wrong_digit_of_a_licence_is_always_noticed(
    body: str, place: int, data: st.DataObject
) -> None:
    number = body + checkdigits.iso7064_mod11_10(body)
    other = data.draw(st.sampled_from([d for d in "0123456789" if d != number[place]]))
    wrong = number[:place] + other + number[place + 1 :]
    assert checkdigits.iso7064_mod11_10(wrong[:-1]) != wrong[-1]


@given(st.text(alphabet="0123456789", min_size=12, max_size=12).filter(lambda t: t.strip("0")))
def test_normalising_a_gtin_twice_changes_nothing(body: str) -> None:
    number = body + checkdigits.gs1_mod10(body)
    once = gtin(number)
    assert "check-digit" not in warned(once)
    assert gtin(once.value).value == once.value


@given(
    st.text(alphabet=checkdigits.USCC_ALPHABET, min_size=2, max_size=2),
    st.text(alphabet="0123456789", min_size=6, max_size=6),
    st.text(alphabet=checkdigits.USCC_ALPHABET, min_size=8, max_size=8),
)
def test_every_code_with_its_check_characters_is_accepted(
    head: str, division: str, organisation: str
) -> None:
    body = head + division + organisation + checkdigits.organisation_code(organisation)
    assert social_credit_code(body + checkdigits.uscc(body)).warnings == ()


@given(st.text(max_size=40))
def test_no_text_breaks_a_check(text: str) -> None:
    for check, _ in GOOD:
        with suppress(InvalidInput):
            assert check(text, None).value
