"""The 24-hour package: every hop, one row for each event, by sight, and harmless to open."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook

from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.acts.transformations import transform
from suyuan.trace.batches.facts import BatchFacts
from suyuan.web.inspect.exports import neutralised
from tests import world
from tests.web.inspecting import make_chain
from tests.web_clients import Client
from tests.world import kg


def _csv(client: Client, code: str) -> list[dict[str, str]]:
    answer = client.get(f"/inspect/batches/{code}/chain.csv")
    assert answer.status_code == 200
    assert answer.data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))


def _grouped(code: str) -> str:
    return " ".join(code[at : at + 4] for at in range(0, 16, 4))


def test_the_csv_has_a_row_for_each_event_of_all_hops(ledger: Ledger) -> None:
    chain = make_chain(ledger)
    rows = _csv(chain.here, chain.jerky.trace_code)
    assert {row["Step"] for row in rows} == {"-1", "0", "1"}
    by_uid = {row["Event number"]: row for row in rows}
    assert len(by_uid) == len(rows)
    assert rows == sorted(rows, key=lambda row: row["Time"])
    sale = by_uid[chain.sale]
    assert sale["Batch"] == _grouped(chain.packed)
    assert (sale["Event"], sale["Evidence grade"]) == ("sale", "self-declared")
    assert (sale["Quantity"], sale["Unit"]) == ("5", "kg")
    assert sale["Organisation"] == "喀左食品有限公司"
    made = next(row for row in rows if row["Came out"] == _grouped(chain.jerky.trace_code))
    assert made["Went in"] == _grouped(chain.jerky.animals)
    assert by_uid[chain.jerky.mended]["Corrects"]
    # the whole chain from any of its batches
    for code in (chain.jerky.animals, chain.packed):
        assert {row["Event number"] for row in _csv(chain.here, code)} == set(by_uid)


def test_the_csv_has_a_column_for_each_key_data_element(ledger: Ledger) -> None:
    chain = make_chain(ledger)
    rows = _csv(chain.here, chain.jerky.animals)
    treated = next(row for row in rows if row["Event number"] == chain.jerky.slaughter)
    assert "口蹄疫疫苗" in treated.values()


def test_of_one_batch_that_became_several_it_says_how_much_went_in(ledger: Ledger) -> None:
    chain = make_chain(ledger)
    one = BatchFacts(
        str(chain.packer.party_uid), kg(10), family="yak_meat", variant="raw_air_dried", name="小袋"
    )
    parts = (one, replace(one, quantity=kg(20), name="大袋"))
    sorted_out = world.transformation(ledger, chain.packer, "split", {chain.packed: kg(30)}, parts)
    uid = ledger.perform(chain.packer, transform, sorted_out)["event"]
    row = next(row for row in _csv(chain.there, chain.packed) if row["Event number"] == uid)
    assert (row["Quantity that went in"], row["Unit of what went in"]) == ("30", "kg")
    assert (row["Quantity"], row["Unit"]) == ("30", "kg")
    whole = json.loads(chain.there.get(f"/inspect/batches/{chain.packed}/chain.json").data)
    links = [link for link in whole["links"] if link["parent"] == chain.packed]
    assert {link["input_quantity"] for link in links} == {"30"}


def test_no_code_of_digits_can_be_taken_for_a_number(ledger: Ledger) -> None:
    """A spreadsheet that opens a CSV keeps fifteen digits of a number and writes noughts after."""
    chain = make_chain(ledger)
    for row in _csv(chain.here, chain.packed):
        for title, cell in row.items():
            assert not (cell.isdecimal() and len(cell) > 11), title


def test_the_csv_says_words_where_json_has_keys(ledger: Ledger) -> None:
    chain = make_chain(ledger)
    rows = _csv(chain.here, chain.packed)
    whole = json.loads(chain.here.get(f"/inspect/batches/{chain.packed}/chain.json").data)
    keys = {event["kind"] for event in whole["events"]}
    assert "sell" in keys
    assert not keys & {row["Event"] for row in rows}
    assert "ear_tags" in {
        key for event in whole["events"] for key in event.get("missing", "").split("; ")
    }
    assert "ear tags" in {one for row in rows for one in row["Not recorded"].split("; ")}
    units = {event.get("unit") for event in whole["events"]}
    assert "KGM" in units
    assert not units & {row["Unit"] for row in rows if row["Unit"]}


def test_a_text_like_a_formula_is_neutralised(ledger: Ledger) -> None:
    chain = make_chain(ledger)
    sale = next(r for r in _csv(chain.there, chain.packed) if r["Event number"] == chain.sale)
    assert sale["Note"] == "'=1+1 三号店"
    for row in _csv(chain.there, chain.packed):
        for title, cell in row.items():
            assert not cell.startswith(("=", "+", "@")), title


@pytest.mark.parametrize("text", ["=1+1", "+86 138", "-2+3", "@SUM(A1)", "\t=1", "\r=1"])
def test_whatever_begins_like_a_formula_gets_an_apostrophe(text: str) -> None:
    assert neutralised(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "牦牛肉", "a=1", "5406 2608", "'=1"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert neutralised(text) == text


def test_the_workbook_holds_events_batches_and_links(ledger: Ledger, tmp_path: Path) -> None:
    chain = make_chain(ledger)
    answer = chain.here.get(f"/inspect/batches/{chain.packed}/chain.xlsx")
    file = tmp_path / "chain.xlsx"
    file.write_bytes(answer.data)
    book = load_workbook(file)
    assert book.sheetnames == ["Events", "Batches", "Links"]
    events = list(book["Events"].iter_rows(values_only=True))
    assert len(events) - 1 == len(_csv(chain.here, chain.packed))
    note = events[0].index("Note")
    assert "=1+1 三号店" in [row[note] for row in events]
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    batches = list(book["Batches"].iter_rows(values_only=True))
    codes = batches[0].index("Trace code")
    # 16 digits stay a text: as a number the last ones would be lost
    assert [row[codes] for row in batches[1:]] == [
        chain.jerky.animals, chain.jerky.trace_code, chain.packed
    ]  # fmt: skip
    assert len(list(book["Links"].iter_rows())) == 3


def test_the_json_says_what_it_leaves_out(ledger: Ledger) -> None:
    chain = make_chain(ledger)
    page = f"/inspect/batches/{chain.packed}/chain.json"
    whole = json.loads(chain.here.get(page).data)
    part = json.loads(chain.elsewhere.get(page).data)
    assert [link["quantity"] for link in whole["links"]] != []
    assert all("quantity" not in link for link in part["links"])
    assert len(whole["events"]) == len(part["events"])
    assert part["hidden"] > whole["hidden"]
    said = json.dumps(part, ensure_ascii=False)
    assert "三号店" not in said
    assert "第一户" not in said
    assert "第一户" in json.dumps(whole, ensure_ascii=False)
    assert "第一户" not in chain.there.get(page).text


def test_an_unknown_form_is_no_page(ledger: Ledger) -> None:
    chain = make_chain(ledger)
    assert chain.here.get(f"/inspect/batches/{chain.packed}/chain.exe").status_code == 404
