"""Orders that stop a batch, and the times of a recall, as sent and as answered."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from marshmallow import fields

from suyuan.api.paging import PageQuery
from suyuan.api.schemas.fields import Moment, OneOf, Text, YesNo
from suyuan.api.schemas.parties import REASON
from suyuan.api.schemas.shapes import Answer, Input
from suyuan.trace.release.recall_clocks import RecallFacts, clock_of, recall_classes
from suyuan.trace.release.tables import Order


class OrderInput(Input):
    """An order that stops a batch and all that was made of it.

    Of a recall also its class, whose times run from ``known_at``: when its ground was known first.
    """

    kind = OneOf("hold", "recall", required=True)
    reason = Text(REASON, least=1, required=True)
    recall_class = OneOf(*recall_classes(), load_default="")
    known_at = Moment(allow_none=True, load_default=None)


def recall_stated(body: dict[str, Any]) -> RecallFacts:
    """What an order's body states of a recall."""
    return RecallFacts(body["recall_class"], body["known_at"])


class DeadlineAnswer(Answer):
    """One time of a recall's clock: ``start`` or ``finish``.

    ``hours_left``: whole hours that remained when it was done, or remain now; below zero where it
    is ``overdue``. ``unsure``: counted into a year whose days off are not published yet.
    """

    step = fields.String(required=True)
    due_at = fields.AwareDateTime(required=True)
    done_at = fields.AwareDateTime(required=True, allow_none=True)
    overdue = fields.Boolean(required=True)
    hours_left = fields.Integer(required=True)
    unsure = fields.Boolean(required=True)


class RecallClockAnswer(Answer):
    """The times of a recall. ``assumed``: nobody stated its class, and the shortest times count."""

    recall_class = fields.String(required=True)
    assumed = fields.Boolean(required=True)
    known_at = fields.AwareDateTime(required=True)
    deadlines = fields.List(fields.Nested(DeadlineAnswer), required=True)
    source = fields.String(required=True)
    unconfirmed = fields.Boolean(required=True)


class OrderAnswer(Answer):
    """An order to hold or recall; ``lifted_at`` is null while it is in force.

    ``rule``: the rule that gave it, where no person did; it rests on what ``by`` has entered.
    ``outcome``: what came of a recall; null ``finished_at``: that is not told yet. ``clock`` is
    null for a hold.
    """

    uid = fields.String(required=True)
    kind = fields.String(required=True)
    trace_code = fields.String(attribute="batch.trace_code", required=True)
    name = fields.String(attribute="batch.name", required=True)
    reason = fields.String(required=True)
    by = fields.String(attribute="by_party.name", required=True)
    rule = fields.String()
    at = fields.AwareDateTime(required=True)
    finished_at = fields.AwareDateTime(allow_none=True)
    outcome = fields.String()
    lifted_at = fields.AwareDateTime(required=True, allow_none=True)
    lift_reason = fields.String()
    clock = fields.Nested(RecallClockAnswer, allow_none=True)


class OrdersAnswer(Answer):
    """Every order that ever reached a batch, in order."""

    items = fields.List(fields.Nested(OrderAnswer), required=True)


class OrderQuery(PageQuery):
    """Which recalls: those in force, unless all are asked for."""

    all = YesNo(load_default=False)


def order_answered(order: Order, now: datetime) -> dict[str, Any]:
    """An order as it is answered, with what remains of a recall's times."""
    return {**OrderAnswer.seen(order), "clock": _clock_answered(order, now)}


def _clock_answered(order: Order, now: datetime) -> dict[str, Any] | None:
    clock = clock_of(order)
    if clock is None:
        return None
    return RecallClockAnswer.seen(
        {
            "recall_class": clock.of.key,
            "assumed": clock.assumed,
            "known_at": clock.known_at,
            "deadlines": [
                {
                    **vars(one),
                    "overdue": one.late(now),
                    "hours_left": one.left(now) // timedelta(hours=1),
                }
                for one in clock.deadlines
            ],
            "source": clock.of.provenance.source,
            "unconfirmed": clock.unconfirmed,
        }
    )
