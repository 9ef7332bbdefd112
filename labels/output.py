"""The labels of a run in the form that a printer takes, or that a phone hands on to one."""

from __future__ import annotations

import io
import shutil
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, Final, cast

from PIL import Image

from suyuan.labels import pdf, qr
from suyuan.labels.errors import DoesNotFit
from suyuan.labels.layout import LaidOut, to_dots
from suyuan.labels.model import LabelContent, Template
from suyuan.labels.pdf import Layout, Roll, draw_pdf, render_pdf
from suyuan.labels.pdf.grid import Grid
from suyuan.labels.raster.picture import pictures
from suyuan.labels.raster.tspl import as_tspl
from suyuan.labels.raster.zpl import as_zpl
from suyuan.labels.runs import lay_out_run
from suyuan.labels.sheets import A4, sheet_for
from suyuan.trace.errors import InvalidInput

DPI: Final = 300
"""The resolution that a label is laid out for unless the printer's own is given."""
USUAL_GAP_MM: Final = 2.0
MOST_HEAD_DOTS: Final = 10_000
MOST_DPI_OF_PICTURES: Final = 600
"""What label printers have; beyond it a picture of a label takes tens of megabytes."""
MEDIA_TYPES: Final = {
    "pdf": "application/pdf",
    "zpl": "application/octet-stream",
    "tspl": "application/octet-stream",
    "png": "application/zip",
    "symbols": "application/zip",
}
_IN_MEMORY = 8 * 1024 * 1024
SUFFIXES: Final = {
    "pdf": ".pdf",
    "zpl": ".zpl",
    "tspl": ".tspl",
    "png": ".zip",
    "symbols": ".symbols.zip",
}


@dataclass(frozen=True)
class Output:
    """What the printer is, and how it is reached.

    ``form``: ``pdf`` for a driver, ``zpl`` or ``tspl`` for the printer itself, ``png`` for an app
    that takes pictures: a ZIP archive of one for each label; ``symbols`` for who draws the pack
    himself: an archive of the symbols alone, each as SVG and PNG. ``dpi``: dots an inch of the
    printer.
    ``sheet``: on sheets instead of a roll (PDF only), on those of ``paper``: one of
    `suyuan.labels.sheets.papers`, or a grid, whose first ``taken`` stickers are used up; A4 where
    nothing is said. ``gap_mm``: between two labels of the paper (TSPL only). ``shift_right`` and
    ``shift_down``: dots by which a printer's place is mended, to the left and up where they are
    less than nought (not in a PDF). ``head_dots``: the width of the printer's head, which pictures
    are filled up to with paper on both sides (PNG only).
    """

    form: str = "pdf"
    dpi: int = DPI
    sheet: bool = False
    gap_mm: float = USUAL_GAP_MM
    head_dots: int | None = None
    paper: str = A4
    taken: int = 0
    shift_right: int = 0
    shift_down: int = 0

    @property
    def media_type(self) -> str:
        return MEDIA_TYPES[self.form]

    @property
    def suffix(self) -> str:
        """What the name of a file of it ends in."""
        return SUFFIXES[self.form]


def write_run(
    template: Template,
    contents: Iterable[LabelContent],
    output: Output,
    out: BinaryIO,
    *,
    straight: bool = False,
) -> int:
    """Write the labels; returns how many. Nothing is written where one of them is refused, unless
    they are written ``straight`` to a file that is then thrown away.

    :raises InvalidInput: for a form or a printer that there is not, when there is no label, and
        for what `suyuan.labels.layout.lay_out` refuses.
    :raises DoesNotFit: for a label that is wider than the printer's head.
    """
    require_sound(template, output)
    if output.form == "pdf":
        write = render_pdf if not straight else draw_pdf
        return write(template, contents, _layout(template, output), output.dpi, out)
    labels = lay_out_run(template, contents, output.dpi)
    if straight:
        return _written(labels, template, output, out)
    with SpooledTemporaryFile(_IN_MEMORY) as kept:
        count = _written(labels, template, output, cast(BinaryIO, kept))
        kept.seek(0)
        shutil.copyfileobj(kept, out)
    return count


def _written(labels: Iterable[LaidOut], template: Template, output: Output, out: BinaryIO) -> int:
    if output.form == "symbols":
        count = _symbols(labels, output, out)
    else:
        drawn = pictures(template, labels, output.dpi)
        count = _WRITERS[output.form](_shifted(drawn, output), template, output, out)
    if not count:
        raise InvalidInput("There is no label to print.", field="count")
    return count


def write_pictures(
    template: Template, drawn: Sequence[Image.Image], output: Output, out: BinaryIO
) -> None:
    """Write 1-bit pictures of this template's size as labels; raises as ``write_run``."""
    require_sound(template, output)
    if output.form == "pdf":
        pdf.write_pictures(template, drawn, output.dpi, out)
    else:
        _WRITERS[output.form](_shifted(drawn, output), template, output, out)


