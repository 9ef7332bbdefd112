"""What happens to batches is told once, with what is missing, and mended by telling it again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from suyuan.trace.acts.events import correct_event, record_event
from suyuan.trace.acts.evidence import keep_evidence
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.batches import queries as batches
from suyuan.trace.batches.rules import NotEnough
from suyuan.trace.canonical import read_canonical
from suyuan.trace.errors import Conflict, Forbidden, InvalidInput, InvalidInputs, NotFound
from suyuan.trace.events.facts import CorrectionFacts
from suyuan.trace.events.queries import event, events_of, history, newest
from suyuan.trace.events.rules import OtherContent
from suyuan.trace.log.queries import head, record
from suyuan.trace.quantities import Quantity
from tests import world
from tests.world import kg

STORED = {"store_id": "1号库", "temperature_log": "T-7"}


def test_selling_losing_and_disposing_use_up_what_is_in_hand(ledger: Ledger) -> None:
    actor = world.make_producer(ledger)
    code = world.make_batch(ledger, actor)
    world.make_event(ledger, actor, "sell", code, Quantity.of(30_000, "GRM"))
    world.make_event(ledger, actor, "loss", code, kg("0.5"))
    assert world.left(ledger, actor, code) == kg("69.5")
    with pytest.raises(NotEnough, match=r"70 kg of \d+ were to be used; 69\.5 kg are in hand"):
        world.make_event(ledger, actor, "sell", code, kg(70))
    world.make_event(ledger, actor, "dispose", code)
    assert world.left(ledger, actor, code) == kg(0)
    with ledger.database.read() as session:
        assert batches.batch(session, code).state == "closed"


def test_another_dimension_or_nothing_is_refused(ledger: Ledger) -> None:
    actor = world.make_producer(ledger)
    code = world.make_batch(ledger, actor)
    with pytest.raises(InvalidInput, match="measures something else"):
        world.make_event(ledger, actor, "sell", code, Quantity.of(1, "XBG"))
    with pytest.raises(InvalidInput, match="more than nothing"):
        world.make_event(ledger, actor, "sell", code, kg(-1))


def test_a_stocktake_sets_what_is_there_and_never_makes_more_than_came_to_be(
    ledger: Ledger,
) -> None:
    actor, buyer = world.make_producer(ledger), world.make_producer(ledger, "buyer")
    code = world.make_batch(ledger, actor)
    world.make_shipment(ledger, actor, str(buyer.party_uid), code, kg(30))
    world.make_event(ledger, actor, "stocktake", code, kg(60))
    assert world.left(ledger, actor, code) == kg(60)
    world.make_event(ledger, actor, "stocktake", code, kg(70))
    with pytest.raises(Conflict, match="register the surplus"):
        world.make_event(ledger, actor, "stocktake", code, kg(71))
    with pytest.raises(InvalidInput, match="how much was counted"):
        world.make_event(ledger, actor, "stocktake", code)
    world.make_event(ledger, actor, "stocktake", code, kg(0))
    assert world.left(ledger, actor, code) == kg(0)


def test_a_stocktake_that_finds_more_than_the_records_leave_is_taken_with_a_doubt(
    ledger: Ledger,
) -> None:
    actor = world.make_producer(ledger)
    code = world.make_batch(ledger, actor)
    world.make_event(ledger, actor, "sell", code, kg(70))
    uids = [world.make_event(ledger, actor, "stocktake", code, kg(n)) for n in (70, 60, 60, 61)]
    with ledger.database.read() as session:
        told = [[one["code"] for one in event(session, uid).warnings] for uid in uids]
    assert told == [["stock-surplus"], [], [], ["stock-surplus"]]


def test_a_sample_leaves_the_holders_hand_but_a_laboratory_has_nothing_to_lose(
    ledger: Ledger,
) -> None:
    actor = world.make_producer(ledger)
    laboratory = world.make_actor(ledger, world.make_party(ledger, "laboratory"), "analyst")
    code = world.make_batch(ledger, actor)
    world.make_event(ledger, actor, "test", code, kg(2))
    assert world.left(ledger, actor, code) == kg(98)
    uid = world.make_event(ledger, laboratory, "test", code, kg(2))
    assert world.left(ledger, actor, code) == kg(98)
    with ledger.database.read() as session:
        assert event(session, uid).evidence_grade == "third_party"


def test_an_event_says_how_complete_it_is_and_what_is_missing(ledger: Ledger) -> None:
    actor = world.make_producer(ledger)
    code = world.make_batch(ledger, actor)
    site = world.make_site(ledger, actor)
    bare = world.make_event(ledger, actor, "store", code)
    full = world.make_event(ledger, actor, "store", code, payload=STORED, site=site)
    with ledger.database.read() as session:
        poor, good = event(session, bare), event(session, full)
        assert {"where", "store_id"} <= set(poor.missing)
        assert poor.completeness < 100
        assert (good.completeness, good.missing) == (100, [])
        body = read_canonical(record(session, good.record_id).body or b"")
        assert isinstance(body, dict)
        assert body["kde.store_id"] == "1号库"


def test_key_data_of_the_family_are_checked_and_classed(ledger: Ledger) -> None:
    actor = world.make_producer(ledger)
    tag = "254062800000017"
    code = world.make_batch(ledger, actor, Quantity.of(1, "HEA"), family="yak_meat", variant="live")
    given = {"ear_tags": ["2 540628 00000017"], "drug": "口蹄疫疫苗", "veterinarian": "旺堆"}
    uid = world.make_event(ledger, actor, "treat", code, payload=given)
    with ledger.database.read() as session:
        told = event(session, uid)
        assert told.payload["ear_tags"] == [tag]
        assert record(session, told.record_id).classes["kde.veterinarian"] == "personal"
    for payload in ({"ear_tags": ["1"]}, {"colour": "black"}, {"withdrawal_end": "soon"}):
        with pytest.raises(InvalidInputs):
            world.make_event(ledger, actor, "treat", code, payload=payload)


def test_a_kind_happens_only_to_its_families_and_is_told_only_by_its_organisations(
    ledger: Ledger,
) -> None:
    actor = world.make_producer(ledger)
    code = world.make_batch(ledger, actor)
    with pytest.raises(InvalidInput, match="does not happen to grain"):
        world.make_event(ledger, actor, "birth", code)
    with pytest.raises(Forbidden, match="does not record"):
        world.make_event(ledger, actor, "inspect", code)
    for kind in ("register", "split", "recall", "receive", "process"):
        with pytest.raises(InvalidInput, match="not recorded by itself"):
            world.make_event(ledger, actor, kind, code)
    with pytest.raises(InvalidInput, match="no kind of event"):
        world.make_event(ledger, actor, "dance", code)


def test_nobody_records_on_what_was_never_in_its_hands(ledger: Ledger) -> None:
    actor, other = world.make_producer(ledger), world.make_producer(ledger)
    code = world.make_batch(ledger, actor)
    with pytest.raises(Forbidden, match="never in the hands"):
        world.make_event(ledger, other, "store", code)
    with pytest.raises(Forbidden):
        ledger.perform(other, record_event, world.event_facts(ledger, actor, "store", code))
    with pytest.raises(NotFound):
        world.make_event(ledger, actor, "store", "5406280000000000")


def test_a_laboratory_that_nobody_has_checked_is_no_third_party(ledger: Ledger) -> None:
    head = world.make_producer(ledger)
    unchecked = world.make_actor(
        ledger, world.make_party(ledger, "laboratory", active=False), "analyst"
    )
    with pytest.raises(Forbidden, match="never in the hands"):
        world.make_event(ledger, unchecked, "test", world.make_batch(ledger, head))


def test_nobody_speaks_in_the_name_of_a_laboratory_but_its_people(ledger: Ledger) -> None:
    laboratory = world.make_actor(ledger, world.make_party(ledger, "laboratory"), "analyst")
    code = world.make_batch(ledger, world.make_producer(ledger))
    told = world.event_facts(ledger, laboratory, "test", code)
    station = world.make_producer(ledger, "county_station")
    with pytest.raises(Forbidden):
        ledger.perform(station, record_event, told)


def test_a_regulator_inspects_where_it_is_competent(ledger: Ledger) -> None:
    actor = world.make_producer(ledger)
    code = world.make_batch(ledger, actor)
    uid = world.make_event(ledger, world.make_regulator(ledger), "inspect", code)
    with ledger.database.read() as session:
        assert event(session, uid).evidence_grade == "third_party"
    for outside in (
        world.make_regulator(ledger, division=world.KAZUO),
        world.make_regulator(ledger, family="vinegar"),
    ):
        with pytest.raises(Forbidden):
            world.make_event(ledger, outside, "inspect", code)


def test_evidence_makes_an_event_documented_and_a_claim_alone_does_not(ledger: Ledger) -> None:
    actor = world.make_producer(ledger)
    code = world.make_batch(ledger, actor)
    file = ledger.perform(
        actor, keep_evidence, str(actor.party_uid), b"%PDF-1.4\n%%EOF\n", "ticket.pdf"
    )
    uid = world.make_event(ledger, actor, "store", code, evidence=(file,))
    with ledger.database.read() as session:
        told = event(session, uid)
        assert told.evidence_grade == "documented"
        assert [kept.uid for kept in told.evidence] == [file]
    with pytest.raises(InvalidInput, match="attach the document"):
        world.make_event(ledger, actor, "store", code, evidence_grade="documented")
    with pytest.raises(NotFound, match="evidence"):
        world.make_event(ledger, actor, "store", code, evidence=("0" * 26,))


def test_who_answers_and_who_typed_are_kept_apart(ledger: Ledger) -> None:
    station = world.make_actor(
        ledger, world.make_party(ledger, "county_station", division=world.SUO_COUNTY), "clerk"
    )
    owner = world.make_producer(ledger)
    code = world.make_batch(ledger, owner)
    facts = world.event_facts(ledger, owner, "store", code)
    uid = ledger.perform(station, record_event, facts)
    with ledger.database.read() as session:
        told = event(session, uid)
        assert told.party.uid == owner.party_uid
        assert told.person_uid == station.person_uid


def test_the_same_id_is_answered_as_the_first_time_and_other_content_refused(
    ledger: Ledger,
) -> None:
    actor = world.make_producer(ledger)
    code = world.make_batch(ledger, actor)
    facts = world.event_facts(ledger, actor, "sell", code, kg(10), id="phone-0001")
    assert ledger.perform(actor, record_event, facts) == "phone-0001"
    with ledger.database.read() as session:
        size = head(session).size
    assert ledger.perform(actor, record_event, facts) == "phone-0001"
    assert world.left(ledger, actor, code) == kg(90)
    with ledger.database.read() as session:
        assert head(session).size == size
    with pytest.raises(OtherContent):
        world.make_event(ledger, actor, "sell", code, kg(11), id="phone-0001")
    for wrong in ("short", "x" * 65, "with space"):
        with pytest.raises(InvalidInput, match="event id"):
            world.make_event(ledger, actor, "sell", code, kg(1), id=wrong)


def test_an_event_neither_lies_in_the_future_nor_lacks_a_zone(ledger: Ledger) -> None:
    actor = world.make_producer(ledger)
    code = world.make_batch(ledger, actor)
    now = ledger.clock.now()
    world.make_event(ledger, actor, "store", code, happened_at=now + timedelta(minutes=5))
    with pytest.raises(InvalidInput, match="future"):
        world.make_event(ledger, actor, "store", code, happened_at=now + timedelta(hours=1))
    with pytest.raises(InvalidInput, match="zone"):
        world.make_event(ledger, actor, "store", code, happened_at=now.replace(tzinfo=None))


def test_readers_see_the_corrected_state_and_can_open_the_history(ledger: Ledger) -> None:
    actor = world.make_producer(ledger)
    code = world.make_batch(ledger, actor)
    first = world.make_event(ledger, actor, "store", code, payload=STORED, note="dry")
    second = ledger.perform(
        actor, correct_event, CorrectionFacts(first, "wrong store", payload={"store_id": "2号库"})
    )
    third = ledger.perform(actor, correct_event, CorrectionFacts(second, "note", note="damp"))
    with ledger.database.read() as session:
        batch = batches.batch(session, code)
        now = [one for one in events_of(session, [batch.id]) if one.kind == "store"]
        assert [one.uid for one in now] == [third]
        assert now[0].payload == {**STORED, "store_id": "2号库"}
        assert now[0].note == "damp"
        told = history(session, event(session, second))
        assert [one.uid for one in told] == [first, second, third]
        assert (told[0].payload, told[0].note) == (STORED, "dry")
        assert newest(session, told[0]).uid == third
        said = read_canonical(record(session, told[1].record_id).body or b"")
        assert isinstance(said, dict)
        assert (said["corrects"], said["reason"]) == (first, "wrong store")
    with pytest.raises(Conflict, match=f"correct {third}"):
        ledger.perform(actor, correct_event, CorrectionFacts(first, "again"))


def test_only_an_event_that_moved_nothing_is_withdrawn(ledger: Ledger) -> None:
    actor = world.make_producer(ledger)
    code = world.make_batch(ledger, actor)
    stored = world.make_event(ledger, actor, "store", code)
    sold = world.make_event(ledger, actor, "sell", code, kg(1))
    ledger.perform(actor, correct_event, CorrectionFacts(stored, "never stored", withdrawn=True))
    with ledger.database.read() as session:
        batch = batches.batch(session, code)
        assert [one.kind for one in events_of(session, [batch.id])] == [
            "register",
            "clearance",
            "sell",
        ]
    with pytest.raises(Conflict, match="moved quantity"):
        ledger.perform(actor, correct_event, CorrectionFacts(sold, "no", withdrawn=True))
    with pytest.raises(InvalidInput, match="reason"):
        ledger.perform(actor, correct_event, CorrectionFacts(sold, " "))
    for nothing in (
        CorrectionFacts(sold, "again"),
        CorrectionFacts(sold, "again", payload={}),
        CorrectionFacts(sold, "again", note=""),
    ):
        with pytest.raises(InvalidInput, match="Nothing was changed"):
            ledger.perform(actor, correct_event, nothing)


def test_a_correction_is_made_once_and_only_by_those_who_answer(ledger: Ledger) -> None:
    actor, other = world.make_producer(ledger), world.make_producer(ledger)
    code = world.make_batch(ledger, actor)
    uid = world.make_event(ledger, actor, "store", code)
    facts = CorrectionFacts(uid, "wrong", id="mend-0001", note="was empty")
    with pytest.raises(Forbidden):
        ledger.perform(other, correct_event, facts)
    assert ledger.perform(actor, correct_event, facts) == "mend-0001"
    assert ledger.perform(actor, correct_event, facts) == "mend-0001"
