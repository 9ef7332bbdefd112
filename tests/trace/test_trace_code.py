"""Trace codes as they are drawn, shown and typed."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suyuan.trace.codes import trace_code
from suyuan.trace.codes.trace_code import TraceCodeError
from suyuan.trace.codes.typed import read_typed
from suyuan.trace.errors import InvalidInput

DIVISIONS = st.from_regex("[0-9]{6}", fullmatch=True)
CODES = st.builds(
    lambda division, seed: trace_code.new_trace_code(division, random.Random(seed)),
    DIVISIONS,
    st.integers(),
)


def test_the_worked_cases_are_read_as_published(shared: Path) -> None:
    for case in json.loads((shared / "vectors/suyuan/trace_codes.json").read_text("utf-8")):
        if "code" in case:
            assert trace_code.parse_trace_code(case["typed"]) == case["code"]
        else:
            with pytest.raises(TraceCodeError) as refusal:
                trace_code.parse_trace_code(case["typed"])
            assert refusal.value.problem == case["error"]


@given(CODES, st.data())
def test_a_code_is_read_however_it_is_typed(code: str, data: st.DataObject) -> None:
    alphabets = ("0123456789", "０１２３４５６７８９", "༠༡༢༣༤༥༦༧༨༩")
    gaps = st.sampled_from(["", " ", "-", "\u3000", "\u2011", "－", "\u00a0", "\u200b", "\n"])
    typed = "".join(
        data.draw(st.sampled_from(alphabets))[int(digit)] + data.draw(gaps) for digit in code
    )
    assert trace_code.parse_trace_code(typed) == code


@given(CODES, st.integers(0, 15), st.integers(1, 9))
def test_every_single_wrong_digit_is_noticed(code: str, place: int, step: int) -> None:
    digit = (int(code[place]) + step) % 10
    with pytest.raises(TraceCodeError) as refusal:
        trace_code.parse_trace_code(f"{code[:place]}{digit}{code[place + 1 :]}")
    assert refusal.value.problem == "check digit"


@given(CODES)
def test_a_code_is_shown_in_groups_of_four_and_begins_with_its_division(code: str) -> None:
    shown = trace_code.show_trace_code(code)
    assert [len(group) for group in shown.split(" ")] == [4, 4, 4, 4]
    assert trace_code.parse_trace_code(shown) == code
    assert trace_code.division_of(code) == code[:6]


@given(st.text(max_size=40))
def test_whatever_is_typed_is_a_code_or_refused_in_words(typed: str) -> None:
    try:
        said = trace_code.parse_trace_code(typed)
    except TraceCodeError as error:
        said = str(error)
    assert said.isprintable()


@pytest.mark.parametrize(
    "typed", ["٥٤٠٦٢٦٠٨٤٧٠٤٧٢٩٧", "五四〇六", "5406²608470472９７", "𝟓406260847047297"]
)
def test_digits_of_other_scripts_are_refused_as_characters(typed: str) -> None:
    with pytest.raises(TraceCodeError) as refusal:
        trace_code.parse_trace_code(typed)
    assert refusal.value.problem == "character"


def test_nobody_can_count_batches_by_their_codes() -> None:
    codes = [trace_code.new_trace_code("540626") for _ in range(200)]
    assert len(set(codes)) == 200
    assert codes != sorted(codes)


@pytest.mark.parametrize("division", ["", "54062", "5406260", "54O626", "５４０６２６", "540626\n"])
def test_a_division_that_is_none_is_refused(division: str) -> None:
    with pytest.raises(InvalidInput):
        trace_code.new_trace_code(division)


def test_a_serial_has_twelve_digits_leading_zeros_too() -> None:
    assert all(len(trace_code.new_serial(random.Random(seed))) == 12 for seed in range(50))
    assert trace_code.new_serial().isdigit()


# --- with the serial behind it -------------------------------------------------------------------

CODE = "5406260847047297"
SERIALS = st.from_regex("[0-9]{12}", fullmatch=True)


@given(CODES, SERIALS, st.sampled_from(["", "/", " / ", " ", "-", "\u3000"]))
def test_a_serial_is_read_behind_the_code(code: str, serial: str, between: str) -> None:
    typed = f"{trace_code.show_trace_code(code)}{between}{serial[:4]} {serial[4:8]}-{serial[8:]}"
    assert str(read_typed(typed)) == f"/t/{code}/{serial}"
    assert str(read_typed(code)) == f"/t/{code}"


@given(SERIALS, st.integers(0, 12), st.characters(min_codepoint=0x21, max_codepoint=0x17F))
def test_no_letter_in_a_serial_is_passed_over(serial: str, at: int, letter: str) -> None:
    """Without it the number would be that of another package."""
    if trace_code.plain_digits(letter) in ("", *"0123456789") or (at == 0 and letter == "/"):
        return
    for typed in (serial[:at] + letter + serial[at:], serial[:at] + letter + serial[at + 1 :]):
        with pytest.raises(TraceCodeError) as refusal:
            read_typed(f"{CODE}/{typed}")
        assert refusal.value.params["character"] in (letter, "?")
        assert f'"{refusal.value.params["character"]}"' in str(refusal.value)


@pytest.mark.parametrize(
    ("typed", "field", "problem"),
    [
        ("5406 2608 4704 7297 O123 4567 8901", "serial", "character"),
        ("5406 2608 4704 7297 ٠٠٠٠٠٠٠٠٠٠٠٠", "serial", "character"),
        ("5406 2608 4704 7297 / 0123 4567 890", "serial", "length"),
        ("5406 2608 4704 7297 /", "serial", "length"),
        ("5406 2608 4704 7297 0123 4567 890", "trace_code", "length"),
        ("5406 2608 4704 7297 x 0123 4567 8901", "trace_code", "character"),
        ("540/6 2608 4704 7297 0123 4567 8901", "trace_code", "character"),
        ("5406 2608 4704 7290 / 0123 4567 8901", "trace_code", "check digit"),
    ],
)
def test_what_is_wrong_is_said_of_the_part_that_it_is_in(
    typed: str, field: str, problem: str
) -> None:
    with pytest.raises(TraceCodeError) as refusal:
        read_typed(typed)
    assert (refusal.value.field, refusal.value.problem) == (field, problem)
