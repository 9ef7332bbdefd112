"""GS1-128 on carton labels: what is drawn is what a scanner reads, and only what may be said."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import biip
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from suyuan.labels.bars.code128 import gs1_128
from suyuan.labels.errors import DoesNotFit
from suyuan.labels.layout import lay_out
from suyuan.labels.output import Output, write_run
from suyuan.labels.templates import template
from suyuan.trace import checkdigits
from suyuan.trace.errors import InvalidInput
from suyuan.trace.products.gs1 import (
    Element,
    day_element,
    element,
    kilograms,
    message,
    require_together,
)
from tests.labels.conftest import Print
from tests.labels.label_samples import CARTON, SACK, SSCC

GTIN = element("02", "06901234567892")
FULL = CARTON.elements

_numbers = st.text("0123456789", min_size=13, max_size=13)
_text = st.text(
    st.characters(min_codepoint=33, max_codepoint=122, exclude_characters="#$@[\\]^`"),
    min_size=1,
    max_size=20,
)
_days = st.dates(date(2001, 1, 1), date(2049, 12, 31))
_elements = st.tuples(
    st.one_of(
        _numbers.map(lambda body: element("01", body + checkdigits.gs1_mod10(body))),
        _numbers.map(lambda body: element("02", body + checkdigits.gs1_mod10(body))),
    ),
    st.lists(
        st.one_of(
            _text.map(lambda lot: element("10", lot)),
            _text.map(lambda serial: element("21", serial)),
            st.integers(1, 99_999_999).map(lambda count: element("37", str(count))),
            st.builds(day_element, st.sampled_from(["11", "13", "15", "17"]), _days),
            st.decimals(1, 999, places=3).map(lambda weight: kilograms("310", weight)),
        ),
        max_size=4,
        unique_by=lambda one: one.kind.ai,
    ),
).map(lambda both: (both[0], *both[1]))


def _drawn(modules: str, dots: int = 2) -> Image.Image:
    line = Image.new("1", (len(modules) + 20, 1), 1)
    line.putdata([True] * 10 + [one == "0" for one in modules] + [True] * 10)
    return line.resize((line.width * dots, 60), Image.Resampling.NEAREST).convert("L")


@settings(max_examples=60, deadline=None)
@given(elements=_elements)
def test_what_is_drawn_is_what_a_scanner_and_a_parser_read(elements: tuple[Element, ...]) -> None:
    said = message(elements)
    (read,) = zxingcpp.read_barcodes(_drawn(gs1_128(said)))
    assert (read.symbology_identifier, read.bytes.decode("ascii")) == ("]C1", said)
    parsed = biip.parse(said).gs1_message
    assert parsed is not None
    assert [(one.ai.ai, one.value) for one in parsed.element_strings] == [
        (one.ai, one.value) for one in elements
    ]


def test_digits_take_half_the_room_of_letters() -> None:
    # start, FNC1, ten pairs, check and stop, eleven modules each and two more
    assert len(gs1_128(message((SSCC,)))) == 11 * 13 + 13


@pytest.mark.parametrize("dpi", [203, 300, 600])
def test_a_carton_label_is_read_whole(
    dpi: int, print_labels: Print, pictures: Callable[[bytes, int], list[Image.Image]]
) -> None:
    (page,) = pictures(print_labels("carton-148x210", [CARTON], dpi), dpi)
    found = zxingcpp.read_barcodes(page)
    bars = sorted(one.bytes.decode() for one in found if one.symbology_identifier == "]C1")
    assert bars == sorted([message((SSCC,)), *_rows(dpi)])
    assert [one.text for one in found if one.symbology_identifier != "]C1"] == [CARTON.url]


def _rows(dpi: int) -> list[str]:
    """What the rows above the SSCC say, from the text that people read below them."""
    label = lay_out(template("carton-148x210"), CARTON, dpi)
    texts = [mark.text for mark in label.blocks[-1].marks if not mark.text.startswith("(00)")]
    assert "".join(texts) == "".join(one.shown for one in FULL[1:])
    by_text = {one.shown: one for one in FULL}
    rows = []
    for text in texts:
        row = [by_text[f"({part}"] for part in text.split("(")[1:]]
        rows.append(message(row))
    return rows


def test_bars_are_whole_dots_as_high_and_wide_as_the_standard_asks() -> None:
    for dpi in (203, 300, 600):
        label = lay_out(template("carton-148x210"), CARTON, dpi)
        for row in label.bars:
            module_mm = row.dots_per_module * 25.4 / dpi
            assert 0.495 <= round(module_mm, 3) <= 1.016
            assert row.height * 25.4 / dpi >= 31.75
            assert row.left * 25.4 / dpi >= 10 * module_mm
            assert (row.left + row.width) * 25.4 / dpi <= 148 - 10 * module_mm
        assert label.blocks[-1].marks[-1].text == SSCC.shown  # the SSCC stands lowest


def test_a_picture_for_a_phone_reads_as_well() -> None:
    out = io.BytesIO()
    write_run(template("carton-148x210"), [CARTON], Output("png", 203), out)
    with zipfile.ZipFile(out) as archive:
        page = Image.open(io.BytesIO(archive.read("000001.png"))).convert("L")
    read = {one.bytes.decode() for one in zxingcpp.read_barcodes(page)}
    assert message((SSCC,)) in read
    assert len(read) >= 3


def test_a_label_with_no_room_for_the_bars_says_how_much_is_wanting() -> None:
    with pytest.raises(DoesNotFit, match="bars") as refused:
        lay_out(template("carton-100x150"), CARTON, 300)
    assert refused.value.more_mm > 5
    lay_out(template("carton-100x150"), replace(SACK, elements=(SSCC,)), 300)


@pytest.mark.parametrize(
    "elements",
    [(GTIN,), (SSCC, element("37", "3")), (SSCC, GTIN), (SSCC, element("10", "A")), (SSCC, SSCC)],
)
def test_what_must_not_stand_alone_is_refused(elements: tuple[Element, ...]) -> None:
    with pytest.raises(InvalidInput):
        require_together(elements)


@pytest.mark.parametrize(
    ("ai", "value"),
    [("00", "069012340000000011"), ("10", "批号"), ("15", "271301"), ("37", "x"), ("99", "1"),
     ("310", "000001"), ("3104", "000001"), ("02", "6901234567892"), ("10", "a" * 21)],
)  # fmt: skip
def test_a_value_that_cannot_stand_under_its_ai_is_refused(ai: str, value: str) -> None:
    with pytest.raises(InvalidInput):
        element(ai, value)


def test_weights_keep_their_grams() -> None:
    assert kilograms("310", Decimal("12.5")) == Element("3101", "000125")
    assert kilograms("310", Decimal(1200)) == Element("3100", "001200")
    with pytest.raises(InvalidInput):
        kilograms("310", Decimal("1234.567"))
