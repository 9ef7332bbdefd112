"""What rows of orders hold, what each reaches, and the events that show it, by their records."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.batches.tables import Batch
from suyuan.trace.events.projection import GRADED
from suyuan.trace.events.records import EVENT_EVIDENCE, KDE
from suyuan.trace.events.tables import Event
from suyuan.trace.lineage.queries import closure_select
from suyuan.trace.log.projections import (
    Column,
    Projection,
    Word,
    first,
    name_of,
    newest,
    said_by,
)
from suyuan.trace.log.tellings import Fields, Telling
from suyuan.trace.parties.tables import Party
from suyuan.trace.release.records import ORDER
from suyuan.trace.release.release_projection import RELEASE_EVENTS, RELEASES
from suyuan.trace.release.tables import Order, Stopped

_LIFTED = ("hold.lifted", "recall.lifted")
_FINISHED = ("recall.finished",)


def _reach(session: Session, orders: Sequence[int]) -> dict[int, tuple[int, int]]:
    """How many batches each order reaches, and how many of them were not made of its batch."""
    batches = sa.select(Order.id, Order.batch_id).where(Order.id.in_(orders))
    found = {}
    for order, batch in session.execute(batches).all():
        stopped = sa.select(sa.func.count()).where(Stopped.order_id == order)
        strange = stopped.where(Stopped.batch_id.not_in(closure_select(batch)))
        found[order] = session.scalar(stopped) or 0, session.scalar(strange) or 0
    return found


def _given_by(tellings: Sequence[Telling]) -> Word:
    """The organisation that gave an order, or on whose word a rule gave it."""
    said = tellings[0].fields
    return Word(said.get("party", said.get("by")), tellings[0].id)


ORDERS = Projection(
    Order,
    Order.uid,
    ORDER,
    names=said_by("order"),
    references=(Order.record_id,),
    types=frozenset({"hold.ordered", "recall.ordered"}),
    later=(ORDER,),
    subject=name_of(Batch.trace_code, Order.batch_id),
    columns=(
        Column("kind", Order.kind, first("kind")),
        Column("batch_id", name_of(Batch.trace_code, Order.batch_id), first("trace_code")),
        Column("reason", Order.reason, first("reason")),
        Column("rule", Order.rule, first("rule", absent="")),
        Column("by_party_id", name_of(Party.uid, Order.by_party_id), _given_by),
        Column("by_person_uid", Order.by_person_uid, first("typed_by")),
        Column("at", Order.at, first("at")),
        Column("recall_class", Order.recall_class, first("recall_class", absent="")),
        Column("known_at", Order.known_at, first("known_at")),
        Column("finished_at", Order.finished_at, newest("at", types=_FINISHED)),
        Column("finished_by_uid", Order.finished_by_uid, newest("typed_by", types=_FINISHED)),
        Column("outcome", Order.outcome, newest("outcome", types=_FINISHED, absent="")),
        Column("lifted_at", Order.lifted_at, newest("at", types=_LIFTED)),
        Column("lifted_by_uid", Order.lifted_by_uid, newest("typed_by", types=_LIFTED)),
        Column("lift_reason", Order.lift_reason, newest("reason", types=_LIFTED, absent="")),
        Column("stopped", _reach, first("reached", read=lambda count: (count, 0))),
    ),
)


def _shown(said: Fields, _key: str) -> Fields:
    """The record of an order, read as the event that shows it in the chain of its batch."""
    if said["schema"] != str(ORDER):
        return said
    return {
        **{name: said[name] for name in ("at", "typed_by", "evidence_grade") if name in said},
        "kind": "release" if said.get("lifts") else said["kind"],
        "happened_at": said["at"],
        "party": said.get("party", said.get("by")),
        f"{KDE}reason": said["reason"][:200],
        **({f"{KDE}rule": said["rule"]} if said.get("rule") else {}),
        "batches": [{"code": said["trace_code"], "role": "subject"}],
        "quantities": [None],
    }


ORDER_EVENTS = Projection(
    Event,
    Event.uid,
    ORDER,
    names=said_by("event"),
    called=False,
    about=_shown,
    references=(Event.record_id,),
    later=(EVENT_EVIDENCE,),
    columns=GRADED,
)

PROJECTIONS = (ORDERS, ORDER_EVENTS, RELEASES, RELEASE_EVENTS)
