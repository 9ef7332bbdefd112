"""ZPL as a printer's own reading of it makes labels: every template, read by a camera's eyes.

The renderer is not ours and knows nothing of our compression: what it prints is decoded, and is
dot for dot what was drawn.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, replace

import pytest
import zxingcpp
from PIL import Image, ImageChops

from suyuan.labels.layout import lay_out, to_dots
from suyuan.labels.model import LabelContent
from suyuan.labels.output import Output, write_run
from suyuan.labels.raster.picture import pictures
from suyuan.labels.templates import template, template_ids
from tests.labels.label_samples import BY_TEMPLATE, TRACE_CODE, signed_url
from tests.labels.zpl_printer import Job, rendered

FINE = ("complete-70x50", "trace-40x30", "trace-50x30", "trace-70x40-pin")
CASES = [(name, 203) for name in sorted(BY_TEMPLATE)] + [(name, 300) for name in FINE]
"""A large label of 300 dots an inch takes the renderer a second."""


@dataclass(frozen=True)
class Printed:
    """A run as it was ordered, and the labels that came out of the printer."""

    contents: list[LabelContent]
    labels: list[Image.Image]


def run_of(name: str) -> list[LabelContent]:
    """Four labels of the smallest size, else one."""
    content = BY_TEMPLATE[name]
    if content.serial is None:
        return [content]
    count = 4 if name == "trace-40x30" else 1
    serials = [f"{83920381123 * at:012d}" for at in range(count, 0, -1)]
    return [
        replace(content, serial=one, url=signed_url(at, f"/t/{TRACE_CODE}/{one}"))
        for at, one in enumerate(serials)
    ]


@pytest.fixture(scope="module")
def printed() -> dict[tuple[str, int], Printed]:
    """Every case, printed by one start of the renderer, which takes a second."""
    jobs, runs = [], []
    for name, dpi in CASES:
        out = io.BytesIO()
        runs.append(run_of(name))
        write_run(template(name), runs[-1], Output("zpl", dpi), out)
        jobs.append(Job(out.getvalue(), template(name), dpi))
    made = (Printed(*one) for one in zip(runs, rendered(jobs), strict=True))
    return dict(zip(CASES, made, strict=True))


def test_every_template_is_among_the_cases() -> None:
    assert sorted(name for name, dpi in CASES if dpi == 203) == template_ids()


@pytest.mark.parametrize(("name", "dpi"), CASES)
def test_the_printer_gives_the_run_in_its_order(
    name: str, dpi: int, printed: dict[tuple[str, int], Printed]
) -> None:
    run = printed[name, dpi]
    found = [zxingcpp.read_barcodes(label) for label in run.labels]
    square = zxingcpp.BarcodeFormat.QRCode
    read = [[one.text for one in label if one.format == square] for label in found]
    assert read == [[content.url] for content in run.contents]
    bars = [one.text for label in found for one in label if one.format != square]
    assert any(text.startswith("(00)") for text in bars) is name.startswith("carton-")


@pytest.mark.parametrize("dpi", [203, 300])
def test_the_printer_makes_the_dots_that_were_drawn(
    dpi: int, printed: dict[tuple[str, int], Printed]
) -> None:
    name = "complete-70x50"
    paper, run = template(name), printed[name, dpi]
    drawn = pictures(paper, [lay_out(paper, one, dpi) for one in run.contents], dpi)
    for label, picture in zip(run.labels, drawn, strict=True):
        assert label.size == (to_dots(paper.width_mm, dpi), to_dots(paper.height_mm, dpi))
        assert ImageChops.difference(label.convert("L"), picture.convert("L")).getbbox() is None
