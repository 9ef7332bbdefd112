"""Labels of any size: what fits is legible and whole, what does not says by how much."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from suyuan.labels.errors import DoesNotFit
from suyuan.labels.fonts import size_for_height
from suyuan.labels.free import HOLE_STRIP_MM, FreeSize, arranged, read_free_size
from suyuan.labels.layout import LaidOut, lay_out
from suyuan.labels.model import LabelContent
from suyuan.labels.templates import template
from suyuan.trace.errors import NotFound
from tests.labels.conftest import Print
from tests.labels.label_samples import COMPACT, JERKY, SACK, WITH_PANEL, WITH_PIN

CONTENT = {"trace": JERKY, "complete": COMPACT, "batch": SACK, "bulk": SACK}


def _inked(label: LaidOut) -> list[tuple[float, float]]:
    return [(mark.x, mark.y) for block in label.blocks for mark in block.marks]


def _covers_symbol(label: LaidOut) -> bool:
    """Whether any text begins within the symbol or its quiet zone."""
    mm = 25.4 / label.dpi
    dots = label.place.dots_per_module
    left, top = (at * mm - 4 * dots * mm for at in (label.place.left, label.place.top))
    side = label.symbol.side_with_quiet_zone * dots * mm
    return any(left < x < left + side and top < y - 0.5 < top + side for x, y in _inked(label))


@settings(max_examples=25, deadline=None)
@given(
    kind=st.sampled_from(["trace", "complete", "batch", "bulk"]),
    width=st.integers(300, 1500).map(lambda tenths: tenths / 10),
    height=st.integers(300, 1500).map(lambda tenths: tenths / 10),
    hole=st.booleans(),
)
def test_a_label_of_any_size_is_whole_or_refused(
    kind: str, width: float, height: float, hole: bool
) -> None:
    size = FreeSize(kind, width, height, hole=hole)  # type: ignore[arg-type]  # drawn from these
    assert read_free_size(size.id) == size
    content = CONTENT[kind]
    try:
        label = lay_out(arranged(size), content, 300)
    except DoesNotFit:
        return
    assert not _covers_symbol(label)
    least = 3.0 if kind in ("batch", "bulk") else 1.5 if kind == "trace" else 1.8
    for block in label.blocks:
        for mark in block.marks:
            assert 0 <= mark.x <= width
            assert (HOLE_STRIP_MM if hole else 0) <= mark.y <= height
            if mark.face.startswith("SuyuanSans") and kind != "trace":
                assert mark.size >= size_for_height(min(least, 1.8)) - 1e-6
    shown = "".join(mark.text for block in label.blocks for mark in block.marks)
    assert content.trace_code in shown.replace(" ", "")


@pytest.mark.parametrize(("width", "height"), [(66, 46), (75, 43), (100, 34), (45, 60)])
def test_the_height_that_is_said_to_lack_is_enough(width: int, height: int) -> None:
    with pytest.raises(DoesNotFit, match="more height") as refused:
        lay_out(arranged(FreeSize("complete", width, height)), COMPACT, 300)
    taller = height + ceil(refused.value.more_mm)
    lay_out(arranged(FreeSize("complete", width, taller)), COMPACT, 300)


@pytest.mark.parametrize(
    ("template_id", "content"),
    [
        ("trace-63.5x38.1", JERKY),
        ("complete-90x70-panel", WITH_PANEL),
        ("complete-50x120-panel", WITH_PANEL),
        ("trace-70x60-pin-hole", WITH_PIN),
        ("batch-148x105", SACK),
    ],
)
def test_it_is_printed_true_to_size_and_read(
    template_id: str,
    content: LabelContent,
    print_labels: Print,
    pictures: Callable[[bytes, int], list[Image.Image]],
) -> None:
    (page,) = pictures(print_labels(template_id, [content]), 300)
    chosen = template(template_id)
    assert page.size == tuple(
        round(side * 300 / 25.4) for side in (chosen.width_mm, chosen.height_mm)
    )
    assert [found.text for found in zxingcpp.read_barcodes(page)] == [content.url]
    if template_id.endswith("-hole"):
        strip = page.crop((0, 0, page.width, round(11 * 300 / 25.4)))
        assert strip.getextrema() == (255, 255)


@pytest.mark.parametrize(
    "template_id",
    [
        "complete-1x1",
        "complete-19x60",
        "complete-401x60",
        "complete-070x50.0",
        "trace-70x50-hole-pin",
    ],
)
def test_what_is_no_size_is_not_found(template_id: str) -> None:
    with pytest.raises(NotFound):
        template(template_id)
