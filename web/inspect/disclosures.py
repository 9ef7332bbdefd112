"""Asking to see personal fields; the asking itself is put on record."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from suyuan.trace.acts.disclosures import request_disclosure
from suyuan.trace.errors import SuyuanError
from suyuan.web import identity
from suyuan.web.error_pages import faults_to_mend
from suyuan.web.inspect.asked import batch_of
from suyuan.web.inspect.batches import shown


def add_to(blueprint: Blueprint) -> None:
    """Put this into ``blueprint``."""
    blueprint.add_url_rule("/batches/<trace_code>/ask", "ask", ask, methods=["POST"])


def ask(trace_code: str) -> ResponseReturnValue:
    """Open the personal fields of the batch for a while, with the reason given."""
    batch = batch_of(trace_code)
    try:
        identity.perform(request_disclosure, batch.trace_code, request.form.get("reason", ""))
    except SuyuanError as error:
        return shown(batch, faults_to_mend(error))
    flash(gettext("The personal fields are open to you. Your request is on record."), "done")
    of = request.args.get("of")
    return redirect(url_for("inspect.batch", trace_code=batch.trace_code, of=of))
