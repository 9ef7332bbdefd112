"""A chain over two counties, and inspectors of either and of neither, each at a browser."""

from __future__ import annotations

from dataclasses import dataclass

from suyuan.trace.acts.shipments import receive
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.acts.transformations import transform
from suyuan.trace.batches.facts import BatchFacts
from suyuan.trace.events.facts import ReceiptFacts
from suyuan.trace.parties.actor import Actor
from tests import world
from tests.jerky import SUO_COUNTY, Jerky, give_papers_to_go, make_jerky
from tests.web_clients import Client, another, signed_in, site
from tests.world import KAZUO, kg

BAISHA = "469025"
"""A county that has nothing to do with the chain."""


@dataclass(frozen=True)
class Chain:
    """Animals and jerky of 索县, shipped to 喀左 and packed there; three inspectors."""

    jerky: Jerky
    packer: Actor
    packed: str
    sale: str
    here: Client
    there: Client
    elsewhere: Client
    inspectors: dict[str, Actor]


def make_chain(ledger: Ledger) -> Chain:
    """The chain, from the pasture to a sale in the other county."""
    jerky = make_jerky(ledger)
    give_papers_to_go(ledger, jerky)
    packer = world.make_producer(ledger, "processor", name="喀左食品有限公司", division=KAZUO)
    sent = world.make_shipment(ledger, jerky.actor, str(packer.party_uid), jerky.trace_code, kg(40))
    ledger.perform(packer, receive, ReceiptFacts(sent, ledger.clock.now(), True))
    repacked = BatchFacts(
        str(packer.party_uid),
        kg(40),
        family="yak_meat",
        variant="raw_air_dried",
        name="牦牛肉干礼盒",
    )
    made = ledger.perform(
        packer,
        transform,
        world.transformation(ledger, packer, "repack", {jerky.trace_code: kg(40)}, (repacked,)),
    )
    packed: str = made["batches"][0]
    sale = world.make_event(ledger, packer, "sell", packed, kg(5), note="=1+1 三号店")
    inspectors = {
        "here": world.make_regulator(ledger, SUO_COUNTY),
        "there": world.make_regulator(ledger, KAZUO),
        "elsewhere": world.make_regulator(ledger, BAISHA),
    }
    first = site(ledger)
    clients = {
        name: signed_in(first if name == "here" else another(first), ledger, str(actor.person_uid))
        for name, actor in inspectors.items()
    }
    return Chain(jerky, packer, packed, sale, **clients, inspectors=inspectors)
