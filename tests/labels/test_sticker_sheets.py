"""Sheets of stickers: every label lies within its sticker, and a half used sheet goes on."""

from __future__ import annotations

import io
from dataclasses import replace

import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from suyuan.labels.errors import DoesNotFit
from suyuan.labels.output import Output, write_run
from suyuan.labels.pdf.grid import Grid
from suyuan.labels.sheets import papers, sheet_for
from suyuan.labels.templates import template
from suyuan.trace.errors import InvalidInput
from tests.labels.label_samples import JERKY, TRACE_CODE, signed_url

MM = 300 / 25.4


def _run(count: int) -> list[object]:
    serials = [f"{number:012d}" for number in range(count)]
    return [
        replace(JERKY, serial=serial, url=signed_url(at, f"/t/{TRACE_CODE}/{serial}"))
        for at, serial in enumerate(serials)
    ]


def _read(
    paper: str, count: int, taken: int, template_id: str = "trace-50x30"
) -> list[list[tuple[float, float]]]:
    """For each page where the symbols' corners are, in mm."""
    out = io.BytesIO()
    output = Output(sheet=True, paper=paper, taken=taken)
    write_run(template(template_id), _run(count), output, out)  # type: ignore[arg-type]  # labels
    pages = [page.render(scale=300 / 72).to_pil() for page in pypdfium2.PdfDocument(out.getvalue())]
    return [
        [(one.position.top_left.x / MM, one.position.top_left.y / MM) for one in _symbols(page)]
        for page in pages
    ]


def _symbols(page: Image.Image) -> list[zxingcpp.Barcode]:
    return sorted(
        zxingcpp.read_barcodes(page),
        key=lambda one: (one.position.top_left.y, one.position.top_left.x),
    )


def test_a_half_used_sheet_is_gone_on_with() -> None:
    first, second = _read("a4-3x7", 6, taken=17)
    assert (len(first), len(second)) == (4, 2)
    sheet = papers()["a4-3x7"].stickers
    assert sheet is not None
    # the 18th sticker: third of the sixth row, and the label in its middle
    left = sheet.left_mm + 2 * (63.5 + 2.5) + (63.5 - 50) / 2
    top = sheet.top_mm + 5 * 38.1 + (38.1 - 30) / 2
    x, y = first[0]
    assert left < x < left + 50
    assert top < y < top + 30


@pytest.mark.parametrize("key", sorted(papers()))
def test_every_sheet_holds_its_stickers(key: str) -> None:
    paper = papers()[key]
    size = paper.stickers.size_mm if paper.stickers else (50.0, 30.0)
    label = replace(template("trace-50x30"), width_mm=size[0], height_mm=size[1])
    grid = Grid.of(label, sheet_for(label, key), 600)
    last_x, last_y = grid.place(grid.per_page - 1)
    assert last_x + grid.label[0] <= grid.page[0] + 1
    assert last_y + grid.label[1] <= grid.page[1] + 1
    larger = replace(label, width_mm=size[0] + 200)
    with pytest.raises(DoesNotFit):
        sheet_for(larger, key)


def test_any_grid_can_be_written() -> None:
    [[(x, y)]] = _read("120x80 2x2 5,6 1,2", 1, taken=3)
    assert 5 + 51 < x < 5 + 51 + 50
    assert 6 + 32 < y < 6 + 32 + 30


@pytest.mark.parametrize(
    ("paper", "taken", "says"),
    [
        ("a4-9x9", 0, "a4-3x7"),
        ("120x80 2x2", 0, "page, columns"),
        ("a4-3x7", 21, "21 places"),
        ("120x80 0x2 5,6", 0, "places"),
        ("120x80 3x2 5,6", 0, "does not fit on the sheet"),
    ],
)
def test_what_is_no_sheet_is_refused(paper: str, taken: int, says: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        _read(paper, 1, taken)
    assert says in refused.value.message.format_map(dict(refused.value.params))
