"""What was used on goods and told of: forbidden, or too late for a commitment certificate that was
issued before; part of the acts, never called by edges.

The certificate stays: its issuer voids it or says why not. The gate stops the goods meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from suyuan.trace.acts.transaction import Writing
from suyuan.trace.acts.warnings import warn
from suyuan.trace.certificates.grounds import grounds_of
from suyuan.trace.certificates.inputs import forbidden
from suyuan.trace.certificates.queries import issued_for
from suyuan.trace.certificates.tables import Certificate
from suyuan.trace.clock import day_of
from suyuan.trace.events.intervals import inputs_used
from suyuan.trace.events.tables import Event
from suyuan.trace.lineage.queries import closure
from suyuan.trace.notices.wording import Evidence
from suyuan.trace.quality.product_classes import product_classes
from suyuan.trace.words import listed

_RULE: Final = "certificate_overtaken"
_FORBIDDEN: Final = "forbidden_input"


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


def warn_of_forbidden_inputs(w: Writing, event: Event) -> None:
    """Warn of each batch of an event on which something was used that is forbidden there."""
    inputs = inputs_used([event])
    for part in event.batches if inputs else ():
        limits_of = product_classes().of_variant(part.batch.family, part.batch.variant)
        uses = forbidden(inputs, limits_of.key, day_of(event.happened_at)) if limits_of else ()
        if not uses:
            continue
        evidence: Evidence = {
            "trace_code": part.batch.trace_code,
            "event": event.uid,
            "reason": listed(dict.fromkeys(one.substance.names for one in uses)),
        }
        key = f"{event.uid}/{part.batch.trace_code}"
        warn(w, _FORBIDDEN, key, batch=part.batch, evidence=evidence)


def _in_the_way(w: Writing, certificate: Certificate, event: Event) -> Iterable[str]:
    """What the event says was used and stands in the way of the certificate, by name."""
    grounds = grounds_of(w.session, w.families, certificate.batch, certificate.issued_on)
    waiting = (one for one in grounds.inputs if one.runs_on(grounds.free_by))
    forbidden = (one.used for one in grounds.forbidden)
    return (one.name for one in (*waiting, *forbidden) if one.event == event.uid)
