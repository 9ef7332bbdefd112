"""The members of an organisation: who they are, what they may do, and their ways back in."""

from __future__ import annotations

from flask import Blueprint

from suyuan.web.guard import guarded

blueprint = guarded(Blueprint("members", __name__, url_prefix="/desk/members"), "manage_members")


@blueprint.get("/")
def listed() -> str:
    return ""
