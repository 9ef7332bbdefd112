"""Inspectors search, walk chains both ways, open steps, and see what they are competent for."""

from __future__ import annotations

import json
import re
from urllib.parse import quote

import pytest
import sqlalchemy as sa

from suyuan.trace.acts.events import correct_event
from suyuan.trace.acts.shipments import receive
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.canonical import read_base64, read_canonical
from suyuan.trace.codes.trace_code import show_trace_code
from suyuan.trace.events.facts import CorrectionFacts, ReceiptFacts
from suyuan.trace.keys.notes import parse_verifier_key
from suyuan.trace.log.checkpoint import open_checkpoint
from suyuan.trace.log.commitments import Commitments, Disclosure, check_disclosures
from suyuan.trace.log.merkle import leaf_hash, verify_inclusion
from suyuan.trace.log.tables import Record
from suyuan.trace.parties.queries import party
from tests import world
from tests.web.inspecting import make_chain
from tests.web_clients import another, signed_in, site


def test_only_who_may_inspect_comes_in(ledger: Ledger) -> None:
    chain = make_chain(ledger)
    stranger = another(chain.here)
    answer = stranger.get("/inspect/")
    assert answer.status_code == 302
    assert "/sign-in" in answer.location
    producer = signed_in(another(chain.here), ledger, str(chain.packer.person_uid))
    for page in ("/inspect/", f"/inspect/batches/{chain.packed}/chain", "/inspect/orders"):
        assert producer.get(page).status_code == 403


def test_search_leads_from_a_label_to_its_batch(ledger: Ledger) -> None:
    chain = make_chain(ledger)
    jerky = chain.jerky
    link = f'href="/inspect/batches/{jerky.trace_code}"'
    for typed in (
        show_trace_code(jerky.trace_code),
        jerky.code,
        f"{jerky.code}?from=wechat",
        jerky.code[-12:],
        "20260525-A",
        "亚拉镇牦牛",
        "189 8996 0001",
    ):
        page = chain.here.get(f"/inspect/?q={quote(typed)}")
        assert page.status_code == 200
        assert link in page.text, typed
    assert "/inspect/papers/" in chain.here.get("/inspect/?q=5424280012").text
    report = f"NQ-2026-{jerky.trace_code[-5:]}"
    assert "/inspect/reports/" in chain.here.get(f"/inspect/?q={report}").text
    nothing = chain.here.get("/inspect/?q=5406+2608+0000+0000")
    assert "Nothing here bears this" in nothing.text


def test_a_chain_is_shown_both_ways_as_table_and_drawing(ledger: Ledger) -> None:
    chain = make_chain(ledger)
    jerky = chain.jerky
    page = chain.here.get(f"/inspect/batches/{jerky.trace_code}/chain").text
    drawing = re.search(r"<svg class=\"chain-graph\".*?</svg>", page, re.S)
    assert drawing
    assert "<title" in drawing[0]
    assert "<desc" in drawing[0]
    for code in (jerky.animals, jerky.trace_code, chain.packed):
        assert show_trace_code(code) in drawing[0]
        assert f'href="/inspect/batches/{code}' in drawing[0]
    assert "1 step back" in page
    assert "1 step forward" in page
    assert "40 kg" in drawing[0]
    back = chain.here.get(f"/inspect/batches/{jerky.trace_code}/chain?way=back").text
    assert show_trace_code(jerky.animals) in back
    assert show_trace_code(chain.packed) not in back.split("What happened")[0]
    near = chain.here.get(f"/inspect/batches/{jerky.animals}/chain?steps=1").text
    assert show_trace_code(chain.packed) not in near.split("What happened")[0]


