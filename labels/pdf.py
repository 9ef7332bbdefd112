"""Labels as a PDF: one a page for a roll printer, or many on a sheet.

Pages and symbols measure whole printer dots, so that a renderer at the printer's resolution puts
every module on dots of its own. The bytes depend on the labels alone: the same labels give the
same file.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any, BinaryIO

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.pdfdoc import PDFDocument
from reportlab.pdfbase.ttfonts import TTFont, shapeStr
from reportlab.pdfgen.canvas import Canvas

from suyuan.labels import fonts, qr
from suyuan.labels.errors import DoesNotFit
from suyuan.labels.fit import Block, Mark
from suyuan.labels.layout import LaidOut, lay_out, to_dots
from suyuan.labels.model import LabelContent, Template
from suyuan.trace.errors import InvalidInput

_PT_PER_MM = 72 / 25.4

# A renderer gives an image every dot that it touches; a hair inside, rounding adds none.
_INSET_DOTS = 0.02


@dataclass(frozen=True)
class Roll:
    """One label a page, the page as large as the label."""


@dataclass(frozen=True)
class Sheet:
    """Labels in a grid on a sheet, row by row, the first ``skip`` places left free.

    Lengths in millimetres; the default page is A4 upright.
    """

    columns: int
    rows: int
    margin_left_mm: float
    margin_top_mm: float
    gap_x_mm: float = 0.0
    gap_y_mm: float = 0.0
    page_mm: tuple[float, float] = (210.0, 297.0)
    skip: int = 0


Layout = Roll | Sheet


def full_sheet(template: Template, gap_mm: float = 2.0, edge_mm: float = 8.0) -> Sheet:
    """The A4 grid that holds the most labels of this template, centred on the sheet."""
    page_width, page_height = 210.0, 297.0
    columns = int((page_width - 2 * edge_mm + gap_mm) // (template.width_mm + gap_mm))
    rows = int((page_height - 2 * edge_mm + gap_mm) // (template.height_mm + gap_mm))
    used_width = columns * (template.width_mm + gap_mm) - gap_mm
    used_height = rows * (template.height_mm + gap_mm) - gap_mm
    left, top = (page_width - used_width) / 2, (page_height - used_height) / 2
    return Sheet(columns, rows, left, top, gap_mm, gap_mm)


def render_pdf(
    template: Template,
    contents: Iterable[LabelContent],
    layout: Layout,
    dpi: int,
    out: BinaryIO,
) -> int:
    """Write the labels as one PDF for a printer of ``dpi`` dots an inch; returns how many.

    Nothing is written when a label is refused: the file begins when all are laid out.

    :raises InvalidInput: when there is no label to print, a grid does not fit its sheet, or for
        what `suyuan.labels.layout.lay_out` refuses.
    """
    labels = (lay_out(template, content, dpi) for content in contents)
    return write_pages(template, labels, layout, dpi, out)


def write_pages(
    template: Template, labels: Iterable[LaidOut], layout: Layout, dpi: int, out: BinaryIO
) -> int:
    """As ``render_pdf``, of what is laid out on this template already."""
    _register_fonts()
    grid = _Grid.of(template, layout, dpi)
    # reportlab writes at save only; a buffer of our own would double what it already holds.
    canvas = Canvas(out, pagesize=grid.page_pt, pageCompression=1, invariant=1, lang="zh-CN")
    canvas.setTitle(f"{template.name.zh} {template.width_mm:g} × {template.height_mm:g} mm")
    canvas.setCreator("Suyuan")
    pen = _Pen(canvas, grid)
    count = 0
    for label in labels:
        place = (count + grid.skip) % grid.per_page
        if count and place == 0:
            canvas.showPage()
        pen.draw(label, place)
        count += 1
    if not count:
        raise InvalidInput("There is no label to print.", field="count")
    canvas.showPage()
    canvas.save()
    return count


class _Font(TTFont):
    """A font whose text copies out of the PDF beyond the basic plane too.

    reportlab writes such characters into the table that leads from glyphs back to text as one
    long number, where UTF-16 asks for two; readers then drop them.
    """

    def addObjects(self, doc: PDFDocument) -> None:  # noqa: N802 reportlab's name
        subsets = len(self.state[doc].subsets)
        names = [self.getSubsetInternalName(number, doc)[1:] for number in range(subsets)]
        super().addObjects(doc)
        objects: dict[str, Any] = doc.idToObject
        for name in names:
            table = objects[objects["BasicFonts"].dict[name].ToUnicode.name]
            table.content = re.sub(r"<([0-9A-F]{5})>", _as_utf16, table.content)


def _as_utf16(code: re.Match[str]) -> str:
    return f"<{chr(int(code[1], 16)).encode('utf-16-be').hex().upper()}>"


@cache
def _register_fonts() -> None:
    for face in fonts.FACES:
        shapes = face == fonts.TIBETAN
        font = _Font(face, io.BytesIO(fonts.font_bytes(face)), shapable=shapes)
        if shapes:
            _name_all_glyphs(font)
        pdfmetrics.registerFont(font)


def _name_all_glyphs(font: TTFont) -> None:
    """Give every glyph without a character a private one, in the font's own order.

    reportlab does so at first use, and then a file would depend on what was printed before it.
    """
    shaper = font.hbFont()  # also gives the font its hbAddPrivate
    named: dict[int, list[int]] = getattr(font.face, "glyphToChar")  # noqa: B009 no stub has it
    add_private = getattr(font, "hbAddPrivate")  # noqa: B009 no stub has it
    for glyph in range(shaper.face.glyph_count):
        if glyph not in named:
            add_private(shaper.glyph_to_string(glyph), glyph, shaper.get_glyph_h_advance(glyph))


def _points(dots: int, dpi: int) -> float:
    # A hair less: a renderer that rounds a page up must not add a dot.
    return int(dots * 72 / dpi * 1000 - 0.5) / 1000


@dataclass(frozen=True)
class _Grid:
    """The places of labels on a page, in whole dots from its top left."""

    dpi: int
    page: tuple[int, int]
    label: tuple[int, int]
    origin: tuple[int, int]
    pitch: tuple[int, int]
    columns: int
    per_page: int
    skip: int

    @property
    def page_pt(self) -> tuple[float, float]:
        return _points(self.page[0], self.dpi), _points(self.page[1], self.dpi)

    def place(self, number: int) -> tuple[int, int]:
        """Top left corner of a place."""
        row, column = divmod(number, self.columns)
        return self.origin[0] + column * self.pitch[0], self.origin[1] + row * self.pitch[1]

    @classmethod
    def of(cls, template: Template, layout: Layout, dpi: int) -> _Grid:
        if not 100 <= dpi <= 2400:
            raise InvalidInput("A printer has 100 to 2400 dots an inch.", field="dpi")
        label = to_dots(template.width_mm, dpi), to_dots(template.height_mm, dpi)
        if isinstance(layout, Roll):
            return cls(dpi, label, label, (0, 0), (0, 0), 1, 1, 0)
        _require_grid_fits(template, layout)
        return cls(
            dpi,
            (to_dots(layout.page_mm[0], dpi), to_dots(layout.page_mm[1], dpi)),
            label,
            (to_dots(layout.margin_left_mm, dpi), to_dots(layout.margin_top_mm, dpi)),
            (
                to_dots(template.width_mm + layout.gap_x_mm, dpi),
                to_dots(template.height_mm + layout.gap_y_mm, dpi),
            ),
            layout.columns,
            layout.columns * layout.rows,
            layout.skip,
        )


def _require_grid_fits(template: Template, sheet: Sheet) -> None:
    if sheet.columns < 1 or sheet.rows < 1 or not 0 <= sheet.skip < sheet.columns * sheet.rows:
        raise InvalidInput(
            "A sheet has at least one column and one row, and leaves free fewer places than it"
            " has.",
            field="layout",
        )
    width = sheet.margin_left_mm + sheet.columns * (template.width_mm + sheet.gap_x_mm)
    height = sheet.margin_top_mm + sheet.rows * (template.height_mm + sheet.gap_y_mm)
    over = max(
        width - sheet.gap_x_mm - sheet.page_mm[0], height - sheet.gap_y_mm - sheet.page_mm[1]
    )
    if over > 0 or min(sheet.margin_left_mm, sheet.margin_top_mm) < 0:
        raise DoesNotFit(
            "The grid of labels {template} does not fit on the sheet: it needs {more_mm} mm more.",
            item="layout",
            more_mm=over,
            template=template.id,
        )


class _Pen:
    """Draws laid-out labels; what repeats from label to label is written once and referred to."""

    def __init__(self, canvas: Canvas, grid: _Grid) -> None:
        self._canvas = canvas
        self._grid = grid
        self._height = grid.label[1] * 72 / grid.dpi
        self._forms: dict[Block, str] = {}

    def draw(self, label: LaidOut, place: int) -> None:
        for block in label.blocks:
            if block.repeats and block not in self._forms:
                self._define(block)
        left, top = self._grid.place(place)
        bottom = self._grid.page[1] - top - self._grid.label[1]
        canvas = self._canvas
        canvas.saveState()
        canvas.translate(left * 72 / self._grid.dpi, bottom * 72 / self._grid.dpi)
        for block in label.blocks:
            if block.repeats:
                canvas.doForm(self._forms[block])
            else:
                self._ink(block)
        self._symbol(label)
        canvas.restoreState()

    def _define(self, block: Block) -> None:
        name = f"block{len(self._forms)}"
        width = self._grid.label[0] * 72 / self._grid.dpi
        self._canvas.beginForm(name, 0, 0, width, self._height)
        self._ink(block)
        self._canvas.endForm()
        self._forms[block] = name

    def _ink(self, block: Block) -> None:
        for rule in block.rules:
            self._canvas.setLineWidth(rule.weight * _PT_PER_MM)
            self._canvas.line(
                rule.x0 * _PT_PER_MM,
                self._height - rule.y0 * _PT_PER_MM,
                rule.x1 * _PT_PER_MM,
                self._height - rule.y1 * _PT_PER_MM,
            )
        for mark in block.marks:
            self._text(mark)

    def _text(self, mark: Mark) -> None:
        canvas = self._canvas
        x, y = mark.x * _PT_PER_MM, self._height - mark.y * _PT_PER_MM
        canvas.setFont(mark.face, mark.size)
        if mark.face != fonts.TIBETAN:
            canvas.drawString(x, y, mark.text)
            return
        # Glyphs of stacks do not lead back to text by themselves, so the text goes with them.
        written = mark.text.encode("utf-16-be").hex().upper()
        canvas.addLiteral(f"/Span <</ActualText <FEFF{written}>>> BDC")
        # Shaped before it is drawn: drawString's own shaping mis-sets Tibetan in silence.
        canvas.drawString(x, y, shapeStr(mark.text, mark.face, mark.size))
        canvas.addLiteral("EMC")

    def _symbol(self, label: LaidOut) -> None:
        """The symbol as an inline 1-bit image, the form every renderer keeps sharp."""
        side = label.symbol.side
        dot = 72 / label.dpi
        size = (side * label.place.dots_per_module - 2 * _INSET_DOTS) * dot
        x = (label.place.left + _INSET_DOTS) * dot
        y = self._height - (label.place.top + _INSET_DOTS) * dot - size
        data = qr.bitmap(label.symbol).tobytes().hex().upper()
        self._canvas.addLiteral(
            f"q {size:.5f} 0 0 {size:.5f} {x:.5f} {y:.5f} cm"
            f" BI /W {side} /H {side} /BPC 1 /CS /G /F /AHx ID {data}> EI Q"
        )
