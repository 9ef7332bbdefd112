"""The drawing of a chain: where boxes stand, and what is written into the SVG."""

from __future__ import annotations

from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from suyuan.web.inspect.graph_layout import layout
from suyuan.web.inspect.graph_svg import BOX, PITCH, Box, Line, draw_chain, shortened

SVG = "{http://www.w3.org/2000/svg}"


@st.composite
def chains(draw: st.DrawFn) -> tuple[list[int], list[tuple[int, int]]]:
    """Batches with large row ids, each made of some of those before it."""
    count = draw(st.integers(1, 14))
    ids = [1_000_000_007 + 13 * number for number in range(count)]
    links = [
        (ids[parent], ids[child])
        for child in range(1, count)
        for parent in draw(st.sets(st.integers(0, child - 1), max_size=3))
    ]
    return ids, links


@given(chains())
def test_every_parent_stands_above_and_no_box_on_another(
    chain: tuple[list[int], list[tuple[int, int]]],
) -> None:
    ids, links = chain
    placed = layout(ids, links)
    assert set(placed.places) == set(ids)
    for parent, child in links:
        assert placed.places[parent][1] < placed.places[child][1]
    spots = list(placed.places.values())
    for at, (x, y) in enumerate(spots):
        assert x >= 0
        assert 0 <= y <= placed.height
        for other_x, other_y in spots[at + 1 :]:
            apart = abs(x - other_x) * PITCH[0] >= BOX[0] or abs(y - other_y) * PITCH[1] >= BOX[1]
            assert apart


@given(chains())
def test_a_layout_is_the_same_each_time(
    chain: tuple[list[int], list[tuple[int, int]]],
) -> None:
    assert layout(*chain) == layout(*chain)


def _box(key: int, name: str, state: str = "registered", here: bool = False) -> Box:
    return Box(key, name, "5406 2608", "40 kg", state, state, f"/b/{key}", f"{name} {state}", here)


def _drawn(*boxes: Box) -> ElementTree.Element:
    lines = [Line(boxes[0].key, one.key, "12.5 kg") for one in boxes[1:]]
    placed = layout([one.key for one in boxes], [(one.parent, one.child) for one in lines])
    text = draw_chain(boxes, lines, placed, "Chain of <jerky>", "two & more")
    marked = str(text).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    return ElementTree.fromstring(marked)


def test_each_box_is_a_link_with_a_name_to_be_read() -> None:
    drawn = _drawn(
        _box(1, "牦牛肉", here=True), _box(2, "肉干", "held"), _box(3, "礼盒", "recalled")
    )
    links = drawn.findall(f".//{SVG}a")
    assert [one.get("href") for one in links] == ["/b/1", "/b/2", "/b/3"]
    assert all(one.get("aria-label") for one in links)
    title = drawn.find(f"{SVG}title")
    assert title is not None
    assert title.text == "Chain of <jerky>"
    assert "12.5 kg" in [one.text for one in drawn.iter(f"{SVG}text")]


def test_a_state_is_told_by_word_and_shape() -> None:
    states = ("registered", "held", "recalled", "closed")
    drawn = _drawn(*(_box(at, "x", state) for at, state in enumerate(states, start=1)))
    words = [one.text for one in drawn.iter(f"{SVG}text") if one.get("class") == "state"]
    assert words == list(states)
    shapes = {
        str(group.get("class")): [child.tag.removeprefix(SVG) for child in group][:2]
        for group in drawn.iter(f"{SVG}g")
    }
    assert shapes["box recalled"] == ["rect", "rect"]
    assert shapes["box closed"][0] == "path"


def test_names_are_cut_to_their_box() -> None:
    assert shortened("风干牦牛肉", 10) == "风干牦牛肉"
    assert shortened("风干牦牛肉干", 10) == "风干牦牛…"
    assert shortened("jerky", 5) == "jerky"


def test_what_somebody_typed_stays_text() -> None:
    drawn = _drawn(_box(1, "<script>alert(1)</script>"))
    assert not list(drawn.iter(f"{SVG}script"))
