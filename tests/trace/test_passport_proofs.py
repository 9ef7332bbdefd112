"""A passport that anybody can check: what is opened, what stays closed, what is refused."""

from __future__ import annotations

import copy
import json
import random
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from suyuan.api.resolver import answer_json
from suyuan.trace.acts.batches import withdraw_batch
from suyuan.trace.acts.certificates import void_certificate
from suyuan.trace.acts.erasing import erase
from suyuan.trace.acts.events import correct_event
from suyuan.trace.acts.orders import hold
from suyuan.trace.acts.papers import revoke_paper
from suyuan.trace.acts.photos import add_photo
from suyuan.trace.acts.products import change_product_label
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.batches.queries import batch
from suyuan.trace.canonical import write_base64
from suyuan.trace.errors import InvalidInput
from suyuan.trace.events.facts import CorrectionFacts
from suyuan.trace.keys.notes import Ed25519Signer
from suyuan.trace.log.audit import log_key
from suyuan.trace.log.passport_check import PassportCheck, verify_passport
from suyuan.trace.log.shown_fields import SHOWN
from suyuan.trace.log.tables import Record
from suyuan.trace.passport import passport_of_typed
from tests import world
from tests.certifying import certify, make_yaks
from tests.jerky import Jerky, make_jerky
from tests.web.desk_world import photo


def told(ledger: Ledger, trace_code: str) -> dict[str, Any]:
    """The passport with its proofs, as it comes off the wire."""
    with ledger.database.read() as session:
        found = passport_of_typed(session, ledger.families, trace_code, now=ledger.clock.now())
        answer: dict[str, Any] = json.loads(json.dumps(answer_json(found, session)))
        return answer


def key(ledger: Ledger) -> str:
    with ledger.database.read() as session:
        return str(log_key(session))


def check(ledger: Ledger, trace_code: str) -> PassportCheck:
    """The check of a passport of which all is proven."""
    checked = verify_passport(told(ledger, trace_code), key(ledger))
    assert not checked.not_proven, [(o.shown, o.field, str(o.wrong)) for o in checked.not_proven]
    return checked


def shown(checked: PassportCheck) -> set[str]:
    return {one.shown for one in checked.fields}


@pytest.fixture
def jerky(ledger: Ledger) -> Jerky:
    return make_jerky(ledger)


def test_all_that_a_page_shows_of_records_is_proven(ledger: Ledger, jerky: Jerky) -> None:
    assert {
        "/name", "/quantity", "/best_before", "/lot", "/label", "/facts/0/value", "/producer/name",
        "/origin/altitude_m", "/route/0/place/name", "/steps/0/happened_at", "/steps/0/who",
        "/steps/0/facts/0/value", "/steps/2/correction_reason", "/papers/1/number",
        "/papers/1/holder", "/tests/0/items/1/result",
    } <= shown(check(ledger, jerky.trace_code))  # fmt: skip


def test_a_consumer_proves_the_harvest_date_without_seeing_the_price(ledger: Ledger) -> None:
    """The price stands in the same record: as a commitment, from which nothing can be read."""
    head = world.make_producer(ledger)
    code = world.make_batch(
        ledger, head, family="cordyceps", variant="dried", name="那曲冬虫夏草",
        attributes={"gathered_from": "2026-05-20", "gathered_to": "2026-05-28"},
        note="收购价 38元/根",
    )  # fmt: skip
    passport = told(ledger, code)
    (proven,) = [
        one
        for one in verify_passport(passport, key(ledger)).fields
        if one.field == "fact.gathered_from"
    ]
    assert (proven.proven, proven.value) == (True, "2026-05-20")
    assert "38元" not in json.dumps(passport, ensure_ascii=False)
    (record,) = [one for one in passport["proofs"]["records"] if one["id"] == proven.record]
    assert "note" in record["commitments"], "it is committed to"
    assert "note" not in {one["name"] for one in record["fields"]}, "and not opened"
    opened = {name for one in passport["proofs"]["records"] for name in _names(one)}
    assert not opened & CLOSED


CLOSED = {"note", "shares", "typed_by", "phone", "quantities", "address", "checked_by"}


