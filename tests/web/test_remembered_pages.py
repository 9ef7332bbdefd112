"""A page that is remembered is the page that would be drawn now, whatever was written meanwhile."""

from __future__ import annotations

import importlib
import io
import pkgutil
from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from PIL import Image

from suyuan import trace
from suyuan.labels.from_facts import try_out
from suyuan.trace.acts.batches import withdraw_batch
from suyuan.trace.acts.carriers import bind_carrier, unbind_carrier
from suyuan.trace.acts.events import correct_event
from suyuan.trace.acts.evidence import keep_evidence
from suyuan.trace.acts.orders import hold, lift, recall
from suyuan.trace.acts.papers import check_paper, register_paper, revoke_paper
from suyuan.trace.acts.parties import reinstate_party, suspend_party
from suyuan.trace.acts.photos import add_photo
from suyuan.trace.acts.pins import draw_pins, enter_pin
from suyuan.trace.acts.printing import issue_print_run
from suyuan.trace.acts.products import change_product_label
from suyuan.trace.acts.publishing import end_publication, propose_publication, publish
from suyuan.trace.acts.reports import enter_test_report
from suyuan.trace.acts.transaction import Ledger, Writing
from suyuan.trace.acts.transformations import transform
from suyuan.trace.acts.voiding import void_code, void_run
from suyuan.trace.acts.warnings import warn
from suyuan.trace.batches import queries as batches
from suyuan.trace.carriers.facts import CarrierFacts
from suyuan.trace.clock import SetClock
from suyuan.trace.events.facts import CorrectionFacts
from suyuan.trace.events.records import EVENT
from suyuan.trace.log.schemas import RecordSchema
from suyuan.trace.papers.facts import CheckFacts, Covers, PaperFacts
from suyuan.trace.parties.actor import STRANGER, SYSTEM
from suyuan.trace.passport import concern, tell_batch
from suyuan.trace.pins.facts import PinTry
from suyuan.trace.pins.rules import pin_limits
from suyuan.trace.printing.tables import IssuedCode
from suyuan.trace.products.tables import Product
from suyuan.trace.quality.facts import TestItemFacts, TestReportFacts
from suyuan.web.public import changes
from suyuan.web.public.answers import Answers
from tests import world
from tests.jerky import Jerky, make_jerky
from tests.letting_go import let_pass
from tests.web.scanning import open_code
from tests.web_clients import site
from tests.world import kg

Act = Callable[[Ledger, Jerky, str], object]


@pytest.fixture
def jerky(ledger: Ledger) -> Jerky:
    return make_jerky(ledger)


@pytest.fixture
def client(ledger: Ledger) -> FlaskClient:
    client = site(ledger)
    client.application.extensions["suyuan-scans"].stop()  # or a page might be counted in between
    return client


