"""Labels as others draw them, each as its documentation shows: a string for each line, the picture
that ``qrcode`` makes, and the label fonts. All draw the same label of 50 × 30 mm.

They set Tibetan as well as they can: fpdf2 and WeasyPrint shape it, reportlab where it is shaped
beforehand, pylabels not at all.
"""

from __future__ import annotations

import base64
import importlib.util
import io
import sys
from collections.abc import Callable, Iterable
from functools import cache
from importlib import metadata, resources
from typing import Any

import qrcode
from qrcode.constants import ERROR_CORRECT_M
from reportlab.graphics import shapes
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase.ttfonts import shapeStr
from reportlab.pdfgen.canvas import Canvas

from suyuan.labels import fonts
from suyuan.labels.model import LabelContent

Draw = Callable[[list[LabelContent]], object]

_SIZE = 7
_LEFT, _TOP, _STEP = 1.6, 4.0, 3.0  # mm


def peers() -> dict[str, Draw]:
    """Those that can be loaded here, by name; the others are told of and left out."""
    known: dict[str, Callable[[], Draw]] = {
        "reportlab and qrcode": lambda: _by_reportlab,
        "fpdf2 and qrcode": _fpdf2,
        "pylabels and qrcode": _pylabels,
        "WeasyPrint and qrcode": _weasyprint,
    }
    found: dict[str, Draw] = {}
    for name, load in known.items():
        try:
            found[name] = load()
        except (ImportError, OSError) as error:  # WeasyPrint needs Pango of the machine
            print(f"{name} cannot be loaded and is left out: {error}")
    return found


def symbol(text: str) -> Any:
    made: qrcode.QRCode[Any] = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=0)
    made.add_data(text)
    made.make()
    return made


def _picture(label: LabelContent) -> Any:
    return symbol(label.url).make_image().get_image()


def _lines(label: LabelContent) -> tuple[list[str], str]:
    """Six lines in Chinese and figures, and the one in Tibetan."""
    (name,) = (item.text for item in label.items if item.key == "product_name")
    return [
        name.zh, "追溯码", label.trace_code, "序号", label.serial or "",
        f"投诉电话 {label.complaint_phone}",
    ], name.bo or ""  # fmt: skip


def _by_reportlab(labels: Iterable[LabelContent]) -> object:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(50 * mm, 30 * mm))
    for label in labels:
        chinese, tibetan = _lines(label)
        canvas.setFont(fonts.CHINESE, _SIZE)
        for line, text in enumerate(chinese):
            canvas.drawString(_LEFT * mm, (30 - _TOP - _STEP * line) * mm, text)
        canvas.setFont(fonts.TIBETAN, _SIZE)
        shaped = shapeStr(tibetan, fonts.TIBETAN, _SIZE)
        canvas.drawString(_LEFT * mm, 4 * mm, shaped)
        canvas.drawImage(ImageReader(_picture(label)), 23 * mm, 3 * mm, 24 * mm, 24 * mm)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _fpdf2() -> Draw:
    from fpdf import FPDF

    def draw(labels: list[LabelContent]) -> object:
        page = FPDF(unit="mm", format=(50, 30))
        page.set_auto_page_break(False)
        for face in (fonts.CHINESE, fonts.TIBETAN):
            page.add_font(face, fname=_file(face))
        for label in labels:
            chinese, tibetan = _lines(label)
            page.add_page()
            page.set_font(fonts.CHINESE, size=_SIZE)
            page.set_text_shaping(False)
            for line, text in enumerate(chinese):
                page.text(_LEFT, _TOP + _STEP * line, text)
            page.set_font(fonts.TIBETAN, size=_SIZE)
            page.set_text_shaping(True)
            page.set_xy(_LEFT - 1, 22)
            page.cell(w=22, h=5, text=tibetan)
            page.image(_picture(label), 23, 3, 24, 24)
        return page.output()

    return draw


@cache
def _pylabels() -> Draw:
    # its package is called labels, as our room and the file that measures are
    folder = metadata.distribution("pylabels").locate_file("labels")
    spec = importlib.util.spec_from_file_location(
        "pylabels", f"{folder}/__init__.py", submodule_search_locations=[str(folder)]
    )
    assert spec is not None
    assert spec.loader is not None
    package = sys.modules["pylabels"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(package)

    def one(drawing: shapes.Drawing, _width: float, _height: float, label: LabelContent) -> None:
        chinese, tibetan = _lines(label)
        for line, text in enumerate(chinese):
            y = (30 - _TOP - _STEP * line) * mm
            drawing.add(shapes.String(_LEFT * mm, y, text, fontName=fonts.CHINESE, fontSize=_SIZE))
        drawing.add(
            shapes.String(_LEFT * mm, 4 * mm, tibetan, fontName=fonts.TIBETAN, fontSize=_SIZE)
        )
        drawing.add(shapes.Image(23 * mm, 3 * mm, 24 * mm, 24 * mm, _picture(label)))

    def draw(labels: list[LabelContent]) -> object:
        sheet = package.Sheet(package.Specification(210, 297, 4, 9, 50, 30), one, border=False)
        sheet.add_labels(labels)
        out = io.BytesIO()
        sheet.save(out)
        return out.getvalue()

    return draw


def _weasyprint() -> Draw:
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    held = FontConfiguration()
    faces = "".join(
        f"@font-face {{font-family: {face}; src: url(file://{_file(face)})}}"
        for face in (fonts.CHINESE, fonts.TIBETAN)
    )
    style = CSS(
        string=f"{faces} @page {{size: 50mm 30mm; margin: 0}}"
        f" div {{position: relative; height: 30mm; page-break-after: always;"
        f" font: {_SIZE}pt {fonts.CHINESE}, {fonts.TIBETAN}}}"
        " p {margin: 0 0 0 1.6mm} img {position: absolute; left: 23mm; top: 3mm; width: 24mm}",
        font_config=held,
    )

    def draw(labels: list[LabelContent]) -> object:
        pages = []
        for label in labels:
            chinese, tibetan = _lines(label)
            png = io.BytesIO()
            _picture(label).save(png, "PNG")
            data = base64.b64encode(png.getvalue()).decode()
            texts = "".join(f"<p>{text}</p>" for text in (*chinese, tibetan))
            pages.append(f'<div>{texts}<img src="data:image/png;base64,{data}"></div>')
        return HTML(string="".join(pages)).write_pdf(stylesheets=[style], font_config=held)

    return draw


def _file(face: str) -> str:
    return str(resources.files("suyuan.labels").joinpath("fonts", f"{face}.ttf"))
