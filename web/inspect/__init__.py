"""Inspection: regulators search, walk chains, and see what they are competent for."""

from __future__ import annotations

from flask import Blueprint

from suyuan.web.guard import guarded

blueprint = guarded(Blueprint("inspect", __name__, url_prefix="/inspect"), "inspect")
