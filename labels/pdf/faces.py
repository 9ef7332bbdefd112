"""The label fonts as a PDF holds them: subsets, whose text can be copied out again."""

from __future__ import annotations

import io
import re
from functools import cache
from typing import Any

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.pdfdoc import PDFDocument
from reportlab.pdfbase.ttfonts import TTFont

from suyuan.labels import fonts


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
def register_fonts() -> None:
    """Make the label fonts known to reportlab, once a process."""
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
