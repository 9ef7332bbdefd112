"""What anybody may see: the start page, the scan pages, the permanent names."""

from __future__ import annotations

from flask import Blueprint
from flask.blueprints import BlueprintSetupState
from werkzeug.routing import BaseConverter

from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.pins.rules import pin_limits
from suyuan.trace.scans.counter import ScanCounter
from suyuan.web.protection import Limit
from suyuan.web.public import (
    carriers,
    certificates,
    checking,
    evidence_files,
    gtin,
    needs,
    permanent,
    pins,
    scan,
    standards,
    start,
    warnings,
)
from suyuan.web.public.answers import Answers
from suyuan.web.public.saying import FILTERS


class SignedPath(BaseConverter):
    """A path that begins like a signed code's, also a cut or damaged one: those are told so."""

    regex = "[1-9][0-9]{5,}(?:/.*)?|[1-9][0-9]*/(?:t|01)/.*"
    part_isolating = False


blueprint = Blueprint("public", __name__)


@blueprint.record_once
def _install(state: BlueprintSetupState) -> None:
    """Give the application what these pages stand on. ``SCANS_WRITTEN`` off: tally, never write."""
    app = state.app
    ledger: Ledger = app.extensions["suyuan"]
    counter = ScanCounter(ledger.database)
    if not app.config.get("SCANS_WRITTEN", True):
        counter.stop()
    app.jinja_env.filters.update(FILTERS)
    app.extensions["suyuan-answers"] = Answers()
    app.extensions["suyuan-scans"] = counter
    app.url_map.converters["signed_path"] = SignedPath


def limits() -> list[Limit]:
    """How often one address may send scratch PINs."""
    return [Limit("public.pin", f"{pin_limits().address_posts_a_minute} per minute")]


blueprint.add_url_rule("/", view_func=start.start)
blueprint.add_url_rule("/<signed_path:code>", view_func=scan.signed, merge_slashes=False)
blueprint.add_url_rule("/t/<code>", view_func=scan.by_trace_code)
blueprint.add_url_rule("/t/<code>/<serial>", view_func=scan.unsigned)
blueprint.add_url_rule("/01/<gtin>", view_func=gtin.product)
blueprint.add_url_rule("/01/<gtin>/10/<lot>", view_func=scan.unsigned)
blueprint.add_url_rule("/01/<gtin>/10/<lot>/21/<serial>", view_func=scan.unsigned)
blueprint.add_url_rule("/c/<kind>/<number>", view_func=carriers.by_carrier)
blueprint.add_url_rule("/certificates/<number>", "certificate", certificates.certificate)
blueprint.add_url_rule("/pin", view_func=pins.pin, methods=["GET", "POST"])
blueprint.add_url_rule("/check", view_func=checking.check)
blueprint.add_url_rule("/standards", "standards", standards.listed)
blueprint.add_url_rule("/standards/<path:limit_id>", "limit", standards.limit)
blueprint.add_url_rule("/warnings", "warnings", warnings.listed)
blueprint.add_url_rule("/papers-needed", "needs", needs.needs)
blueprint.add_url_rule("/p/<uid>", view_func=permanent.party)
blueprint.add_url_rule("/s/<uid>", view_func=permanent.site)
blueprint.add_url_rule("/e/<uid>", view_func=permanent.event)
blueprint.add_url_rule("/evidence/<uid>", view_func=evidence_files.evidence)
