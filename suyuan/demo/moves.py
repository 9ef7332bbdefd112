"""What happens again and again in every story: something is done, sent, received."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from suyuan.demo.scene import Scene
from suyuan.labels.from_facts import try_out
from suyuan.trace.acts.events import record_event
from suyuan.trace.acts.printing import issue_print_run
from suyuan.trace.acts.shipments import receive
from suyuan.trace.events.facts import EventFacts, ReceiptFacts
from suyuan.trace.events.queries import arriving
from suyuan.trace.parties.queries import party
from suyuan.trace.quantities import Quantity

_FROM = {
    "yak_coop": "pasture",
    "plant": "workshop",
    "gatherers": "slopes",
    "sorghum_coop": "fields",
    "brewery": "cellar",
    "millet_coop": "terraces",
    "mill": "mill",
}
"""Where each organisation loads what it sends."""


def happens(
    scene: Scene,
    who: str,
    owner: str,
    kind: str,
    batch: str,
    amount: str | None = None,
    unit: str = "KGM",
    *,
    site: str,
    payload: Mapping[str, Any],
    evidence: tuple[str, ...] = (),
) -> str:
    """Something happens to a batch at a place; returns the event."""
    facts = EventFacts(
        kind,
        scene.parties[owner],
        (scene.part(batch, amount, unit),),
        scene.now(),
        site=scene.sites[site],
        payload=payload,
        evidence=evidence,
        evidence_grade="documented" if evidence else "self_declared",
    )
    return scene.do(who, record_event, facts)


def send(
    scene: Scene,
    who: str,
    owner: str,
    to: str,
    batch: str,
    payload: Mapping[str, Any],
    amount: str | None = None,
    unit: str = "KGM",
) -> str:
    """Ship a batch, or so much of it, from one organisation to another; returns the event."""
    facts = EventFacts(
        "ship",
        scene.parties[owner],
        (scene.part(batch, amount, unit),),
        scene.now(),
        site=scene.sites[_FROM[owner]],
        payload=payload,
        to_party=scene.parties[to],
    )
    return scene.do(who, record_event, facts)


def take(
    scene: Scene,
    who: str,
    owner: str,
    site: str,
    payload: Mapping[str, Any],
    amount: Quantity | None = None,
    reason: str = "",
) -> str:
    """Receive what is on its way to an organisation: whole, or disputed for a reason."""
    with scene.ledger.database.read() as session:
        (shipment,) = arriving(session, party(session, scene.parties[owner]).id)
    facts = ReceiptFacts(
        shipment.uid,
        scene.now(),
        accepted=not reason,
        quantity=amount,
        reason=reason,
        site=scene.sites[site],
        payload=payload,
    )
    return scene.do(who, receive, facts)


def print_labels(
    scene: Scene, who: str, batch: str, count: int, template: str, *, per_package: bool = True
) -> None:
    """Issue labels for a batch; the run is remembered under the batch's name."""
    scene.runs[batch] = scene.do(
        who,
        issue_print_run,
        scene.batches[batch],
        count,
        template,
        per_package,
        try_out=try_out,
    )
