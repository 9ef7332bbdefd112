"""What must be true of a season of goods: a model that knows nothing of how the ledger does it.

Lots of milled millet and of gathered herbs, the papers, tests and orders on them, and two
answers: whether a lot may go, and how much is left of what a paper covers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

NEEDS = {
    "milled": ("sc_licence", "factory_inspection"),
    "herb": ("gathering_permit", "sale_approval"),
}
"""What goods of each kind do not go without."""
QUOTAS = ("gathering_permit", "green_food")
"""The kinds of papers of which an amount is drawn."""
FOR_EVER = ("factory_inspection",)
"""The kinds of papers that speak of what was done once, and do not run out."""
EVERYTHING = "*"
NOTHING = Decimal(0)
FACTS = "facts"

Lack = tuple[str, str]
"""What is missing, and how: ``missing``, ``lapsed``, ``revoked``."""


@dataclass(eq=False)
class Lot:
    """Some goods: what they were made of, how much of them is where, and what was let pass."""

    code: str
    kind: str
    made: date
    quantity: Decimal
    whole: bool
    parents: tuple[Lot, ...] = ()
    left: dict[int, Decimal] = field(default_factory=dict)
    on_its_way: Decimal = NOTHING
    gone: Decimal = NOTHING
    passed: set[Lack] = field(default_factory=set)
    asked: tuple[str, frozenset[Lack]] | None = None
    withdrawn: bool = False

    def take(self, hand: int, amount: Decimal) -> None:
        self.left[hand] -= amount

    def use(self, hand: int, amount: Decimal) -> None:
        """So much of it is no more."""
        self.take(hand, amount)
        self.gone += amount

    def lineage(self) -> Iterator[Lot]:
        """The lot and all it was made of."""
        yield self
        for one in self.parents:
            yield from one.lineage()


@dataclass(eq=False)
class Paper:
    """A paper on a lot, or on everything of its kind. ``draws``: what each lot or run drew;
    ``beyond``: lots that it was entered too late for, whether or not it covers all of them."""

    uid: str
    kind: str
    covers: str
    ends: date
    amount: Decimal = NOTHING
    revoked: bool = False
    draws: dict[str, Decimal] = field(default_factory=dict)
    beyond: set[str] = field(default_factory=set)

    @property
    def drawn(self) -> Decimal:
        return sum(self.draws.values(), NOTHING)

    @property
    def left(self) -> Decimal:
        return self.amount - self.drawn

    def state(self, made: date) -> str:
        """How it speaks for goods that were made on a day."""
        if self.revoked:
            return "revoked"
        return "holds" if self.kind in FOR_EVER or made <= self.ends else "lapsed"


@dataclass(eq=False)
class Report:
    """A test of a lot. ``stands``: no later one decided otherwise."""

    uid: str
    lot: Lot
    verdict: str
    kind: str
    stands: bool = True
    objected: bool = False
    final: bool = False


@dataclass(eq=False)
class Stop:
    """An order that stops some lots. Where a rule gave it ``uid`` is empty and ``kind`` is that of
    the report, ``rapid`` or ``laboratory``."""

    uid: str
    lot: Lot
    kind: str
    reached: set[Lot]


@dataclass
class Season:
    """All that was done, as it should stand."""

    lots: list[Lot] = field(default_factory=list)
    papers: list[Paper] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)
    stops: list[Stop] = field(default_factory=list)

    def stopped(self, lot: Lot) -> bool:
        return any(lot in one.reached for one in self.stops)

    def failures(self, lot: Lot) -> list[Report]:
        """The failed verdicts that govern the lot itself."""
        some = (one for one in self.reports if one.lot is lot)
        return [one for one in some if one.verdict == "fail" and one.stands]

    def fail(self, lot: Lot, report: Report) -> None:
        """A report went against a lot: the rule holds it, and all made of it, once."""
        if not any(
            not one.uid and one.lot is lot and one.kind == report.kind for one in self.stops
        ):
            self.stops.append(Stop("", lot, report.kind, self.made_of(lot)))

    def overturn(self, some: Iterable[Report]) -> None:
        """Later reports decided otherwise: where none of a kind is left its hold ends."""
        for one in some:
            one.stands = False
            left = {other.kind for other in self.failures(one.lot)}
            self.stops = [
                stop
                for stop in self.stops
                if stop.uid or stop.lot is not one.lot or stop.kind in left
            ]

    def made_of(self, lot: Lot) -> set[Lot]:
        """The lot and all that was made of it."""
        return {one for one in self.lots if lot in one.lineage()}

    def lacks(self, lot: Lot) -> set[Lack]:
        """What is missing of a lot, overrides left aside."""
        states = ((kind, self.speaks(kind, lot)) for kind in NEEDS[lot.kind])
        found = {(kind, state) for kind, state in states if state != "holds"}
        return found if lot.whole else found | {(FACTS, "missing")}

    def may_go(self, lot: Lot) -> bool:
        """Whether the papers, tests and facts of a lot let it go, orders left aside."""
        return not self.failures(lot) and not self.lacks(lot) - lot.passed

    def goes(self, lot: Lot) -> bool:
        """Whether it is shipped and sold."""
        return self.may_go(lot) and not self.stopped(lot) and not lot.withdrawn

    def barred(self, lot: Lot) -> bool:
        """Whether nobody may let it go without what is missing."""
        revoked = any(state == "revoked" for _, state in self.lacks(lot))
        return revoked or bool(self.failures(lot)) or self.stopped(lot)

    def milled(self, at: int) -> Lot | None:
        some = [one for one in self.lots if one.kind == "milled"]
        return some[at % len(some)] if some else None

    def in_hand(self) -> list[Lot]:
        """The milled lots of which the mill has something."""
        return [one for one in self.lots if one.kind == "milled" and one.left.get(0)]

    def speaks(self, kind: str, lot: Lot) -> str:
        """How papers of a kind speak for a lot: by its own, or by those of all it was made of."""
        own = [one.state(lot.made) for one in self.papers if self._covers(one, kind, lot)]
        inherited = [self.speaks(kind, one) for one in lot.parents]
        if "holds" in own or (inherited and set(inherited) == {"holds"}):
            return "holds"
        return worst([*own, *inherited])

    def sources(self, kind: str, made: date) -> list[Paper]:
        """The papers that goods made on a day may be drawn from, the first to end first."""
        some = (one for one in self.papers if one.kind == kind and one.state(made) == "holds")
        return sorted(some, key=lambda one: (one.ends, self.papers.index(one)))

    def draw(self, kind: str, made: date, name: str, amount: Decimal) -> None:
        for one in self.sources(kind, made):
            taken = min(one.left, amount)
            amount -= taken
            if taken:
                one.draws[name] = taken

    def draw_late(self, paper: Paper) -> None:
        """A permit that comes late is drawn from for the herbs that no other was drawn from."""
        others = [one for one in self.papers if one.kind == paper.kind]
        for lot in self.lots:
            drawn = any(lot.code in {*one.draws, *one.beyond} for one in others)
            late = lot.kind == "herb" and not lot.withdrawn and not drawn
            if not late or paper.state(lot.made) != "holds":
                continue
            if taken := min(paper.left, lot.quantity):
                paper.draws[lot.code] = taken
            paper.beyond.add(lot.code)

    def give_back(self, name: str) -> None:
        for one in self.papers:
            one.draws.pop(name, None)

    def _covers(self, paper: Paper, kind: str, lot: Lot) -> bool:
        return paper.kind == kind and paper.covers in (EVERYTHING, lot.code)


def worst(states: Iterable[str]) -> str:
    """The gravest thing that is said; that nothing is said is the mildest."""
    found = set(states)
    return next((one for one in ("revoked", "lapsed") if one in found), "missing")
