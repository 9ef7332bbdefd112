"""The symbol: smallest version, whole dots, and never a host that would outgrow the label."""

from __future__ import annotations

import io
import string
from typing import Literal

import pytest
import qrcode
import zxingcpp
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from PIL import Image
from qrcode.util import QRData, lost_point

from suyuan.labels import qr
from suyuan.labels.qr.affine import LARGEST_VERSION, LEVELS, capacity, symbol_map
from suyuan.labels.qr.masks import Rulers, points
from suyuan.trace.errors import InvalidInput
from tests.labels.label_samples import SERIAL, TRACE_CODE, signed_url

CODE_CHARACTERS = string.ascii_letters + string.digits + "/:.-_?=&%+~"


def read(picture: Image.Image) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(picture)]


@pytest.mark.parametrize("host", ["suyuan.example.cn", "a" * 20])
def test_signed_trace_code_makes_version_7(host: str) -> None:
    symbol = qr.encode(signed_url(7, host=host))
    assert (symbol.version, symbol.side) == (7, 45)


def test_package_with_gtin_and_full_lot_makes_version_8() -> None:
    path = f"/01/06912345678901/10/aB3456789012345678.Z/21/{SERIAL}"
    symbol = qr.encode(signed_url(8, path))
    assert (symbol.version, symbol.side) == (8, 49)


def test_level_is_m() -> None:
    found = zxingcpp.read_barcodes(Image.open(io.BytesIO(qr.as_png(qr.encode("A" * 40), 4, 203))))
    assert found[0].ec_level == "M"


def test_host_fits_exactly_when_its_longest_code_does() -> None:
    fitting = [length for length in range(1, 60) if qr.fits_host("a" * length)]
    assert fitting == list(range(1, len(fitting) + 1))
    longest = "a" * fitting[-1]
    assert qr.encode(qr.longest_form(longest)).version == 8
    assert not qr.fits_host(longest + "a")
    with pytest.raises(InvalidInput, match="shorter label host"):
        qr.encode(qr.longest_form(longest + "a"))


@pytest.mark.parametrize("text", ["", "https://索县/1", "https://a\n/1"])
def test_text_that_no_code_holds_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="ASCII"):
        qr.encode(text)


@given(st.text(CODE_CHARACTERS, min_size=1, max_size=120))
def test_segments_hold_the_text_and_never_cost_more_than_bytes(text: str) -> None:
    assert "".join(part for _, part in qr.segments(text)) == text
    assert qr.bits(text) <= 12 + 8 * len(text)


MODES: dict[str, Literal[1, 2, 4]] = {"numeric": 1, "alphanumeric": 2, "byte": 4}
ALPHABETS = (string.digits, string.digits + string.ascii_uppercase + " $%*+-./:", CODE_CHARACTERS)
TEXTS = st.sampled_from(ALPHABETS).flatmap(lambda known: st.text(known, min_size=1, max_size=200))


@settings(max_examples=60)
@given(
    TEXTS,
    st.integers(1, LARGEST_VERSION),
    st.sampled_from(list(LEVELS)),
    st.none() | st.integers(0, 7),
)
@example(signed_url(7), 7, "M", None)
@example("0", 1, "H", 0)
@example("A" * 25, 1, "L", None)
@example("7" * 552, 9, "L", None)
def test_it_is_the_symbol_that_qrcode_makes_module_for_module(
    text: str, version: int, level: str, mask: int | None
) -> None:
    assume(qr.bits(text) <= capacity(version, level) * 8)
    theirs = qrcode.QRCode(version, LEVELS[level], border=0, mask_pattern=mask)
    for mode, part in qr.segments(text):
        theirs.add_data(QRData(part.encode("ascii"), mode=MODES[mode]), optimize=0)
    theirs.make(fit=False)
    rows = tuple(tuple(map(bool, row)) for row in theirs.get_matrix())
    assert qr.draw(text, version, level, mask).rows == rows


@pytest.mark.parametrize("version", range(1, qr.LARGEST_VERSION + 1))
def test_each_mask_of_what_labels_bear_is_that_of_qrcode(version: int) -> None:
    text = "7" * (capacity(version, "M") * 2 - 4)
    for mask in range(8):
        theirs = qrcode.QRCode(version, LEVELS["M"], border=0, mask_pattern=mask)
        theirs.add_data(QRData(text.encode("ascii"), mode=MODES["numeric"]), optimize=0)
        theirs.make(fit=False)
        rows = tuple(tuple(map(bool, row)) for row in theirs.get_matrix())
        assert qr.draw(text, version, "M", mask).rows == rows


@settings(max_examples=30)
@given(st.sampled_from([1, 4, 7]), st.data())
def test_any_field_of_modules_loses_the_points_that_qrcode_counts(
    version: int, data: st.DataObject
) -> None:
    grid = symbol_map(version, "M").grid
    # rows drawn from a few are what runs, blocks and finder shapes come from
    few = data.draw(st.lists(st.integers(0, 2**grid.side - 1), min_size=1, max_size=4))
    drawn = data.draw(st.lists(st.sampled_from(few), min_size=grid.side, max_size=grid.side))
    rows: list[list[bool | None]] = [
        [bool(row >> at & 1) for at in range(grid.side)] for row in drawn
    ]
    if data.draw(st.booleans()):
        rows = [list(column) for column in zip(*rows, strict=True)]
    assert points(Rulers.of(grid), grid.packed(rows)) == lost_point(rows)


@settings(max_examples=15)
@given(st.text(CODE_CHARACTERS, min_size=1, max_size=140))
def test_symbol_is_read_back(text: str) -> None:
    picture = Image.open(io.BytesIO(qr.as_png(qr.encode(text), 4, 203)))
    assert read(picture) == [text]


def test_png_has_whole_dots_and_its_quiet_zone() -> None:
    symbol = qr.encode(signed_url(3))
    picture = Image.open(io.BytesIO(qr.as_png(symbol, 4, 203)))
    assert picture.size == (53 * 4, 53 * 4)
    small = picture.resize((53, 53), Image.Resampling.NEAREST)
    assert small.resize(picture.size, Image.Resampling.NEAREST).tobytes() == picture.tobytes()
    assert small.getpixel((3, 3))
    assert not small.getpixel((4, 4))


def test_svg_draws_every_dark_module_once() -> None:
    symbol = qr.encode(signed_url(4))
    svg = qr.as_svg(symbol, 0.5)
    assert 'width="26.5mm"' in svg
    widths = [int(bar.split("v")[0]) for bar in svg.split("h") if "v1" in bar]
    assert sum(widths) == sum(map(sum, symbol.rows))


def test_symbol_prints_trace_code_digits() -> None:
    assert TRACE_CODE in qr.encode(signed_url(5)).text
