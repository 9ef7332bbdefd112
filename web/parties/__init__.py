"""Organisations: applied for, looked through, checked, suspended.

The same pages serve regulators (``/inspect/parties``, their divisions) and the platform's
operators (``/admin/parties``, all).
"""

from __future__ import annotations

from flask import Blueprint

from suyuan.trace.settings import Settings
from suyuan.web.parties import application, supervision
from suyuan.web.protection import Limit

blueprint = Blueprint("parties", __name__)


def limits(settings: Settings) -> list[Limit]:
    """How often one address may apply."""
    return [Limit("parties.apply", settings.rate_sign_in)]


application.add_to(blueprint)
supervision.add_to(blueprint)
