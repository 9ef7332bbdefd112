"""The REST edge: ``register`` gives an application everything under ``/api``."""

from __future__ import annotations

from typing import cast

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from suyuan.api.limits import limit_requests
from suyuan.api.openapi import describe
from suyuan.api.problems import from_http
from suyuan.api.resources.balance import balances
from suyuan.api.resources.batches import batches
from suyuan.api.resources.carriers import carriers
from suyuan.api.resources.cartons import cartons
from suyuan.api.resources.catalogue import FAMILY, PASSPORT, catalogue
from suyuan.api.resources.certificates import certificates
from suyuan.api.resources.certifications import certifications
from suyuan.api.resources.coverage import coverages
from suyuan.api.resources.credit import credit
from suyuan.api.resources.division_reports import division_reports
from suyuan.api.resources.events import events
from suyuan.api.resources.evidence import evidence
from suyuan.api.resources.feeding import feeding
from suyuan.api.resources.issue_jobs import issue_jobs
from suyuan.api.resources.needs import needs
from suyuan.api.resources.orders import orders
from suyuan.api.resources.papers import papers, test_reports
from suyuan.api.resources.parties import parties, sites
from suyuan.api.resources.pins import pins
from suyuan.api.resources.print_jobs import print_jobs
from suyuan.api.resources.printers import printers
from suyuan.api.resources.printing import print_runs
from suyuan.api.resources.products import products
from suyuan.api.resources.releases import releases
from suyuan.api.resources.result_sheets import result_sheets
from suyuan.api.resources.rolls import blank_rolls
from suyuan.api.resources.samples import samples
from suyuan.api.resources.scans import scans
from suyuan.api.resources.tibetan import tibetan
from suyuan.api.resources.verdicts import verdicts
from suyuan.api.resources.warnings import warnings
from suyuan.trace.acts.transaction import Ledger

BLUEPRINTS = (
    catalogue, parties, sites, products, batches, events, orders, releases, evidence, papers,
    test_reports, result_sheets, samples, certificates, needs, verdicts, print_runs, issue_jobs,
    print_jobs, blank_rolls, printers, feeding, cartons, carriers, pins, scans, balances,
    coverages, division_reports, warnings, certifications, credit, tibetan,
)  # fmt: skip
"""Every resource, in the order in which the description lists them."""


def register(app: Flask) -> None:
    """Serve the API from ``app``, whose ledger is ``app.extensions["suyuan"]``."""
    ledger = cast(Ledger, app.extensions["suyuan"])
    app.before_request(_answer_unknown_address)
    describe(app, BLUEPRINTS, {"Passport": PASSPORT, "Family": FAMILY})
    limit_requests(app, BLUEPRINTS, ledger.settings.rate_api)


def _answer_unknown_address() -> Response | None:
    """No blueprint owns an address that does not exist: its problem document comes from here."""
    error = request.routing_exception
    below = request.path == "/api" or request.path.startswith("/api/")
    if not below or isinstance(error, RequestRedirect):
        return None
    return from_http(error) if isinstance(error, HTTPException) else None
