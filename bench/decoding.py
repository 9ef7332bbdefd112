"""How often three readers read printed labels, clean and worn; writes ``docs/decoding.md``.

Labels are drawn as PDF, as PNG and as ZPL, which a printer in software prints that is not ours, at
203 and 300 dots an inch.
Seeded: the same table comes out each time, but for other versions of the readers.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from importlib import metadata

import numpy as np
import pypdfium2
from _measure import ROOT
from PIL import Image

from suyuan.labels.layout import lay_out
from suyuan.labels.model import LabelContent
from suyuan.labels.output import Output, write_run
from suyuan.labels.templates import template
from tests.labels.label_samples import BY_TEMPLATE, TRACE_CODE, signed_url
from tests.labels.scanning import (
    MODULES,
    READERS,
    WEARS,
    Square,
    photographed,
    wechat_models,
)
from tests.labels.zpl_printer import Job, rendered

EACH = 5
TEMPLATES = ("trace-40x30", "trace-50x30", "complete-70x50", "complete-80x60", "complete-100x80")
FORMS = ("pdf", "png", "zpl")
RESOLUTIONS = (203, 300)
TEXT = ROOT / "docs" / "decoding.md"
TABLE_FROM = "<!-- the table: written by make bench-decoding -->\n"


Tally = Counter[tuple[str, str, str]]
"""So many labels of this form, worn so, seen by this reader."""


def main() -> None:
    read: Tally = Counter()
    wrong: Tally = Counter()
    chance = 0
    for form in FORMS:
        for dpi in RESOLUTIONS:
            for picture, square, text in printed(form, dpi):
                chance += 1
                page, place = photographed(picture, square)
                for wear, worn in WEARS.items():
                    seen = worn(page, place, np.random.default_rng(chance))
                    for reader, reads in READERS.items():
                        found = reads(seen)
                        read[form, wear, reader] += text in found
                        wrong[form, wear, reader] += bool(found - {text})
    _keep(chance // len(FORMS), read, wrong)


def printed(form: str, dpi: int) -> Iterator[tuple[Image.Image, Square, str]]:
    """Labels as printed: the picture in dots of the printer, the symbol's place and its text."""
    for name in TEMPLATES:
        labels = list(_labels(name))
        out = io.BytesIO()
        write_run(template(name), labels, Output(form, dpi), out)
        pictures = _opened(name, form, dpi, out.getvalue())
        for label, picture in zip(labels, pictures, strict=True):
            place = lay_out(template(name), label, dpi).place
            side = MODULES * place.dots_per_module
            square = (place.left, place.top, place.left + side, place.top + side)
            yield picture, square, label.url


def _labels(name: str) -> Iterator[LabelContent]:
    for number in range(EACH):
        serial = f"{number:012d}"
        url = signed_url(number, f"/t/{TRACE_CODE}/{serial}")
        yield replace(BY_TEMPLATE[name], serial=serial, url=url)


def _opened(name: str, form: str, dpi: int, written: bytes) -> Iterator[Image.Image]:
    """The labels of a run as they come out of the printer."""
    if form == "pdf":
        for page in pypdfium2.PdfDocument(written):
            yield page.render(scale=dpi / 72).to_pil().convert("L")
    elif form == "zpl":
        (labels,) = rendered([Job(written, template(name), dpi)])
        yield from (label.convert("L") for label in labels)
    else:
        with zipfile.ZipFile(io.BytesIO(written)) as files:
            for file in files.namelist():
                yield Image.open(io.BytesIO(files.read(file))).convert("L")


def _keep(count: int, read: Tally, wrong: Tally) -> None:
    lines = [
        json.dumps(
            {"figure": wear, "form": form, "reader": reader, "labels": count,
             "read": read[form, wear, reader], "wrong": wrong[form, wear, reader]},
            ensure_ascii=False,
        )
        for form in FORMS for wear in WEARS for reader in READERS
    ]  # fmt: skip
    folder = ROOT / "bench" / "results"
    (folder / "decoding.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    table = [*_table(count, read), "", _ending(count, wrong), ""]
    before = TEXT.read_text(encoding="utf-8").partition(TABLE_FROM)[0]
    TEXT.write_text(before + TABLE_FROM + "\n" + "\n".join(table), encoding="utf-8")
    print("\n".join(table))


def _table(count: int, read: Tally) -> Iterator[str]:
    """How many of each hundred were read, a column for each form and reader."""
    columns = [(form, reader) for form in FORMS for reader in READERS]
    heads = (f"{form.upper()}: {reader}" for form, reader in columns)
    yield f"| {count} labels each | {' | '.join(heads)} |"
    yield "| --- |" + " --- |" * len(columns)
    for wear in WEARS:
        shares = (f"{read[form, wear, reader] / count:.0%}" for form, reader in columns)
        yield f"| {wear} | {' | '.join(shares)} |"


def _ending(count: int, wrong: Tally) -> str:
    looks = count * len(FORMS) * len(WEARS) * len(READERS)
    networks = "with" if wechat_models() else "without"
    versions = ", ".join(
        f"{name} {metadata.version(name)}"
        for name in ("zxing-cpp", "pyzbar", "opencv-contrib-python-headless")
    )
    return (
        f"Read wrongly: {wrong.total()} of {looks}. {versions}; the WeChat reader {networks} its"
        " networks."
    )


if __name__ == "__main__":
    main()
