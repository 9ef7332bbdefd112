"""The desk: producers and stations register, record, ship, receive and print."""

from __future__ import annotations

from flask import Blueprint, request

from suyuan.trace.errors import NotFound
from suyuan.web.desk import (
    batches,
    events,
    evidence,
    home,
    making,
    orders,
    papers,
    printing,
    products,
    reports,
    sheets,
    shipments,
    showing,
    sites,
)
from suyuan.web.guard import guarded

blueprint = guarded(Blueprint("desk", __name__, url_prefix="/desk"))
"""Each subject has its own views; together they are the desk, behind one door."""

for subject in (
    home, batches, events, making, shipments, orders, printing, products, papers, reports, sites,
    evidence, sheets,
):  # fmt: skip
    blueprint.register_blueprint(subject.views)


@blueprint.before_request
def only_addresses_that_can_be() -> None:
    """Refuse addresses with characters that no code, uid or number here has."""
    values = (*(request.view_args or {}).values(), *request.args.values())
    if any("\0" in str(value) for value in values):
        raise NotFound("There is no such page.")


blueprint.context_processor(showing.texts)
