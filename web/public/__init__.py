"""What anybody may see: the start page, the scan pages, the permanent names."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("public", __name__)
