"""Organisations: applied for, looked through, checked, suspended."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("parties", __name__)


@blueprint.get("/apply")
def apply() -> str:
    return ""


@blueprint.get("/<any(inspect, admin):area>/parties")
def listed(area: str) -> str:
    return ""