@pytest.fixture
def tellings(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The batches that were told from the record, one after the other."""
    told: list[int] = []

    def telling(session: object, families: object, batch_id: int, **more: object) -> object:
        told.append(batch_id)
        return tell_batch(session, families, batch_id, **more)  # type: ignore[arg-type]  # as it came

    monkeypatch.setattr("suyuan.web.public.answers.tell_batch", telling)
    return told


def _drawn(client: FlaskClient, jerky: Jerky, **headers: str) -> list[str]:
    """The pages of a package, of another and of its batch, as they are answered now."""
    addresses = (*jerky.codes[:2], f"/t/{jerky.trace_code}", f"/t/{jerky.animals}")
    return [open_code(client, address, **headers).text for address in addresses]


def _drawn_anew(client: FlaskClient, jerky: Jerky, **headers: str) -> list[str]:
    """The same by a process that remembers nothing."""
    kept = client.application.extensions["suyuan-answers"]
    client.application.extensions["suyuan-answers"] = Answers()
    try:
        return _drawn(client, jerky, **headers)
    finally:
        client.application.extensions["suyuan-answers"] = kept


# --- what people do -------------------------------------------------------------------------------


def _store(ledger: Ledger, jerky: Jerky, code: str) -> str:
    return world.make_event(ledger, jerky.actor, "store", code)


def _correct(ledger: Ledger, jerky: Jerky, code: str) -> None:
    facts = CorrectionFacts(_store(ledger, jerky, code), "写错了", payload={"store_id": "7号库"})
    ledger.perform(jerky.actor, correct_event, facts)


def _withdraw_event(ledger: Ledger, jerky: Jerky, code: str) -> None:
    facts = CorrectionFacts(_store(ledger, jerky, code), "没有发生", withdrawn=True)
    ledger.perform(jerky.actor, correct_event, facts)


def _photo(ledger: Ledger, jerky: Jerky, code: str) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (9, 9), (10, 20, 30)).save(picture, "PNG")
    ledger.perform(
        jerky.actor, add_photo, _store(ledger, jerky, code), picture.getvalue(), "库.png"
    )


def _file(ledger: Ledger, jerky: Jerky, _code: str) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (8, 8), (30, 20, 10)).save(picture, "PNG")
    own = str(jerky.actor.party_uid)
    ledger.perform(jerky.actor, keep_evidence, own, picture.getvalue(), "a.png", "public")


def _split(ledger: Ledger, jerky: Jerky, code: str) -> list[str]:
    with ledger.database.read() as session:
        whole = batches.batch(session, code)
        kind = {"family": whole.family, "variant": whole.variant}
    parts = (world.batch_facts(jerky.actor, kg(1), **kind),) * 2
    facts = world.transformation(ledger, jerky.actor, "split", {code: kg(2)}, parts)
    made: list[str] = ledger.perform(jerky.actor, transform, facts)["batches"]
    return made


def _merge(ledger: Ledger, jerky: Jerky, code: str) -> None:
    made = _split(ledger, jerky, code)
    with ledger.database.read() as session:
        part = batches.batch(session, made[0])
        whole = world.batch_facts(jerky.actor, kg(2), family=part.family, variant=part.variant)
    facts = world.transformation(ledger, jerky.actor, "merge", dict.fromkeys(made, kg(1)), (whole,))
    ledger.perform(jerky.actor, transform, facts)


def _ship(ledger: Ledger, jerky: Jerky, code: str) -> None:
    let_pass(ledger, jerky.actor, code)
    buyer = world.make_producer(ledger, "buyer")
    world.make_shipment(ledger, jerky.actor, str(buyer.party_uid), code, kg(1))


def _register(ledger: Ledger, jerky: Jerky, _code: str) -> None:
    code = world.make_batch(ledger, jerky.actor)
    ledger.perform(jerky.actor, withdraw_batch, code, "重复登记")


def _test(ledger: Ledger, jerky: Jerky, code: str) -> None:
    day = ledger.clock.now().date()
    item = TestItemFacts("镉(以Cd计)", "0.01", "mg/kg")
    facts = TestReportFacts(f"N-{code}", "那曲检测中心", day, (code,), (item,))
    ledger.perform(jerky.actor, enter_test_report, facts)


def _paper(ledger: Ledger, jerky: Jerky, code: str) -> None:
    day = ledger.clock.now().date()
    facts = PaperFacts(
        "commitment_certificate", f"C-{code}", str(jerky.actor.party_uid), valid_from=day,
        valid_to=day + timedelta(days=1), covers=(Covers("batch", code),),
    )  # fmt: skip
    uid = ledger.perform(jerky.actor, register_paper, facts)
    ledger.perform(world.make_regulator(ledger), check_paper, uid, CheckFacts("原件"))


def _revoke(ledger: Ledger, jerky: Jerky, code: str) -> None:
    facts = PaperFacts(
        "commitment_certificate", f"R-{code}", str(jerky.actor.party_uid),
        valid_from=date(2026, 5, 1), covers=(Covers("batch", code),),
    )  # fmt: skip
    uid = ledger.perform(jerky.actor, register_paper, facts)
    ledger.perform(jerky.actor, revoke_paper, uid, "作废")


def _print(ledger: Ledger, jerky: Jerky, code: str) -> str:
    with ledger.database.read() as session:
        packed = batches.batch(session, code).product is not None
    template = "trace-70x40-pin" if packed else "batch-100x70"
    return ledger.perform(
        jerky.actor, issue_print_run, code, 2, template, try_out=try_out, pins=packed
    )


def _void(ledger: Ledger, jerky: Jerky, code: str) -> None:
    ledger.perform(jerky.actor, void_run, _print(ledger, jerky, code), "印坏了")


def _draw_pins(ledger: Ledger, jerky: Jerky, _code: str) -> None:
    run = _print(ledger, jerky, jerky.trace_code)
    ledger.perform(jerky.actor, draw_pins, run)


def _void_ours(ledger: Ledger, jerky: Jerky, _code: str) -> None:
    path = "/t/" + jerky.codes[1].split("/t/")[1]
    ledger.perform(jerky.actor, void_code, path, "标签破损")


def _bind(ledger: Ledger, jerky: Jerky, code: str) -> None:
    facts = CarrierFacts("nfc", "04A2245BC15E80", f"/t/{code}")
    uid = ledger.perform(jerky.actor, bind_carrier, facts)
    ledger.perform(jerky.actor, unbind_carrier, uid, "损坏")
    ledger.perform(jerky.actor, bind_carrier, facts)


def _hold(ledger: Ledger, jerky: Jerky, code: str) -> None:
    order = ledger.perform(jerky.actor, hold, code, "等待检测")
    ledger.perform(jerky.actor, lift, order, "合格")
    ledger.perform(jerky.actor, hold, code, "再次等待")


def _recall(ledger: Ledger, jerky: Jerky, code: str) -> None:
    ledger.perform(jerky.actor, recall, code, "检出兽药残留")


def _place(ledger: Ledger, jerky: Jerky, _code: str) -> None:
    world.make_site(ledger, jerky.actor)


def _person(ledger: Ledger, jerky: Jerky, _code: str) -> None:
    world.make_actor(ledger, str(jerky.actor.party_uid))


def _line(ledger: Ledger, _jerky: Jerky, _code: str) -> None:
    world.make_regulator(ledger)


def _label(ledger: Ledger, jerky: Jerky, _code: str) -> None:
    with ledger.database.read() as session:
        uid = session.scalars(sa.select(Product.uid).order_by(Product.id).limit(1)).one()
    ledger.perform(jerky.actor, change_product_label, uid, {"storage_conditions": "冷藏"}, True)


def _suspend(ledger: Ledger, jerky: Jerky, _code: str) -> None:
    own = str(jerky.actor.party_uid)
    ledger.perform(SYSTEM, suspend_party, own, "整改")
    ledger.perform(SYSTEM, reinstate_party, own, "整改完成")
    ledger.perform(SYSTEM, suspend_party, own, "再次整改")


def _risk(ledger: Ledger, _jerky: Jerky, code: str) -> str:
    """Consumers are told of a risk of a batch; returns the warning's uid."""

    def warned(w: Writing) -> str:
        batch = batches.batch(w.session, code)
        return str(warn(w, "over_limit", w.new_uid(), batch=batch, evidence={"trace_code": code}))

    uid = ledger.perform(SYSTEM, warned)
    office = world.make_regulator(ledger, "540000")
    second = world.make_actor(ledger, str(office.party_uid), "supervisor")
    ledger.perform(office, propose_publication, uid, "请勿食用这批肉干")
    ledger.perform(second, publish, uid)
    return uid


def _risk_ended(ledger: Ledger, jerky: Jerky, code: str) -> None:
    uid = _risk(ledger, jerky, code)
    ledger.perform(world.make_regulator(ledger, "540000"), end_publication, uid, "核查无误")


SILENT: tuple[Act, ...] = (
    _store, _correct, _withdraw_event, _photo, _file, _split, _test, _print, _person
)  # fmt: skip
"""What concerns the batch alone that it is done with."""
LOUD: tuple[Act, ...] = (
    _merge, _ship, _register, _draw_pins, _paper, _void, _void_ours, _bind, _place, _line, _label,
    _risk, _risk_ended, _revoke, _hold, _recall, _suspend,
)  # fmt: skip
"""What else may be done, in an order in which one does not stand in the way of the next."""


@pytest.fixture
def other(ledger: Ledger, jerky: Jerky) -> str:
    """A batch of the same co-operative that has nothing to do with the jerky."""
    product = world.make_product(ledger, jerky.actor, items_on_pack=True)
    return world.make_batch(ledger, jerky.actor, product=product)


@pytest.mark.parametrize("done_to", ["itself", "what it was made of", "another batch"])
def test_after_any_act_the_page_is_the_one_that_would_be_drawn_now(
    client: FlaskClient, ledger: Ledger, jerky: Jerky, other: str, done_to: str
) -> None:
    code = {"itself": jerky.trace_code, "what it was made of": jerky.animals}.get(done_to, other)
    used_up = (_split, _merge, _ship, _print, _void) if code == jerky.animals else ()
    seen = _drawn(client, jerky)
    for act in (one for one in (*SILENT, *LOUD) if one not in used_up):
        act(ledger, jerky, code)
        now = _drawn(client, jerky)
        assert now == _drawn_anew(client, jerky), f"{act.__name__} on {done_to}"
        if act in (_store, _test, _risk) and done_to != "another batch":
            assert now[0] != seen[0], f"{act.__name__} on {done_to} is to be seen"
        seen = now


def test_what_concerns_other_batches_alone_leaves_a_page_standing(
    client: FlaskClient, ledger: Ledger, jerky: Jerky, other: str, tellings: list[int]
) -> None:
    before = _drawn(client, jerky)
    first = open_code(client, jerky.code).headers["ETag"]
    del tellings[:]
    for act in SILENT:
        act(ledger, jerky, other)
        assert _drawn(client, jerky) == before
    assert tellings == []
    assert open_code(client, jerky.code).headers["ETag"] == first
    _store(ledger, jerky, jerky.animals)
    assert _drawn(client, jerky) != before
    assert len(tellings) == 2, "the batch and what it was made of, each once"


def test_what_is_drawn_from_a_paper_concerns_the_pages_that_show_it(
    client: FlaskClient, ledger: Ledger, jerky: Jerky, other: str, tellings: list[int]
) -> None:
    for number, code in (("LB-03-2601211234A", jerky.trace_code), ("LB-03-2601211235A", other)):
        _green(ledger, jerky, number, code)
    before = _drawn(client, jerky)
    del tellings[:]
    _print(ledger, jerky, other)
    assert _drawn(client, jerky) == before
    assert tellings == []
    _print(ledger, jerky, jerky.trace_code)
    now = _drawn(client, jerky)
    assert [one == two for one, two in zip(now, before, strict=True)] == [False] * 3 + [True]
    assert now == _drawn_anew(client, jerky)


def _green(ledger: Ledger, jerky: Jerky, number: str, code: str) -> None:
    """A paper of which labels draw, for the product of a batch."""
    with ledger.database.read() as session:
        product = batches.batch(session, code).product
        assert product is not None
        covers = (Covers("product", product.uid),)
    facts = PaperFacts(
        "green_food", number, str(jerky.actor.party_uid), valid_from=date(2026, 1, 1),
        valid_to=date(2028, 12, 31), amount=kg(90_000), covers=covers,
    )  # fmt: skip
    ledger.perform(jerky.actor, register_paper, facts)


def test_what_programs_are_told_is_never_older_than_the_log(
    client: FlaskClient, ledger: Ledger, jerky: Jerky, other: str
) -> None:
    asked = {"accept": "application/json"}
    before = _drawn(client, jerky, **asked)
    _store(ledger, jerky, other)
    now = _drawn(client, jerky, **asked)
    assert now != before
    assert now == _drawn_anew(client, jerky, **asked)


def test_a_day_that_begins_is_noticed_though_others_write(
    client: FlaskClient, ledger: Ledger, jerky: Jerky, other: str, clock: SetClock
) -> None:
    _paper(ledger, jerky, jerky.trace_code)
    for days in (1, 1, 300):
        before = _drawn(client, jerky)
        clock.move(clock.now() + timedelta(days=days))
        _store(ledger, jerky, other)
        now = _drawn(client, jerky)
        assert now != before
        assert now == _drawn_anew(client, jerky)


def test_guesses_at_a_pin_are_noticed_though_they_are_on_no_record(
    client: FlaskClient, ledger: Ledger, jerky: Jerky
) -> None:
    run = _print(ledger, jerky, jerky.trace_code)
    with ledger.database.read() as session:
        found = session.scalars(sa.select(IssuedCode.path).order_by(IssuedCode.id.desc()))
        path = found.first()
    assert run
    assert path is not None
    assert "guessed here often" not in open_code(client, path).text
    for at in range(pin_limits().code_tries):
        ledger.perform(STRANGER, enter_pin, PinTry(path, "00000000", f"device {at}", f"{at}"))
    assert "guessed here often" in open_code(client, path).text


def test_very_many_records_at_once_are_not_looked_at_one_by_one(
    client: FlaskClient, ledger: Ledger, jerky: Jerky, other: str, tellings: list[int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(changes, "MOST_AT_ONCE", 2)
    before = _drawn(client, jerky)
    del tellings[:]
    for _ in range(3):
        _store(ledger, jerky, other)
    assert _drawn(client, jerky) == before
    assert len(tellings) == 2


# --- kinds of records -----------------------------------------------------------------------------

EVERYBODY = frozenset({
    "batch_state", "carrier_bound", "carrier_unbound", "code_voided",
    "competence", "county_limit", "directory", "disclosure", "labels_ended",
    "roll_bound", "roll_unbound",
    "erasure", "key", "legal_hold", "log-continued", "log-resumed", "notice-contact", "objection",
    "order", "paper", "paper_application", "party", "product", "result_sheet",
    "run_voided", "sheet", "sheet_work", "site", "warning", "work_item",
})  # fmt: skip
"""Kinds of records, of whatever version, after which every page is drawn anew."""


def _schemas() -> Iterator[str]:
    """All kinds of records that the code knows."""
    for found in pkgutil.walk_packages(trace.__path__, "suyuan.trace."):
        for value in vars(importlib.import_module(found.name)).values():
            if isinstance(value, RecordSchema):
                yield str(value)


def test_of_each_kind_of_record_somebody_has_said_whom_it_concerns() -> None:
    """A new kind concerns everybody. Before it is said otherwise in ``concern``: does it really
    change no row but those of its subject, and of no batch that the subject does not name?"""
    said = [
        concern.OF_AN_EVENT, concern.OF_A_BATCH, concern.OF_A_REPORT, concern.OF_A_RUN,
        concern.OF_A_PAPER,
        concern.OF_A_CERTIFICATE, concern.OF_WHAT_WAS_COLLECTED, concern.OF_NO_BATCH,
    ]  # fmt: skip
    narrow = frozenset.union(*said)
    assert sum(len(kinds) for kinds in said) == len(narrow), "each said once"
    others = set(_schemas()) - narrow
    assert narrow < set(_schemas())
    assert {schema.split("/")[0] for schema in others} == EVERYBODY


@pytest.mark.parametrize(
    ("schema", "subject"),
    [
        (RecordSchema("weather", 1), "batch"),
        (RecordSchema("event", 2), "event"),
        (EVENT, "no event at all"),
        (EVENT, None),
    ],
)
def test_what_is_not_known_concerns_everybody(
    ledger: Ledger, jerky: Jerky, schema: RecordSchema, subject: str | None
) -> None:
    names = {"batch": jerky.trace_code, "event": jerky.mended}

    def say(w: Writing) -> str:
        return w.record(schema, "said", {}, subject=names.get(subject or "", subject))

    first = _size(ledger)
    ledger.perform(jerky.actor, say)
    _store(ledger, jerky, jerky.animals)
    with ledger.database.read() as session:
        found = concern.concerned(session, first, _size(ledger))
        animals = batches.batch(session, jerky.animals).id
    assert found == {first: None, first + 1: frozenset({animals})}


def _size(ledger: Ledger) -> int:
    with ledger.database.read() as session:
        return int(session.execute(sa.text("SELECT size FROM head")).scalar_one())
