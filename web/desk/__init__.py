"""The desk: producers and stations register, record and print."""

from __future__ import annotations

from flask import Blueprint

from suyuan.web.guard import guarded

blueprint = guarded(Blueprint("desk", __name__, url_prefix="/desk"))