def test_a_large_chain_is_a_table_in_pages(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    chain = make_chain(ledger)
    monkeypatch.setattr("suyuan.web.inspect.chain.MOST_DRAWN", 2)
    monkeypatch.setattr("suyuan.web.inspect.chain.ROWS", 2)
    first = chain.here.get(f"/inspect/batches/{chain.packed}/chain").text
    assert "chain-graph" not in first
    assert "a drawing would show nothing" in first
    assert "Page 1 of 2" in first
    second = chain.here.get(f"/inspect/batches/{chain.packed}/chain?page=2").text
    assert '<tr class="here">' in second


def test_a_step_opens_down_to_its_evidence_and_its_log_entry(ledger: Ledger) -> None:
    chain = make_chain(ledger)
    jerky = chain.jerky
    page = chain.here.get(f"/inspect/events/{jerky.slaughter}").text
    assert "口蹄疫疫苗" in page
    assert "Checked: this record stands in the log" in page
    assert "with document" in page
    files = re.findall(rf'href="(/inspect/events/{jerky.slaughter}/evidence/[^"]+)"', page)
    assert len(files) == 2
    for file in files:
        answer = chain.here.get(file)
        assert answer.status_code == 200
        assert answer.data.startswith(b"\x89PNG")
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer.headers["Cache-Control"] == "no-store"


def test_the_history_of_a_correction_is_open(ledger: Ledger) -> None:
    chain = make_chain(ledger)
    page = chain.here.get(f"/inspect/events/{chain.jerky.mended}").text
    assert "日期写错了" in page
    first = re.search(r'href="(/inspect/events/[^"]+)">another telling', page)
    assert first
    before = chain.here.get(first[1]).text
    assert "This entry was corrected later" in before


def test_a_proof_can_be_checked_without_this_installation(ledger: Ledger) -> None:
    chain = make_chain(ledger)
    for page in (
        f"/inspect/events/{chain.sale}/proof.json",
        f"/inspect/batches/{chain.packed}/proof.json",
    ):
        for client in (chain.there, chain.elsewhere):
            proof = json.loads(client.get(page).data)
            _check(proof)
    closed = json.loads(chain.elsewhere.get(f"/inspect/events/{chain.sale}/proof.json").data)
    assert "note" in closed["closed"]
    assert "typed_by" in closed["closed"]
    assert "三号店" not in json.dumps(closed, ensure_ascii=False)
    opened = json.loads(chain.there.get(f"/inspect/events/{chain.sale}/proof.json").data)
    assert opened["opened"]["note"]["value"] == "=1+1 三号店"


def test_a_proof_names_the_record_that_corrects(ledger: Ledger) -> None:
    chain = make_chain(ledger)
    page = f"/inspect/events/{chain.sale}/proof.json"
    assert json.loads(chain.there.get(page).data)["newest"] is None
    facts = CorrectionFacts(chain.sale, "四号店", note="四号店")
    ledger.perform(chain.packer, correct_event, facts)
    assert json.loads(chain.there.get(page).data)["newest"]


def test_whoever_is_competent_for_one_batch_sees_the_trade_fields_of_the_chain(
    ledger: Ledger,
) -> None:
    chain = make_chain(ledger)
    page = f"/inspect/events/{chain.sale}"
    for client in (chain.here, chain.there):
        assert "三号店" in client.get(page).text
    hidden = chain.elsewhere.get(page)
    assert hidden.status_code == 200
    assert "三号店" not in hidden.text
    batch = chain.elsewhere.get(f"/inspect/batches/{chain.jerky.trace_code}").text
    assert "only public facts are shown" in batch
    files = chain.elsewhere.get(f"/inspect/events/{chain.jerky.slaughter}").text
    assert len(re.findall(r'href="/inspect/events/[^"]+/evidence/', files)) == 1
    refused = f"/inspect/events/{chain.jerky.slaughter}/evidence/{chain.jerky.private_photo}"
    assert chain.elsewhere.get(refused).status_code == 404


def test_trade_fields_of_a_batch_beside_open_through_the_chain_they_share(ledger: Ledger) -> None:
    """A regulator of one child sees the other child through their common origin."""
    sender = world.make_producer(ledger, division="540626")
    origin = world.make_batch(ledger, sender)
    one, other = world.make_split(ledger, sender, origin, 40, 60)
    buyer = world.make_producer(ledger, "processor", division=world.KAZUO)
    shipment = world.make_shipment(ledger, sender, str(buyer.party_uid), one)
    ledger.perform(buyer, receive, ReceiptFacts(shipment, ledger.clock.now(), True))
    made = world.make_split(ledger, buyer, one, 10, 30)
    told = world.make_event(ledger, sender, "store", other, note="另一半")
    inspector = world.make_regulator(ledger, world.KAZUO)
    client = signed_in(site(ledger), ledger, str(inspector.person_uid))
    assert "另一半" not in client.get(f"/inspect/events/{told}").text
    assert "另一半" in client.get(f"/inspect/events/{told}?of={origin}").text
    # a chain that the event is no part of opens nothing
    assert "另一半" not in client.get(f"/inspect/events/{told}?of={made[0]}").text


def test_personal_fields_open_in_ones_own_division_and_elsewhere_on_request(
    ledger: Ledger,
) -> None:
    chain = make_chain(ledger)
    page = f"/inspect/batches/{chain.jerky.animals}"
    assert "第一户" in chain.here.get(page).text
    before = chain.there.get(page).text
    assert "第一户" not in before
    assert "3 households" in before
    assert "Ask to see personal fields" in before
    without = chain.there.submit(f"{page}/ask", {"reason": " "}, page=page)
    assert without.status_code == 422
    assert "第一户" not in without.text
    asked = chain.there.submit(f"{page}/ask", {"reason": "投诉核查 2026-17"}, page=page)
    assert asked.status_code == 302
    after = chain.there.get(page).text
    assert "第一户" in after
    assert "投诉核查 2026-17" in after
    with ledger.database.read() as session:
        record = session.scalars(sa.select(Record).where(Record.type == "disclosure")).one()
        said = read_canonical(record.body or b"")
    assert isinstance(said, dict)
    assert said["reason"] == "投诉核查 2026-17"
    assert said["person"] == chain.inspectors["there"].person_uid
    # for this batch alone, and for nobody else
    assert "第一户" not in chain.elsewhere.get(page).text
    refused = chain.elsewhere.post(
        f"{page}/ask", data={"reason": "x", "csrf_token": chain.elsewhere.token("/account/")}
    )
    assert refused.status_code == 403


def test_a_paper_is_checked_here_and_every_page_says_by_whom(ledger: Ledger) -> None:
    chain = make_chain(ledger)
    code = chain.jerky.trace_code
    page = chain.here.get(f"/inspect/batches/{code}").text
    assert "not checked by anybody" in page
    [first, *_] = re.findall(r'href="(/inspect/papers/[^"]+)"', page)
    assert "Check this paper" not in chain.elsewhere.get(first).text
    given = {"where": "发证机关网站", "on": "2026-06-02"}
    assert chain.here.submit(f"{first}/check", given, page=first).status_code == 422
    answer = chain.here.submit(f"{first}/check", {**given, "on": "2026-06-01"}, page=first)
    assert answer.headers["Location"] == first
    with ledger.database.read() as session:
        agency = party(session, str(chain.inspectors["here"].party_uid)).name
    words = f"checked by {agency} on 2026-06-01 (发证机关网站)"
    for address in (first, f"/inspect/batches/{code}", f"/t/{code}"):
        text = re.sub(r"<[^>]+>", "", chain.here.get(address).text)
        assert words in text, address


def test_papers_and_reports_have_pages(ledger: Ledger) -> None:
    chain = make_chain(ledger)
    page = chain.here.get(f"/inspect/batches/{chain.jerky.trace_code}").text
    report = re.search(r'href="(/inspect/reports/[^"]+)"', page)
    paper = re.search(r'href="(/inspect/papers/[^"]+)"', page)
    assert report
    assert paper
    told = chain.here.get(report[1]).text
    assert "沙门氏菌" in told
    assert "Checked: this record stands in the log" in told
    assert chain.here.get(paper[1]).status_code == 200


def _check(proof: dict[str, object]) -> None:
    """As somebody elsewhere would: with the published algorithms and the log's key alone."""
    said = json.loads(json.dumps(proof))
    named = Commitments(
        {name: read_base64(value, 32) for name, value in said["commitments"].items()}
    )
    opened = [
        Disclosure(name, one["value"], read_base64(one["salt"], 16))
        for name, one in said["opened"].items()
    ]
    assert opened
    leaf = read_base64(said["leaf"]["data"])
    entry = json.loads(leaf)
    check_disclosures(opened, named, read_base64(entry["digest"], 32))
    head = open_checkpoint(said["checkpoint"], parse_verifier_key(said["log_key"]))
    path = [read_base64(one, 32) for one in said["inclusion"]]
    verify_inclusion(leaf_hash(leaf), said["leaf"]["index"], head.size, path, head.root)
