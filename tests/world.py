"""A small world for tests, made through the same acts as everything real.

Each function makes one thing with believable defaults and answers with its outside name, so that
a test says only what it is about.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from itertools import count
from typing import Any

from suyuan.trace.acts.batches import register_batch
from suyuan.trace.acts.events import record_event
from suyuan.trace.acts.papers import register_paper
from suyuan.trace.acts.parties import add_site, apply_for_party, check_party, set_competences
from suyuan.trace.acts.people import add_person
from suyuan.trace.acts.products import add_product
from suyuan.trace.acts.sampling import take_sample
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.acts.transformations import transform
from suyuan.trace.batches import queries as batches
from suyuan.trace.batches.facts import BatchFacts
from suyuan.trace.events.facts import EventFacts, Portion, TransformationFacts
from suyuan.trace.events.queries import event, shipments_by_event
from suyuan.trace.papers.facts import PaperFacts
from suyuan.trace.papers.training import station_training
from suyuan.trace.parties.actor import SYSTEM, Actor
from suyuan.trace.parties.facts import CompetenceFacts, PartyFacts, PersonFacts, SiteFacts
from suyuan.trace.parties.queries import actor_of, party
from suyuan.trace.products.facts import ProductFacts
from suyuan.trace.quantities import Quantity
from suyuan.trace.samples.facts import SampleFacts

SUO_COUNTY = "540626"
SENI_DISTRICT = "540602"
KAZUO = "211324"

_numbers = count(1)


def kg(amount: str | int) -> Quantity:
    """So many kilograms."""
    return Quantity.of(amount, "KGM")


def make_party(
    ledger: Ledger,
    kind: str = "cooperative",
    *,
    name: str | None = None,
    division: str = SUO_COUNTY,
    parent: str | None = None,
    active: bool = True,
    trained: bool = True,
) -> str:
    """An organisation, checked unless ``active`` is False; returns its uid.

    A station that needs trained people has one unless ``trained`` is False.
    """
    facts = PartyFacts(
        kind=kind,
        name=name or f"{kind} {next(_numbers)}",
        division=division,
        parent=parent,
        undertaking=True,
    )
    uid = ledger.perform(SYSTEM, apply_for_party, facts)
    if active:
        ledger.perform(SYSTEM, check_party, uid, "营业执照")
    if trained and kind in station_training().organisations:
        train(ledger, make_actor(ledger, uid))
    return uid


def train(ledger: Ledger, station: Actor, **more: Any) -> str:
    """The certificate of one more trained person of a station, entered by itself; its uid."""
    facts = PaperFacts(
        station_training().paper, f"PX-{next(_numbers)}", str(station.party_uid), **more
    )
    return ledger.perform(station, register_paper, facts)


def make_actor(ledger: Ledger, party_uid: str, role: str = "head") -> Actor:
    """A new person acting in this role for the organisation."""
    number = next(_numbers)
    facts = PersonFacts(name=f"person {number}", phone=f"+86138{number:08d}")
    uid = ledger.perform(SYSTEM, add_person, facts, party_uid, role)
    with ledger.database.read() as session:
        return actor_of(session, uid, party_uid, ledger.clock.now().date(), "web")


def make_producer(ledger: Ledger, kind: str = "cooperative", **more: Any) -> Actor:
    """The head of a new organisation."""
    return make_actor(ledger, make_party(ledger, kind, **more))


def make_regulator(
    ledger: Ledger, division: str = SUO_COUNTY, family: str | None = None, role: str = "supervisor"
) -> Actor:
    """Somebody of an agency that is competent for a division (and one family, where named)."""
    uid = make_party(ledger, "regulator", division=division)
    competence = CompetenceFacts("农业农村局", division, date(2020, 1, 1), family)
    ledger.perform(SYSTEM, set_competences, uid, (competence,))
    return make_actor(ledger, uid, role)


def make_operator(ledger: Ledger) -> Actor:
    """An administrator of the platform."""
    return make_actor(ledger, make_party(ledger, "platform_operator"), "administrator")


def make_site(
    ledger: Ledger,
    actor: Actor,
    *,
    kind: str = "pasture",
    name: str = "夏季牧场",
    division: str = "",
) -> str:
    """A place of the actor's organisation; returns its uid."""
    facts = SiteFacts(
        party=str(actor.party_uid), kind=kind, name=name, division=division or actor.division
    )
    return ledger.perform(actor, add_site, facts)


