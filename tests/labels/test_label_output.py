"""Labels as printers and apps take them: the dots that come out are those that were drawn."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace

import pypdfium2
import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops

from suyuan.labels.errors import DoesNotFit
from suyuan.labels.layout import lay_out
from suyuan.labels.model import LabelContent
from suyuan.labels.output import Output, write_run
from suyuan.labels.qr.drawing import bitmap
from suyuan.labels.raster.zpl import compressed
from suyuan.labels.templates import template
from suyuan.trace.errors import InvalidInput
from tests.labels.label_samples import BY_TEMPLATE, JERKY, TRACE_CODE, signed_url

GRAPHIC = re.compile(rb"\^GFA,(\d+),(\d+),(\d+),([0-9A-Fg-zG-Y,!:]*)\^FS")
BITMAP = re.compile(rb"BITMAP 0,0,(\d+),(\d+),0,")


def written(
    name: str,
    contents: list[LabelContent],
    form: str,
    dpi: int = 203,
    *,
    gap: float = 2,
    head: int | None = None,
) -> bytes:
    out, output = io.BytesIO(), Output(form, dpi, gap_mm=gap, head_dots=head)
    assert write_run(template(name), contents, output, out) == len(contents)
    return out.getvalue()


def two_labels() -> list[LabelContent]:
    serials = ("000000000001", "000000000002")
    return [
        replace(JERKY, serial=one, url=signed_url(at, f"/t/{TRACE_CODE}/{one}"))
        for at, one in enumerate(serials)
    ]


def printed_zpl(commands: bytes) -> Iterator[Image.Image]:
    """What a printer would print of these commands, as the guide says of ^GF."""
    for total, _, width, data in GRAPHIC.findall(commands):
        rows = expanded(data.decode(), int(width))
        assert len(rows) == int(total)
        yield picture_of(bytes(255 - one for one in rows), int(width))


def expanded(data: str, width: int) -> bytes:
    """Rows from the printers' compression, which counts digits by letters."""
    rows: list[str] = []
    row, count = "", 0
    for sign in data:
        if "g" <= sign <= "z":
            count += 20 * (ord(sign) - ord("g") + 1)
        elif "G" <= sign <= "Y":
            count += ord(sign) - ord("G") + 1
        elif sign == ":":
            rows.append(rows[-1])
        elif sign in ",!":
            row = row.ljust(2 * width, "0" if sign == "," else "F")
        else:
            row, count = row + sign * (count or 1), 0
        if len(row) == 2 * width:
            rows.append(row)
            row = ""
    assert not row
    assert not count
    return bytes.fromhex("".join(rows))


def printed_tspl(commands: bytes) -> Iterator[Image.Image]:
    for found in BITMAP.finditer(commands):
        width, height = int(found[1]), int(found[2])
        yield picture_of(commands[found.end() : found.end() + width * height], width)


def printed_png(archive: bytes) -> Iterator[Image.Image]:
    with zipfile.ZipFile(io.BytesIO(archive)) as files:
        for name in files.namelist():
            with Image.open(io.BytesIO(files.read(name))) as picture:
                yield picture.convert("1")


