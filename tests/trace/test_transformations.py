"""Batches go in and new ones come out; nothing is made of nothing, and no chain is a ring."""

from __future__ import annotations

from decimal import Decimal

import pytest
import sqlalchemy as sa

from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.acts.transformations import transform
from suyuan.trace.batches import queries as batches
from suyuan.trace.batches.rules import NotEnough
from suyuan.trace.batches.tables import Batch, Link
from suyuan.trace.errors import Conflict, Forbidden, InvalidInput
from suyuan.trace.events.queries import event, events_of
from suyuan.trace.events.rules import OtherContent
from suyuan.trace.lineage import queries as lineage
from suyuan.trace.quantities import Quantity
from tests import world
from tests.world import kg


def _links(ledger: Ledger) -> dict[tuple[str, str], Decimal | None]:
    with ledger.database.read() as session:
        codes = {row.id: row.trace_code for row in session.scalars(sa.select(Batch))}
        return {
            (codes[link.parent_id], codes[link.child_id]): link.quantity
            for link in session.scalars(sa.select(Link))
        }


def test_a_split_uses_up_what_goes_in_and_links_what_comes_out(ledger: Ledger) -> None:
    actor = world.make_producer(ledger)
    whole = world.make_batch(ledger, actor)
    first, second = world.make_split(ledger, actor, whole, 60, 30)
    assert world.left(ledger, actor, whole) == kg(10)
    assert world.left(ledger, actor, first) == kg(60)
    assert _links(ledger) == {(whole, first): 60, (whole, second): 30}
    with ledger.database.read() as session:
        batch = batches.batch(session, whole)
        told = events_of(session, [batch.id])
        assert [one.kind for one in told] == ["register", "split"]
        made = events_of(session, [batches.batch(session, first).id])
        assert [one.kind for one in made] == ["split"]


def test_a_merge_links_every_batch_with_what_it_gave(ledger: Ledger) -> None:
    actor = world.make_producer(ledger)
    one, two = world.make_batch(ledger, actor), world.make_batch(ledger, actor, kg(50))
    merged = world.make_merge(ledger, actor, one, two)
    assert _links(ledger) == {(one, merged): 100, (two, merged): 50}
    with ledger.database.read() as session:
        assert batches.batch(session, one).state == "closed"
        assert batches.batch(session, merged).quantity == 150


def test_more_never_comes_out_of_a_split_than_went_in(ledger: Ledger) -> None:
    actor = world.make_producer(ledger)
    whole = world.make_batch(ledger, actor)
    outputs = (world.batch_facts(actor, kg(60)), world.batch_facts(actor, Quantity.of(41, "KGM")))
    with pytest.raises(Conflict, match="101 kg cannot come out of 100 kg"):
        ledger.perform(
            actor, transform, world.transformation(ledger, actor, "split", {whole: None}, outputs)
        )
    with pytest.raises(NotEnough):
        world.make_split(ledger, actor, whole, 101)
    assert world.left(ledger, actor, whole) == kg(100)


def test_more_never_comes_out_of_a_sorting_than_went_in(ledger: Ledger) -> None:
    actor = world.make_producer(ledger)
    whole = world.make_batch(ledger, actor)
    outputs = (world.batch_facts(actor, kg(60)), world.batch_facts(actor, kg(50)))
    facts = world.transformation(ledger, actor, "sort", {whole: None}, outputs)
    with pytest.raises(Conflict, match="110 kg cannot come out of 100 kg"):
        ledger.perform(actor, transform, facts)


def test_repacking_into_bags_cannot_be_weighed_and_is_let_through(ledger: Ledger) -> None:
    actor = world.make_producer(ledger)
    whole = world.make_batch(ledger, actor)
    bags = (world.batch_facts(actor, Quantity.of(200, "XBG")),)
    facts = world.transformation(ledger, actor, "repack", {whole: None}, bags)
    (code,) = ledger.perform(actor, transform, facts)["batches"]
    assert world.left(ledger, actor, code) == Quantity.of(200, "XBG")


def test_processing_may_change_family_and_weight(ledger: Ledger) -> None:
    actor = world.make_producer(ledger, "processor")
    sorghum = world.make_batch(ledger, actor, variant="sorghum")
    vinegar = world.batch_facts(
        actor, Quantity.of(450, "LTR"), family="vinegar", variant="solid_state_aged"
    )
    facts = world.transformation(
        ledger, actor, "process", {sorghum: kg(90)}, (vinegar,), payload={"recipe": "熏醅"}
    )
    answer = ledger.perform(actor, transform, facts)
    assert _links(ledger) == {(sorghum, answer["batches"][0]): 90}
    with ledger.database.read() as session:
        assert event(session, answer["event"]).payload == {"recipe": "熏醅"}


