"""Foreign carriers: bound to one thing at a time, found by their number, unbound again."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from suyuan.trace.acts.carriers import bind_carrier, unbind_carrier
from suyuan.trace.acts.printing import issue_print_run
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.acts.voiding import void_code
from suyuan.trace.carriers.facts import CarrierFacts
from suyuan.trace.carriers.kinds import carrier_kind
from suyuan.trace.carriers.queries import carrier, carriers_by_number
from suyuan.trace.errors import Conflict, Forbidden, InvalidInput, NotFound
from suyuan.trace.log.tables import Record
from suyuan.trace.oversight.search import search
from suyuan.trace.parties.actor import Actor
from suyuan.trace.passport import Passport, passport_of
from suyuan.trace.printing.content import IssuedLabel
from suyuan.trace.printing.queries import codes_of
from tests.world import make_actor, make_batch, make_producer, make_product

UID = "04A2245BC15E80"
ORGANIC = "01526123456789012"


def _label(ledger: Ledger, actor: Actor, code: str) -> IssuedLabel:
    run = ledger.perform(actor, issue_print_run, code, 1, "trace-50x30", try_out=lambda *_: None)
    with ledger.database.read() as session:
        return codes_of(session, run)[0]


def _bind(ledger: Ledger, actor: Actor, kind: str, number: str, code: str) -> str:
    return ledger.perform(actor, bind_carrier, CarrierFacts(kind, number, code))


def _passport(ledger: Ledger, path: str) -> Passport:
    with ledger.database.read() as session:
        found = passport_of(session, ledger.families, path, now=ledger.clock.now())
    assert isinstance(found, Passport)
    return found


@pytest.mark.parametrize("written", ["{0}", "{1}", "{2} {3}", "{2}-{3}"])
@pytest.mark.parametrize("gtin", [None, "06901234567892"])
def test_a_carrier_is_bound_by_any_writing_of_the_label(
    ledger: Ledger, written: str, gtin: str | None
) -> None:
    actor = make_producer(ledger)
    product = make_product(ledger, actor, gtin=gtin)
    code = make_batch(ledger, actor, product=product, lot="A1")
    label = _label(ledger, actor, code)
    typed = written.format(label.url, label.path, code, label.serial)
    uid = _bind(ledger, actor, "nfc", UID, typed)
    with ledger.database.read() as session:
        assert carrier(session, uid).path == label.path
    (bound,) = _passport(ledger, label.path).carriers
    assert (bound.kind, bound.number, bound.at) == ("nfc", UID, ledger.clock.now())


def test_a_batch_is_found_by_a_carrier_under_each_of_its_paths(ledger: Ledger) -> None:
    actor = make_producer(ledger)
    product = make_product(ledger, actor, gtin="06901234567892")
    code = make_batch(ledger, actor, product=product, lot="A1")
    _bind(ledger, actor, "organic", ORGANIC, code)
    for path in (f"/t/{code}", "/01/06901234567892/10/A1"):
        assert [one.number for one in _passport(ledger, path).carriers] == [ORGANIC]


def test_a_number_is_bound_to_one_thing_until_it_is_unbound(ledger: Ledger) -> None:
    actor = make_producer(ledger)
    first, second = make_batch(ledger, actor), make_batch(ledger, actor)
    uid = _bind(ledger, actor, "nfc", UID, first)
    with pytest.raises(Conflict, match="already"):
        _bind(ledger, actor, "nfc", "04:a2:24:5b:c1:5e:80", second)
    _bind(ledger, actor, "hologram", UID, second)  # another kind is another number
    ledger.perform(actor, unbind_carrier, uid, "标签损坏")
    _bind(ledger, actor, "nfc", UID, second)
    assert _passport(ledger, f"/t/{first}").carriers == ()
    assert len(_passport(ledger, f"/t/{second}").carriers) == 2
    with pytest.raises(Conflict):
        ledger.perform(actor, unbind_carrier, uid, "标签损坏")


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        ("nfc", "04 a2 24 5b c1 5e 80", UID),
        ("nfc", "0a-b1-c2-d3", "0AB1C2D3"),
        ("nfc", "E004015012345678", "E004015012345678"),
        ("hologram", "hg-2026/01".replace("/", "."), "HG2026.01"),
        ("organic", "０１５２６ 1234 5678 9012", ORGANIC),
    ],
)
def test_numbers_are_kept_as_they_are_compared(kind: str, typed: str, kept: str) -> None:
    assert carrier_kind(kind).read(typed) == kept


@pytest.mark.parametrize(
    ("kind", "typed"), [("nfc", "04A2"), ("nfc", "hello!"), ("hologram", "x"), ("organic", "有机")]
)
def test_what_a_kind_never_writes_is_refused(ledger: Ledger, kind: str, typed: str) -> None:
    actor = make_producer(ledger)
    with pytest.raises(InvalidInput):
        _bind(ledger, actor, kind, typed, make_batch(ledger, actor))


@pytest.mark.parametrize(
    ("kind", "number", "warned"),
    [
        ("organic", ORGANIC, False), ("organic", ORGANIC + "3", True), ("organic", "A123", True),
        ("nfc", UID, False), ("nfc", "08123456", True), ("nfc", "18123456", False),
    ],
)  # fmt: skip
def test_what_is_unusual_is_taken_with_a_warning(
    ledger: Ledger, kind: str, number: str, warned: bool
) -> None:
    actor = make_producer(ledger)
    uid = _bind(ledger, actor, kind, number, make_batch(ledger, actor))
    with ledger.database.read() as session:
        assert bool(carrier(session, uid).warnings) is warned


def test_only_who_prints_for_the_owner_binds_and_unbinds(ledger: Ledger) -> None:
    owner, other = make_producer(ledger), make_producer(ledger)
    code = make_batch(ledger, owner)
    for actor in (other, make_actor(ledger, str(owner.party_uid), "viewer")):
        with pytest.raises(Forbidden):
            _bind(ledger, actor, "nfc", UID, code)
    uid = _bind(ledger, owner, "nfc", UID, code)
    with pytest.raises(Forbidden):
        ledger.perform(other, unbind_carrier, uid, "恶作剧")


def test_nothing_is_bound_to_what_was_never_issued_or_is_void(ledger: Ledger) -> None:
    actor = make_producer(ledger)
    code = make_batch(ledger, actor)
    label = _label(ledger, actor, code)
    for nowhere in (f"/t/{code}/000000000000", "/01/06901234567892/10/A1"):
        with pytest.raises(NotFound):
            _bind(ledger, actor, "nfc", UID, nowhere)
    ledger.perform(actor, void_code, label.path, "标签破损")
    with pytest.raises(Conflict):
        _bind(ledger, actor, "nfc", UID, label.path)
    with pytest.raises(NotFound):
        _bind(ledger, actor, "barcode", UID, code)


def test_binding_and_unbinding_are_records_in_the_log(ledger: Ledger) -> None:
    actor = make_producer(ledger)
    uid = _bind(ledger, actor, "nfc", UID, make_batch(ledger, actor))
    ledger.perform(actor, unbind_carrier, uid, "标签损坏")
    with ledger.database.read() as session:
        said = session.scalars(
            sa.select(Record.type).where(Record.subject == uid).order_by(Record.leaf_index)
        )
        assert list(said) == ["carrier_bound", "carrier_unbound"]


def test_an_inspector_finds_it_by_what_is_written_on_it(ledger: Ledger) -> None:
    actor = make_producer(ledger)
    code = make_batch(ledger, actor)
    _bind(ledger, actor, "nfc", UID, code)
    with ledger.database.read() as session:
        found = search(session, "04:a2:24:5b:c1:5e:80")
        assert [one.path for one in found.carriers] == [f"/t/{code}"]
        assert carriers_by_number(session, "04A2245BC15E81") == []
