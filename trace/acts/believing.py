"""Whether what is told of batches can be believed; part of the acts, never called by edges.

What cannot have been is refused. What is merely unusual is taken and kept as a doubt.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from suyuan.trace.acts.holdings import holding
from suyuan.trace.acts.transaction import Writing
from suyuan.trace.balance.bands import Goods, Measured, gain, measured
from suyuan.trace.batches.rules import earliest_made
from suyuan.trace.batches.tables import Batch
from suyuan.trace.clock import day_of
from suyuan.trace.doubts import Doubt
from suyuan.trace.errors import InvalidInput
from suyuan.trace.events import rules
from suyuan.trace.events.kinds import EventKind
from suyuan.trace.parties.site_kinds import site_kinds
from suyuan.trace.parties.tables import Party, Site
from suyuan.trace.quantities import Quantity

Kept = Mapping[str, Any]
"""A doubt as rows keep it: ``{field, code, message, params}``."""


def kept(doubt: Doubt, field: str) -> Kept:
    """A doubt about a field as rows keep it."""
    return {"field": field, **doubt.to_json()}


def yield_doubts(kind: str, taken: Sequence[Goods], made: Sequence[Goods]) -> list[list[Kept]]:
    """For each of ``made`` the doubts about how much of it came of what was taken.

    How much is usual are the bands of its family; more than went in needs a source besides. They
    name no quantity, which is not open to all who may read of the doubt.
    """
    beyond = [one for one in measured(kind, taken, made) if one.side is not None]
    doubts = [(one, kept(_yield_doubt(one), "quantity")) for one in beyond]
    more = [kept(_GAIN, "quantity")] if gain(kind, taken, made) is not None else []
    return [
        [
            doubt
            for one, doubt in doubts
            if one.family.key == goods.family.key and one.band.concerns(kind, goods.variant)
        ]
        + more
        for goods in made
    ]


_GAIN = Doubt.of(
    "more-out-than-in", "More came out than went in, and nothing recorded explains it."
)


def _yield_doubt(one: Measured) -> Doubt:
    usual = {"minimum": str(one.band.minimum), "maximum": str(one.band.maximum)}
    if one.side == "above":
        message = "More came out than is usual: {minimum} to {maximum} of what goes in."
        return Doubt.of("yield-high", message, **usual)
    message = "Less came out than is usual: {minimum} to {maximum} of what goes in."
    return Doubt.of("yield-low", message, **usual)


def origin_doubt(w: Writing, party: Party, site: Site) -> Doubt | None:
    """What is hard to believe of a place where goods of the party are said to have come to be.

    Raises InvalidInput for a stranger's pasture or field: what comes from there is the stranger's.
    Where others' goods are taken in (a slaughterhouse, a mill) it may be work for hire.
    """
    if _is_ours(w, party, site):
        return None
    kind = site_kinds().get(site.kind)
    if kind is None or not kind.takes_in:
        raise InvalidInput(
            "The place {site} is another organisation's, and does not take in the goods of others: "
            "name a place of your own.",
            "site",
            site=site.name,
        )
    return _elsewhere()


def place_doubt(
    w: Writing, party: Party, site: Site | None, batches: Iterable[Batch]
) -> Doubt | None:
    """What is hard to believe of a place of an event: that of somebody who has nothing to do with
    it, being neither the party's own, nor of whoever registered or held one of the batches."""
    if site is None or _is_ours(w, party, site):
        return None
    for batch in batches:
        if batch.party_id == site.party_id or holding(w, batch, site.party) is not None:
            return None
    return _elsewhere()


def surplus_doubt(w: Writing, party: Party, batch: Batch, counted: Quantity | None) -> Doubt | None:
    """What is hard to believe of a count: more than the records leave in the party's hand.

    It sets a wrong sale or loss right, and it is how the same goods could be sold twice.
    """
    held = holding(w, batch, party)
    if held is None or counted is None or counted.to(batch.unit).amount <= held.left:
        return None
    return Doubt.of("stock-surplus", "More was counted than the records leave in hand.")


def _is_ours(w: Writing, party: Party, site: Site) -> bool:
    """A place of the party, its co-operative or its member, or of one whom the actor serves."""
    owner = site.party
    related = party.id in (owner.id, owner.parent_id) or owner.id == party.parent_id
    return related or w.actor.may_for("record_event", owner)


def _elsewhere() -> Doubt:
    return Doubt.of("place-of-another", "The place belongs to another organisation.")


def require_made_before(
    w: Writing, kind: EventKind, happened_at: datetime, batches: Iterable[Batch]
) -> None:
    """Raises InvalidInput for an event before one of its batches was made."""
    made = [(batch.trace_code, _made_on(w, batch)) for batch in batches]
    rules.require_made_before(kind, happened_at, made)


def report_doubts(
    w: Writing, sampled_on: date | None, issued_on: date, batches: Iterable[Batch]
) -> list[Doubt]:
    """What is doubtful about a report on batches of which nothing was there yet when it was made,
    so far as their days are stated. A crop may have been sampled in the field."""
    day = sampled_on or issued_on
    message = (
        "The report says that the sample was taken on {said}, before batch {code} was made "
        "(harvested, slaughtered or produced) on {day}."
        if sampled_on
        else "The report was issued on {said}, before batch {code} was made (harvested, "
        "slaughtered or produced) on {day}."
    )
    made = ((batch.trace_code, _made_on(w, batch)) for batch in batches)
    return [
        Doubt.of("before-goods", message, said=day, code=code, day=there)
        for code, there in made
        if there is not None and day < there
    ]


def _made_on(w: Writing, batch: Batch) -> date | None:
    """The first day on which a batch can have been made, so far as its days are stated."""
    asked = w.families.get(batch.family).attributes
    facts = [(asked[key], value) for key, value in batch.attributes.items() if key in asked]
    registered = day_of(batch.registered_at)
    return earliest_made(batch.produced_on, facts, registered)
