"""Boxes that several batches are put into, each as it was; part of the acts.

A box is a batch of its own, of the family ``assortment``, linked to what is in it as anything that
is made of others. So it has a code and labels of its own; what goes in is drawn from what its
holder has, once the gate lets it go as if it were sold; a hold or recall of an item, or a revoked
paper behind it, reaches the box in the same transaction and stands in the status list under the
box's own path. A kind of container beside batches would have had to repeat each of these. What was
done is an EPCIS AggregationEvent, not a transformation: nothing was made. Opened boxes are
recorded; what comes out of them goes back to no batch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from suyuan.trace.batches.facts import BatchFacts
from suyuan.trace.batches.tables import Batch
from suyuan.trace.errors import InvalidInput
from suyuan.trace.events.rules import ASSORT
from suyuan.trace.products.family import ASSORTMENT


def as_boxed(
    kind: str, inputs: Sequence[Batch], outputs: Sequence[BatchFacts]
) -> tuple[BatchFacts, ...]:
    """What comes out, with the earliest last day of what is in it, unless an earlier is stated.

    What does no boxing stays as it is.
    """
    if kind != ASSORT:
        return tuple(outputs)
    days = [batch.best_before for batch in inputs if batch.best_before is not None]
    return tuple(
        replace(one, best_before=min((*days, *((one.best_before,) if one.best_before else ()))))
        if days
        else one
        for one in outputs
    )


def require_boxed(kind: str, made: Sequence[Batch]) -> None:
    """Raises InvalidInput where boxes come of anything but putting batches together, or other
    goods come of that."""
    for batch in made:
        if (batch.family == ASSORTMENT) and kind not in _BOXES:
            raise InvalidInput(
                "Boxes of several batches are put together ({kind}), not made otherwise.",
                "kind",
                kind=ASSORT,
            )
        if (batch.family != ASSORTMENT) and kind == ASSORT:
            raise InvalidInput(
                "What is put together is a box: choose the family {family}.",
                "outputs",
                family=ASSORTMENT,
            )


_BOXES = frozenset({ASSORT, "split", "merge", "repack"})
