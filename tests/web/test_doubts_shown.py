"""What is hard to believe of a yield stands on every page where the batch or the event does."""

from __future__ import annotations

from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.acts.transformations import transform
from tests.web_clients import another, signed_in, site
from tests.world import (
    batch_facts,
    kg,
    make_batch,
    make_producer,
    make_regulator,
    transformation,
)

WORDS = "More came out than is usual: 0.7 to 0.8 of what goes in."


def test_an_unusual_yield_is_seen_at_the_desk_in_the_chain_and_by_buyers(ledger: Ledger) -> None:
    actor = make_producer(ledger)
    whole = make_batch(ledger, actor)
    outputs = (batch_facts(actor, kg(99), variant="millet_milled"),)
    facts = transformation(ledger, actor, "process", {whole: None}, outputs)
    made = ledger.perform(actor, transform, facts)
    [code], event = made["batches"], made["event"]
    desk = signed_in(site(ledger), ledger, str(actor.person_uid))
    inspector = signed_in(another(desk), ledger, str(make_regulator(ledger).person_uid))
    for client, pages in (
        (desk, (f"/desk/batches/{code}", f"/desk/events/{event}", f"/t/{code}")),
        (
            inspector,
            (
                f"/inspect/batches/{code}",
                f"/inspect/batches/{code}/chain",
                f"/inspect/events/{event}",
            ),
        ),
    ):
        for page in pages:
            assert WORDS in client.get(page).text, page
