"""Numbers that name a party: the unified social credit code, and telephone numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from suyuan.trace import checkdigits
from suyuan.trace.errors import InvalidInput
from suyuan.trace.identifiers import Checked, Warning, check_warnings, refuse_unless, stripped
from suyuan.trace.written import compacted

_USCC_FORM = f"[{checkdigits.USCC_ALPHABET}]{{2}}[0-9]{{6}}[{checkdigits.USCC_ALPHABET}]{{10}}"


def social_credit_code(text: str, field: str | None = None) -> Checked:
    """统一社会信用代码 (GB 32100-2015): 18 characters, two of them check characters.

    Raises InvalidInput for a wrong form. A wrong check character warns: a few codes that were
    really issued fail it.
    """
    value = stripped(text)
    refuse_unless(
        _USCC_FORM,
        value,
        "{given} is not a unified social credit code: it has 18 characters, digits and capitals "
        "without I, O, S, V and Z; the third to the eighth are digits.",
        field,
    )
    return Checked(
        value,
        _organisation_warnings(value) + check_warnings(value[17], checkdigits.uscc(value[:17])),
    )


def _organisation_warnings(value: str) -> tuple[Warning, ...]:
    should = checkdigits.organisation_code(value[8:16])
    if value[16] == should:
        return ()
    return (
        Warning.of(
            "organisation-check-digit",
            "The 17th character is {is_}, by the organisation code it should be {should}: "
            "compare with the licence.",
            is_=value[16],
            should=should,
        ),
    )


class PhoneKind(StrEnum):
    MOBILE = "mobile"
    LANDLINE = "landline"
    SERVICE = "service"
    """400 and 800 numbers and short service numbers such as 12315."""


@dataclass(frozen=True, slots=True)
class Phone:
    """A telephone number of the mainland, as it is printed: 13800000000, 0896-3731234, 12315."""

    number: str
    kind: PhoneKind

    @property
    def uri(self) -> str:
        """What a tap calls (RFC 3966); service numbers are dialled as they are."""
        digits, _, extension = self.number.replace("-", "").partition("转")
        tail = f";ext={extension}" if extension else ""
        if self.kind is PhoneKind.SERVICE:
            return f"tel:{digits}"
        return f"tel:+86{digits.removeprefix('0')}{tail}"


_LANDLINE = re.compile(
    r"(0(?:10|2\d)(?=\d{8})|0[3-9]\d{2})([2-9]\d{6,7})(?:转(\d{1,6}))?", re.ASCII
)
_PHONE_MESSAGE = (
    "This is not a telephone number that can be called: give a mobile number of 11 digits, a "
    "landline with its area code (0896-3731234), a 400 number or a service number such as 12315."
)


def phone(text: str, field: str | None = None) -> Phone:
    """A telephone number a person can be called under; whether it is in use is not known.

    Raises InvalidInput, without repeating the number.
    """
    value = re.sub(r"[()\-.]", "", compacted(text))
    value = re.sub(r"(?<=\d)(?:EXT|X|#)(?=\d)", "转", value)
    value = re.sub(r"^(?:\+|00)86(?=[3-9]|10|2\d)(?!400)", "0", value)
    value = re.sub(r"^(?:(?:\+|00)86|86(?=1[3-9]\d{9}$))", "", value)
    if re.fullmatch(r"1[3-9]\d{9}", value, re.ASCII):
        return Phone(value, PhoneKind.MOBILE)
    if re.fullmatch(r"[48]00\d{7}", value, re.ASCII):
        return Phone(f"{value[:3]}-{value[3:6]}-{value[6:]}", PhoneKind.SERVICE)
    if re.fullmatch(r"1[12]\d|12\d{3}|9[56]\d{3,6}", value, re.ASCII):
        return Phone(value, PhoneKind.SERVICE)
    if landline := _LANDLINE.fullmatch(value):
        area, local, extension = landline.groups()
        return Phone(
            f"{area}-{local}" + (f"转{extension}" if extension else ""), PhoneKind.LANDLINE
        )
    raise InvalidInput(_PHONE_MESSAGE, field=field)


def mobile_number(text: str, field: str | None = None) -> str:
    """The 11 digits under which a person signs in. Raises InvalidInput for any other number."""
    try:
        given = phone(text, field)
    except InvalidInput:
        given = None
    if given is None or given.kind is not PhoneKind.MOBILE:
        raise InvalidInput(
            "This is not a mobile number: it has 11 digits and begins with 13 to 19.", field=field
        )
    return given.number
