"""Printed labels as a scanner, a reader and a copying hand meet them."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib import resources
from typing import Any, cast

import pikepdf
import pypdf
import pypdfium2
import pytest
import zxingcpp
from PIL import Image
from pyzbar import pyzbar

from suyuan.labels import fonts, pdf, templates
from suyuan.labels.errors import DoesNotFit
from suyuan.labels.layout import lay_out
from suyuan.labels.model import BilingualOrder, LabelContent
from suyuan.trace.errors import InvalidInput, NotFound
from tests.labels.label_samples import (
    BY_TEMPLATE,
    JERKY,
    SACK,
    SERIAL,
    TRACE_CODE,
    signed_url,
    with_text,
)

Print = Callable[..., bytes]
Render = Callable[[bytes, int], list[Image.Image]]


def run_of(count: int) -> Iterator[LabelContent]:
    """Labels of one print run: only the serial and the code differ."""
    for number in range(count):
        serial = f"{number:012d}"
        url = signed_url(number, f"/t/{TRACE_CODE}/{serial}")
        yield replace(JERKY, serial=serial, url=url)


def read_by_zxing(picture: Image.Image) -> set[str]:
    found = zxingcpp.read_barcodes(picture)
    return {one.text for one in found if one.format == zxingcpp.BarcodeFormat.QRCode}


def read_by_zbar(picture: Image.Image) -> set[str]:
    symbols = [pyzbar.ZBarSymbol.QRCODE]
    return {found.data.decode() for found in pyzbar.decode(picture, symbols=symbols)}


def text_of(document: bytes) -> str:
    return "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(document)).pages)


def squeezed(text: str) -> str:
    return "".join(text.split())


def test_every_template_has_a_sample() -> None:
    assert sorted(BY_TEMPLATE) == templates.template_ids()


@pytest.mark.parametrize("dpi", [203, 300])
@pytest.mark.parametrize("template", sorted(BY_TEMPLATE))
def test_both_readers_read_the_exact_code(
    template: str, dpi: int, print_labels: Print, pictures: Render
) -> None:
    content = BY_TEMPLATE[template]
    (picture,) = pictures(print_labels(template, [content], dpi), dpi)
    assert read_by_zxing(picture) == {content.url}
    assert read_by_zbar(picture) == {content.url}


@pytest.mark.parametrize(("dpi", "dots"), [(203, 4), (300, 6)])
def test_modules_are_whole_dots(dpi: int, dots: int, print_labels: Print, pictures: Render) -> None:
    (picture,) = pictures(print_labels("trace-50x30", [JERKY], dpi), dpi)
    place = lay_out(templates.template("trace-50x30"), JERKY, dpi).place
    assert place.dots_per_module == dots
    left, top = place.left, place.top
    symbol = picture.crop((left, top, left + 45 * dots, top + 45 * dots))
    assert set(symbol.tobytes()) == {0, 255}, "a grey dot means a module straddles two dots"
    small = symbol.resize((45, 45), Image.Resampling.NEAREST)
    assert small.resize(symbol.size, Image.Resampling.NEAREST).tobytes() == symbol.tobytes()


@pytest.mark.parametrize("template", sorted(BY_TEMPLATE))
def test_nothing_stands_in_the_quiet_zone_or_on_the_edge(
    template: str, print_labels: Print, pictures: Render
) -> None:
    (picture,) = pictures(print_labels(template, [BY_TEMPLATE[template]], 300), 300)
    width, height = picture.size
    inner = picture.crop((8, 8, width - 8, height - 8))
    blank = Image.new("L", picture.size, 255)
    blank.paste(inner, (8, 8))
    assert blank.tobytes() == picture.tobytes(), "ink at the cutting edge"
    place = lay_out(templates.template(template), BY_TEMPLATE[template], 300).place
    quiet = 4 * 6
    left, top = place.left, place.top
    right, bottom = left + 45 * 6, top + 45 * 6
    around = picture.crop((left - quiet, top - quiet, right + quiet, bottom + quiet)).copy()
    around.paste(255, (quiet, quiet, quiet + 45 * 6, quiet + 45 * 6))
    assert set(around.tobytes()) == {255}


@pytest.mark.parametrize("template", sorted(BY_TEMPLATE))
def test_chinese_and_tibetan_can_be_copied_out(template: str, print_labels: Print) -> None:
    content = BY_TEMPLATE[template]
    document = print_labels(template, [content])
    by_pypdf = squeezed(text_of(document))
    by_pdfium = squeezed(pypdfium2.PdfDocument(document)[0].get_textpage().get_text_bounded())
    placed = {key for zone in templates.template(template).zones for key in zone.items}
    for each in content.items:
        if each.key in placed or "*" in placed:
            assert squeezed(each.text.zh) in by_pypdf
            assert squeezed(each.text.zh) in by_pdfium
            assert (each.text.bo or "") in by_pdfium


@pytest.mark.parametrize("template", sorted(BY_TEMPLATE))
def test_every_label_prints_code_serial_and_telephone(template: str, print_labels: Print) -> None:
    content = BY_TEMPLATE[template]
    text = squeezed(text_of(print_labels(template, [content])))
    assert f"追溯码：{TRACE_CODE}" in text or f"追溯码{TRACE_CODE}" in text
    assert content.complaint_phone in text
    assert (SERIAL in text) is (content.serial is not None)


def test_trace_code_stands_in_groups_of_four(print_labels: Print) -> None:
    assert "5406 2604 8291 3574" in text_of(print_labels("batch-100x70", [SACK]))


def test_rare_characters_beyond_the_basic_plane_are_drawn_and_copied(print_labels: Print) -> None:
    name = "𫖯𬒗𬬭"
    document = print_labels("batch-100x70", [with_text(SACK, "product_name", name)])
    assert name in pypdfium2.PdfDocument(document)[0].get_textpage().get_text_bounded()


def test_tibetan_stands_first_where_the_setting_says_so(print_labels: Print) -> None:
    last = replace(JERKY, order=BilingualOrder("zh", 0.9))
    first = replace(JERKY, order=BilingualOrder("bo", 0.9))
    for content, chinese_first in ((last, True), (first, False)):
        document = print_labels("trace-50x30", [content])
        text = pypdfium2.PdfDocument(document)[0].get_textpage().get_text_bounded()
        assert (text.index("风干") < text.index("གཡག")) is chinese_first


def test_roll_has_a_page_for_each_label(print_labels: Print, pictures: Render) -> None:
    contents = list(run_of(3))
    document = print_labels("trace-50x30", contents, 203)
    assert [page.size for page in pictures(document, 203)] == [(400, 240)] * 3
    read = [read_by_zxing(page) for page in pictures(document, 203)]
    assert read == [{content.url} for content in contents]


def test_sheet_places_each_label_once(print_labels: Print, pictures: Render) -> None:
    template = templates.template("trace-50x30")
    sheet = pdf.full_sheet(template)
    contents = list(run_of(sheet.columns * sheet.rows + 1))
    document = print_labels(template, contents, 300, replace(sheet, skip=2))
    pages = pictures(document, 300)
    assert len(pages) == 2
    assert set.union(*map(read_by_zxing, pages)) == {content.url for content in contents}
    assert len(read_by_zxing(pages[1])) == 3


def test_grid_larger_than_the_sheet_is_refused(print_labels: Print) -> None:
    with pytest.raises(DoesNotFit, match=r"needs 48\.0 mm more"):
        print_labels("trace-50x30", [JERKY], 300, pdf.Sheet(5, 2, 4, 10, 1))


def test_same_labels_make_the_same_file(print_labels: Print) -> None:
    first = print_labels("complete-100x80", [JERKY])
    print_labels("batch-100x70", [SACK])
    assert print_labels("complete-100x80", [JERKY]) == first


def test_fonts_are_embedded_as_subsets(print_labels: Print) -> None:
    reader = pypdf.PdfReader(io.BytesIO(print_labels("complete-100x80", [JERKY])))
    resources = cast(dict[str, Any], reader.pages[0]["/Resources"])
    used = [font.get_object() for font in resources["/Font"].values()]
    suyuan = [font for font in used if "Suyuan" in font["/BaseFont"]]
    assert {font["/BaseFont"].split("+")[1] for font in suyuan} == {
        "SuyuanSansSC-Regular",
        "SuyuanSansSC-Bold",
        "SuyuanSerifTibetan-Regular",
    }
    assert all("/FontFile2" in font["/FontDescriptor"] for font in suyuan)


@pytest.mark.parametrize("template", sorted(BY_TEMPLATE))
def test_qpdf_finds_nothing_wrong(template: str, print_labels: Print) -> None:
    sheet = pdf.full_sheet(templates.template(template))
    for layout in (pdf.Roll(), sheet):
        document = print_labels(template, [BY_TEMPLATE[template]] * 2, 300, layout)
        with pikepdf.open(io.BytesIO(document)) as opened:
            assert opened.check_pdf_syntax() == []


def test_qpdf_would_find_a_wrong_table(print_labels: Print) -> None:
    document = print_labels("trace-50x30", [JERKY])
    with pikepdf.open(io.BytesIO(document.replace(b"xref\n0 ", b"xref\n1 "))) as opened:
        assert opened.check_pdf_syntax() != []


@pytest.mark.parametrize("face", fonts.FACES)
def test_each_font_has_its_licence_beside_it(face: str) -> None:
    folder = resources.files("suyuan.labels").joinpath("fonts")
    family = face.split("-")[0]
    licence = folder.joinpath(f"OFL-{family}.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence


def test_no_label_is_an_error(print_labels: Print) -> None:
    with pytest.raises(InvalidInput, match="no label"):
        print_labels("trace-50x30", [])


def test_unknown_template_names_those_there_are() -> None:
    with pytest.raises(NotFound, match="trace-50x30"):
        templates.template("../fonts/README")
