"""What the balance finds, and in which order it is told: the gravest first, then the greatest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from suyuan.trace.balance.rules import Rule, balance_rules, unconfirmed
from suyuan.trace.quantities import units
from suyuan.trace.sourced import Provenance
from suyuan.trace.words import Names


@dataclass(frozen=True)
class Finding:
    """Something that does not add up, or cannot have been.

    ``trace_code`` is the batch it is about, ``event`` the uid of what shows it (empty where it is
    no event). ``amount`` is how much is unexplained, in ``unit`` where it has one, and ``of`` what
    that is measured against. ``account`` is that of the paper it is drawn from, or of the household
    that brought it. ``told`` fills the gaps of its sentence. ``provenance`` is that of the band or
    bound it breaks; ``refused``: its rule lets no transformation pass that shows it.
    """

    rule: str
    trace_code: str
    batch_id: int
    party_id: int
    at: datetime
    told: Mapping[str, str | Names]
    provenance: Provenance
    event: str = ""
    amount: Decimal | None = None
    unit: str | None = None
    of: Decimal | None = None
    site_id: int | None = None
    account: str = ""
    refused: bool = field(default=False, compare=False)

    @property
    def kind(self) -> Rule:
        """The rule it breaks."""
        return balance_rules().findings[self.rule]

    @property
    def cause(self) -> str:
        """What names it among warnings: its rule, and the event that shows it, or the batch."""
        return f"{self.rule}:{self.event or self.trace_code}"

    @property
    def unconfirmed(self) -> bool:
        """Whether it rests on a number that nobody has confirmed."""
        return unconfirmed(self.provenance)

    @property
    def share(self) -> Decimal:
        """How much is unexplained, of what it is measured against."""
        if self.amount is None or not self.of:
            return Decimal(0)
        return abs(self.amount / self.of)


def ranked(some: Iterable[Finding]) -> list[Finding]:
    """The gravest first: unexplained gain before all else; of one kind the greatest share first."""
    return sorted(some, key=lambda one: (one.kind.gravity, -one.share, one.at, one.trace_code))


def finding(rule: str, told: Mapping[str, str | Names], **more: object) -> Finding:
    """A finding whose bound is that of its rule, unless ``provenance`` says another."""
    given = {"provenance": balance_rules().findings[rule].provenance, **more}
    return Finding(rule=rule, told=told, **given)  # type: ignore[arg-type]  # fields by name


def evidence_of(one: Finding) -> dict[str, str | int | Names]:
    """The finding as a warning keeps it: its name, its numbers, and what shows it."""
    told: dict[str, str | int | Names] = {"finding": one.kind.names}
    told |= {"event": one.event} if one.event else {"trace_code": one.trace_code}
    if one.amount is not None:
        told["quantity"] = amount_said(abs(one.amount), one.unit)
    if one.of:
        told["percent"] = str((one.share * 100).quantize(Decimal("0.1")))
    for key in ("minimum", "maximum"):
        if key in one.told:
            told[key] = str(one.told[key])
    return told


def about(one: Finding, **more: object) -> Finding:
    """The same finding with these fields otherwise."""
    return replace(one, **more)  # type: ignore[arg-type]  # fields by name


def amount_said(amount: Decimal, unit: str | None) -> Names:
    """So much with its unit, as each language writes it: no exponent, no trailing zeros."""
    text = format(amount, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    if unit is None:
        return Names(text, text)
    known = units()[unit]
    return Names(f"{text} {known.symbol or known.zh}", f"{text} {known.symbol or known.en}")
