"""The chain of a sample from the field to the laboratory, and what is doubtful about it.

Apart from tables: what was told goes in, and what may come next, or what a reader must know before
relying on a report, comes out. Nothing doubtful is refused here or passed over in silence.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from suyuan.trace.doubts import Remark
from suyuan.trace.written import compacted

SAMPLE: Final = "sample"
RESERVE: Final = "reserve"
PORTIONS: Final = (SAMPLE, RESERVE)
_NEXT: Final[Mapping[str, Mapping[str, str]]] = {
    SAMPLE: {"": "sent", "sealed": "sent", "sent": "received", "received": "opened"},
    RESERVE: {"": "kept", "kept": "sent", "sent": "received", "received": "opened"},
}
"""What follows what, by portion; "" is the taking itself."""


@dataclass(frozen=True)
class Laboratory:
    """A laboratory: its row where it is an organisation here (else None), and its name."""

    id: int | None
    name: str

    def is_same(self, other: Laboratory) -> bool:
        """Whether the two are one, as far as can be told."""
        if self.id is not None and other.id is not None:
            return self.id == other.id
        return compacted(self.name) == compacted(other.name)


@dataclass(frozen=True)
class Step:
    """One step of the chain; ``to`` where it was sent, ``by`` who told of it."""

    kind: str
    portion: str
    on: date
    by: int
    to: Laboratory | None
    intact: bool | None


@dataclass(frozen=True)
class Chain:
    """A sample with its steps in the order in which they were told."""

    batch: int
    taken_by: int
    taken_on: date
    sealed: bool
    must_be_sealed: bool
    has_reserve: bool
    steps: Sequence[Step]

    def of(self, portion: str) -> list[Step]:
        """The steps of one portion."""
        return [one for one in self.steps if one.portion == portion]

    def following(self, portion: str) -> str | None:
        """The step that comes next; None where there is none."""
        if portion == RESERVE and not self.has_reserve:
            return None
        if portion == SAMPLE and self.must_be_sealed and not self.sealed:
            return "sealed"
        told = self.of(portion)
        return _NEXT[portion].get(told[-1].kind if told else "")

    def laboratory(self, portion: str) -> Laboratory | None:
        """Where a portion was sent."""
        sent = [one for one in self.of(portion) if one.kind == "sent"]
        return sent[-1].to if sent else None

    def receipt(self, portion: str) -> Step | None:
        """The receipt of a portion by the laboratory."""
        return next((one for one in self.of(portion) if one.kind == "received"), None)

    def tells(self, portion: str) -> set[int]:
        """Which organisations tell of the next step of a portion.

        Whoever has it in hand; a laboratory that is no organisation here cannot speak, and whoever
        sent it the sample tells of its receipt.
        """
        kind, at = self.following(portion), self.laboratory(portion)
        if at is not None and at.id is not None:
            return {at.id}
        if portion == RESERVE and kind == "kept":
            received = self.receipt(SAMPLE)
            return {self.taken_by} | ({received.by} if received else set())
        if portion == RESERVE and self.of(RESERVE):
            return {self.of(RESERVE)[0].by}
        return {self.taken_by}


@dataclass(frozen=True)
class Answer:
    """A report that names the number of a sample: by which laboratory, on which batches."""

    laboratory: Laboratory
    batches: frozenset[int]
    sampled_on: date | None
    issued_on: date


def doubts_of_chain(chain: Chain) -> Iterator[Remark]:
    """What is doubtful about the sample itself."""
    for one in chain.steps:
        if one.kind == "received" and one.intact is False:
            yield Remark.of(
                "seal-broken",
                "The seal was broken when the laboratory received the reserve sample on {day}."
                if one.portion == RESERVE
                else "The seal was broken when the laboratory received the sample on {day}.",
                day=one.on.isoformat(),
            )


def doubts_of_answer(chain: Chain, answer: Answer) -> list[Remark]:
    """What is doubtful about a report that names this sample."""
    return [*_goods(chain, answer), *_receipt(chain, answer), *_day(chain, answer)]


def _goods(chain: Chain, answer: Answer) -> Iterator[Remark]:
    if answer.batches - {chain.batch}:
        yield Remark.of("other-goods", "The sample was taken from another batch.")


def _receipt(chain: Chain, answer: Answer) -> Iterator[Remark]:
    receipts = [
        (chain.receipt(portion), at)
        for portion in PORTIONS
        if (at := chain.laboratory(portion)) is not None
    ]
    its = next((step for step, at in receipts if step and at.is_same(answer.laboratory)), None)
    if its is not None:
        if its.intact is False:
            yield from doubts_of_chain(chain)
        if answer.issued_on < its.on:
            yield Remark.of(
                "too-early",
                "The report is of {issued}, before the laboratory received the sample on {day}.",
                issued=answer.issued_on.isoformat(),
                day=its.on.isoformat(),
            )
    elif any(step for step, _ in receipts):
        yield Remark.of("other-laboratory", "Another laboratory received the sample.")
    else:
        yield Remark.of("never-received", "No laboratory is on record as having received it.")


def _day(chain: Chain, answer: Answer) -> Iterator[Remark]:
    if answer.sampled_on is not None and answer.sampled_on != chain.taken_on:
        yield Remark.of(
            "other-day",
            "The report says that the sample was taken on {said}, the sheet says {day}.",
            said=answer.sampled_on.isoformat(),
            day=chain.taken_on.isoformat(),
        )
