"""Inspection: regulators search, walk chains, and see what they are competent for."""

from __future__ import annotations

from flask import Blueprint

from suyuan.web import keeping
from suyuan.web.guard import guarded
from suyuan.web.inspect import (
    applications,
    balance,
    batches,
    certificates,
    chain,
    coverage,
    credit,
    disclosures,
    division_reports,
    events,
    inspections,
    orders,
    papers,
    samples,
    searching,
    warnings,
)
from suyuan.web.inspect.saying import FILTERS

blueprint = guarded(Blueprint("inspect", __name__, url_prefix="/inspect"), "inspect")
for area in (
    searching, batches, chain, events, papers, samples, certificates, orders, balance, coverage,
    credit,    division_reports, inspections, disclosures, warnings, applications,
):  # fmt: skip
    area.add_to(blueprint)
keeping.add_to(blueprint)
for name, written in FILTERS.items():
    blueprint.add_app_template_filter(written, name)
