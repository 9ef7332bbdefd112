"""Transformations: batches go in, new batches come out, and the links between them are kept.

What comes out is always a new batch, so a chain can never lead back into itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from suyuan.trace.acts import holdings
from suyuan.trace.acts.assorting import as_boxed, require_boxed
from suyuan.trace.acts.balancing import weigh_up
from suyuan.trace.acts.believing import Kept, yield_doubts
from suyuan.trace.acts.event_draws import plan_for_event, write_for_event
from suyuan.trace.acts.happenings import (
    Part,
    happening,
    locked_batches,
    require_there,
    told_before,
    write_event,
)
from suyuan.trace.acts.new_batches import come_to_be, what_it_is
from suyuan.trace.acts.releasing import let_go
from suyuan.trace.acts.trained import require_trained_station
from suyuan.trace.acts.transaction import Writing
from suyuan.trace.balance.bands import Goods
from suyuan.trace.batches.tables import Batch, Link
from suyuan.trace.errors import Conflict, InvalidInput
from suyuan.trace.events import queries, rules
from suyuan.trace.events.facts import TransformationFacts
from suyuan.trace.events.kinds import EventKind, EventKinds
from suyuan.trace.events.tables import Event
from suyuan.trace.parties import queries as parties
from suyuan.trace.parties.tables import Party
from suyuan.trace.quantities import Quantity
from suyuan.trace.release.queries import require_not_stopped
from suyuan.trace.words import listed


def transform(w: Writing, facts: TransformationFacts) -> dict[str, Any]:
    """Make new batches of others: split, merge, repack, sort, process, slaughter …

    Returns ``{"event": uid, "batches": [trace_code …]}``, the batches in the order given.
    Raises InvalidInput, NotFound, Forbidden, Untrained; Conflict where there is not enough in
    hand, an order stops an input, or more would come out of a split than went in.
    """
    kind = EventKinds.load().get(facts.kind)
    if not kind.makes_outputs:
        raise InvalidInput("An event of the kind {kind} makes no batches.", "kind", kind=kind.key)
    party = parties.party(w.session, facts.party)
    w.actor.require("record_event", party)
    what = happening(w, kind, party, facts)
    rules.require_shape(kind.key, len(facts.inputs), len(facts.outputs))
    found = locked_batches(w, facts.inputs, "inputs")
    before = told_before(w, facts.id, what.digest)
    if before is not None:
        return _answer(before, queries.outputs(w.session, before.id))
    require_trained_station(w, party, kind.key)
    inputs = [found[portion.trace_code] for portion in facts.inputs]
    require_there(inputs)
    require_not_stopped(w.session, [batch.id for batch in inputs])
    if kind.key == rules.ASSORT:  # it is sold in its box
        let_go(w, inputs, "sell", what.happened_at, party, what.site, None)
    taken = _take(w, party, inputs, facts)
    if any(output.party != facts.party for output in facts.outputs):
        raise InvalidInput("What is made belongs to whoever made it.", "outputs.party")
    rules.require_conserved(
        kind.key,
        [Quantity(part.quantity or holdings.NOTHING, part.batch.unit) for part in taken],
        [output.quantity for output in facts.outputs],
    )
    doubts = _doubts(w, party, kind, taken, facts)
    outputs = as_boxed(kind.key, inputs, facts.outputs)
    made = [
        come_to_be(w, party, output, taken, what.site, doubted)
        for output, doubted in zip(outputs, doubts, strict=True)
    ]
    _require_kept_apart(w, kind, inputs, made)
    parts = taken + [Part(batch, "output", batch.quantity) for batch in made]
    drawn = plan_for_event(w, kind, party, taken, facts.payload)
    doubts.append(list(drawn.doubts))
    whole = list({doubt["code"]: doubt for several in doubts for doubt in several}.values())
    event = write_event(w, what, parts, asked_of=made, doubts=whole)
    _link(w, event, taken, made)
    write_for_event(w, drawn)
    holdings.settle(w, inputs, party)
    weigh_up(w, event, taken, made)
    return _answer(event, [batch.trace_code for batch in made])


def _answer(event: Event, trace_codes: Sequence[str]) -> dict[str, Any]:
    return {"event": event.uid, "batches": list(trace_codes)}


def _take(
    w: Writing, party: Party, inputs: Sequence[Batch], facts: TransformationFacts
) -> list[Part]:
    """Use up what goes in."""
    parts = []
    for batch, portion in zip(inputs, facts.inputs, strict=True):
        amount = holdings.wanted(w, batch, party, portion.quantity)
        holdings.take(w, batch, party, amount)
        parts.append(Part(batch, "input", amount))
    return parts


def _doubts(
    w: Writing, party: Party, kind: EventKind, taken: Sequence[Part], facts: TransformationFacts
) -> list[list[Kept]]:
    """For each output what is hard to believe of how much came of the inputs."""
    inputs = [
        Goods(
            w.families.get(part.batch.family),
            part.batch.variant,
            Quantity(part.quantity or holdings.NOTHING, part.batch.unit),
        )
        for part in taken
    ]
    outputs = []
    for output in facts.outputs:
        product, variant = what_it_is(w, party, output)
        family = w.families.get(product.family if product else output.family)
        outputs.append(Goods(family, variant.key, output.quantity))
    return yield_doubts(kind.key, inputs, outputs)


def _require_kept_apart(
    w: Writing, kind: EventKind, inputs: Sequence[Batch], made: Sequence[Batch]
) -> None:
    """Raises InvalidInput for a kind that happens to none of the families, and for goods of which
    what came out is never made; Conflict where splitting, merging or repacking would make one kind
    of goods of another."""
    families = {batch.family for batch in (*inputs, *made)}
    if not any(kind.happens_to(w.families.get(family)) for family in families):
        raise InvalidInput(
            "An event of the kind {kind} does not happen to {family}.",
            "kind",
            kind=kind.key,
            family=", ".join(sorted(families)),
        )
    require_boxed(kind.key, made)
    forms = {(batch.family, batch.variant) for batch in (*inputs, *made)}
    if kind.key in rules.CONSERVING and len(forms) > 1:
        raise Conflict(
            "These are different goods ({forms}): they are processed or sorted, not {kind}.",
            "outputs",
            forms=", ".join(sorted(f"{family}/{variant}" for family, variant in forms)),
            kind=kind.key,
        )
    for family in {batch.family for batch in made}:
        into = w.families.get(family)
        strange = {batch.family for batch in inputs} - {family, *into.made_from}
        if strange:
            raise InvalidInput(
                "{made} is not made of {used}: say what it was made of.",
                "outputs",
                made=into.names,
                used=listed(w.families.get(other).names for other in sorted(strange)),
            )


def _link(w: Writing, event: Event, taken: Sequence[Part], made: Sequence[Batch]) -> None:
    """Keep what went into what, with how much where that is known."""
    for child in made:
        for part in taken:
            w.session.add(
                Link(
                    child_id=child.id,
                    parent_id=part.batch.id,
                    quantity=rules.went_into(
                        event.kind,
                        Quantity(part.quantity or holdings.NOTHING, part.batch.unit),
                        Quantity(child.quantity, child.unit),
                        len(taken),
                        len(made),
                    ),
                    event_id=event.id,
                )
            )
    w.session.flush()
