"""What inspectors' pages ask for: the batch of an address, its state, and what one may do to it."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from flask import request

from suyuan.trace.batches.queries import batch as batch_with
from suyuan.trace.batches.tables import Batch
from suyuan.trace.codes.trace_code import parse_trace_code
from suyuan.trace.parties.actor import Actor
from suyuan.trace.release.queries import stops
from suyuan.web.ground import db


def batch_of(trace_code: str) -> Batch:
    """The batch of an address, however its code is written. Raises TraceCodeError, NotFound."""
    return batch_with(db(), parse_trace_code(trace_code))


def root() -> Batch | None:
    """The batch in whose chain the reader came upon this page (``?of=``), if it was in one."""
    code = request.args.get("of")
    return batch_of(code) if code else None


def may_stop(actor: Actor, kind: str, batch: Batch) -> bool:
    """Whether the actor may hold or recall this batch (``kind``) as a competent regulator."""
    competent = actor.competent(batch.division, batch.family)
    return actor.party_kind == "regulator" and competent and actor.may(kind)


def shown_states(batches: Mapping[int, tuple[str, str]]) -> dict[int, str]:
    """The state to show of each batch, given as trace code and state: orders stand above it."""
    stopped = _stopped(batches.keys())
    return {key: stopped.get(code, state) for key, (code, state) in batches.items()}


def _stopped(batch_ids: Collection[int]) -> dict[str, str]:
    found: dict[str, str] = {}
    for stop in stops(db(), batch_ids):
        # recalls come first
        found.setdefault(stop.trace_code, "recalled" if stop.kind == "recall" else "held")
    return found
