"""What machines ask: is the process alive, can it serve, how much has it done."""

from __future__ import annotations

import time

import structlog
from flask import Blueprint, Flask, Response, current_app, g, jsonify, request
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)

from suyuan.migrations.run import is_current
from suyuan.trace.acts.witnessing import policy_of
from suyuan.trace.log import queries as log_queries
from suyuan.trace.log.witnesses import witnessing
from suyuan.web.ground import db, ledger

blueprint = Blueprint("monitoring", __name__)
log = structlog.get_logger(__name__)


class Figures:
    """What this process has answered, by rule and never by person, code or address."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.answers = Counter(
            "suyuan_answers", "Answers by rule and status.", ("method", "rule", "status"),
            registry=self.registry,
        )  # fmt: skip
        self.seconds = Histogram(
            "suyuan_answer_seconds", "Seconds to an answer, by rule.", ("rule",),
            registry=self.registry,
        )  # fmt: skip


def install(app: Flask) -> None:
    """Count what ``app`` answers."""
    figures = app.extensions["suyuan-figures"] = Figures()

    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()

    @app.after_request
    def count(response: Response) -> Response:
        rule = request.url_rule.rule if request.url_rule else "none"
        figures.answers.labels(request.method, rule, str(response.status_code)).inc()
        if "began" in g:
            figures.seconds.labels(rule).observe(time.perf_counter() - g.began)
        return response


@blueprint.get("/healthz")
def alive() -> Response:
    """The process runs; nothing else is asked."""
    return Response("ok\n", mimetype="text/plain")


@blueprint.get("/readyz")
def ready() -> tuple[Response, int]:
    """The tables are this version's, the keys are unlocked, and the log has a head."""
    checks: dict[str, bool] = {"database": False, "log": False, "keys": bool(ledger().keys.codes)}
    size = None
    try:
        checks["database"] = is_current(ledger().database)
        size = log_queries.head(db()).size
        checks["log"] = True
    except Exception as error:  # whatever it is, the answer is: not ready
        log.error("not ready", error=type(error).__name__)
    good = all(checks.values())
    return jsonify(ready=good, checks=checks, log_size=size), 200 if good else 503


@blueprint.get("/metrics")
def metrics() -> Response:
    """Figures for Prometheus: of this process, and of the log and its witnesses."""
    figures: Figures = current_app.extensions["suyuan-figures"]
    said = generate_latest(figures.registry) + generate_latest(_log_figures())
    return Response(said, content_type=CONTENT_TYPE_LATEST)


def _log_figures() -> CollectorRegistry:
    registry = CollectorRegistry()
    state = witnessing(db(), policy_of(ledger().settings))
    size = Gauge("suyuan_log_entries", "Entries of the log.", registry=registry)
    size.set(state.size)
    halted = Gauge("suyuan_log_halted", "1 where nothing may be recorded.", registry=registry)
    halted.set(state.halted is not None)
    enough = Gauge(
        "suyuan_log_entries_witnessed", "Entries cosigned by enough witnesses.", registry=registry
    )
    enough.set(state.witnessed.size if state.witnessed else 0)
    labels = ("witness",)
    seen = Gauge("suyuan_witness_entries", "Entries that a witness cosigned last.", labels,
        registry=registry)  # fmt: skip
    failures = Gauge("suyuan_witness_failures", "Failures in a row of asking a witness.", labels,
        registry=registry)  # fmt: skip
    for one in state.standings:
        seen.labels(one.witness.key.name).set(one.size)
        failures.labels(one.witness.key.name).set(one.failures)
    return registry
