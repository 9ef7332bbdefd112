"""The label that is measured, and drawing it with nothing else loaded: ``_drawing.py 100000`` draws
so many and prints the most memory that the process has had, in MB."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator

from _memory import most_memory

from suyuan.labels import pdf, templates
from suyuan.labels.model import Bilingual, LabelContent, LabelItem

DPI = 300
TRACE_CODE = "5406260482913574"
TEMPLATE = "trace-50x30"
TRACE_LABEL = templates.template(TEMPLATE)
NAME = Bilingual("风干牦牛肉（原味）", "གཡག་ཤ་སྐམ་པོ།")
PHONE = "0896-3720315"


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


def main(count: int) -> None:
    with open("/dev/null", "wb") as nowhere:
        pdf.render_pdf(TRACE_LABEL, labels(count, 0), pdf.Roll(), DPI, nowhere)
    print(most_memory())


if __name__ == "__main__":
    main(int(sys.argv[1]))