def _names(record: dict[str, Any]) -> list[str]:
    return [one["name"] for one in record["fields"]]


def test_only_public_fields_are_opened_and_no_record_salt_leaves(
    ledger: Ledger, jerky: Jerky
) -> None:
    text = json.dumps(told(ledger, jerky.trace_code))
    passport = json.loads(text)
    with ledger.database.read() as session:
        for one in passport["proofs"]["records"]:
            record = session.get_one(Record, one["id"])
            assert {record.classes[name] for name in _names(one)} == {"public"}
            assert set(_names(one)) | set(one["commitments"]) == set(record.classes)
            assert record.salt is not None
            assert write_base64(record.salt) not in text


def test_a_family_behind_a_household_group_is_not_opened(ledger: Ledger) -> None:
    head = world.make_producer(ledger, name="索县合作社")
    group = world.make_party(
        ledger, "household_group", name="扎西平措家", parent=str(head.party_uid)
    )
    code = world.make_batch(ledger, world.make_actor(ledger, group))
    checked = check(ledger, code)
    assert "/producer/name" not in shown(checked)
    assert "扎西平措" not in json.dumps(told(ledger, code), ensure_ascii=False)


def test_the_newest_correction_comes_with_its_own_proof(ledger: Ledger) -> None:
    head = world.make_producer(ledger)
    code = world.make_batch(ledger, head)
    first = world.make_event(ledger, head, "grade", code, payload={"grade": "一级"})
    last = first
    for grade in ("二级", "三级"):
        facts = CorrectionFacts(last, "等级写错", payload={"grade": grade})
        last = ledger.perform(head, correct_event, facts)
    checked = check(ledger, code)
    steps = told(ledger, code)["steps"]
    newest = next(step["record_id"] for step in steps if step["uid"] == last)
    said = {one.value: one.corrected_by for one in checked.fields if one.field == "kde.grade"}
    assert said == {"一级": newest, "二级": newest, "三级": None}
    hidden = told(ledger, code)
    for record in hidden["proofs"]["records"]:
        record.pop("corrected_by", None)
    assert not verify_passport(hidden, key(ledger)).proven


def test_what_changes_later_is_proven_as_it_is_now(ledger: Ledger, jerky: Jerky) -> None:
    """A label that was changed, a paper that was revoked, a hold, a photo, a withdrawal."""
    passport = told(ledger, jerky.trace_code)
    ledger.perform(jerky.actor, revoke_paper, passport["papers"][0]["uid"], "写错了")
    ledger.perform(jerky.actor, hold, jerky.trace_code, "等待检测")
    with ledger.database.read() as session:
        product = batch(session, jerky.trace_code).product
        assert product is not None
    ledger.perform(jerky.actor, change_product_label, product.uid, {"ingredients": "牦牛肉"}, True)
    told_of = world.make_event(ledger, jerky.actor, "store", jerky.trace_code)
    ledger.perform(jerky.actor, add_photo, told_of, photo(), "库房.jpg")
    checked = check(ledger, jerky.trace_code)
    assert {"/papers/0/state", "/papers/0/state_reason"} <= shown(checked)
    (label,) = [one.value for one in checked.fields if one.shown == "/label"]
    assert label == {"ingredients": "牦牛肉"}
    code = world.make_batch(ledger, jerky.actor)
    ledger.perform(jerky.actor, withdraw_batch, code, "登记有误")
    withdrawn = check(ledger, code)
    assert all(one.corrected_by for one in withdrawn.fields if one.shown == "/quantity")


def test_an_erased_field_is_shown_no_more_and_the_rest_still_proven(ledger: Ledger) -> None:
    head = world.make_producer(ledger)
    code = world.make_batch(ledger, head)
    event = world.make_event(
        ledger, head, "purchase", code, payload={"seller": "扎西", "moisture": "12.5"}
    )
    step = next(one for one in told(ledger, code)["steps"] if one["uid"] == event)
    ledger.perform(
        world.make_operator(ledger), erase, step["record_id"], ("kde.seller",), "asked_for"
    )
    checked = check(ledger, code)
    assert "12.5" in [one.value for one in checked.fields]


