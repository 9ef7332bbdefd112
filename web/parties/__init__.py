"""Organisations: applied for, looked through, checked, suspended.

The same pages serve regulators (``/inspect/parties``, their divisions) and the platform's
operators (``/admin/parties``, all).
"""

from __future__ import annotations

from flask import Blueprint

from suyuan.web.parties import application, supervision

blueprint = Blueprint("parties", __name__)
application.add_to(blueprint)
supervision.add_to(blueprint)
