"""The amount that a paper states as an account: the rules of drawing from it, apart from tables.

What is left is never below nothing. What is wanted beyond it is refused or let pass and written
beside the entry, as the rule of the kind says (``kind_rules.QuotaRule``).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from suyuan.trace.errors import Conflict
from suyuan.trace.papers.kinds import PaperKinds
from suyuan.trace.papers.tables import Paper
from suyuan.trace.quantities import DECIMALS, Quantity, units

NOTHING = Decimal(0)


class QuotaExceeded(Conflict):
    """More was wanted of a paper than is left of the amount that it states."""

    kind = "quota-exceeded"


@dataclass(frozen=True)
class Account:
    """How a paper's amount stands, in its unit: for the paper as a whole, or for one ``period``
    (a year). ``over``: how much beyond it was let pass and not given back."""

    amount: Decimal
    drawn: Decimal
    over: Decimal
    unit: str
    period: str = ""

    @property
    def left(self) -> Decimal:
        """Never below nothing."""
        return self.amount - self.drawn

    def quantity(self, amount: Decimal) -> Quantity:
        """So much of this account, with its unit."""
        return Quantity(amount, self.unit)


@dataclass(frozen=True)
class Source:
    """A paper that may be drawn from now, locked, with how it stands."""

    paper: Paper
    account: Account


@dataclass(frozen=True)
class Draw:
    """What is to be drawn from one paper, in its unit; ``over`` is what it lacks."""

    paper: Paper
    account: Account
    amount: Decimal
    over: Decimal = NOTHING

    @property
    def near_end(self) -> bool:
        """Whether, with this, so much is drawn that the holder is to be told."""
        rule = PaperKinds.load().get(self.paper.kind).quota
        if rule is None or rule.near_end is None:
            return False
        drawn = self.account.drawn + self.amount
        return bool(self.over) or Fraction(drawn) >= Fraction(self.account.amount) * rule.near_end


def is_counted(paper: Paper, quantity: Quantity) -> bool:
    """Whether the paper counts in what the goods are measured in: kilograms, or heads."""
    return paper.unit is not None and units()[paper.unit].dimension == quantity.dimension


def drawn_from(
    sources: Sequence[Source], goods: Quantity, *, refuse: bool, part: Fraction = Fraction(1)
) -> list[Draw]:
    """What each of some papers of one kind gives for a ``part`` of the goods, the first of them
    first.

    All count in the dimension of what is wanted. What does not come out in six decimals of a
    paper's unit is rounded up, so that no paper covers more than it says. Raises QuotaExceeded
    where ``refuse`` and they do not suffice; else the last of them is ``over``.
    """
    draws = []
    need = Fraction(goods.amount) * part
    wanted = Quantity(rounded_up(need), goods.unit)
    for source in sources:
        each = wanted_in(wanted.unit, source.account.unit)
        amount = min(source.account.left, rounded_up(need * each))
        need = max(Fraction(0), need - Fraction(amount) / each)
        draws.append(Draw(source.paper, source.account, amount))
    if need and refuse:
        raise exceeded(sources[0], wanted, need)
    if need and draws:
        last = draws[-1]
        over = rounded_up(need * wanted_in(wanted.unit, last.account.unit))
        draws[-1] = Draw(last.paper, last.account, last.amount, over)
    return [draw for draw in draws if draw.amount or draw.over]


def after(account: Account, paper: Paper, draws: Sequence[Draw]) -> Account:
    """How an account of a paper stands once these are drawn."""
    own = [
        draw.amount
        for draw in draws
        if draw.paper.id == paper.id and draw.account.period == account.period
    ]
    return replace(account, drawn=account.drawn + sum(own, NOTHING))


def exceeded(first: Source, wanted: Quantity, lacking: Fraction) -> QuotaExceeded:
    """The refusal of so much, of which some is lacking: what is left, of which paper, and who
    gives more."""
    kind = PaperKinds.load().get(first.paper.kind)
    return QuotaExceeded(
        "{wanted} are wanted, and {left} are left of {amount} on {paper} {number}. More is given "
        "by {issuer}: enter the new paper, or less.",
        "quantity",
        wanted=wanted.names,
        left=(wanted - Quantity(rounded_up(lacking), wanted.unit)).names,
        amount=first.account.quantity(first.account.amount).names,
        paper=kind.names,
        number=first.paper.number or first.paper.uid,
        issuer=first.paper.issuer or kind.issuer.names,
    )


def wanted_in(unit: str, other: str) -> Fraction:
    """How many of the other unit one of this is, exactly."""
    return Quantity(Decimal(1), unit).ratio(Quantity(Decimal(1), other))


def rounded_up(amount: Fraction) -> Decimal:
    """To the six decimals that are kept, never less than it was."""
    return Decimal(math.ceil(amount * 10**DECIMALS)).scaleb(-DECIMALS)
