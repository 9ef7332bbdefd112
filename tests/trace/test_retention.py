"""What the law has kept is not erased before its day, nor what a case needs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from suyuan.trace.acts.erasing import erase, erase_party
from suyuan.trace.acts.keeping import (
    StillKept,
    lift_legal_hold,
    place_legal_hold,
    reckon_kept,
)
from suyuan.trace.acts.orders import hold, lift, recall
from suyuan.trace.acts.shipments import receive
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.acts.transformations import transform
from suyuan.trace.batches.facts import ShareFacts
from suyuan.trace.clock import SetClock
from suyuan.trace.errors import Conflict, Forbidden, InvalidInput, NotFound
from suyuan.trace.events.facts import ReceiptFacts
from suyuan.trace.events.tables import Event
from suyuan.trace.log.audit import check_log
from suyuan.trace.log.projection_audit import audit_projections
from suyuan.trace.log.tables import Record
from suyuan.trace.parties.actor import SYSTEM, Actor
from suyuan.trace.projections import PROJECTIONS
from suyuan.trace.records import SCHEMAS
from suyuan.trace.retention.due import due, page_of_due
from suyuan.trace.retention.queries import batches_of, kept_until, recorded
from suyuan.trace.retention.rules import Keeping, Recorded, keeping, retention_rules
from suyuan.trace.retention.tables import KeptUntil, Reckoned
from tests import world

DAY = date(2026, 6, 1)
NAME = "扎西平措多吉"
BECAUSE = "withdrawn_consent"


def event(kind: str, party: str, **more: Any) -> Recorded:
    return Recorded("event/1", DAY, kind, party, **more)


@pytest.mark.parametrize(
    ("said", "fields", "rule", "until"),
    [
        (event("input_use", "cooperative"), ["kde.a"], "production_record", date(2028, 6, 1)),
        (
            event("treat", "cooperative", families=frozenset({"yak_meat"})),
            ["kde.veterinarian"],
            "cattle_file",
            date(2046, 6, 1),
        ),
        (
            event("sell", "cooperative", families=frozenset({"yak_meat", "yak_meat/live"})),
            ["kde.buyer"],
            "cattle_moves",
            date(2046, 6, 1),
        ),
        (
            event("sell", "cooperative", families=frozenset({"yak_meat", "yak_meat/fresh_meat"})),
            ["kde.buyer"],
            "platform_trade",
            date(2029, 6, 1),
        ),
        (
            event("treat", "cooperative", families=frozenset({"grain"})),
            ["kde.veterinarian"],
            "production_record",
            date(2028, 6, 1),
        ),
        (
            event("purchase", "processor", best_before=date(2027, 8, 31)),
            ["kde.seller"],
            "food_purchase",
            date(2028, 2, 29),
        ),
        (event("purchase", "processor"), ["kde.seller"], "food_purchase", date(2028, 6, 1)),
        (event("purchase", "buyer"), ["kde.seller"], "food_purchase", date(2028, 6, 1)),
        (
            event("purchase", "buyer", best_before=date(2026, 6, 2)),
            ["kde.seller"],
            "food_purchase",
            date(2026, 12, 2),
        ),
        (event("ship", "logistics"), ["kde.handed_over_by"], "carriage", date(2028, 6, 1)),
        (event("sell", "cooperative"), ["kde.buyer"], "platform_trade", date(2029, 6, 1)),
        (event("recall", "regulator"), ["kde.responsible"], "recall_record", date(2028, 6, 1)),
        (event("dispose", "cooperative"), ["kde.responsible"], "recall_record", date(2028, 6, 1)),
        (
            Recorded("commitment_certificate/1", DAY, stated=date(2026, 12, 1)),
            ["contact"],
            "commitment_certificates",
            date(2026, 12, 1),
        ),
        (event("purchase", "cooperative"), ["kde.seller"], None, None),
        (event("treat", "cooperative"), ["typed_by"], None, None),
        (Recorded("person/1", DAY), ["name", "phone"], None, None),
    ],
)
def test_the_longest_rule_that_applies_keeps_it(
    said: Recorded, fields: list[str], rule: str | None, until: date | None
) -> None:
    found = keeping(said, fields)
    assert (found.rule.key if found else None) == rule
    assert (found.until if found else None) == until


@given(
    st.sampled_from(["treat", "purchase", "ship", "sell", "recall", "harvest"]),
    st.sampled_from(["cooperative", "processor", "retailer", "logistics"]),
    st.dates(date(2020, 1, 1), date(2030, 12, 31)),
    st.none() | st.dates(date(2020, 1, 1), date(2035, 12, 31)),
)
def test_no_rule_that_applies_ends_later(
    kind: str, party: str, day: date, best_before: date | None
) -> None:
    said = Recorded("event/1", day, kind, party, frozenset({"yak_meat"}), best_before)
    found = keeping(said, ["kde.x"])
    ends = [one.until(said) for one in retention_rules() if one.applies_to(said)]
    assert max((end for end in ends if end), default=None) == (found.until if found else None)


# --- erasing -------------------------------------------------------------------------------------


def bought(ledger: Ledger, kind: str = "processor") -> tuple[Actor, str, str]:
    """A processor that bought a batch from a named person: the actor, the batch, the record."""
    actor = world.make_producer(ledger, kind)
    code = world.make_batch(ledger, actor)
    world.make_event(ledger, actor, "purchase", code, payload={"seller": NAME})
    return actor, code, record_of(ledger, "event/1", "kde.seller")


def record_of(ledger: Ledger, schema: str, field: str) -> str:
    with ledger.database.read() as session:
        query = sa.select(Record).where(Record.schema == schema).order_by(Record.leaf_index.desc())
        return next(one.id for one in session.scalars(query) if field in one.classes)


def later(ledger: Ledger, days: int) -> Ledger:
    """The same installation so many days on."""
    return replace(ledger, clock=SetClock(ledger.clock.now() + timedelta(days=days)))


def sound(ledger: Ledger) -> None:
    with ledger.database.read() as session:
        assert check_log(session, SCHEMAS).sound
        assert audit_projections(session, PROJECTIONS) == ()


def test_erasing_waits_for_the_day_and_names_day_and_rule(ledger: Ledger) -> None:
    _, _, record = bought(ledger)
    with pytest.raises(StillKept) as refused:
        ledger.perform(SYSTEM, erase, record, ("kde.seller",), BECAUSE)
    told: dict[str, Any] = dict(refused.value.params)
    day = told["day"]
    assert told["rule"].zh.startswith("进货查验记录")
    assert "食品安全法" in told["source"].zh
    days = (day - ledger.clock.now().date()).days
    on_the_last_day = later(ledger, days)
    with pytest.raises(StillKept):
        on_the_last_day.perform(SYSTEM, erase, record, ("kde.seller",), BECAUSE)
    later(ledger, days + 1).perform(SYSTEM, erase, record, ("kde.seller",), BECAUSE)
    sound(ledger)


def test_the_record_of_a_carriage_is_kept_from_its_end(ledger: Ledger, clock: SetClock) -> None:
    head, shop = world.make_producer(ledger), world.make_producer(ledger, "buyer")
    code = world.make_batch(ledger, head)
    sent = world.make_shipment(ledger, head, str(shop.party_uid), code)
    clock.move(clock.now() + timedelta(days=20))
    ledger.perform(shop, receive, ReceiptFacts(sent, clock.now(), True))
    with ledger.database.read() as session:
        (told,) = session.scalars(sa.select(Event).where(Event.kind == "ship"))
        record = session.get_one(Record, told.record_id)
        found = recorded(session, record, batches_of(session, record))
    assert found.day == clock.now().date()


def test_who_typed_is_kept_by_no_rule(ledger: Ledger) -> None:
    _, _, record = bought(ledger)
    ledger.perform(SYSTEM, erase, record, ("typed_by",), BECAUSE)
    sound(ledger)


def test_households_of_a_processors_batch_are_its_purchase_record(ledger: Ledger) -> None:
    shares = (ShareFacts(NAME, quantity=world.kg(100)),)
    world.make_batch(ledger, world.make_producer(ledger, "processor"), shares=shares)
    record = record_of(ledger, "batch/1", "shares")
    with pytest.raises(StillKept):
        ledger.perform(SYSTEM, erase, record, ("shares",), BECAUSE)


def test_what_is_due_is_listed_from_the_day_after(ledger: Ledger) -> None:
    _, _, record = bought(ledger)

    def listed(today: date) -> list[tuple[str, tuple[str, ...], bool]]:
        with ledger.database.read() as session:
            return [(o.record.id, o.fields, o.held) for o in due(session, SCHEMAS, today)]

    with ledger.database.read() as session:
        row = session.get_one(Record, record)
        kept = kept_until(session, row, batches_of(session, row), ("kde.seller",))
    assert isinstance(kept, Keeping)
    assert listed(kept.until) == []
    assert listed(kept.until + timedelta(days=1)) == [(record, ("kde.seller",), False)]


def test_what_is_due_is_reckoned_once_and_found_by_its_day(ledger: Ledger) -> None:
    _, _, first = bought(ledger)
    assert reckon_kept(ledger) == 1
    assert reckon_kept(ledger) == 0
    _, _, later = bought(ledger)
    then = DAY.replace(year=DAY.year + 30)

    def listed() -> list[str]:
        with ledger.database.read() as session:
            return [one.record.id for one in due(session, SCHEMAS, then)]

    assert listed() == [first, later], "also what was recorded since"
    assert reckon_kept(ledger) == 1
    assert sorted(listed()) == sorted([first, later]), "by the day, which is one"
    at_due = replace(ledger, clock=SetClock(ledger.clock.now() + timedelta(days=11000)))
    at_due.perform(SYSTEM, erase, first, ("kde.seller",), BECAUSE)
    assert listed() == [later]
    with ledger.database.read() as session:
        assert session.scalars(sa.select(KeptUntil.record_id)).all() == [later]
        assert _plan(session, page_of_due(then, (DAY, ""))).count("ix_kept_until_day") == 1


def test_other_rules_have_all_reckoned_anew(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    bought(ledger)
    assert reckon_kept(ledger) == 1
    for place in ("retention.due", "acts.keeping"):
        monkeypatch.setattr(f"suyuan.trace.{place}.rules_state", lambda: "other")
    assert reckon_kept(ledger) == 1
    with ledger.database.read() as session:
        assert [one.rules for one in session.scalars(sa.select(Reckoned))] == ["other"]


def _plan(session: Session, query: sa.Select[Record, date]) -> str:
    """How the database would look for it; of few rows PostgreSQL would rather read all."""
    written = query.compile(session.connection().engine, compile_kwargs={"literal_binds": True})
    if session.connection().dialect.name == "sqlite":
        return str(session.execute(sa.text(f"EXPLAIN QUERY PLAN {written}")).all())
    session.execute(sa.text("SET LOCAL enable_seqscan = off"))
    return str(session.execute(sa.text(f"EXPLAIN {written}")).all())


# --- cases ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("about", ["batch", "party", "record"])
def test_a_legal_hold_keeps_until_a_person_lifts_it(ledger: Ledger, about: str) -> None:
    actor, code, record = bought(ledger, "cooperative")
    named = {"batch": code, "party": str(actor.party_uid), "record": record}[about]
    regulator = world.make_regulator(ledger)
    uid = ledger.perform(regulator, place_legal_hold, named, "案件 2026-17")
    with pytest.raises(StillKept) as refused:
        ledger.perform(SYSTEM, erase, record, ("kde.seller",), BECAUSE)
    assert refused.value.params["hold"] == uid
    for who in (SYSTEM, world.make_operator(ledger), world.make_regulator(ledger)):
        with pytest.raises(Forbidden):
            ledger.perform(who, lift_legal_hold, uid, "结案")
    ledger.perform(regulator, lift_legal_hold, uid, "结案")
    with pytest.raises(Conflict):
        ledger.perform(regulator, lift_legal_hold, uid, "结案")
    ledger.perform(SYSTEM, erase, record, ("kde.seller",), BECAUSE)
    sound(ledger)


def test_a_held_organisation_is_not_forgotten(ledger: Ledger) -> None:
    head = world.make_producer(ledger)
    group = world.make_party(ledger, "household_group", name=NAME, parent=str(head.party_uid))
    operator = world.make_operator(ledger)
    uid = ledger.perform(operator, place_legal_hold, group, "投诉")
    with pytest.raises(StillKept):
        ledger.perform(operator, erase_party, group, BECAUSE)
    ledger.perform(operator, lift_legal_hold, uid, "已答复")
    ledger.perform(operator, erase_party, group, BECAUSE)
    sound(ledger)


def test_nothing_of_a_recalled_or_held_batch_goes_before_the_order_ends(ledger: Ledger) -> None:
    actor, code, record = bought(ledger, "cooperative")
    order = ledger.perform(actor, hold, code, "复检")
    with pytest.raises(StillKept, match="is open"):
        ledger.perform(SYSTEM, erase, record, ("kde.seller",), BECAUSE)
    ledger.perform(actor, lift, order, "合格")
    ledger.perform(SYSTEM, erase, record, ("kde.seller",), BECAUSE)


@pytest.mark.parametrize("case", [recall, place_legal_hold])
def test_a_case_about_what_was_made_keeps_what_it_was_made_of(ledger: Ledger, case: Any) -> None:
    actor, raw, record = bought(ledger, "cooperative")
    output = world.batch_facts(actor, world.kg(40), variant="millet_milled")
    facts = world.transformation(ledger, actor, "process", {raw: None}, (output,))
    (made,) = ledger.perform(actor, transform, facts)["batches"]
    ledger.perform(world.make_regulator(ledger), case, made, "沙门氏菌")
    with pytest.raises(StillKept):
        ledger.perform(SYSTEM, erase, record, ("kde.seller",), BECAUSE)


def test_a_case_about_a_batch_keeps_its_sampling_sheet(ledger: Ledger) -> None:
    actor, code, _ = bought(ledger, "cooperative")
    world.make_sample(ledger, actor, code)
    sheet, regulator = record_of(ledger, "sample/1", "samplers"), world.make_regulator(ledger)
    uid = ledger.perform(regulator, place_legal_hold, code, "案件 2026-18")
    with pytest.raises(StillKept, match="legal hold keeps this"):
        ledger.perform(SYSTEM, erase, sheet, ("samplers",), BECAUSE)
    ledger.perform(regulator, lift_legal_hold, uid, "结案")
    ledger.perform(SYSTEM, erase, sheet, ("samplers",), BECAUSE)


def test_who_may_hold_what(ledger: Ledger) -> None:
    actor, code, _ = bought(ledger, "cooperative")
    for who in (actor, world.make_regulator(ledger, world.KAZUO)):
        with pytest.raises(Forbidden):
            ledger.perform(who, place_legal_hold, code, "案件")
    operator = world.make_operator(ledger)
    with pytest.raises(NotFound):
        ledger.perform(operator, place_legal_hold, "01kt07nv00nobodyatall00000", "案件")
    with pytest.raises(InvalidInput):
        ledger.perform(operator, place_legal_hold, code, " ")
    with pytest.raises(Forbidden):
        ledger.perform(SYSTEM, place_legal_hold, code, "案件")