def picture_of(rows: bytes, width: int) -> Image.Image:
    return Image.frombytes("1", (width * 8, len(rows) // width), rows)


READ: dict[str, Callable[[bytes], Iterator[Image.Image]]] = {
    "zpl": printed_zpl, "tspl": printed_tspl, "png": printed_png,
}  # fmt: skip


@pytest.mark.parametrize("dpi", [203, 300])
@pytest.mark.parametrize("form", sorted(READ))
def test_what_is_printed_reads_as_the_code_of_its_label(form: str, dpi: int) -> None:
    labels = two_labels()
    found = READ[form](written("trace-50x30", labels, form, dpi))
    for picture, label in zip(found, labels, strict=True):
        grey = picture.convert("L")
        assert [one.text for one in zxingcpp.read_barcodes(grey)] == [label.url]


@pytest.mark.parametrize("name", sorted(BY_TEMPLATE))
def test_all_forms_print_the_same_dots(name: str) -> None:
    label = BY_TEMPLATE[name]
    (png,) = printed_png(written(name, [label], "png"))
    for form in ("zpl", "tspl"):
        (other,) = READ[form](written(name, [label], form))
        assert other.width - png.width in range(8), "filled up to whole bytes"
        assert not inked(ImageChops.difference(other.crop((0, 0, *png.size)), png))
        rest = (png.width, 0, *other.size)
        assert not inked(ImageChops.invert(other.crop(rest))), "what fills up prints nothing"


def inked(picture: Image.Image) -> bool:
    return picture.width > 0 and picture.getbbox() is not None


def test_each_module_is_whole_dots_and_paper_lies_round_them() -> None:
    (picture,) = printed_png(written("trace-50x30", [JERKY], "png", 203))
    laid = lay_out(template("trace-50x30"), JERKY, 203)
    symbol = bitmap(laid.symbol, 4)
    left, top = laid.place.left, laid.place.top
    there = picture.crop((left, top, left + symbol.width, top + symbol.height))
    assert not inked(ImageChops.difference(there, symbol))
    quiet = 4 * 4
    around = picture.crop((left - quiet, top - quiet, left + symbol.width + quiet, top))
    assert not inked(ImageChops.invert(around))


def test_a_picture_shows_what_the_pdf_shows() -> None:
    name, label = "complete-80x60", BY_TEMPLATE["complete-80x60"]
    (picture,) = printed_png(written(name, [label], "png", 300))
    with pypdfium2.PdfDocument(written(name, [label], "pdf", 300)) as document:
        page = document[0].render(scale=300 / 72, grayscale=True).to_pil()
    shown = page.crop((0, 0, *picture.size)).point(lambda ink: 255 * (ink > 127), "1")
    dots = picture.width * picture.height
    assert ImageChops.difference(picture, shown).histogram()[255] < 0.02 * dots
    assert picture.histogram()[0] > 0.1 * dots


def test_a_picture_fills_the_head_of_its_printer() -> None:
    (picture,) = printed_png(
        written("trace-40x30", [BY_TEMPLATE["trace-40x30"]], "png", 203, head=384)
    )
    assert picture.size == (384, 240)
    left = (384 - 320) // 2
    assert not inked(ImageChops.invert(picture.crop((0, 0, left, 240))))
    with pytest.raises(DoesNotFit, match=r"2\.0 mm more"):
        written("trace-50x30", [JERKY], "png", 203, head=384)


def test_symbols_come_alone_too() -> None:
    labels = two_labels()
    with zipfile.ZipFile(io.BytesIO(written("trace-50x30", labels, "symbols", 300))) as files:
        names = files.namelist()
        assert names[:2] == ["000001-000000000001.svg", "000001-000000000001.png"]
        assert len(names) == 4
        for name, label in zip(names[1::2], labels, strict=True):
            with Image.open(io.BytesIO(files.read(name))) as picture:
                (found,) = zxingcpp.read_barcodes(picture.convert("L"))
            assert found.text == label.url
        assert files.read(names[0]).startswith(b"<svg")


def test_the_printer_is_told_its_paper() -> None:
    tspl = written("trace-50x30", two_labels(), "tspl", gap=3)
    assert tspl.count(b"SIZE 50 mm,30 mm\r\nGAP 3 mm,0 mm\r\n") == 2
    zpl = written("trace-50x30", two_labels(), "zpl")
    assert zpl.count(b"^XA^PW400^LL240") == zpl.count(b"^PQ1^XZ") == 2


@pytest.mark.parametrize(
    ("output", "field"),
    [
        (Output("epl"), "form"),
        (Output("zpl", 1200), "dpi"),
        (Output("zpl", 50), "dpi"),
        (Output("tspl", sheet=True), "sheet"),
    ],
)
def test_what_no_printer_takes_is_refused(output: Output, field: str) -> None:
    out = io.BytesIO()
    with pytest.raises(InvalidInput) as refused:
        write_run(template("trace-50x30"), [JERKY], output, out)
    assert refused.value.field == field
    with pytest.raises(InvalidInput):
        write_run(template("trace-50x30"), [], Output("zpl"), out)
    assert not out.getvalue()


rows = st.integers(1, 300).flatmap(
    lambda width: st.tuples(
        st.just(width),
        st.lists(
            st.lists(
                st.sampled_from([b"\0", b"\xff", b"\x0f", b"\xa5"]), min_size=width, max_size=width
            )
            | st.sampled_from([b"\0", b"\xff"]).map(lambda one: [one] * width),
            min_size=1,
            max_size=4,
        ),
    )
)


@given(rows)
def test_whatever_is_compressed_comes_out_again(drawn: tuple[int, list[list[bytes]]]) -> None:
    width, lines = drawn
    data = b"".join(b"".join(line) for line in lines)
    assert expanded(compressed(data, width), width) == data
