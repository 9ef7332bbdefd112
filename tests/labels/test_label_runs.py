"""The labels of a run, laid out from one of them: none looks otherwise than it would alone."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from dataclasses import replace

import pypdf
import pytest
import zxingcpp
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from suyuan.labels import fonts, pdf, templates
from suyuan.labels.fit import Block, Mark
from suyuan.labels.layout import LaidOut, lay_out
from suyuan.labels.model import LabelContent
from suyuan.labels.runs import lay_out_run
from suyuan.trace.errors import InvalidInput
from tests.labels.label_samples import BY_TEMPLATE, JERKY, TRACE_CODE, signed_url, with_text

Print = Callable[..., bytes]
Render = Callable[[bytes, int], list[Image.Image]]

DIGITS = st.text("0123456789", min_size=12, max_size=12)
PINS = st.text("0123456789", min_size=8, max_size=8)


def numbered(like: LabelContent, serial: str, pin: str | None = None) -> LabelContent:
    url = signed_url(7, f"/t/{TRACE_CODE}/{serial}")
    return replace(like, url=url, trace_code=TRACE_CODE, serial=serial, pin=pin)


def assert_alike(found: Iterable[LaidOut], alone: Iterable[LaidOut]) -> None:
    """The same marks and lines at the same places, whichever block they are kept in."""
    for one, other in zip(found, alone, strict=True):
        assert (one.symbol, one.place) == (other.symbol, other.place)
        for kind in ("marks", "rules"):
            drawn, meant = (
                [mark for block in label.blocks for mark in getattr(block, kind)]
                for label in (one, other)
            )
            assert set(drawn) == set(meant)
            assert len(drawn) == len(meant)


@pytest.mark.parametrize("template", [one for one, it in BY_TEMPLATE.items() if it.serial])
@settings(max_examples=2, phases=[Phase.generate])
@given(serials=st.lists(DIGITS, min_size=3, max_size=3), pin=PINS)
def test_each_is_laid_out_as_it_would_be_alone(template: str, serials: list[str], pin: str) -> None:
    chosen, like = templates.template(template), BY_TEMPLATE[template]
    run = [numbered(like, serial, pin if chosen.has_pin else None) for serial in serials]
    assert_alike(lay_out_run(chosen, run, 300), [lay_out(chosen, one, 300) for one in run])


def test_another_content_in_between_is_laid_out_for_itself() -> None:
    template = templates.template("complete-100x80")
    other = with_text(numbered(JERKY, "000000000002"), "net_content", "250 g")
    run = [numbered(JERKY, "000000000001"), other, numbered(JERKY, "000000000003")]
    assert_alike(lay_out_run(template, run, 300), [lay_out(template, one, 300) for one in run])


def test_a_later_label_that_says_other_digits_than_its_symbol_is_refused() -> None:
    template, out = templates.template("complete-100x80"), io.BytesIO()
    wrong = replace(numbered(JERKY, "000000000003"), serial="000000000004")
    run = [numbered(JERKY, "000000000001"), numbered(JERKY, "000000000002"), wrong]
    with pytest.raises(InvalidInput, match="000000000004"):
        pdf.render_pdf(template, run, pdf.Roll(), 300, out)
    assert out.getvalue() == b""


@pytest.mark.parametrize("template", ["trace-50x30", "complete-100x80"])
def test_what_each_label_has_of_its_own_is_drawn_as_what_all_share(
    template: str, pictures: Render
) -> None:
    chosen = templates.template(template)
    label = lay_out(chosen, BY_TEMPLATE[template], 300)
    own = next(block for block in label.blocks if not block.repeats)
    tibetan = Mark(own.marks[0].x, own.marks[0].y - 2, fonts.TIBETAN, 7, "ཨང་།")
    blocks = (*label.blocks, Block((tibetan,), own.rules, repeats=False))
    label = replace(label, blocks=blocks)
    shared = replace(label, blocks=tuple(replace(one, repeats=True) for one in label.blocks))
    drawn = []
    for one in (label, shared):
        out = io.BytesIO()
        pdf.write_pages(chosen, [one], pdf.Roll(), 300, out)
        drawn += pictures(out.getvalue(), 300)
    assert ImageChops.difference(*drawn).getbbox() is None


def test_more_pages_than_one_node_holds_are_all_there_in_order(
    print_labels: Print, pictures: Render
) -> None:
    count = 600
    run = [numbered(JERKY, f"{number:012d}") for number in range(count)]
    document = print_labels("trace-50x30", run)
    pages = pypdf.PdfReader(io.BytesIO(document)).pages
    assert len(pages) == count
    for number in (0, 255, 256, 511, 512, 599):
        assert f"{number:012d}" in pages[number].extract_text().replace(" ", "")
    last = pictures(document, 300)[-1]
    assert {found.text for found in zxingcpp.read_barcodes(last)} == {run[-1].url}
