"""A laid-out label as a picture in which each pixel is a dot of the printer."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from itertools import islice

import pypdfium2
from PIL import Image

from suyuan.labels.fit import Block
from suyuan.labels.layout import LaidOut, to_dots
from suyuan.labels.model import Template
from suyuan.labels.pdf import Roll, write_pages, write_words
from suyuan.labels.qr.drawing import bitmap

_AT_ONCE = 32
_INKED_BELOW = 150
"""Of 255 for paper: a dot is printed where its ink covers about two fifths of it. At 203 dots an
inch the thin strokes of small characters would break at half."""


def pictures(template: Template, labels: Iterable[LaidOut], dpi: int) -> Iterator[Image.Image]:
    """Each label as a 1-bit picture (0 dark), as wide and high as its paper in dots of ``dpi``.

    The symbol is drawn module by module, not by way of a renderer.
    """
    waiting = iter(labels)
    while some := list(islice(waiting, _AT_ONCE)):
        for label, page in zip(some, _pages(template, some, dpi), strict=True):
            yield _with_symbol(page, label)


def _pages(template: Template, labels: Iterable[LaidOut], dpi: int) -> Iterator[Image.Image]:
    """The labels as a PDF shows them, in black and white."""
    drawn = io.BytesIO()
    write_pages(template, labels, Roll(), dpi, drawn)
    return _shown(template, drawn.getvalue(), dpi)


def written(
    template: Template, pages: Iterable[tuple[Block, ...]], dpi: int
) -> Iterator[Image.Image]:
    """What is written on labels without symbols, each as a picture as of ``pictures``."""
    drawn = io.BytesIO()
    write_words(template, pages, dpi, drawn)
    return _shown(template, drawn.getvalue(), dpi)


def _shown(template: Template, drawn: bytes, dpi: int) -> Iterator[Image.Image]:
    size = to_dots(template.width_mm, dpi), to_dots(template.height_mm, dpi)
    document = pypdfium2.PdfDocument(drawn)
    try:
        for page in document:
            grey = page.render(scale=dpi / 72, grayscale=True).to_pil()
            yield grey.crop((0, 0, *size)).point(lambda ink: 255 * (ink >= _INKED_BELOW), "1")
    finally:
        document.close()


def _with_symbol(page: Image.Image, label: LaidOut) -> Image.Image:
    symbol = bitmap(label.symbol, label.place.dots_per_module)
    page.paste(symbol, (label.place.left, label.place.top))
    for row in label.bars:
        bars = Image.new("1", (len(row.modules), 1))
        bars.putdata([255 * (module == "0") for module in row.modules])
        page.paste(
            bars.resize((row.width, row.height), Image.Resampling.NEAREST), (row.left, row.top)
        )
    return page
