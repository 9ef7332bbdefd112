"""Asking to see personal fields outside one's own division, with a reason that is logged."""

from __future__ import annotations

from suyuan.trace.acts.transaction import Writing
from suyuan.trace.batches import queries as batches
from suyuan.trace.codes.trace_code import parse_trace_code
from suyuan.trace.errors import Forbidden, InvalidInput
from suyuan.trace.oversight.records import DISCLOSURE
from suyuan.trace.oversight.sight import competent_for_chain, disclosure_time
from suyuan.trace.parties.tables import Disclosure

REASON_LENGTH = 500


def request_disclosure(w: Writing, trace_code: str, reason: str) -> str:
    """Open the personal fields of a batch to the regulator who asks; returns the record's id.

    They stay open for the days that ``standards/disclosure.json`` gives. Raises InvalidInput
    without a reason, NotFound, and Forbidden for one who is competent for no batch of its chain.
    """
    w.actor.require("read_personal")
    batch = batches.batch(w.session, parse_trace_code(trace_code))
    if w.actor.person_id is None or not competent_for_chain(w.session, w.actor, batch):
        raise Forbidden(
            "You are competent for no batch of this chain, so its personal fields stay closed.",
            field="trace_code",
        )
    said = reason.strip()
    if not 0 < len(said) <= REASON_LENGTH:
        raise InvalidInput(
            "Give the reason in 1 to {most} characters; it is kept in the log.",
            field="reason",
            most=REASON_LENGTH,
        )
    until = w.now + disclosure_time()
    record_id = w.record(
        DISCLOSURE,
        "disclosure",
        {
            "trace_code": batch.trace_code,
            "person": w.actor.person_uid,
            "party": w.actor.party_uid,
            "reason": said,
            "until": until.strftime("%Y-%m-%dT%H:%M:%SZ"),
        },
        subject=batch.trace_code,
    )
    w.session.add(
        Disclosure(
            person_id=w.actor.person_id,
            party_id=w.actor.party_id,
            trace_code=batch.trace_code,
            reason=said,
            at=w.now,
            until=until,
            record_id=record_id,
        )
    )
    return record_id
