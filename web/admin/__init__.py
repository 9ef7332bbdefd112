"""Administration: what the platform's operators see and decide."""

from __future__ import annotations

from flask import Blueprint

from suyuan.web.guard import guarded

blueprint = guarded(Blueprint("admin", __name__, url_prefix="/admin"), "administer")