def test_goods_are_not_made_of_a_family_that_they_are_never_made_of(ledger: Ledger) -> None:
    actor = world.make_producer(ledger)
    sorghum = world.make_batch(ledger, actor, family="grain", variant="sorghum")
    made = (world.batch_facts(actor, kg(1), family="cordyceps", variant="dried"),)
    facts = world.transformation(ledger, actor, "process", {sorghum: None}, made)
    with pytest.raises(InvalidInput, match="cordyceps is not made of grain") as refused:
        ledger.perform(actor, transform, facts)
    assert refused.value.field == "outputs"
    assert world.left(ledger, actor, sorghum) == kg(100), "nothing was used up"


def test_different_goods_are_not_merged(ledger: Ledger) -> None:
    actor = world.make_producer(ledger, "processor")
    raw = world.make_batch(ledger, actor, family="yak_meat", variant="raw_air_dried")
    cooked = world.make_batch(ledger, actor, family="yak_meat", variant="cooked_jerky")
    output = (world.batch_facts(actor, kg(200), family="yak_meat", variant="cooked_jerky"),)
    facts = world.transformation(ledger, actor, "merge", {raw: None, cooked: None}, output)
    with pytest.raises(Conflict, match="different goods"):
        ledger.perform(actor, transform, facts)


def test_a_slaughter_keeps_the_ear_tags_findable_down_the_chain(ledger: Ledger) -> None:
    actor = world.make_producer(ledger, "processor")
    tag = "254062800000017"
    live = world.make_batch(
        ledger,
        actor,
        Quantity.of(1, "HEA"),
        family="yak_meat",
        variant="live",
        attributes={"ear_tags": [tag]},
    )
    meat = world.batch_facts(actor, kg(150), family="yak_meat", variant="fresh")
    facts = world.transformation(
        ledger, actor, "slaughter", {live: None}, (meat,), payload={"ear_tags_in": [tag]}
    )
    (fresh,) = ledger.perform(actor, transform, facts)["batches"]
    with ledger.database.read() as session:
        marked, batch = batches.batch(session, live), batches.batch(session, fresh)
        found = lineage.inherited_marks(session, batch.id, "ear_tag", most=100)
        assert found == [(marked.id, tag)]


def test_what_is_asked_must_make_sense(ledger: Ledger) -> None:
    actor, other = world.make_producer(ledger), world.make_producer(ledger)
    one, two = world.make_batch(ledger, actor), world.make_batch(ledger, actor)
    some = (world.batch_facts(actor, kg(1)),)

    def refused(error: type[Exception], kind: str, *args: object, match: str) -> None:
        facts = world.transformation(ledger, actor, kind, *args)  # type: ignore[arg-type]
        with pytest.raises(error, match=match):
            ledger.perform(actor, transform, facts)

    refused(InvalidInput, "split", {one: None, two: None}, some, match="One batch is split")
    refused(InvalidInput, "merge", {one: None}, some, match="two or more")
    refused(InvalidInput, "split", {}, some, match="went in")
    refused(InvalidInput, "split", {one: None}, (), match="came out")
    refused(InvalidInput, "store", {one: None}, some, match="makes no batches")
    refused(InvalidInput, "slaughter", {one: None}, some, match="does not happen to grain|record")
    theirs = (world.batch_facts(other, kg(1)),)
    refused(InvalidInput, "split", {one: None}, theirs, match="belongs to whoever made it")
    facts = world.transformation(ledger, actor, "split", {one: None}, some)
    with pytest.raises(Forbidden):
        ledger.perform(other, transform, facts)


def test_a_repeated_transformation_is_answered_as_the_first_time(ledger: Ledger) -> None:
    actor = world.make_producer(ledger)
    whole = world.make_batch(ledger, actor)
    outputs = tuple(world.batch_facts(actor, kg(10)) for _ in range(5))
    facts = world.transformation(ledger, actor, "split", {whole: kg(50)}, outputs, id="split-0001")
    first = ledger.perform(actor, transform, facts)
    assert ledger.perform(actor, transform, facts) == first
    assert world.left(ledger, actor, whole) == kg(50)
    other = world.transformation(
        ledger, actor, "split", {whole: kg(49)}, outputs[:4], id="split-0001"
    )
    with pytest.raises(OtherContent):
        ledger.perform(actor, transform, other)


def test_no_chain_leads_back_into_itself(ledger: Ledger) -> None:
    """What comes out is always new, so every link leads from an older batch to a younger one."""
    actor = world.make_producer(ledger)
    codes = [world.make_batch(ledger, actor) for _ in range(3)]
    for _ in range(4):
        parts = [part for code in codes for part in world.make_split(ledger, actor, code, 10, 5)]
        codes = [world.make_merge(ledger, actor, *parts[at::3]) for at in range(3)]
    with ledger.database.read() as session:
        links = session.execute(sa.select(Link.parent_id, Link.child_id)).all()
        assert len(links) == 4 * (6 + 6)
        assert all(parent < child for parent, child in links)
        last = batches.batch(session, codes[0])
        assert lineage.closure(session, last.id) == [last.id]
