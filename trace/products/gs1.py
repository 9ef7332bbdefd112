"""Element strings of GS1: what the bars of a carton say (``standards/gs1.json``).

An application identifier (AI) says what a value is. Values and which of them must stand together
follow the GS1 General Specifications (GB/T 16986); a scanner gets them as one message, in which a
value of no predefined length is ended by a separator where another one follows.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Final

from suyuan.trace import checkdigits
from suyuan.trace.errors import InvalidInput
from suyuan.trace.sourced import PROVENANCE, Provenance, Row, keyed, read_standard
from suyuan.trace.words import Names, read_names

SEPARATOR: Final = "\x1d"
"""What a scanner gives for FNC1 within a message (ASCII 29)."""
SSCC_BODY: Final = 17
"""Digits of an SSCC before its check digit."""


@dataclass(frozen=True)
class ApplicationIdentifier:
    """What an AI says of its value. Of each group of ``requires`` one must stand beside it.

    ``decimals``: most places behind the point, told by a digit that follows the AI.
    """

    ai: str
    names: Names
    pattern: str
    check_digit: bool
    predefined: bool
    decimals: int | None
    requires: tuple[tuple[str, ...], ...]
    provenance: Provenance


@dataclass(frozen=True)
class Element:
    """A value with its AI, as both stand in the bars."""

    ai: str
    value: str

    @property
    def shown(self) -> str:
        """As people read it below the bars."""
        return f"({self.ai}){self.value}"

    @property
    def kind(self) -> ApplicationIdentifier:
        """What the AI is. Raises InvalidInput for one that is not known here."""
        known = _load().identifiers
        found = known.get(self.ai) or known.get(self.ai[:-1])
        if found is None or (found.decimals is not None) == (self.ai in known):
            raise InvalidInput("There is no application identifier {ai} here.", "ai", ai=self.ai)
        return found


@dataclass(frozen=True)
class LogisticLabel:
    """How bars on a logistic label are drawn; lengths in mm, quiet zones in modules."""

    least_module_mm: float
    most_module_mm: float
    least_height_mm: float
    quiet_modules: int
    most_characters: int
    most_width_mm: float
    provenance: Provenance


def element(ai: str, value: str) -> Element:
    """A value under its AI. Raises InvalidInput for one that cannot stand there."""
    found = Element(ai, value)
    kind = found.kind
    decimals = kind.decimals is None or ai[-1] in "0123456789"[: kind.decimals + 1]
    if not (decimals and re.fullmatch(kind.pattern, value)):
        raise InvalidInput(
            "{value} cannot stand under ({ai}), {name}.", "ai", value=value, ai=ai, name=kind.names
        )
    if kind.check_digit and value[-1] != (right := checkdigits.gs1_mod10(value[:-1])):
        raise InvalidInput(
            "The check digit is {is_}, it should be {should}.",
            field="ai",
            is_=value[-1],
            should=right,
        )
    return found


def day_element(ai: str, day: date) -> Element:
    """A date as YYMMDD."""
    return element(ai, f"{day:%y%m%d}")


def kilograms(ai: str, amount: Decimal) -> Element:
    """A weight in kg, to as many decimals as six digits hold.

    Raises InvalidInput for one that they do not hold to the gram.
    """
    places = max(0, -int(amount.normalize().as_tuple().exponent))
    digits = f"{amount.scaleb(places):.0f}".zfill(6)
    return element(f"{ai}{places}", digits)


def require_together(elements: Sequence[Element]) -> None:
    """Raises InvalidInput where one stands without what it needs, or twice."""
    present = [one.kind.ai for one in elements]
    for one in elements:
        if present.count(one.kind.ai) > 1:
            raise InvalidInput("({ai}) may stand only once.", field="ai", ai=one.ai)
        for group in one.kind.requires:
            if not set(group) & set(present):
                needed = ", ".join(f"({ai})" for ai in group)
                raise InvalidInput(
                    "({ai}) must not stand without {needed}.", "ai", ai=one.ai, needed=needed
                )


def message(elements: Sequence[Element]) -> str:
    """What a scanner reads: the element strings one after the other, ended where they need it."""
    written = []
    for at, one in enumerate(elements):
        ends = not one.kind.predefined and at + 1 < len(elements)
        written.append(one.ai + one.value + (SEPARATOR if ends else ""))
    return "".join(written)


def sscc_of(body: str) -> str:
    """The SSCC that these 17 digits begin: extension digit, company prefix, serial reference."""
    return body + checkdigits.gs1_mod10(body)


def company_prefix(typed: str) -> str:
    """A company prefix as it is kept. Raises InvalidInput."""
    table = _load()
    plain = re.sub(r"[\s-]", "", typed)
    if not (plain.isascii() and plain.isdigit() and len(plain) in table.prefix_lengths):
        raise InvalidInput(
            "A company prefix has {least} to {most} digits.",
            field="company_prefix",
            least=table.prefix_lengths.start,
            most=table.prefix_lengths.stop - 1,
        )
    return plain


def logistic_label() -> LogisticLabel:
    """How bars are drawn on cartons."""
    return _load().logistic_label


@dataclass(frozen=True)
class _Table:
    identifiers: Mapping[str, ApplicationIdentifier]
    prefix_lengths: range
    logistic_label: LogisticLabel


@cache
def _load() -> _Table:
    root = read_standard("gs1.json")
    prefix = root.get("company_prefix")
    prefix.provenance()
    return _Table(
        keyed(root.get("application_identifiers").rows(), _identifier, lambda one: one.ai),
        range(prefix.get("least").integer(), prefix.get("most").integer() + 1),
        _logistic_label(root.get("logistic_label")),
    )


def _identifier(row: Row) -> ApplicationIdentifier:
    row.only(
        "ai", "names", "pattern", "check_digit", "predefined", "decimals", "requires", *PROVENANCE
    )
    return ApplicationIdentifier(
        row.get("ai").text(),
        read_names(row),
        row.get("pattern").text(),
        row.get("check_digit").flag(),
        row.get("predefined").flag(),
        row.maybe("decimals", Row.integer),
        row.list_of("requires", lambda group: tuple(one.text() for one in group.rows())),
        row.provenance(),
    )


def _logistic_label(row: Row) -> LogisticLabel:
    return LogisticLabel(
        float(row.get("least_module_mm").number()),
        float(row.get("most_module_mm").number()),
        float(row.get("least_height_mm").number()),
        row.get("quiet_modules").integer(),
        row.get("most_characters").integer(),
        float(row.get("most_width_mm").number()),
        row.provenance(),
    )
