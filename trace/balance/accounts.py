"""Accounts: what there was, what came, what went, what must be left, and what is there.

For any set of movements ``closing = opening + taken in − given out − by-products − loss − samples
− returns``, exactly. ``gap`` is what is in stock beyond that: found by counting, or where the books
do not follow from what was recorded.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Final, Literal

Basis = Literal["as_is", "dry"]
Kind = Literal[
    "made", "received", "used", "sold", "shipped", "lost", "sampled", "returned", "taken_back",
    "counted",
]  # fmt: skip

NOTHING: Final = Decimal(0)
_TRANSFERS: Final = frozenset({"received", "shipped", "returned", "taken_back"})
"""Movements between hands, which change nothing in how much there is of a batch."""
_USED_UP: Final[dict[str, Kind]] = {"sell": "sold", "test": "sampled", "return": "returned"}


@dataclass(frozen=True, slots=True)
class Movement:
    """So much more, or less, of a batch in a party's hand, in the batch's unit.

    ``counted`` is the difference between what a stocktake found and what the books said.
    """

    kind: Kind
    amount: Decimal
    at: datetime
    batch_id: int
    party_id: int
    event: str


@dataclass(frozen=True, slots=True)
class Part:
    """A batch's part in an event as it was told first; moments are those that hold now.

    ``effect``: that of the event's kind on what is in hand. ``shipped``: goods were sent to
    another with it.
    """

    event: str
    kind: str
    effect: str
    role: str
    party_id: int
    at: datetime
    quantity: Decimal | None
    shipped: bool = False


@dataclass(frozen=True)
class Account:
    """An account in one unit. All members but ``gap`` and ``returns`` are none of them below zero.

    ``returns``: sent back, less what came back. ``stock``: what is there. ``basis``: ``dry`` where
    all of it is dry matter.
    """

    unit: str
    opening: Decimal = NOTHING
    taken_in: Decimal = NOTHING
    given_out: Decimal = NOTHING
    by_products: Decimal = NOTHING
    loss: Decimal = NOTHING
    samples: Decimal = NOTHING
    returns: Decimal = NOTHING
    stock: Decimal = NOTHING
    basis: Basis = "as_is"

    @property
    def closing(self) -> Decimal:
        """What must be left."""
        out = self.given_out + self.by_products + self.loss + self.samples + self.returns
        return self.opening + self.taken_in - out

    @property
    def gap(self) -> Decimal:
        """What is there beyond what must be left: more (a gain) or less."""
        return self.stock - self.closing

    def __add__(self, other: Account) -> Account:
        """Both together. Raises ValueError where unit or basis differ."""
        if (self.unit, self.basis) != (other.unit, other.basis):
            raise ValueError("accounts of one unit and one basis can be added")
        return replace(
            self,
            **{name: getattr(self, name) + getattr(other, name) for name in _SUMS},
        )


_SUMS: Final = (
    "opening", "taken_in", "given_out", "by_products", "loss", "samples", "returns", "stock",
)  # fmt: skip


@dataclass
class _Hands:
    """What is in each hand as the parts are followed in the order of their recording."""

    batch_id: int
    left: dict[int, Decimal] = field(default_factory=dict)
    found: list[Movement] = field(default_factory=list)

    def move(self, kind: Kind, part: Part, amount: Decimal) -> None:
        self.left[part.party_id] = self.left.get(part.party_id, NOTHING) + amount
        self.found.append(Movement(kind, amount, part.at, self.batch_id, part.party_id, part.event))


def movements(batch_id: int, quantity: Decimal, parts: Iterable[Part]) -> tuple[Movement, ...]:
    """The movements of a batch of which ``quantity`` came to be, by its parts in events.

    ``parts`` come in the order of their recording, the one that made the batch among them.
    """
    hands = _Hands(batch_id)
    for part in parts:
        if part.role == "output" or part.kind == "register":
            hands.move("made", part, quantity)
        elif part.quantity is not None:
            _follow(hands, part, part.quantity)
    return tuple(hands.found)


def _follow(hands: _Hands, part: Part, quantity: Decimal) -> None:
    if part.effect == "adjusts":
        hands.move("counted", part, quantity - hands.left.get(part.party_id, NOTHING))
    elif part.kind == "receive":
        hands.move("received", part, quantity)
    elif part.kind == "return" and not part.shipped:
        hands.move("taken_back", part, quantity)
    elif part.role == "input":
        hands.move("used", part, -quantity)
    elif part.shipped and part.kind != "return":
        hands.move("shipped", part, -quantity)
    elif part.effect in ("uses", "moves"):
        hands.move(_USED_UP.get(part.kind, "lost"), part, -quantity)
    elif part.kind == "test" and part.party_id in hands.left:
        hands.move("sampled", part, -quantity)


def account(
    unit: str,
    some: Sequence[Movement],
    *,
    whole: bool = False,
    stock: Decimal | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Account:
    """The account of these movements, of a period where one is given (``since`` ≤ at < ``until``).

    ``whole``: they are all of a batch, so that what goes from hand to hand is left out. ``stock``:
    what is there now; without it, what counting left.
    """
    if whole:
        some = [one for one in some if one.kind not in _TRANSFERS]
    before = [one for one in some if since is not None and one.at < since]
    within = [
        one
        for one in some
        if (since is None or one.at >= since) and (until is None or one.at < until)
    ]
    found = Account(
        unit=unit,
        opening=_sum(before),
        taken_in=_sum(within, "made", "received"),
        given_out=-_sum(within, "used", "sold", "shipped"),
        loss=-_sum(within, "lost"),
        samples=-_sum(within, "sampled"),
        returns=-_sum(within, "returned", "taken_back"),
    )
    if stock is None:
        stock = found.closing + _sum(within, "counted")
    return replace(found, stock=stock)


def _sum(some: Iterable[Movement], *kinds: Kind) -> Decimal:
    return sum((one.amount for one in some if not kinds or one.kind in kinds), NOTHING)
