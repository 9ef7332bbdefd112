"""What is decided about doubtful rows, and the batches that the accepted ones become."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suyuan.trace.batches.facts import MarkFacts, ShareFacts
from suyuan.trace.errors import InvalidInputs
from suyuan.trace.intake.decisions import (
    Accept,
    Decision,
    Fix,
    SetAside,
    decide,
    decision_from_json,
    decision_to_json,
)
from suyuan.trace.intake.errors import Misread
from suyuan.trace.intake.mapping import ColumnMapping
from suyuan.trace.intake.plan import propose
from suyuan.trace.intake.rows import SheetReading, read_rows
from suyuan.trace.intake.workbook import read_workbook
from suyuan.trace.products.families import Families
from suyuan.trace.quantities import Quantity
from tests import missing
from tests.trace.sheets import (
    ANIMALS,
    LIMITS,
    SHARES,
    TAG,
    TODAY,
    VOCABULARY,
    animal,
    animals,
    codes,
    grid,
    one,
    reading,
    suggested,
    table,
)

FAMILIES = Families.load()


def test_decisions_fix_accept_and_set_aside() -> None:
    result = animals(animal("无耳标"), animal(paper=""), animal("254062630000074"))
    decided = decide(
        result,
        [Fix(2, "B", "254062630000111"), Accept("3E:missing-certificate", "comes on Friday")],
    )
    assert [row.row.row for row in decided.accepted] == [2, 3, 4]
    assert decided.accepted[0].row.values["ear_tag"] == ("254062630000111",)
    assert decided.accepted[0].fixed == (Fix(2, "B", "254062630000111"),)
    assert decided.accepted[1].accepted[0].reason == "comes on Friday"


def test_a_fix_is_read_like_a_cell() -> None:
    decided = decide(animals(animal("无耳标")), [Fix(2, "B", "12345")])
    assert [doubt.code for doubt in decided.open_doubts] == ["unreadable-ear_tag"]


def test_decisions_that_cannot_be() -> None:
    result = one("重量", "5")
    with pytest.raises(InvalidInputs) as refusal:
        decide(
            result,
            [
                Fix(99, "B", "x"),
                Fix(3, "Z", "x"),
                SetAside(1),
                Accept("unit-missing", " "),
                Accept("3B:unit-missing", "because"),
            ],
        )
    assert len(refusal.value.faults) == 5
    assert decide(result, [Accept("unit-missing", "because")]).open_doubts != ()


def test_decisions_survive_being_kept() -> None:
    for decision in (Fix(3, "B", "5斤"), Accept("x", "why"), SetAside(4, "later")):
        assert decision_from_json(decision_to_json(decision)) == decision
    with pytest.raises(InvalidInputs):
        decision_from_json({"do": "delete", "row": 1})


def test_shares_of_households_make_one_batch() -> None:
    rows = [["2026年"], SHARES, ["甲", "3斤", "2026.6.1"], ["乙", "1公斤", "2026.6.3"],
            ["甲", "200g", "2026.6.2"]]  # fmt: skip
    cordyceps = FAMILIES.get("cordyceps")
    (batch,) = propose(decide(reading(grid(rows)), []), cordyceps, VOCABULARY)
    assert batch.quantity == Quantity.of("2.7", "KGM")
    assert batch.shares == (
        ShareFacts("甲", quantity=Quantity.of("1.7", "KGM")),
        ShareFacts("乙", quantity=Quantity.of("1", "KGM")),
    )
    assert batch.produced is not None
    assert (str(batch.produced.earliest), str(batch.produced.latest)) == (
        "2026-06-01",
        "2026-06-03",
    )
    assert batch.rows == (3, 4, 5)


def test_shares_can_be_put_together_by_a_column() -> None:
    rows = [["牧户", "重量", "乡镇"], ["甲", "3斤", "A"], ["乙", "1斤", "B"], ["丙", "2斤", "A"]]
    result = reading(grid(rows), batch_by=("township",))
    batches = propose(decide(result, []), FAMILIES.get("cordyceps"), VOCABULARY)
    assert [batch.rows for batch in batches] == [(2, 4), (3,)]


def test_live_animals_are_counted_by_head_and_keep_their_weights() -> None:
    result = animals(animal(), animal("254062630000074"), variant="live", family="yak_meat")
    (batch,) = propose(decide(result, []), FAMILIES.get("yak_meat"), VOCABULARY)
    assert batch.quantity == Quantity.of("2", "HEA")
    assert batch.attributes["herd_count"] == 2
    assert batch.attributes["ear_tags"] == [TAG, "254062630000074"]
    assert MarkFacts("ear_tag", TAG, "200 kg") in batch.marks
    assert [one.weight for one in batch.animals] == [Quantity.of("200", "KGM")] * 2
    assert batch.animals[0].papers[0].number == "藏动检A540626100001"
    assert batch.shares == (ShareFacts("扎西", quantity=Quantity.of("2", "HEA")),)


def test_personal_facts_and_prices_stay_out_of_the_batch() -> None:
    rows = [["批号", "户主", "电话", "身份证号", "单价", "重量", "车牌号"],
            ["7", "甲", "13800000000", "540626199001011234", "30", "5斤", "藏E12345"]]  # fmt: skip
    (batch,) = propose(decide(reading(grid(rows)), []), FAMILIES.get("grain"), VOCABULARY)
    said = f"{batch.note} {batch.attributes}"
    assert "藏E12345" in said
    assert not any(word in said for word in ("138", "5406261990", "30", "甲"))


words = st.sampled_from(
    [
        "",
        "扎西",
        TAG,
        "254062630000074",
        "无耳标",
        "3斤",
        "5",
        "-1斤",
        "2026.10.3",
        "六月初",
        "合计",
        "〃",
        "藏动检A540626100001",
        "待补证",
        "#",
        "１２公斤",
    ]
)
rows_of_words = st.lists(st.lists(words, min_size=6, max_size=6), min_size=1, max_size=8)
orders = st.lists(
    st.one_of(
        st.builds(SetAside, st.integers(2, 9)),
        st.builds(Fix, st.integers(2, 9), st.sampled_from("ABCDEF"), words),
        st.builds(
            Accept,
            st.sampled_from(["missing-ear-tag", "repeated-ear-tag", "unit-missing", "ditto"]),
            st.just("seen"),
        ),
    ),
    max_size=6,
)


@given(rows_of_words, orders, st.sampled_from(["batch", "animal", "share"]))
def test_every_row_ends_up_in_exactly_one_place(
    rows: list[list[str]], given_orders: list[Decision], row_is: str
) -> None:
    sheet = grid([ANIMALS, *rows])
    found = table(grid([ANIMALS, animal()]))
    mapping = ColumnMapping(**{**suggested(found).__dict__, "row_is": row_is})
    try:
        found_again = table(sheet)
    except Misread:
        return
    result = read_rows(found_again, mapping, VOCABULARY, TODAY)
    known = {row.row for row in result.rows}
    kept = [d for d in given_orders if isinstance(d, Accept) or d.row in known]
    decided = decide(result, kept)
    placed = [
        *(one.row.row for one in decided.accepted),
        *(one.row.row for one in decided.set_aside),
        *(row.row for row in decided.open),
    ]
    assert sorted(placed) == sorted(known)
    batches = propose(decided, FAMILIES.get("yak_meat"), VOCABULARY)
    assert sorted(row for batch in batches for row in batch.rows) == sorted(
        one.row.row for one in decided.accepted
    )


def sample(shared: Path, name: str) -> SheetReading:
    file = shared / "samples" / name
    if not file.is_file():
        missing.leave_out_without(f"the sample sheet {name}", "it is not in the shared folder")
    found = table(read_workbook(file.read_bytes(), name, LIMITS).sheets[0])
    return read_rows(found, suggested(found), VOCABULARY, TODAY)


def test_the_yak_purchase_sheet(shared: Path) -> None:
    result = sample(shared, "yak-purchase.xlsx")
    found = codes(result)
    assert len(found) == 41
    assert result.mapping.row_is == "animal"
    assert found[5] == []
    assert found[11] == ["missing-ear-tag", "note-raises-question"]
    assert {"unit-from-title", "repeated-ear-tag", "unlike-others"} <= set(found[45])
    assert "repeated-ear-tag" in found[7]
    assert "year-from-context" in found[12]
    counted = [code for row in found.values() for code in row]
    assert counted.count("missing-ear-tag") == 5
    assert counted.count("missing-certificate") == 4
    assert counted.count("unit-from-title") == 17
    decided = decide(
        result,
        [SetAside(45), *(Accept(code, "asked the herder") for code in sorted(set(counted)))],
    )
    assert decided.settled
    assert (len(decided.accepted), len(decided.set_aside)) == (40, 1)


def test_the_vinegar_sheet(shared: Path) -> None:
    result = sample(shared, "vinegar-brewing.xlsx")
    assert len(result.rows) == 24
    assert result.mapping.row_is == "batch"
    assert [row.row for row in result.rows if row.doubts] == [5, 6, 11, 16, 20, 21, 25, 26]
    assert {doubt.code for row in result.rows for doubt in row.doubts} == {"age-exceeds-dates"}
    assert result.rows[0].values["quantity"] == Quantity.of("4113", "LTR")
    assert result.rows[0].values["total_acid"] == Decimal("3.50")
    aside = [SetAside(row.row) for row in result.rows if row.doubts]
    vinegar = FAMILIES.get("vinegar")
    batches = propose(decide(result, aside), vinegar, VOCABULARY)
    assert len(batches) == 16
    assert batches[0].lot == "CJ26-001"
    assert batches[0].attributes["total_acid"] == "3.50"
