"""``/check``: everybody checks a passport in his own browser, or takes the file elsewhere."""

from __future__ import annotations

from flask import render_template, request
from flask_babel import gettext

from suyuan.trace.acts.opening import instance_of
from suyuan.trace.batches.queries import batch as batch_with
from suyuan.trace.codes.trace_code import parse_trace_code
from suyuan.trace.log.audit import log_key
from suyuan.trace.spans import span
from suyuan.web.catalogues import COOKIE, select_locale
from suyuan.web.ground import db, settings
from suyuan.web.verify.shell import vendored


def check() -> str:
    """The page about one batch. Raises TraceCodeError, NotFound."""
    batch = batch_with(db(), parse_trace_code(request.args.get("code", "")))
    return render_template(
        "public/check.html",
        batch=batch,
        passport_address=f"/api/v1/passport?code={batch.trace_code}",
        log_key=log_key(db()),
        given=_given(),
        in_language=lambda code: f"/check?code={batch.trace_code}&{COOKIE}={code}",
    )


def _given() -> dict[str, object]:
    """What the script of the page stands on; it shares its ground with ``/verify``."""
    return {
        "root": instance_of(db()).root,
        "language": select_locale(),
        "phone": settings().supervision_phone,
        "clocks_differ_ms": int(span("clocks_differ").total_seconds() * 1000),
        "scripts": vendored(),
        "texts": {
            "working": gettext("Checking …"),
            "all": gettext("All {count} values are in the log as they are shown."),
            "some": gettext("{bad} of {count} values are not proven."),
            "refused": gettext("Nothing is proven: {why}"),
            "no-network": gettext("The site did not answer. Try again when there is a network."),
            "log": gettext("Checked against the log {origin}, of {size} entries."),
            "proven": gettext("proven"),
            "not-proven": gettext("not proven"),
            "corrected": gettext("This entry was corrected later."),
            "why": _reasons(),
            "labels": _labels(),
        },
    }


def _reasons() -> dict[str, str]:
    """Why something is not proven, by the name that the script has for it."""
    unreadable = gettext("The proof is not written as it should be.")
    return {
        "differs": gettext("The log says otherwise: {logged}"),
        "nothing": gettext("Nothing was given that proves this."),
        "other": gettext("The record given for it is about something else."),
        "broken": gettext("The record given for it is not in the log."),
        "hidden": gettext("The record that corrects this was not given."),
        "no-proofs": gettext("No proofs were given."),
        "no-key": gettext("The key of the log could not be had."),
        "no-known-signature": gettext("The key of the log did not sign this."),
        "wrong-signature": gettext("The signature of the log is wrong."),
        "no-signature-check": gettext("This browser cannot check signatures. Use a newer one."),
        "newer-format": gettext("The proof has a newer form: load this page anew."),
        "not-readable": unreadable,
        "older": unreadable,
    }


def _labels() -> dict[str, str]:
    """What people call a value, by the pattern of its place in the passport."""
    name, place, where = gettext("Name"), gettext("Place"), gettext("Division")
    return {
        "/name": name,
        "/lot": gettext("Lot"),
        "/quantity": gettext("Quantity of the batch"),
        "/produced": gettext("Production date"),
        "/best_before": gettext("Best before"),
        "/households": gettext("Households"),
        "/registered_at": gettext("Registered"),
        "/gtin": "GTIN",
        "/label": gettext("What the label says"),
        "/producer/name": gettext("Producer"),
        "/producer/uscc": gettext("Credit code"),
        "/producer/state": gettext("State of the organisation"),
        "/origin/name": gettext("Origin"),
        "/origin/division_code": where,
        "/origin/altitude_m": gettext("Altitude (m)"),
        "/route/*/place/name": place,
        "/route/*/place/altitude_m": gettext("Altitude (m)"),
        "/steps/*/happened_at": gettext("Time"),
        "/steps/*/happened": gettext("Time"),
        "/steps/*/who": gettext("Who"),
        "/steps/*/place": place,
        "/steps/*/batches": gettext("Batches"),
        "/steps/*/evidence_grade": gettext("How sure"),
        "/steps/*/correction_reason": gettext("Reason"),
        "/steps/*/withdrawn": gettext("Taken back"),
        "/papers/*/number": gettext("Number"),
        "/papers/*/issuer": gettext("Issued by"),
        "/papers/*/holder": gettext("Holder"),
        "/papers/*/valid_from": gettext("Valid from"),
        "/papers/*/valid_to": gettext("Valid until"),
        "/papers/*/amount": gettext("Quantity"),
        "/papers/*/state": gettext("State"),
        "/papers/*/state_reason": gettext("Reason"),
        "/certificates/*/number": gettext("Number"),
        "/certificates/*/quantity": gettext("Quantity"),
        "/certificates/*/issued_on": gettext("Issued on"),
        "/certificates/*/state": gettext("State"),
        "/certificates/*/state_reason": gettext("Reason"),
        "/tests/*/number": gettext("Number"),
        "/tests/*/laboratory": gettext("Laboratory"),
        "/tests/*/cma": "CMA",
        "/tests/*/sampled_on": gettext("Sampled on"),
        "/tests/*/issued_on": gettext("Issued on"),
        "/tests/*/conclusion": gettext("The laboratory concludes"),
        "/tests/*/items/*/parameter": gettext("Tested"),
        "/tests/*/items/*/result": gettext("Found"),
        "/tests/*/items/*/limit": gettext("Limit"),
        "/tests/*/items/*/conclusion": gettext("Judged"),
    }