def label_picture(template: Template, content: LabelContent, output: Output) -> bytes:
    """One label as a PNG, as wide as the printer's head; raises as ``write_run``."""
    require_sound(template, output)
    labels = lay_out_run(template, (content,), output.dpi)
    return picture_file(next(pictures(template, labels, output.dpi)), output)


def picture_file(picture: Image.Image, output: Output) -> bytes:
    """A 1-bit picture of a label as a PNG, as wide as the printer's head, its place mended."""
    return _as_png(next(_shifted((picture,), output)), output)


def _shifted(drawn: Iterable[Image.Image], output: Output) -> Iterator[Image.Image]:
    """The pictures, moved on their paper; what goes over its edge is lost."""
    by = output.shift_right, output.shift_down
    for picture in drawn:
        if by == (0, 0):
            yield picture
            continue
        paper = Image.new("1", picture.size, 1)
        paper.paste(picture, by)
        yield paper


def _layout(template: Template, output: Output) -> Layout:
    return sheet_for(template, output.paper, output.taken) if output.sheet else Roll()


def require_sound(template: Template, output: Output) -> None:
    """Raises InvalidInput where no printer takes labels so, and DoesNotFit for a narrower head and
    for a grid that is larger than its sheet."""
    if output.form not in MEDIA_TYPES:
        raise InvalidInput(
            "Labels are written in one of the forms {known}.", "form", known=", ".join(MEDIA_TYPES)
        )
    if output.form != "pdf" and output.dpi > MOST_DPI_OF_PICTURES:
        raise InvalidInput(
            "A label printer has at most {most} dots an inch.", "dpi", most=MOST_DPI_OF_PICTURES
        )
    if output.sheet and output.form != "pdf":
        raise InvalidInput("Only a PDF is laid out on sheets: choose a roll.", "sheet")
    if output.form == "pdf":
        Grid.of(template, _layout(template, output), output.dpi)
    wide = to_dots(template.width_mm, output.dpi)
    if output.head_dots is not None and wide > output.head_dots:
        raise DoesNotFit(
            "The label {template} is wider than the printer's head: it needs {more_mm} mm more.",
            item="head",
            more_mm=(wide - output.head_dots) * 25.4 / output.dpi,
            template=template.id,
        )


def _zpl(drawn: Iterable[Image.Image], template: Template, output: Output, out: BinaryIO) -> int:
    return sum(out.write(as_zpl(one)) > 0 for one in drawn)


def _tspl(drawn: Iterable[Image.Image], template: Template, output: Output, out: BinaryIO) -> int:
    return sum(out.write(as_tspl(one, template, output.gap_mm)) > 0 for one in drawn)


def _png(drawn: Iterable[Image.Image], template: Template, output: Output, out: BinaryIO) -> int:
    count = 0
    with zipfile.ZipFile(out, "w") as archive:
        for count, picture in enumerate(drawn, 1):
            _enclose(archive, f"{count:06d}.png", _as_png(picture, output))
    return count


def _as_png(picture: Image.Image, output: Output) -> bytes:
    file = io.BytesIO()
    _as_wide(picture, output.head_dots).save(file, "PNG", dpi=(output.dpi, output.dpi))
    return file.getvalue()


def _symbols(labels: Iterable[LaidOut], output: Output, out: BinaryIO) -> int:
    """Each named by its place in the run and by what its code ends in."""
    count = 0
    with zipfile.ZipFile(out, "w") as archive:
        for count, label in enumerate(labels, 1):
            name = f"{count:06d}-{label.symbol.text.rpartition('/')[2]}"
            dots = label.place.dots_per_module
            _enclose(archive, f"{name}.svg", qr.as_svg(label.symbol))
            _enclose(archive, f"{name}.png", qr.as_png(label.symbol, dots, output.dpi))
    return count


def _enclose(archive: zipfile.ZipFile, name: str, content: str | bytes) -> None:
    """A file of an archive. Deflated: where an archive is written straight to its end, readers on
    phones find the end of what is deflated, and not of what is stored (APPNOTE 4.4.4, bit 3)."""
    archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)


def _as_wide(picture: Image.Image, head_dots: int | None) -> Image.Image:
    """The picture in the middle of as much paper as the head prints on."""
    if head_dots is None:
        return picture
    paper = Image.new("1", (head_dots, picture.height), 1)
    paper.paste(picture, ((head_dots - picture.width) // 2, 0))
    return paper


_WRITERS: Final[Mapping[str, Callable[..., int]]] = {
    "zpl": _zpl,
    "tspl": _tspl,
    "png": _png,
}
"""How pictures of labels are written for those that take no PDF."""
