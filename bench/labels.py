"""Encoding symbols and drawing labels, against ``qrcode`` and against plain reportlab with it.

The label is the trace label of 50 × 30 mm: a name in Chinese and in Tibetan, the code, the serial
and the telephone, and a signed code of version 7-M. A peer of the same page is drawn as its
documentation shows: a string for each line, and the picture that ``qrcode`` makes.
"""

from __future__ import annotations

import io
import random
import resource
from collections.abc import Iterator
from typing import Any

import qrcode
from _measure import Figure, in_turn, keep, machine, per_second
from qrcode.constants import ERROR_CORRECT_M
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase.ttfonts import shapeStr
from reportlab.pdfgen.canvas import Canvas

from suyuan.labels import fonts, pdf, qr, templates
from suyuan.labels.model import Bilingual, LabelContent, LabelItem
from suyuan.labels.pdf.faces import register_fonts

RUNS = 20
EACH = 50
MANY = 100_000
TRACE_CODE = "5406260482913574"
TRACE_LABEL = templates.template("trace-50x30")
NAME = Bilingual("风干牦牛肉（原味）", "གཡག་ཤ་སྐམ་པོ།")
PHONE = "0896-3720315"


def main() -> None:
    layouts: dict[str, pdf.Layout] = {"roll": pdf.Roll(), "sheets": pdf.full_sheet(TRACE_LABEL)}
    figures = [encoded()]
    figures += [drawn(name, layout) for name, layout in layouts.items()]
    figures.append(memory(layouts["roll"]))
    keep("labels", figures)


def encoded() -> Figure:
    """Symbols of signed codes, all masks scored, against those of ``qrcode``."""
    figure = in_turn(
        "symbols encoded",
        lambda run: [qr.encode(label.url) for label in labels(EACH, run)],
        lambda run: [_symbol(label.url).get_matrix() for label in labels(EACH, run)],
        other_is="qrcode",
        runs=RUNS,
    )
    return per_second(figure, EACH)


def drawn(name: str, layout: pdf.Layout) -> Figure:
    """Labels encoded and drawn into one PDF."""
    register_fonts()
    figure = in_turn(
        f"labels encoded and drawn, {name}",
        lambda run: pdf.render_pdf(TRACE_LABEL, labels(EACH, run), layout, 300, io.BytesIO()),
        lambda run: _by_reportlab(labels(EACH, run)),
        other_is="reportlab and qrcode, one label a page",
        runs=RUNS,
    )
    return per_second(figure, EACH)


def memory(layout: pdf.Layout) -> Figure:
    """The most memory that the process has had after a thousand labels, and after many."""
    most = []
    for count in (1_000, MANY):
        with open("/dev/null", "wb") as nowhere:
            pdf.render_pdf(TRACE_LABEL, labels(count, 0), layout, 300, nowhere)
        most.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    few, many = most
    return Figure(
        f"most memory after {MANY} labels", round(many, 1), round(few, 1), "after 1000",
        round(many / few, 2), "MB", 1, machine(),
    )  # fmt: skip


def labels(count: int, seed: int) -> Iterator[LabelContent]:
    """Labels of one run, with signatures that are none: they are as long and as random."""
    chance = random.Random(seed)
    items = (LabelItem("product_name", Bilingual("产品名称"), NAME),)
    for _ in range(count):
        serial = f"{chance.randrange(10**12):012d}"
        signed = f"1{chance.randrange(10**164):0164d}"
        yield LabelContent(
            items=items,
            url=f"https://t.example.cn/{signed}/t/{TRACE_CODE}/{serial}",
            trace_code=TRACE_CODE,
            serial=serial,
            complaint_phone=PHONE,
            declares_items_on_pack=True,
        )


def _symbol(text: str) -> qrcode.QRCode[Any]:
    symbol = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=0)
    symbol.add_data(text)
    symbol.make()
    return symbol


def _by_reportlab(run: Iterator[LabelContent]) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(50 * mm, 30 * mm))
    for label in run:
        canvas.setFont(fonts.CHINESE, 7)
        texts = ("追溯码", label.trace_code, "序号", label.serial or "", "投诉电话", PHONE)
        for line, text in enumerate((NAME.zh, *texts)):
            canvas.drawString(1.6 * mm, (27 - 3 * line) * mm, text)
        canvas.setFont(fonts.TIBETAN, 7)
        canvas.drawString(1.6 * mm, 4 * mm, shapeStr(NAME.bo or "", fonts.TIBETAN, 7))
        picture = ImageReader(_symbol(label.url).make_image().get_image())
        canvas.drawImage(picture, 23 * mm, 3 * mm, 24 * mm, 24 * mm)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


if __name__ == "__main__":
    main()
