"""One act, one transaction: all of it, once, or nothing."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa

from suyuan.trace.acts.people import add_person
from suyuan.trace.acts.products import add_product, change_product_label
from suyuan.trace.acts.transaction import Ledger, Once, Repeated, Writing
from suyuan.trace.batches.tables import Batch
from suyuan.trace.canonical import read_canonical
from suyuan.trace.errors import Conflict, Forbidden, InvalidInput, NotFound
from suyuan.trace.log.queries import head
from suyuan.trace.log.schemas import RecordSchema, UnclassifiedField
from suyuan.trace.log.tables import Record
from suyuan.trace.parties.actor import SYSTEM
from suyuan.trace.parties.facts import PersonFacts
from suyuan.trace.products.facts import ProductFacts
from suyuan.trace.products.queries import product
from tests import world

NOTE = RecordSchema("note", 1, public=("text",), trade=("price",))


def _say(w: Writing, text: str) -> str:
    return w.record(NOTE, "note", {"text": text, "price": None})


def _size(ledger: Ledger) -> int:
    with ledger.database.read() as session:
        return head(session).size


def test_what_fails_leaves_neither_rows_nor_leaves(ledger: Ledger) -> None:
    before = _size(ledger)

    def half(w: Writing) -> str:
        _say(w, "half")
        raise Conflict("This is as far as it went.")

    with pytest.raises(Conflict):
        ledger.perform(SYSTEM, half)
    assert _size(ledger) == before


def test_asked_again_with_the_same_key_it_is_done_once(ledger: Ledger) -> None:
    actor = world.make_producer(ledger)
    before = _size(ledger)
    answers = {ledger.perform_once(actor, Once("k-1", "same"), _say, "once") for _ in range(3)}
    assert len(answers) == 1
    assert _size(ledger) == before + 1


def test_a_key_is_for_one_request_of_one_asker(ledger: Ledger) -> None:
    actor, other = world.make_producer(ledger), world.make_producer(ledger)
    first = ledger.perform_once(actor, Once("k-1", "one"), _say, "one")
    with pytest.raises(Repeated):
        ledger.perform_once(actor, Once("k-1", "two"), _say, "two")
    assert ledger.perform_once(other, Once("k-1", "two"), _say, "two") != first


def test_asked_many_times_at_once_it_is_done_once(ledger: Ledger) -> None:
    actor = world.make_producer(ledger)
    before, answers = _size(ledger), []

    def ask() -> None:
        answers.append(ledger.perform_once(actor, Once("k-1", "same"), _say, "once"))

    askers = [threading.Thread(target=ask) for _ in range(8)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    assert (len(answers), len(set(answers)), _size(ledger)) == (8, 1, before + 1)


def test_a_record_says_nothing_that_nobody_classified(ledger: Ledger) -> None:
    def careless(w: Writing) -> str:
        return w.record(NOTE, "note", {"text": "a", "phone": "13900000000"})

    with pytest.raises(UnclassifiedField):
        ledger.perform(SYSTEM, careless)


def test_the_bytes_that_are_kept_are_canonical(ledger: Ledger) -> None:
    record_id = ledger.perform(SYSTEM, _say, "牦牛 གཡག")
    with ledger.database.read() as session:
        kept = session.get_one(Record, record_id)
    said: Any = read_canonical(kept.body or b"")
    assert said["text"] == "牦牛 གཡག"
    assert "price" not in said
    assert set(kept.classes) == set(said)


def test_a_reader_cannot_write(ledger: Ledger) -> None:
    with ledger.database.read() as session, pytest.raises(sa.exc.DBAPIError):
        session.execute(sa.delete(Batch))


def _millet(owner: str, **more: Any) -> ProductFacts:
    return ProductFacts(owner, "grain", "millet", "赤眉谷子", **more)


def test_a_product_has_a_family_a_variant_and_a_gtin_of_its_own(ledger: Ledger) -> None:
    actor = world.make_producer(ledger)
    owner = str(actor.party_uid)
    ledger.perform(actor, add_product, _millet(owner, gtin="6901234567892"))
    with pytest.raises(Conflict):
        ledger.perform(actor, add_product, _millet(owner, gtin="06901234567892"))
    with pytest.raises(NotFound):
        ledger.perform(actor, add_product, ProductFacts(owner, "tea", "green", "茶"))
    with pytest.raises(InvalidInput):
        ledger.perform(actor, add_product, ProductFacts(owner, "grain", "rice", "米"))


def test_a_gtin_with_a_wrong_check_digit_warns(ledger: Ledger) -> None:
    actor = world.make_producer(ledger)
    uid = ledger.perform(actor, add_product, _millet(str(actor.party_uid), gtin="6901234567893"))
    with ledger.database.read() as session:
        assert [one["field"] for one in product(session, uid).warnings] == ["gtin"]


def test_only_its_maker_changes_what_a_label_says(ledger: Ledger) -> None:
    actor, other = world.make_producer(ledger), world.make_producer(ledger)
    uid = ledger.perform(actor, add_product, _millet(str(actor.party_uid)))
    with pytest.raises(Forbidden):
        ledger.perform(other, change_product_label, uid, {"net_content": "1 kg"}, True)
    ledger.perform(actor, change_product_label, uid, {"net_content": "1 kg"}, True)
    with ledger.database.read() as session:
        assert product(session, uid).label == {"net_content": "1 kg"}


def test_of_two_who_add_one_number_at_once_both_are_answered(ledger: Ledger) -> None:
    head = world.make_producer(ledger)
    together = threading.Barrier(2)

    def added(role: str) -> str:
        together.wait()
        facts = PersonFacts(name="卓玛", phone="13911112222")
        return ledger.perform(head, add_person, facts, str(head.party_uid), role)

    with ThreadPoolExecutor(2) as both:
        assert len(set(both.map(added, ("clerk", "viewer")))) == 1
