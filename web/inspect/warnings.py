"""Warnings for the regulator who is competent: the list, and what is done about each."""

from __future__ import annotations

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue

from suyuan.web import warnings
from suyuan.web.warnings import Links

LINKS: Links = {
    "trace_code": lambda code: url_for("inspect.batch", trace_code=code),
    "paper": lambda uid: url_for("inspect.paper", uid=uid),
    "report": lambda uid: url_for("inspect.report", uid=uid),
    "event": lambda uid: url_for("inspect.event", uid=uid),
    "order": lambda uid: url_for("inspect.order", uid=uid),
}


def add_to(blueprint: Blueprint) -> None:
    """Put these pages into ``blueprint``."""
    blueprint.add_url_rule("/warnings", "warnings", listed)
    blueprint.add_url_rule("/warnings/<uid>", "warning", page, methods=["GET", "POST"])


def listed() -> str:
    """The warnings that the one who asks is competent for, newest first."""
    return warnings.listed("inspect/warnings.html")


def page(uid: str) -> ResponseReturnValue:
    """A warning with its evidence and what was done, and the forms for the next step."""
    files = "inspect.evidence"
    return warnings.one(uid, "inspect/warning.html", "inspect.warning", LINKS, files)
