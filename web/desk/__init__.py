"""The desk: producers and stations register, record, ship, receive and print."""

from __future__ import annotations

from flask import Blueprint, request

from suyuan.web.desk import (
    batches,
    cards,
    carriers,
    cartons,
    certificates,
    certifications,
    credit,
    events,
    evidence,
    home,
    issue_jobs,
    making,
    orders,
    papers,
    print_jobs,
    printer_jobs,
    printers,
    printing,
    products,
    releasing,
    reports,
    reprints,
    result_sheets,
    rolls,
    run_account,
    samples,
    sheets,
    shipments,
    showing,
    sites,
    warnings,
    weighing,
    whom,
)
from suyuan.web.guard import guarded

blueprint = guarded(Blueprint("desk", __name__, url_prefix="/desk"))
"""Each subject has its own views; together they are the desk, behind one door."""

for subject in (
    home, batches, events, making, shipments, orders, printing, print_jobs, printers,
    printer_jobs, issue_jobs, cartons, run_account, rolls, products, papers, reports, samples,
    sites, evidence, sheets, carriers, certificates, certifications, releasing, warnings,
    result_sheets, credit, cards, weighing, reprints,
):  # fmt: skip
    blueprint.register_blueprint(subject.views)

blueprint.context_processor(showing.texts)


@blueprint.before_request
def know_for_whom() -> None:
    """Refuse a form for a party that one may not act for before anything of it is written."""
    if request.method == "POST":
        whom.whom()
