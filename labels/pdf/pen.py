"""Draws laid-out labels as PDF operators; what repeats from label to label is written once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import cast

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.pdfdoc import xObjectName
from reportlab.pdfbase.ttfonts import TTFont, shapeStr

from suyuan.labels import fonts
from suyuan.labels.bars.placing import Bars
from suyuan.labels.fit import Block, Mark
from suyuan.labels.layout import LaidOut, SymbolPlace
from suyuan.labels.pdf.document import Document
from suyuan.labels.pdf.grid import Grid

_PT_PER_MM = 72 / 25.4

# A renderer gives an image every dot that it touches; a hair inside, rounding adds none.
INSET_DOTS = 0.02


class Pen:
    """Draws the labels of one run into a document."""

    def __init__(self, document: Document, grid: Grid) -> None:
        self._document = document
        self._canvas = document.canvas
        self._grid = grid
        self._dot = 72 / grid.dpi
        self._height = grid.label[1] * self._dot
        self._forms: dict[Block, bytes] = {}
        self._symbol_at = lru_cache(maxsize=64)(self._symbol_place)

    def draw(self, label: LaidOut, place: int) -> bytes:
        """The operators of a label in this place of its page."""
        drawn = self._words(label.blocks, place)
        drawn.append(self._symbol_at(label.place, label.symbol.side))
        drawn.append(label.symbol.packed.hex().encode())
        drawn.append(b"> EI Q")
        drawn += (self._bars(row) for row in label.bars)
        drawn.append(b"Q\n")
        return b"\n".join(drawn)

    def draw_words(self, blocks: Iterable[Block], place: int) -> bytes:
        """As ``draw``, of what is written on a label that has no symbol."""
        return b"\n".join((*self._words(blocks, place), b"Q\n"))

    def _words(self, blocks: Iterable[Block], place: int) -> list[bytes]:
        left, top = self._grid.place(place)
        bottom = self._grid.page[1] - top - self._grid.label[1]
        drawn = [b"q 1 0 0 1 %.5f %.5f cm" % (left * self._dot, bottom * self._dot)]
        for block in blocks:
            if block.repeats:
                drawn.append(self._form(block))
            else:
                drawn += self._own(block)
        return drawn

    def _own(self, block: Block) -> Iterator[bytes]:
        """A block whose figures no other label has: all but these is on each of them."""
        same = Block(tuple(mark for mark in block.marks if mark.face == fonts.TIBETAN), block.rules)
        if same.marks or same.rules:
            yield self._form(same)
        yield from (self._written(mark) for mark in block.marks if mark.face != fonts.TIBETAN)

    def _form(self, block: Block) -> bytes:
        return self._forms.get(block) or self._define(block)

    def _define(self, block: Block) -> bytes:
        name = f"block{len(self._forms)}"
        self._canvas.beginForm(name, 0, 0, self._grid.label[0] * self._dot, self._height)
        self._ink(block)
        self._canvas.endForm()
        self._forms[block] = drawn = f"/{xObjectName(name)} Do".encode()
        return drawn

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

    def _written(self, mark: Mark) -> bytes:
        """Text that each label has of its own, written straight: it is Chinese and figures."""
        font, document = cast(TTFont, pdfmetrics.getFont(mark.face)), self._document.fonts_of
        x, y = mark.x * _PT_PER_MM, self._height - mark.y * _PT_PER_MM
        shown = "".join(
            f"{font.getSubsetInternalName(subset, document)} {mark.size:.4f} Tf<{code.hex()}>Tj "
            for subset, code in font.splitString(mark.text, document)
        )
        return f"BT 1 0 0 1 {x:.4f} {y:.4f} Tm {shown}ET".encode()

    def _bars(self, row: Bars) -> bytes:
        """A row of bars, as an inline image one module high that is drawn as tall as the row."""
        width, height = ((side - 2 * INSET_DOTS) * self._dot for side in (row.width, row.height))
        x = (row.left + INSET_DOTS) * self._dot
        y = self._height - (row.top + INSET_DOTS) * self._dot - height
        count = len(row.modules)
        packed = int(row.modules.ljust(-(-count // 8) * 8, "0"), 2)
        return (
            f"q {width:.5f} 0 0 {height:.5f} {x:.5f} {y:.5f} cm"
            f" BI /W {count} /H 1 /BPC 1 /CS /G /D [1 0] /F /AHx ID"
            f" {packed:0{-(-count // 8) * 2}x}> EI Q"
        ).encode()

    def _symbol_place(self, place: SymbolPlace, side: int) -> bytes:
        """What stands before the modules: an inline 1-bit image, which every renderer keeps
        sharp, 1 for black."""
        size = (side * place.dots_per_module - 2 * INSET_DOTS) * self._dot
        x = (place.left + INSET_DOTS) * self._dot
        y = self._height - (place.top + INSET_DOTS) * self._dot - size
        return (
            f"q {size:.5f} 0 0 {size:.5f} {x:.5f} {y:.5f} cm"
            f" BI /W {side} /H {side} /BPC 1 /CS /G /D [1 0] /F /AHx ID"
        ).encode()
