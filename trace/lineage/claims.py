"""Whether what is claimed for a batch is proved by every batch that it was made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from suyuan.trace.batches.tables import Batch
from suyuan.trace.errors import Conflict
from suyuan.trace.lineage.ancestry import ancestry_of
from suyuan.trace.products.claims import Claim, age
from suyuan.trace.products.family import Family


class Unproved(Conflict):
    """More was claimed for goods than what they were made of proves."""

    kind = "unproved-claim"


@dataclass(frozen=True)
class Source:
    """A batch of the same family with what is stated of it, and what it was made of in turn."""

    code: str
    variant: str
    facts: Mapping[str, Any]
    parents: tuple[Source, ...] = field(default=(), repr=False)


def require_proved(
    family: Family,
    goods: Source,
    texts: Sequence[str],
    made_on: date,
    registered_on: date | None = None,
) -> None:
    """Raises Unproved for the first claim, as a fact or in a text, that goes beyond its proof.

    ``made_on``: the day on which the goods were made, up to which an age counts; of what only began
    to age then, it counts up to ``registered_on``.
    """
    for claim in family.claims:
        said = claim.said(goods.facts, texts)
        if said is None:
            continue
        if claim.kind in ("age", "vintage"):
            _require_age(claim, said, family, goods, made_on, registered_on or made_on)
        else:
            _require_like_parents(claim, said, family, goods)


def source_of(session: Session, batch: Batch) -> Source:
    """A batch with what it was made of, as far back as its family goes."""
    made_of = ancestry_of(session, batch)
    built: dict[int, Source] = {}

    def build(here: int) -> Source:
        if here not in built:
            one = made_of.rows[here]
            above = tuple(
                build(parent)
                for parent in made_of.parents.get(here, ())
                if made_of.rows[parent].family == batch.family
            )
            built[here] = Source(one.trace_code, one.variant, one.attributes, above)
        return built[here]

    return build(batch.id)


def _require_age(
    claim: Claim, said: int, family: Family, goods: Source, made_on: date, registered_on: date
) -> None:
    assert claim.since is not None  # as read_claim holds
    youngest: date | None = None
    for code, start in _starts(claim.since, family, goods, set()):
        if start is None:
            own = code == goods.code
            raise (
                _unknown(claim, said, family, claim.since) if own else _unproved(claim, said, code)
            )
        youngest = max(youngest or start, start)
    until = made_on if youngest is None or made_on > youngest else registered_on
    start = youngest or until
    proved = start.year if claim.unit is None else age(start, until, claim.unit)
    if said < proved if claim.kind == "vintage" else said > proved:
        raise Unproved(
            "{claim} says more than is proved: {said}. Proved is: {proved}.",
            f"attributes.{claim.attribute}",
            claim=claim.names,
            said=said,
            proved=proved,
        )


def _starts(
    since: str, family: Family, goods: Source, seen: set[str]
) -> Iterator[tuple[str, date | None]]:
    """On which day each part began, with its trace code; None where nobody stated it.

    A part is what was made of nothing in which the same began before.
    """
    if goods.code in seen:
        return
    seen.add(goods.code)
    asked = family.attributes[since]
    earlier = [one for one in goods.parents if asked.applies_to(one.variant)]
    if len(earlier) < len(goods.parents) or not goods.parents:
        stated = goods.facts.get(since)
        yield goods.code, date.fromisoformat(stated) if isinstance(stated, str) else None
    for parent in earlier:
        yield from _starts(since, family, parent, seen)


def _require_like_parents(claim: Claim, said: object, family: Family, goods: Source) -> None:
    for code, known in _known(claim.attribute, family, goods, set()):
        if known is None:
            raise _unproved(claim, said, code)
        if claim.kind == "same" and known != said:
            proved: object = known
        elif claim.kind == "rank" and _rank(claim, said) < _rank(claim, known):
            proved = known
        else:
            continue
        raise Unproved(
            "{claim} says more than is proved: {said}. Proved is: {proved}.",
            f"attributes.{claim.attribute}",
            claim=claim.names,
            said=said,
            proved=proved,
        )


def _known(
    attribute: str, family: Family, goods: Source, seen: set[str]
) -> Iterator[tuple[str, Any]]:
    """What each part says of a fact, the nearest that says anything; None where none does."""
    asked = family.attributes[attribute]
    for parent in goods.parents:
        if parent.code in seen or not asked.applies_to(parent.variant):
            continue
        seen.add(parent.code)
        if attribute in parent.facts:
            yield parent.code, parent.facts[attribute]
        elif parent.parents:
            yield from _known(attribute, family, parent, seen)
        else:
            yield parent.code, None


def _rank(claim: Claim, value: object) -> int:
    """The place of a grade, the best first; what the order does not know is the best."""
    return claim.order.index(str(value)) if str(value) in claim.order else -1


def _unproved(claim: Claim, said: object, code: str) -> Unproved:
    return Unproved(
        "{claim} says {said}, and batch {code} that it was made of proves nothing of it. Leave it "
        "out, or have it stated there.",
        f"attributes.{claim.attribute}",
        claim=claim.names,
        said=said,
        code=code,
    )


def _unknown(claim: Claim, said: object, family: Family, since: str) -> Unproved:
    """What goods claim that begin the chain themselves: no batch before them could prove it."""
    return Unproved(
        "{claim} says {said}, and nothing is recorded of what these goods were made of that proves "
        "it. Leave it out, or state of them: {since}.",
        f"attributes.{claim.attribute}",
        claim=claim.names,
        said=said,
        since=family.attributes[since].names,
    )
