"""Whole graphs of trade: an honest one always closes, and a planted lie is found, named, ranked."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from suyuan.trace.balance.accounts import Account
from suyuan.trace.balance.bands import Step
from suyuan.trace.balance.books import Book, book_of, goods_of, step_of
from suyuan.trace.balance.findings import Finding, ranked
from suyuan.trace.balance.queries import BatchRow, Labelled, PartRow, Sent, Telling
from suyuan.trace.balance.reckoning import of_book
from suyuan.trace.balance.step_findings import of_step
from suyuan.trace.products.families import Families

FAMILIES = Families.load()
START = datetime(2026, 3, 1, 4, tzinfo=UTC)
MAKER, SHOP = 1, 2
ACTS = ("register", "split", "merge", "process", "loss", "sell", "test", "ship", "return")
LIES = ("gain", "books_differ", "labels_above", "before_made")
GRAMS = Decimal("0.001")


@dataclass
class Graph:
    """Batches and what happened to them, as the rows of a ledger tell it."""

    batches: dict[int, BatchRow] = field(default_factory=dict)
    parts: dict[int, list[PartRow]] = field(default_factory=dict)
    sent: dict[int, list[Sent]] = field(default_factory=dict)
    left: dict[int, dict[int, Decimal]] = field(default_factory=dict)
    labels: dict[int, list[Labelled]] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    events: int = 0

    def event(self, kind: str, party: int = MAKER) -> Telling:
        self.events += 1
        at = START + timedelta(hours=self.events)
        return Telling(self.events, f"event-{self.events}", kind, party, None, at, {}, False)

    def come(self, event: Telling, variant: str, amount: Decimal) -> int:
        """A new batch that the event registers or makes, half of it in labelled kilograms."""
        id_ = len(self.batches) + 1
        self.batches[id_] = BatchRow(
            id_, f"code-{id_}", MAKER, None, variant, "grain", variant, "540602", amount, "KGM",
            None, {}, "registered", event.at,
        )  # fmt: skip
        role = "subject" if event.kind == "register" else "output"
        self.parts[id_] = [PartRow(event, role, amount)]
        self.left[id_] = {MAKER: amount}
        self.sent[id_] = []
        self.labels[id_] = [Labelled("1 kg", int(amount / 2))]
        return id_

    def move(self, event: Telling, id_: int, amount: Decimal, role: str = "subject") -> None:
        """So much more or less in the hand of whoever tells of the event."""
        self.parts[id_].append(PartRow(event, role, abs(amount)))
        hand = self.left[id_]
        hand[event.party_id] = hand.get(event.party_id, Decimal(0)) + amount

    def make(self, kind: str, taken: dict[int, Decimal], variant: str, *made: Decimal) -> list[int]:
        """A step, and the batches that came of it."""
        event = self.event(kind)
        for id_, amount in taken.items():
            self.move(event, id_, -amount, "input")
        out = [self.come(event, variant, amount) for amount in made]
        self.steps.append(
            step_of(
                event,
                tuple(goods_of(FAMILIES, self.batches[id_], taken[id_]) for id_ in taken),
                tuple(goods_of(FAMILIES, self.batches[id_], self.batches[id_].quantity)
                      for id_ in out),
            )
        )  # fmt: skip
        return out

    def books(self) -> list[Book]:
        return [
            book_of(row, self.parts[id_], self.sent[id_], self.left[id_])
            for id_, row in self.batches.items()
        ]

    def findings(self) -> list[Finding]:
        found = [one for step in self.steps for one in of_step(step)]
        for book in self.books():
            found += of_book(FAMILIES, book, self.labels[book.batch.id], ())
        return ranked(found)


def _act(graph: Graph, draw: Random) -> None:
    """One honest act on a batch of which there is something."""
    kind = draw.choice(ACTS)
    there = [id_ for id_, hands in graph.left.items() if hands[MAKER] > 8]
    if kind == "register" or not there:
        graph.come(graph.event("register"), "millet", Decimal(draw.randint(20, 500)))
        return
    id_ = draw.choice(there)
    variant = graph.batches[id_].variant
    whole = graph.left[id_][MAKER]
    some = (whole * draw.randint(10, 60) / 100).quantize(GRAMS)
    match kind:
        case "split":
            graph.make("split", {id_: whole}, variant, some, whole - some)
        case "merge":
            alike = [one for one in there if graph.batches[one].variant == variant]
            taken = {one: graph.left[one][MAKER] for one in {id_, draw.choice(alike)}}
            graph.make("merge", taken, variant, sum(taken.values(), Decimal(0)))
        case "process" if variant == "millet":
            graph.make("process", {id_: some}, "millet_milled", (some * 3 / 4).quantize(GRAMS))
        case "ship" | "return":
            _ship(graph, id_, some, back=kind == "return")
        case "loss" | "sell" | "test":
            graph.move(graph.event(kind), id_, -some)


def _ship(graph: Graph, id_: int, some: Decimal, *, back: bool) -> None:
    """Send to the shop, which receives it; and of that a part comes back, or stays on its way."""
    sent, received = graph.event("ship"), graph.event("receive", SHOP)
    graph.move(sent, id_, -some)
    graph.move(received, id_, some)
    graph.sent[id_].append(Sent(sent.id, received.id, Decimal(0)))
    if back:
        returned = graph.event("return", SHOP)
        graph.move(returned, id_, -GRAMS)
        graph.sent[id_].append(Sent(returned.id, None, GRAMS))


def traded(draw: Random, acts: int) -> Graph:
    """An honest graph of trade with something left in it."""
    graph = Graph()
    for _ in range(acts):
        _act(graph, draw)
    graph.come(graph.event("register"), "millet", Decimal(100))
    return graph


@given(st.integers(0, 2**32), st.integers(3, 25))
@settings(max_examples=60)
def test_an_honest_graph_closes(seed: int, acts: int) -> None:
    graph = traded(Random(seed), acts)
    assert graph.findings() == []
    whole = sum((book.whole() for book in graph.books()), Account("KGM"))
    assert whole.gap == 0
    registered = sum(
        (graph.batches[id_].quantity for id_, (first, *_) in graph.parts.items()
         if first.event.kind == "register"), Decimal(0),
    )  # fmt: skip
    milled = sum((_lost(step) for step in graph.steps), Decimal(0))
    gone = sum(
        (-one.amount for book in graph.books() for one in book.movements
         if one.kind in ("sold", "lost", "sampled")), Decimal(0),
    )  # fmt: skip
    assert registered == whole.stock + gone + milled, "what came is there, gone, or milled away"


def _lost(step: Step) -> Decimal:
    """What fell away in milling."""
    if step.kind != "process":
        return Decimal(0)
    return step.taken[0].quantity.amount - step.made[0].quantity.amount


@given(st.integers(0, 2**32), st.integers(3, 25), st.permutations(LIES))
@settings(max_examples=60)
def test_planted_lies_are_found_named_and_ranked(seed: int, acts: int, lies: list[str]) -> None:
    draw = Random(seed)
    graph = traded(draw, acts)
    planted = {lie: _lie(graph, lie, draw) for lie in lies}
    found = graph.findings()
    named = {one.rule: (one.trace_code, one.amount) for one in found}
    assert {rule: (f"code-{id_}", amount) for rule, (id_, amount) in planted.items()} == {
        rule: named[rule] for rule in planted
    }
    beside = {"yield_above"}  # more out than in is above any band, too
    assert {one.rule for one in found} == {*planted, *beside}
    assert len(found) == len(planted) + len(beside)
    assert found[0].rule == "gain", "unexplained gain ranks highest"
    assert [one.kind.gravity for one in found] == sorted(one.kind.gravity for one in found)


def _lie(graph: Graph, rule: str, draw: Random) -> tuple[int, Decimal | None]:
    """Plant one; the batch it is about, and how much is unexplained."""
    there = [id_ for id_, hands in graph.left.items() if hands[MAKER] >= 1]
    id_ = draw.choice(there)
    match rule:
        case "gain":
            id_ = draw.choice([one for one in there if graph.batches[one].variant == "millet"])
            foreign = Decimal(draw.randint(1, 900)) / 1000
            (milled,) = graph.make("process", {id_: Decimal(1)}, "millet_milled", 1 + foreign)
            return milled, foreign
        case "books_differ":
            missing = Decimal(draw.choice(("0.000001", "0.5")))
            graph.left[id_][MAKER] -= missing
            return id_, -missing
        case "labels_above":
            most = int(graph.batches[id_].quantity * Decimal("1.02"))
            graph.labels[id_] = [Labelled("1 kg", most + 3)]
            return id_, Decimal(3)
        case _:
            (half, _) = graph.make("split", {id_: Decimal(1)}, graph.batches[id_].variant,
                                   Decimal("0.5"), Decimal("0.5"))  # fmt: skip
            early = replace(graph.event("pack"), at=graph.steps[-1].at - timedelta(seconds=1))
            graph.parts[half].append(PartRow(early, "subject", None))
            return half, None