def make_product(
    ledger: Ledger,
    actor: Actor,
    family: str = "grain",
    variant: str = "millet",
    *,
    name: str = "朝阳小米",
    gtin: str | None = None,
    **more: Any,
) -> str:
    """A product of the actor's organisation; returns its uid."""
    facts = ProductFacts(
        party=str(actor.party_uid), family=family, variant=variant, name=name, gtin=gtin, **more
    )
    return ledger.perform(actor, add_product, facts)


def batch_facts(actor: Actor, quantity: Quantity | None = None, **more: Any) -> BatchFacts:
    """A batch of millet of the actor's organisation, 100 kg unless something else is said."""
    if "product" not in more:
        more = {"family": "grain", "variant": "millet", **more}
    return BatchFacts(
        party=str(actor.party_uid), quantity=kg(100) if quantity is None else quantity, **more
    )


def make_batch(ledger: Ledger, actor: Actor, quantity: Quantity | None = None, **more: Any) -> str:
    """A registered batch; returns its trace code."""
    return ledger.perform(actor, register_batch, batch_facts(actor, quantity, **more))


def event_facts(
    ledger: Ledger, actor: Actor, kind: str, trace_code: str, quantity: Quantity | None = None,
    **more: Any,
) -> EventFacts:  # fmt: skip
    """An event on one batch, now."""
    return EventFacts(
        kind=kind,
        party=str(actor.party_uid),
        batches=(Portion(trace_code, quantity),),
        happened_at=more.pop("happened_at", ledger.clock.now()),
        **more,
    )


def make_event(
    ledger: Ledger, actor: Actor, kind: str, trace_code: str, quantity: Quantity | None = None,
    **more: Any,
) -> str:  # fmt: skip
    """A recorded event; returns its uid."""
    facts = event_facts(ledger, actor, kind, trace_code, quantity, **more)
    return ledger.perform(actor, record_event, facts)


def make_shipment(
    ledger: Ledger, sender: Actor, receiver_uid: str, trace_code: str,
    quantity: Quantity | None = None,
) -> str:  # fmt: skip
    """Goods on their way; returns the shipment's uid."""
    uid = make_event(ledger, sender, "ship", trace_code, quantity, to_party=receiver_uid)
    with ledger.database.read() as session:
        return shipments_by_event(session, event(session, uid).id)[0].uid


def make_sample(ledger: Ledger, actor: Actor, trace_code: str, **more: Any) -> str:
    """A sample of one's own goods, to be sent in; returns its uid."""
    facts = SampleFacts(
        trace_code=trace_code,
        kind="commissioned",
        number=f"S-{next(_numbers)}",
        taken_on=date(2026, 5, 1),
        samplers=("扎西",),
        quantity=kg(1),
    )
    return ledger.perform(actor, take_sample, replace(facts, **more))


def transformation(
    ledger: Ledger,
    actor: Actor,
    kind: str,
    inputs: Mapping[str, Quantity | None],
    outputs: tuple[BatchFacts, ...],
    **more: Any,
) -> TransformationFacts:
    """Batches in, batches out, now."""
    return TransformationFacts(
        kind=kind,
        party=str(actor.party_uid),
        inputs=tuple(Portion(code, quantity) for code, quantity in inputs.items()),
        outputs=outputs,
        happened_at=ledger.clock.now(),
        **more,
    )


def make_split(ledger: Ledger, actor: Actor, trace_code: str, *amounts: str | int) -> list[str]:
    """A batch split into new ones of so many kilograms; returns their trace codes."""
    outputs = tuple(batch_facts(actor, kg(amount)) for amount in amounts)
    whole = kg(str(sum(float(str(amount)) for amount in amounts)))
    facts = transformation(ledger, actor, "split", {trace_code: whole}, outputs)
    made: list[str] = ledger.perform(actor, transform, facts)["batches"]
    return made


def make_merge(ledger: Ledger, actor: Actor, *trace_codes: str) -> str:
    """All that is in hand of some batches, merged into one; returns its trace code."""
    total = sum((left(ledger, actor, code) for code in trace_codes), kg(0))
    facts = transformation(
        ledger, actor, "merge", dict.fromkeys(trace_codes), (batch_facts(actor, total),)
    )
    made: list[str] = ledger.perform(actor, transform, facts)["batches"]
    return made[0]


def left(ledger: Ledger, actor: Actor, trace_code: str) -> Quantity:
    """How much of a batch the actor's organisation has in hand."""
    with ledger.database.read() as session:
        batch = batches.batch(session, trace_code)
        holder = party(session, str(actor.party_uid))
        return Quantity(batches.left(session, batch.id, holder.id), batch.unit)
