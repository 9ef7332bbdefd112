"""Writing the labels of a run, page by page, in memory that does not grow with their number."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, cast

from PIL import Image

from suyuan.labels.fit import Block
from suyuan.labels.layout import LaidOut
from suyuan.labels.model import LabelContent, Template
from suyuan.labels.pdf.document import Document
from suyuan.labels.pdf.faces import register_fonts
from suyuan.labels.pdf.grid import Grid, Layout, Roll
from suyuan.labels.pdf.pen import INSET_DOTS, Pen
from suyuan.labels.runs import lay_out_run
from suyuan.trace.errors import InvalidInput

_IN_MEMORY = 8 * 1024 * 1024


def render_pdf(
    template: Template,
    contents: Iterable[LabelContent],
    layout: Layout,
    dpi: int,
    out: BinaryIO,
) -> int:
    """Write the labels as one PDF for a printer of ``dpi`` dots an inch; returns how many.

    Nothing is written to ``out`` when a label is refused: it is filled when all are drawn.

    :raises InvalidInput: when there is no label to print, a grid does not fit its sheet, or for
        what `suyuan.labels.layout.lay_out` refuses.
    """
    return write_pages(template, lay_out_run(template, contents, dpi), layout, dpi, out)


def draw_pdf(
    template: Template,
    contents: Iterable[LabelContent],
    layout: Layout,
    dpi: int,
    out: BinaryIO,
) -> int:
    """As ``render_pdf``, written to ``out`` while the labels are drawn: where one is refused, what
    stands there is no PDF."""
    return _write(template, lay_out_run(template, contents, dpi), layout, dpi, out)


def write_pages(
    template: Template, labels: Iterable[LaidOut], layout: Layout, dpi: int, out: BinaryIO
) -> int:
    """As ``render_pdf``, of what is laid out on this template already."""
    with SpooledTemporaryFile(_IN_MEMORY) as kept:
        drawn = cast(BinaryIO, kept)
        count = _write(template, labels, layout, dpi, drawn)
        drawn.seek(0)
        shutil.copyfileobj(drawn, out)
    return count


def write_words(
    template: Template, pages: Iterable[tuple[Block, ...]], dpi: int, out: BinaryIO
) -> None:
    """Write what stands on labels without symbols, one a page."""
    register_fonts()
    grid = Grid.of(template, Roll(), dpi)
    document = Document(out, grid.page_pt, template.name.zh)
    pen = Pen(document, grid)
    for blocks in pages:
        document.add_page(pen.draw_words(blocks, 0))
    document.finish()


def write_pictures(
    template: Template, pictures: Iterable[Image.Image], dpi: int, out: BinaryIO
) -> None:
    """Write 1-bit pictures of this template's size in dots (0 dark), one a page."""
    register_fonts()
    grid = Grid.of(template, Roll(), dpi)
    document = Document(out, grid.page_pt, template.name.zh)
    for picture in pictures:
        document.add_page(_picture(picture, 72 / dpi))
    document.finish()


def _picture(picture: Image.Image, dot: float) -> bytes:
    wide, high = ((dots - 2 * INSET_DOTS) * dot for dots in picture.size)
    at = INSET_DOTS * dot
    shape = b"/W %d /H %d /BPC 1 /CS /G /F /AHx" % picture.size
    return b"q %.5f 0 0 %.5f %.5f %.5f cm BI %b ID\n%b> EI Q\n" % (
        wide, high, at, at, shape, picture.tobytes().hex().encode()
    )  # fmt: skip


def _write(
    template: Template, labels: Iterable[LaidOut], layout: Layout, dpi: int, out: BinaryIO
) -> int:
    register_fonts()
    grid = Grid.of(template, layout, dpi)
    title = f"{template.name.zh} {template.width_mm:g} × {template.height_mm:g} mm"
    document = Document(out, grid.page_pt, title)
    pen = Pen(document, grid)
    page: list[bytes] = []
    count = 0
    for label in labels:
        place = (count + grid.skip) % grid.per_page
        if count and place == 0:
            document.add_page(b"".join(page))
            page.clear()
        page.append(pen.draw(label, place))
        count += 1
    if not count:
        raise InvalidInput("There is no label to print.", field="count")
    document.add_page(b"".join(page))
    document.finish()
    return count
