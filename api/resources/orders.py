"""Hold and recall."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify

from suyuan.api.blueprints import ApiBlueprint
from suyuan.api.current import now, perform, reading
from suyuan.api.paging import listed, page, page_of
from suyuan.api.schemas.orders import (
    OrderAnswer,
    OrderInput,
    OrderQuery,
    OrdersAnswer,
    order_answered,
    recall_stated,
)
from suyuan.api.schemas.parties import ReasonInput
from suyuan.api.schemas.shapes import Named, made
from suyuan.trace.acts import orders as acts
from suyuan.trace.acts.recalls import finish_recall
from suyuan.trace.batches.queries import batch
from suyuan.trace.codes.trace_code import parse_trace_code
from suyuan.trace.oversight.listings import recalls
from suyuan.trace.release import queries
from suyuan.trace.release.tables import Order

orders = ApiBlueprint("recalls", "Orders that stop a batch and all that was made of it.")


@orders.get("/recalls", query=OrderQuery, answer=page_of(OrderAnswer, "RecallPage"))
def list_recalls(query: dict[str, Any]) -> Response:
    """List the recalls in force, newest first; with `all` the lifted ones too."""
    asked = page(query)
    with reading() as session:
        rows = recalls(session, lifted=query["all"], before=asked.after, limit=asked.limit + 1)
        return listed(asked, rows, lambda row: row.id, _told)


@orders.get("/batches/<trace_code:trace_code>/orders", answer=OrdersAnswer)
def list_orders(trace_code: str) -> Response:
    """List every order that ever reached a batch."""
    with reading() as session:
        found = batch(session, parse_trace_code(trace_code))
        history = queries.order_history(session, found.id)
        return jsonify(items=[_told(order) for order in history])


@orders.post("/batches/<trace_code:trace_code>/orders", body=OrderInput, answer=Named)
def give_order(body: dict[str, Any], trace_code: str) -> Response:
    """Hold or recall a batch with all its descendants, in one transaction."""
    code, reason = parse_trace_code(trace_code), body["reason"]
    if body["kind"] == "recall":
        uid = perform(acts.recall, code, reason, recall_stated(body))
    else:
        uid = perform(acts.hold, code, reason)
    return made(uid, f"/api/v1/orders/{uid}")


@orders.get("/orders/<uid:uid>", answer=OrderAnswer)
def read_order(uid: str) -> Response:
    """Read an order."""
    with reading() as session:
        return jsonify(_told(queries.order(session, uid)))


@orders.post("/orders/<uid:uid>/lift", body=ReasonInput, answer=Named)
def lift_order(body: dict[str, str], uid: str) -> Response:
    """End an order; others that reach the same batches go on."""
    return made(perform(acts.lift, uid, body["reason"]), f"/api/v1/orders/{uid}")


@orders.post("/orders/<uid:uid>/finish", body=ReasonInput, answer=Named)
def finish_order(body: dict[str, str], uid: str) -> Response:
    """Tell what came of a recall; its order stays in force until it is lifted."""
    return made(perform(finish_recall, uid, body["reason"]), f"/api/v1/orders/{uid}")


def _told(order: Order) -> dict[str, Any]:
    return order_answered(order, now())
