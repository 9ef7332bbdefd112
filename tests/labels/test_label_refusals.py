"""What a label refuses: it names the item, and how much room is lacking."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from suyuan.labels import fonts, pdf, templates
from suyuan.labels.errors import DoesNotFit, MissingGlyph, MissingItem, NotDeclared
from suyuan.labels.fit import Mark
from suyuan.labels.layout import lay_out
from suyuan.labels.model import Bilingual, LabelContent, LabelItem
from suyuan.trace.errors import InvalidInput
from tests.labels.label_samples import BY_TEMPLATE, COMPACT, JERKY, PANEL, SACK, with_text

FULL = templates.template("complete-100x80")
SMALL = templates.template("complete-70x50")
TRACE = templates.template("trace-50x30")
BATCH = templates.template("batch-100x70")


def drawn(content: LabelContent) -> list[Mark]:
    return [mark for block in lay_out(FULL, content, 300).blocks for mark in block.marks]


def test_over_long_item_is_named_with_the_millimetres_it_lacks() -> None:
    content = with_text(COMPACT, "ingredients", "牦牛肉、食用盐、花椒、" * 12)
    with pytest.raises(DoesNotFit) as refused:
        lay_out(SMALL, content, 300)
    assert refused.value.item in {item.key for item in content.items}
    assert refused.value.more_mm > 5
    assert re.search(rf"{refused.value.item}: .*needs \d+\.\d mm more height", str(refused.value))


def test_the_larger_label_has_room_for_a_panel_that_fits_the_smaller() -> None:
    rows = (("能量", "1420 kJ", "17%"), ("碳水化合物", "11.2 g", "4%"), ("钠", "1680 mg", "84%"))
    panel = replace(PANEL, rows=rows, note="")
    for name in ("complete-80x60", "complete-100x80"):
        content = replace(BY_TEMPLATE[name], nutrition=panel)
        assert lay_out(templates.template(name), content, 300).blocks


def test_room_said_to_lack_is_room_enough() -> None:
    content = with_text(SACK, "storage", "常温、干燥、防潮防鼠，" * 20)
    with pytest.raises(DoesNotFit) as refused:
        lay_out(BATCH, content, 300)
    zones = list(BATCH.zones)
    box = zones[1].box
    grown = replace(box, height=box.height + refused.value.more_mm + 0.01)
    zones[1] = replace(zones[1], boxes=(grown,))
    lay_out(replace(BATCH, zones=tuple(zones)), content, 300)


def test_word_wider_than_its_line_is_named() -> None:
    content = with_text(JERKY, "standard", "Q" * 80)
    with pytest.raises(DoesNotFit, match=r"standard .*mm more width"):
        lay_out(FULL, content, 300)


def test_nutrition_panel_that_is_too_tall_is_named() -> None:
    content = replace(JERKY, nutrition=replace(PANEL, rows=PANEL.rows * 3))
    with pytest.raises(DoesNotFit, match=r"nutrition panel .*mm more height"):
        lay_out(FULL, content, 300)


@pytest.mark.parametrize("character", ["鿿", "🐂", "\n", "\u202e"])
def test_character_that_no_font_holds_is_named_before_printing(character: str) -> None:
    content = with_text(JERKY, "producer", f"索县{character}合作社")
    with pytest.raises(MissingGlyph, match=f"producer .*U\\+{ord(character):04X}") as refused:
        lay_out(FULL, content, 300)
    assert refused.value.item == "producer"


def test_character_outside_the_font_in_the_panel_is_named() -> None:
    with pytest.raises(MissingGlyph, match="nutrition"):
        lay_out(FULL, replace(JERKY, nutrition=replace(PANEL, note="🐂")), 300)


def test_refusal_writes_nothing() -> None:
    out = io.BytesIO()
    bad = with_text(JERKY, "producer", "🐂")
    with pytest.raises(MissingGlyph):
        pdf.render_pdf(FULL, [JERKY, bad], pdf.Roll(), 300, out)
    assert out.getvalue() == b""


@pytest.mark.parametrize("text", [None, "", "  "])
def test_missing_mandatory_item_is_named(text: str | None) -> None:
    if text is None:
        items = tuple(item for item in JERKY.items if item.key != "storage")
        content = replace(JERKY, items=items)
    else:
        content = with_text(JERKY, "storage", text)
    with pytest.raises(MissingItem, match="storage") as refused:
        lay_out(FULL, content, 300)
    assert refused.value.item == "storage"


def test_mandatory_panel_needs_a_label_with_a_place_for_it() -> None:
    content = replace(COMPACT, mandatory=("nutrition_panel",), nutrition=PANEL)
    with pytest.raises(MissingItem, match="larger label"):
        lay_out(SMALL, content, 300)
    with pytest.raises(MissingItem, match="record it first"):
        lay_out(FULL, replace(content, nutrition=None), 300)


@pytest.mark.parametrize("template", sorted(BY_TEMPLATE))
def test_complaint_telephone_is_always_needed(template: str) -> None:
    content = replace(BY_TEMPLATE[template], complaint_phone=" ")
    with pytest.raises(MissingItem, match="complaint_phone"):
        lay_out(templates.template(template), content, 300)


def test_trace_label_needs_the_declaration() -> None:
    lay_out(TRACE, JERKY, 300)
    with pytest.raises(NotDeclared, match="complete label"):
        lay_out(TRACE, replace(JERKY, declares_items_on_pack=False), 300)


@pytest.mark.parametrize(
    "change",
    [
        {"trace_code": "5406260482913575"},
        {"serial": "483920381124"},
        {"serial": None},
        {"trace_code": "54062604829135"},
        {"serial": "12"},
    ],
)
def test_digits_that_contradict_the_symbol_are_refused(change: dict[str, str | None]) -> None:
    with pytest.raises(InvalidInput):
        lay_out(FULL, replace(JERKY, **change), 300)  # type: ignore[arg-type]  # two fields vary


def test_item_without_tibetan_stands_in_chinese_alone() -> None:
    items = tuple(
        replace(item, heading=Bilingual(item.heading.zh), text=Bilingual(item.text.zh))
        for item in JERKY.items
    )
    assert any(mark.face == fonts.TIBETAN for mark in drawn(JERKY))
    assert not any(mark.face == fonts.TIBETAN for mark in drawn(replace(JERKY, items=items)))


def test_nothing_is_set_smaller_than_its_minimum() -> None:
    least = fonts.size_for_height(1.8)
    marks = drawn(JERKY)
    assert min(mark.size for mark in marks) >= least - 1e-9
    (net,) = [mark for mark in marks if mark.text == "200 g"]
    assert net.size >= fonts.size_for_height(3.0) - 1e-9


texts = st.text("索县雅拉牦牛养殖合作社，。（）：0123456789 kgABC་ཐོནརྫསསྐྱེད།", min_size=1, max_size=60)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(texts, texts), min_size=1, max_size=8), st.sampled_from(["zh", "bo"]))
def test_what_is_set_stays_within_the_label_and_is_all_there(
    pairs: list[tuple[str, str]], first: str
) -> None:
    items = tuple(
        LabelItem(f"item{number}", Bilingual(heading), Bilingual(text))
        for number, (heading, text) in enumerate(pairs)
    )
    order = replace(JERKY.order, first=first)  # type: ignore[arg-type]  # sampled from the two
    content = replace(JERKY, items=items, mandatory=(), order=order)
    try:
        label = lay_out(SMALL, content, 300)
    except DoesNotFit:
        return
    zones = [box for zone in SMALL.zones for box in zone.boxes]
    said = ""
    for block in label.blocks:
        for mark in block.marks:
            said += mark.text
            size = fonts.extent(mark.face, mark.text)
            scale = mark.size * fonts.MM_PER_PT
            ends = mark.x + size.advance * scale, mark.y - size.bottom * scale
            assert any(
                box.x - 1e-6 <= mark.x
                and ends[0] <= box.x + box.width + 1e-6
                and box.y - 1e-6 <= mark.y - size.top * scale
                and ends[1] <= box.y + box.height + 1e-6
                for box in zones
            )
    for heading, text in pairs:
        assert "".join(f"{heading}：{text}".split()) in "".join(said.split())
