"""A PDF that is written while its pages come: each is compressed, written out and forgotten.

reportlab keeps the fonts and what pages share, and writes its own objects at the end; the pages,
of which there may be a hundred thousand, are only numbered by it. Their tree has two levels, so
that no object of it is long.
"""

from __future__ import annotations

import zlib
from array import array
from typing import Any, BinaryIO, cast

from reportlab.pdfbase import pdfdoc
from reportlab.pdfbase.pdfdoc import PDFDocument
from reportlab.pdfgen.canvas import Canvas

from suyuan.labels import fonts

_KIDS = 256
"""Pages under one node of the tree."""
_COMPRESSION = 1
"""A label has little text and a symbol that is noise: more effort hardly makes it smaller."""
_VERSION = "1.4"


class Document:
    """Writes a PDF of pages of one size to ``out``, from where it stands."""

    def __init__(self, out: BinaryIO, page_pt: tuple[float, float], title: str) -> None:
        # with reportlab's own font first, the file would name one that it does not hold
        canvas: Any = Canvas(
            out,
            pagesize=page_pt,
            pageCompression=1,
            invariant=1,
            initialFontName=cast(Any, fonts.CHINESE),
        )
        self.canvas: Canvas = canvas
        self._out = out
        # which numbers objects and holds fonts and forms: no public name leads to it
        self._doc: PDFDocument = canvas._doc
        self._page_pt = page_pt
        self._title = title
        # by number of object, in eight bytes each: it is all that is kept of a page
        self._offsets = array("Q", [0])
        self._at = 0
        self._write(f"%PDF-{_VERSION}\n%\u00e9\u00e9\u00e9\u00e9\n".encode("latin-1"))
        self._root = self._number()
        self._nodes: list[int] = []
        self._kids: list[int] = []
        self._pages = 0

    @property
    def fonts_of(self) -> PDFDocument:
        """What a font asks for when it says how it writes a text."""
        return self._doc

    def add_page(self, operators: bytes) -> None:
        """Write a page that is drawn so."""
        if not self._kids:
            self._nodes.append(self._number())
        stream = zlib.compress(operators, _COMPRESSION)
        content = self._number()
        self._put(
            content,
            b"<</Length %d/Filter/FlateDecode>>stream\n%b\nendstream" % (len(stream), stream),
        )
        page = self._number()
        self._put(
            page, b"<</Type/Page/Parent %d 0 R/Contents %d 0 R>>" % (self._nodes[-1], content)
        )
        self._kids.append(page)
        self._pages += 1
        if len(self._kids) == _KIDS:
            self._end_node()

    def finish(self) -> None:
        """Write what the pages share, and the table of all objects."""
        if self._kids:
            self._end_node()
        for font in self._doc.delayedFonts:
            font.addObjects(self._doc)
        self._put(self._root, self._tree())
        catalog = self._number()
        self._put(catalog, b"<</Type/Catalog/Pages %d 0 R/Lang(zh-CN)>>" % self._root)
        info = self._number()
        title = self._title.encode("utf-16-be").hex().upper()
        self._put(info, f"<</Title<FEFF{title}>/Creator(Suyuan)/Producer(Suyuan)>>".encode())
        self._write_shared()
        self._write_table(catalog, info)

    def _tree(self) -> bytes:
        width, height = self._page_pt
        forms = "".join(
            f"/{name} {number} 0 R"
            for number, name in self._doc.numberToId.items()
            if name.startswith(pdfdoc.xObjectName(""))
        )
        named, _ = self._doc.idToObjectNumberAndVersion["BasicFonts"]
        kids = " ".join(f"{node} 0 R" for node in self._nodes)
        return (
            f"<</Type/Pages/Count {self._pages}/Kids[{kids}]/MediaBox[0 0 {width:g} {height:g}]"
            f"/Resources<</Font {named} 0 R/XObject<<{forms}>>/ProcSet[/PDF/Text/ImageB]>>>>"
        ).encode()

    def _end_node(self) -> None:
        kids = " ".join(f"{page} 0 R" for page in self._kids)
        body = f"<</Type/Pages/Parent {self._root} 0 R/Count {len(self._kids)}/Kids[{kids}]>>"
        self._put(self._nodes[-1], body.encode())
        self._kids = []

    def _write_shared(self) -> None:
        written: set[int] = set()
        # an object may bring others along while it is written
        while left := sorted(self._doc.numberToId.keys() - written):
            for number in left:
                name = self._doc.numberToId[number]
                whole = pdfdoc.PDFIndirectObject(name, self._doc.idToObject[name])
                self._begin(number)
                self._write(whole.format(self._doc))
                written.add(number)

    def _write_table(self, catalog: int, info: int) -> None:
        start, size = self._at, self._doc.objectcounter + 1
        self._write(b"xref\n0 %d\n0000000000 65535 f \n" % size)
        for number in range(1, size):
            self._write(b"%010d 00000 n \n" % self._offsets[number])
        self._write(
            b"trailer\n<</Size %d/Root %d 0 R/Info %d 0 R>>\nstartxref\n%d\n%%%%EOF\n"
            % (size, catalog, info, start)
        )

    def _number(self) -> int:
        number: int = self._doc.objectcounter + 1
        self._doc.objectcounter = number
        return number

    def _begin(self, number: int) -> None:
        """This object begins here."""
        self._offsets.extend([0] * (number + 1 - len(self._offsets)))
        self._offsets[number] = self._at

    def _put(self, number: int, body: bytes) -> None:
        self._begin(number)
        self._write(b"%d 0 obj\n%b\nendobj\n" % (number, body))

    def _write(self, data: bytes) -> None:
        self._out.write(data)
        self._at += len(data)
