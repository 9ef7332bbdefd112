"""Moving quantity between what parties have in hand; part of the acts, never called by edges.

Whoever calls has locked the batches first (``batches.queries.lock``), so what is read here is
what will be written. Nothing is ever below zero, and no act makes more than there is.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from suyuan.trace.acts.transaction import Writing
from suyuan.trace.batches import queries
from suyuan.trace.batches.rules import NotEnough, require_positive
from suyuan.trace.batches.tables import Batch, Holding
from suyuan.trace.errors import Conflict, InvalidInput
from suyuan.trace.events.queries import open_quantity
from suyuan.trace.parties.tables import Party
from suyuan.trace.quantities import Quantity

NOTHING = Decimal(0)


def holding(w: Writing, batch: Batch, party: Party) -> Holding | None:
    """The row of what ``party`` has of ``batch``, if it ever had any."""
    return w.session.get(Holding, (batch.id, party.id))


def wanted(w: Writing, batch: Batch, party: Party, quantity: Quantity | None) -> Decimal:
    """How much is meant, in the batch's unit; all that is in hand where nothing is said.

    Raises InvalidInput for nothing or another dimension, NotEnough where nothing is in hand.
    """
    if quantity is None:
        row = holding(w, batch, party)
        if row is None or row.left == NOTHING:
            raise NotEnough(
                "There is nothing of {code} in hand.", "quantity", code=batch.trace_code
            )
        return row.left
    meant = quantity.to(batch.unit)
    require_positive(meant)
    return meant.amount


def take(w: Writing, batch: Batch, party: Party, amount: Decimal) -> None:
    """Use up ``amount`` of what ``party`` has in hand. Raises NotEnough."""
    row = holding(w, batch, party)
    left = row.left if row is not None else NOTHING
    if row is None or amount > left:
        raise NotEnough(
            "{wanted} of {code} were to be used; {left} are in hand.",
            "quantity",
            wanted=Quantity(amount, batch.unit).names,
            left=Quantity(left, batch.unit).names,
            code=batch.trace_code,
        )
    row.left = left - amount


def put(w: Writing, batch: Batch, party: Party, amount: Decimal) -> None:
    """Give ``party`` ``amount`` more in hand."""
    row = holding(w, batch, party)
    if row is None:
        w.session.add(Holding(batch_id=batch.id, party_id=party.id, left=amount))
    else:
        row.left += amount


def count(w: Writing, batch: Batch, party: Party, counted: Quantity | None) -> Decimal:
    """Set what is in hand to what was counted, and return it.

    Raises InvalidInput where no number is given, Conflict where it would make more of the batch
    than ever came to be.
    """
    if counted is None or counted.amount < 0:
        raise InvalidInput("Say how much was counted.", "quantity")
    amount = counted.to(batch.unit).amount
    row = holding(w, batch, party)
    if row is None:
        raise NotEnough("There is nothing of {code} in hand.", "quantity", code=batch.trace_code)
    elsewhere = in_all(w, batch) - row.left
    if elsewhere + amount > batch.quantity:
        raise Conflict(
            "With {counted} there would be more of {code} than the {made} that came to be: "
            "register the surplus as a batch of its own.",
            "quantity",
            counted=str(counted),
            code=batch.trace_code,
            made=Quantity(batch.quantity, batch.unit).names,
        )
    row.left = amount
    return amount


def in_all(w: Writing, batch: Batch) -> Decimal:
    """How much of a batch is anywhere: in somebody's hand, on its way, or in dispute."""
    w.session.flush()
    in_hand = sum((row.left for row in queries.holdings(w.session, batch.id)), NOTHING)
    return in_hand + open_quantity(w.session, batch.id)


def settle(w: Writing, batches: Iterable[Batch], party: Party) -> None:
    """Close the batches of which nothing is left anywhere, and open those of which there is.

    ``party`` is the one whose holding changed: where it has some, nobody else need be asked.
    """
    for batch in batches:
        if batch.state == "withdrawn":
            continue
        row = holding(w, batch, party)
        there = row is not None and row.left > NOTHING
        batch.state = "registered" if there or in_all(w, batch) > NOTHING else "closed"
    w.session.flush()
