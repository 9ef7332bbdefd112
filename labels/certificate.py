"""The commitment certificate as a page: its words, its fields, and the symbol that leads to it.

Order 2025-4 asks that 承诺达标合格证 stands in a prominent place beside the symbol. The page is
data (``pages/commitment-100x150.json``): the annex's own measures were not seen.
"""

from __future__ import annotations

from datetime import date
from typing import BinaryIO

from suyuan.labels.layout import LaidOut, lay_out_items
from suyuan.labels.model import Bilingual, BilingualOrder, LabelItem, Template, grouped
from suyuan.labels.pdf import Roll, write_pages
from suyuan.labels.templates import page_template
from suyuan.trace.certificates.content import CertificateContent
from suyuan.trace.words import Names

PAGE = "commitment-100x150"
DPI = 300
_CHOSEN, _OPEN = "√", "□"


def write_certificate(
    content: CertificateContent, host: str, today: date, out: BinaryIO, *, dpi: int = DPI
) -> None:
    """Write a certificate as a PDF of one page. ``host``: where it can be read, with its scheme.

    :raises InvalidInput: naming what is too long for the page or cannot be drawn.
    """
    template = page_template(PAGE)
    write_pages(template, (lay_out_certificate(content, host, today, dpi),), Roll(), dpi, out)


def lay_out_certificate(
    content: CertificateContent, host: str, today: date, dpi: int = DPI
) -> LaidOut:
    """The certificate laid out; raises as ``write_certificate``."""
    template = page_template(PAGE)
    order = content.order(today)
    return lay_out_items(
        template,
        {item.key: item for item in _items(content, template)},
        f"{host}{content.path}",
        dpi,
        order=BilingualOrder(order.first, float(order.minimum_ratio)),
    )


def _items(content: CertificateContent, template: Template) -> list[LabelItem]:
    height = template.code_height_mm
    nothing = Bilingual("")

    def item(key: str, heading: Bilingual, text: Bilingual) -> LabelItem:
        return LabelItem(key, heading, text, height)

    words = [item("title", nothing, _bilingual(content.title))]
    words.append(item("lead", nothing, _bilingual(content.style.lead)))
    words += [
        item(f"commitment_{number}", nothing, _bilingual(one))
        for number, one in enumerate(content.style.commitments)
    ]
    chosen = "  ".join(f"{_CHOSEN if is_ else _OPEN} {one.zh}" for one, is_ in content.bases)
    words.append(item("basis", Bilingual("承诺依据"), Bilingual(chosen)))
    fields = [item(key, _bilingual(one), Bilingual(text)) for key, one, text in content.fields]
    beside = [
        item("beside", nothing, Bilingual(content.title.zh)),
        item("number", _bilingual(content.number_name), Bilingual(content.grouped)),
        item("trace_code", Bilingual("追溯码"), Bilingual(grouped(content.trace_code))),
        item("note", nothing, Bilingual(content.number_note.zh)),
    ]
    return words + fields + beside


def _bilingual(names: Names) -> Bilingual:
    """Chinese always, Tibetan where its grade may stand on what the law asks for."""
    return Bilingual(names.zh, names.statutory_bo())
