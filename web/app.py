"""The application: the one place that puts ledger, pages and API together."""

from __future__ import annotations

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from suyuan import api
from suyuan.api import problems, well_known
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.errors import SuyuanError
from suyuan.web import (
    account,
    addresses,
    admin,
    catalogues,
    channels,
    desk,
    error_pages,
    ground,
    inspect,
    members,
    monitoring,
    navigation,
    once,
    parties,
    proof_sheet,
    protection,
    public,
    showing,
    sign_in,
    verdicts,
    verify,
)

AREAS = (
    public,
    channels,
    verify,
    sign_in,
    account,
    desk,
    members,
    inspect,
    parties,
    admin,
    proof_sheet,
    well_known,
    monitoring,
)
"""The packages and modules whose ``blueprint`` makes up the site."""


def create_app(ledger: Ledger, *, testing: bool = False) -> Flask:
    """The WSGI application over an unlocked ledger.

    ``testing``: no limit on how often one may try, and scans are written when asked and not by a
    thread; everything else is as in service.
    """
    app = Flask("suyuan.web", static_folder="static", template_folder="templates")
    app.config["RATELIMIT_ENABLED"] = not testing
    app.config["SCANS_WRITTEN"] = not testing
    app.url_map.strict_slashes = False
    app.json.ensure_ascii = False  # type: ignore[attr-defined]  # Flask's default provider has it
    ground.install(app, ledger)
    once.install(app)
    addresses.install(app)
    protection.install(app, ledger)
    catalogues.install(app)
    showing.install(app)
    verdicts.install(app)
    monitoring.install(app)
    navigation.install(app)
    error_pages.install(app, _problem)
    for area in AREAS:
        app.register_blueprint(area.blueprint)
    api.register(app)
    limits = [
        *public.limits(),
        *channels.limits(ledger.settings),
        *sign_in.limits(ledger.settings),
        *parties.limits(ledger.settings),
    ]
    protection.limit_tries(app, limits)
    return app


def _problem(error: Exception) -> Response:
    match error:
        case SuyuanError():
            return problems.from_family(error)
        case HTTPException():
            return problems.from_http(error)
    return problems.from_defect(error)
