"""Finding by anything that is printed: every form of every number leads to what bears it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from suyuan.trace.acts.papers import register_paper
from suyuan.trace.acts.parties import apply_for_party
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.batches.facts import MarkFacts
from suyuan.trace.codes.trace_code import show_trace_code
from suyuan.trace.oversight.search import Found, path_in, search
from suyuan.trace.papers.facts import PaperFacts
from suyuan.trace.parties.actor import SYSTEM
from suyuan.trace.parties.facts import PartyFacts
from tests import world
from tests.jerky import Jerky, make_jerky

TIBETAN = str.maketrans("0123456789", "༠༡༢༣༤༥༦༧༨༩")
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
GTIN = "06901234567892"
EAR_TAG = "254062612345678"


def _found(session: Session, typed: str) -> set[str]:
    return {one.batch.trace_code for one in search(session, typed).batches}


@pytest.fixture
def jerky(ledger: Ledger) -> Jerky:
    return make_jerky(ledger)


def test_a_trace_code_is_found_in_whatever_digits(ledger: Ledger, jerky: Jerky) -> None:
    code = jerky.trace_code
    with ledger.database.read() as session:
        for typed in (
            code,
            show_trace_code(code),
            f"  {code[:4]}-{code[4:8]}－{code[8:]} ",
            code.translate(TIBETAN),
            show_trace_code(code).translate(FULL_WIDTH),
        ):
            assert _found(session, typed) == {code}, typed


def test_a_symbols_text_leads_to_package_and_batch(ledger: Ledger, jerky: Jerky) -> None:
    serial = jerky.code[-12:]
    path = f"/t/{jerky.trace_code}/{serial}"
    with ledger.database.read() as session:
        for typed in (
            jerky.code,
            f"扫一扫 {jerky.code}?utm=1#x",
            path,
            serial,
            f"{show_trace_code(jerky.trace_code)} {serial}",
        ):
            found = search(session, typed)
            assert [one.code.path for one in found.packages] == [path], typed
            assert found.packages[0].batch is not None
            assert found.packages[0].batch.trace_code == jerky.trace_code
        # a forged signature still says what it claims to be
        forged = jerky.code.replace("/1", "/19", 1)
        assert _found(session, forged) == {jerky.trace_code}


def test_lots_tags_and_jars_are_found(ledger: Ledger) -> None:
    actor = world.make_producer(ledger)
    marks = (MarkFacts("ear_tag", EAR_TAG), MarkFacts("jar", "缸-07 b"))
    code = world.make_batch(ledger, actor, lot="L2026-7/a", marks=marks)
    world.make_batch(ledger, actor)
    with ledger.database.read() as session:
        for typed in ("L2026-7/a", EAR_TAG, f"{EAR_TAG[:7]} {EAR_TAG[7:]}", "缸-07 b", "缸－07 ｂ"):
            assert _found(session, typed) == {code}, typed


def test_a_gtin_leads_to_product_and_batches(ledger: Ledger) -> None:
    actor = world.make_producer(ledger)
    product = world.make_product(ledger, actor, gtin=GTIN)
    code = world.make_batch(ledger, actor, product=product, lot="A7")
    with ledger.database.read() as session:
        for typed in (GTIN, GTIN[1:], "6 901234 567892"):
            found = search(session, typed)
            assert [one.uid for one in found.products] == [product], typed
            assert {one.batch.trace_code for one in found.batches} == {code}
        for typed in (f"/01/{GTIN}/10/A7", f"(01){GTIN}(10)A7", f"(01){GTIN}(17)270101(10)A7"):
            assert _found(session, typed) == {code}, typed


def test_parties_are_found_by_name_code_and_complaint_phone(ledger: Ledger) -> None:
    facts = PartyFacts(
        "enterprise", "内乡县米醋有限公司", "411325", uscc="91411325MA44XXPX0W",
        phone="0377-6533 1234", undertaking=True,
    )  # fmt: skip
    uid = ledger.perform(SYSTEM, apply_for_party, replace(facts, uscc=None))
    with ledger.database.read() as session:
        for typed in ("内乡县米醋", "米醋", "0377-65331234", "037765331234", "+86 377 65331234"):
            assert [one.uid for one in search(session, typed).parties] == [uid], typed
        assert search(session, "%").parties == ()
        assert search(session, "_醋").parties == ()


def test_papers_and_reports_are_found_by_number(ledger: Ledger, jerky: Jerky) -> None:
    with ledger.database.read() as session:
        assert search(session, "5424280012").papers[0].holder_id == jerky.actor.party_id
        number = f"-2026-{jerky.trace_code[-5:]}"
        for typed in (f"NQ{number}", f" nq{number}", f"ＮＱ{number}"):
            found = search(session, typed)
            assert [one.issued_on for one in found.reports] == [date(2026, 5, 30)], typed


def test_an_events_number_is_found(ledger: Ledger, jerky: Jerky) -> None:
    with ledger.database.read() as session:
        assert [one.uid for one in search(session, jerky.slaughter).events] == [jerky.slaughter]


def test_no_kind_is_listed_without_end(ledger: Ledger) -> None:
    actor = world.make_producer(ledger, name="同名合作社")
    for _ in range(4):
        world.make_batch(ledger, actor, lot="SAME")
    with ledger.database.read() as session:
        found = search(session, "SAME", most=3)
        assert len(found.batches) == 3
        assert search(session, "   ") == Found("")


def test_a_paper_without_batch_is_found_too(ledger: Ledger) -> None:
    actor = world.make_producer(ledger)
    facts = PaperFacts("commitment_certificate", "承诺2026-08", str(actor.party_uid))
    ledger.perform(actor, register_paper, facts)
    with ledger.database.read() as session:
        assert len(search(session, "承诺2026-08").papers) == 1


@given(st.text(max_size=200))
def test_no_text_upsets_the_reading_of_codes(typed: str) -> None:
    path_in(typed)