def _leaves(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    if isinstance(value, dict | list):
        for name, below in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _leaves(below, (*at, name))
    else:
        yield at, value


def _altered(passport: dict[str, Any], at: tuple[Any, ...]) -> dict[str, Any]:
    """The same with another value at one place."""
    other = copy.deepcopy(passport)
    room: Any = other
    for name in at[:-1]:
        room = room[name]
    value = room[at[-1]]
    if isinstance(value, str):
        middle = len(value) // 2
        room[at[-1]] = (
            value[:middle] + ("b" if value[middle:][:1] == "a" else "a") + value[middle + 1 :]
        )
    else:
        room[at[-1]] = not value if isinstance(value, bool) else (value or 0) + 1
    return other


HARMLESS = {"key"}
"""What stands in a proof for the reader's ease: the key that counts comes from elsewhere."""


def test_whatever_is_altered_is_found(ledger: Ledger, jerky: Jerky) -> None:
    """Every single value of the proofs, and every value they speak of, one at a time."""
    passport = told(ledger, jerky.trace_code)
    log = key(ledger)
    spoken = shown(verify_passport(passport, log))
    believed = []
    places = [at for at, _ in _leaves(passport["proofs"])]
    random.Random(7).shuffle(places)
    for at in places[:120]:
        if at[-1] in HARMLESS:
            continue
        if _holds(_altered(passport, ("proofs", *at)), log):
            believed.append(at)
    assert not believed
    for pointer in sorted(spoken):
        steps = [int(step) if step.isdigit() else step for step in pointer.split("/")[1:]]
        for at, _ in _leaves(_at(passport, steps), tuple(steps)):
            if at[-1] in ("name", "quantity", "amount", "unit") and "batches" in at:
                continue  # a step's batches are proven by code and role
            altered = _altered(passport, at)
            try:
                found = {one.shown for one in verify_passport(altered, log).not_proven}
            except InvalidInput:
                continue
            assert pointer in found or pointer in ("/trace_code", "/record_id"), (pointer, found)
            assert found


def _at(value: Any, steps: list[Any]) -> Any:
    for step in steps:
        value = value[step]
    return value


def _holds(passport: dict[str, Any], log: str) -> bool:
    try:
        return verify_passport(passport, log).proven
    except InvalidInput:
        return False


def test_certificates_are_proven_and_so_is_that_one_is_void(ledger: Ledger) -> None:
    coop = world.make_producer(ledger)
    code, other = make_yaks(ledger, coop), make_yaks(ledger, coop)
    stands, gone = certify(ledger, coop, code, 4), certify(ledger, coop, code, 5)
    elsewhere = certify(ledger, coop, other)
    ledger.perform(coop, void_certificate, gone, "头数写错")
    proven = {one.shown: one.value for one in check(ledger, code).fields}
    assert (proven["/certificates/0/number"], proven["/certificates/1/number"]) == (gone, stands)
    assert (proven["/certificates/0/state"], proven["/certificates/0/state_reason"]) == (
        "void", "头数写错",
    )  # fmt: skip
    assert "/certificates/1/state" not in proven, "that it stands is of today, and no field"
    lie = told(ledger, code)
    lie["certificates"][1]["quantity"]["amount"] = "9"
    wrong = verify_passport(lie, key(ledger)).not_proven
    assert [one.shown for one in wrong] == ["/certificates/1/quantity"]
    theirs = told(ledger, other)
    theirs["trace_code"] = code
    assert elsewhere not in str([one.value for one in verify_passport(theirs, key(ledger)).fields
                                 if one.wrong is None])  # fmt: skip


def test_a_proof_of_something_else_proves_nothing(ledger: Ledger, jerky: Jerky) -> None:
    """Records that are in the log, of another batch, or with another field of the same value."""
    log = key(ledger)
    ours, other = told(ledger, jerky.trace_code), told(ledger, jerky.animals)
    borrowed = {**ours, "proofs": other["proofs"]}
    assert not _holds(borrowed, log)
    swapped = copy.deepcopy(ours)
    swapped["lot"] = swapped["name"]
    swapped["proofs"]["said_by"][0]["fields"]["/lot"] = "name"
    found = verify_passport(swapped, log)
    assert [one.shown for one in found.not_proven] == ["/lot"]
    assert "does not say this" in str(found.not_proven[0].wrong)


def test_what_is_left_out_is_not_proven(ledger: Ledger, jerky: Jerky) -> None:
    passport = told(ledger, jerky.trace_code)
    del passport["proofs"]["said_by"][0]["fields"]["/quantity"]
    found = verify_passport(passport, key(ledger))
    assert [one.shown for one in found.not_proven] == ["/quantity"]
    assert "Nothing was given" in str(found.not_proven[0].wrong)


@pytest.mark.parametrize(
    "pointer",
    ["/producer/name", "/origin/name", "/steps/1/happened_at", "/papers/0/kind",
     "/tests/0/laboratory", "/tests/0/conclusion"],
)  # fmt: skip
def test_a_value_of_the_servers_own_with_its_proof_left_out_is_named(
    ledger: Ledger, jerky: Jerky, pointer: str
) -> None:
    """Who withholds the proof of a date, a name or a result cannot show another one as proven."""
    passport = told(ledger, jerky.trace_code)
    for entry in passport["proofs"]["said_by"]:
        entry["fields"].pop(pointer.removeprefix(entry["part"]), None)
    assert [one.shown for one in verify_passport(passport, key(ledger)).not_proven] == [pointer]


@pytest.mark.parametrize(
    ("at", "lie"),
    [
        (("steps", 0, "kind"), "slaughter"),
        (("steps", 0, "evidence_grade"), "authority"),
        (("steps", 0, "withdrawn"), True),
        (("steps", 1, "withdrawn"), True),
        (("steps", 1, "kind"), "harvest"),
        (("households",), 40),
        (("origin", "altitude_m"), 4800),
        (("papers", 0, "holder"), "别家合作社"),
        (("tests", 0, "cma"), "230000000001"),
    ],
)
def test_a_lie_whose_proof_is_left_out_is_named(
    ledger: Ledger, jerky: Jerky, at: tuple[str | int, ...], lie: object
) -> None:
    passport: Any = told(ledger, jerky.trace_code)
    room, pointer = passport, "/" + "/".join(map(str, at))
    for step in at[:-1]:
        room = room[step]
    room[at[-1]] = lie
    for entry in passport["proofs"]["said_by"]:
        entry["fields"].pop(pointer.removeprefix(entry["part"]), None)
    wrong = {one.shown for one in verify_passport(passport, key(ledger)).not_proven}
    # a step of another kind rests on no record at all
    assert pointer in wrong or (at[-1] == "kind" and pointer.replace("kind", "record_id") in wrong)


def test_another_logs_key_believes_nothing(ledger: Ledger, jerky: Jerky) -> None:
    other = Ed25519Signer("trace.example.cn", b"\x05" * 32).verifier
    with pytest.raises(InvalidInput):
        verify_passport(told(ledger, jerky.trace_code), other)


def test_checking_needs_no_database_and_no_server() -> None:
    program = (
        "import sys; from suyuan.trace.log.passport_check import verify_passport;"
        "assert not {'sqlalchemy', 'flask'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_the_worked_example_of_the_specification_holds() -> None:
    page = (Path(__file__).parents[2] / "docs" / "formats.md").read_text("utf-8")
    (example,) = re.findall(r"```json\n(.*?suyuan.field-proofs.*?)```", page, re.DOTALL)
    passport = json.loads(example)
    signer = Ed25519Signer("log.example.cn", b"\x01" * 32)
    checked = verify_passport(passport, signer.verifier)
    assert shown(checked) == {"/record_id", "/trace_code", "/facts/0/value"}
    assert checked.proven
    assert passport["proofs"]["logs"][0]["key"] == str(signer.verifier)
    for part, by_schema in SHOWN.items():
        for schema, pairs in by_schema.items():
            (row,) = re.findall(rf"^\| `{re.escape(part)}` \| `{schema}` \| (.*) \|$", page, re.M)
            assert set(re.findall(r"`(/[^`]+)`", row)) == set(pairs)
