"""How often three readers read printed labels, clean and worn; writes ``docs/decoding.md``.

Labels are drawn as PDF and as PNG (whose dots ZPL and TSPL print too), at 203 and 300 dots an inch.
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

EACH = 1
TEMPLATES = ("trace-40x30", "trace-50x30", "complete-70x50", "complete-80x60", "complete-100x80")
FORMS = ("pdf", "png")
RESOLUTIONS = (203, 300)
TEXT = ROOT / "docs" / "decoding.md"
TABLE_FROM = "<!-- the table: written by make bench-decoding -->\n"


def main() -> None:
    read: Counter[tuple[str, str]] = Counter()
    wrong: Counter[tuple[str, str]] = Counter()
    count = 0
    for form in FORMS:
        for dpi in RESOLUTIONS:
            for picture, square, text in printed(form, dpi):
                count += 1
                page, place = photographed(picture, square)
                for wear, worn in WEARS.items():
                    seen = worn(page, place, np.random.default_rng(count))
                    for reader, reads in READERS.items():
                        found = reads(seen)
                        read[wear, reader] += text in found
                        wrong[wear, reader] += bool(found - {text})
    _keep(count, read, wrong)


def printed(form: str, dpi: int) -> Iterator[tuple[Image.Image, Square, str]]:
    """Labels as printed: the picture in dots of the printer, the symbol's place and its text."""
    for name in TEMPLATES:
        labels = list(_labels(name))
        out = io.BytesIO()
        write_run(template(name), labels, Output(form, dpi), out)
        opened = _pages if form == "pdf" else _pictures
        for label, picture in zip(labels, opened(out, dpi), strict=True):
            place = lay_out(template(name), label, dpi).place
            side = MODULES * place.dots_per_module
            square = (place.left, place.top, place.left + side, place.top + side)
            yield picture, square, label.url


def _labels(name: str) -> Iterator[LabelContent]:
    for number in range(EACH):
        serial = f"{number:012d}"
        url = signed_url(number, f"/t/{TRACE_CODE}/{serial}")
        yield replace(BY_TEMPLATE[name], serial=serial, url=url)


def _pages(document: io.BytesIO, dpi: int) -> Iterator[Image.Image]:
    for page in pypdfium2.PdfDocument(document.getvalue()):
        yield page.render(scale=dpi / 72).to_pil().convert("L")


def _pictures(archive: io.BytesIO, _dpi: int) -> Iterator[Image.Image]:
    with zipfile.ZipFile(archive) as files:
        for name in files.namelist():
            yield Image.open(io.BytesIO(files.read(name))).convert("L")


def _keep(count: int, read: Counter[tuple[str, str]], wrong: Counter[tuple[str, str]]) -> None:
    lines = [
        json.dumps(
            {"figure": wear, "reader": reader, "labels": count, "read": read[wear, reader],
             "wrong": wrong[wear, reader]},
            ensure_ascii=False,
        )
        for wear in WEARS for reader in READERS
    ]  # fmt: skip
    folder = ROOT / "bench" / "results"
    (folder / "decoding.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    table = [
        f"| {count} labels each | {' | '.join(READERS)} |",
        "| --- |" + " --- |" * len(READERS),
    ]
    for wear in WEARS:
        shares = (f"{read[wear, reader] / count:.0%}" for reader in READERS)
        table.append(f"| {wear} | {' | '.join(shares)} |")
    networks = "with" if wechat_models() else "without"
    versions = ", ".join(
        f"{name} {metadata.version(name)}"
        for name in ("zxing-cpp", "pyzbar", "opencv-contrib-python-headless")
    )
    table.append(
        f"\nRead wrongly: {wrong.total()} of {count * len(WEARS) * len(READERS)}."
        f" {versions}; the WeChat reader {networks} its networks.\n"
    )
    before = TEXT.read_text(encoding="utf-8").partition(TABLE_FROM)[0]
    TEXT.write_text(before + TABLE_FROM + "\n" + "\n".join(table), encoding="utf-8")
    print("\n".join(table))


if __name__ == "__main__":
    main()
