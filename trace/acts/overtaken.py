"""Commitment certificates that would not be issued any more, since something used on the goods was
told of later; part of the acts, never called by edges.

The certificate stays: its issuer voids it or says why not. The gate stops the goods meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from suyuan.trace.acts.transaction import Writing
from suyuan.trace.acts.warnings import warn
from suyuan.trace.certificates.grounds import grounds_of
from suyuan.trace.certificates.queries import issued_for
from suyuan.trace.certificates.tables import Certificate
from suyuan.trace.events.intervals import inputs_used
from suyuan.trace.events.tables import Event
from suyuan.trace.lineage.queries import closure
from suyuan.trace.notices.wording import Evidence

_RULE: Final = "certificate_overtaken"


def warn_of_overtaken_certificates(w: Writing, event: Event) -> None:
    """Warn of the certificates on the batches of an event, and on what was made of them, that what
    the event tells of would have kept from being issued."""
    if not inputs_used([event]):
        return
    reached = {one for part in event.batches for one in closure(w.session, part.batch_id)}
    for certificate in issued_for(w.session, reached):
        names = ", ".join(dict.fromkeys(_in_the_way(w, certificate, event)))
        if not names:
            continue
        evidence: Evidence = {
            "certificate": certificate.number,
            "trace_code": certificate.batch.trace_code,
            "event": event.uid,
            "reason": names,
        }
        key = f"{certificate.number}/{event.uid}"
        warn(w, _RULE, key, batch=certificate.batch, evidence=evidence)


def _in_the_way(w: Writing, certificate: Certificate, event: Event) -> Iterable[str]:
    """What the event says was used and stands in the way of the certificate, by name."""
    grounds = grounds_of(w.session, w.families, certificate.batch, certificate.issued_on)
    waiting = (one for one in grounds.inputs if one.runs_on(grounds.free_by))
    forbidden = (one.used for one in grounds.forbidden)
    return (one.name for one in (*waiting, *forbidden) if one.event == event.uid)
