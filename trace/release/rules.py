"""The rules of hold and recall, apart from tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from suyuan.trace.codes.status import State
from suyuan.trace.errors import Conflict, InvalidInput
from suyuan.trace.events.kinds import EventKinds
from suyuan.trace.parties.actor import Actor
from suyuan.trace.release.tables import Order
from suyuan.trace.words import Names

OrderKind = Literal["hold", "recall"]
LISTED_AS: Mapping[str, State] = {"hold": State.HELD, "recall": State.RECALLED}
"""How the status list has what an order of each kind reaches."""
_REASON_LENGTH = 500


class StoppedByOrder(Conflict):
    """Goods that are held or recalled were to be moved, sold, used or labelled."""

    kind = "stopped-by-order"


@dataclass(frozen=True, slots=True)
class Stop:
    """One order in force on one batch. ``by``: who gave it; ``rule``: by which rule, where no
    person did."""

    trace_code: str
    kind: str
    reason: str
    by: str
    rule: str


def require_none(stops: Sequence[Stop]) -> None:
    """Raises StoppedByOrder for the first of ``stops``, if there is any."""
    if stops:
        first = stops[0]
        raise StoppedByOrder(
            "Batch {code} is held: {reason}. A passed test by another laboratory ends that. It may "
            "be returned, tested or disposed of."
            if first.rule
            else "Batch {code} is recalled by {by}: {reason}. Ask there about it. It may be "
            "returned, tested or disposed of."
            if first.kind == "recall"
            else "Batch {code} is held by {by}: {reason}. Ask there to have that ended. It may be "
            "returned, tested or disposed of.",
            "trace_code",
            code=first.trace_code,
            reason=first.reason,
            by=first.by,
        )


@cache
def _rules() -> Mapping[str, Names]:
    """The rules that give orders, as the event of a hold names them."""
    (asked,) = (one for one in EventKinds.load().get("hold").key_data if one.key == "rule")
    return {one.key: one.names for one in asked.choices}


def rule_names(rule: str) -> Names | None:
    """What a rule is called; None where a person gave the order."""
    return _rules().get(rule)


def may_lift(actor: Actor, order: Order) -> bool:
    """Whether the actor may end an order: whoever gave it, or a regulator competent here.

    What a rule gave, nobody gave: only the regulator ends it.
    """
    competent = actor.party_kind == "regulator" and actor.competent(
        order.batch.division, order.batch.family
    )
    own = not order.rule and order.by_party_id == actor.party_id
    return actor.may(order.kind) and (competent or own)


def require_reason(reason: str) -> str:
    """The reason without stray spaces. Raises InvalidInput where there is none or too much."""
    text = reason.strip()
    if not 0 < len(text) <= _REASON_LENGTH:
        raise InvalidInput(
            "Give the reason, in at most {limit} characters.", "reason", limit=_REASON_LENGTH
        )
    return text
