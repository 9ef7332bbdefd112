"""Tibetan on labels against HarfBuzz's own outlines, dot by dot."""

from __future__ import annotations

import io
import math
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache

import pypdfium2
import pytest
import uharfbuzz as hb
from PIL import Image, ImageChops, ImageFilter
from reportlab.pdfgen.canvas import Canvas

from suyuan.labels import fonts
from suyuan.labels.fit import Mark
from suyuan.labels.layout import lay_out
from suyuan.labels.model import Bilingual, Box, LabelContent, LabelItem, Template, Zone
from suyuan.labels.text import Span, wrap
from tests.labels.label_samples import JERKY
from tests.labels.tibetan_words import WORDS

DPI = 300
TOLERANCE = 0.001
"""Part of the ink that may lie more than a dot off. Two renderers smooth an edge in two ways, which
moves it by less than a dot; a sign out of its stack moves hundreds of dots."""

SETTINGS = ("line", "paragraph", "mixed")
WORDS_END_MM = 62

TEMPLATE = Template(
    id="words",
    kind="batch",
    name=Bilingual("词"),
    name_en="words",
    width_mm=100,
    height_mm=110,
    symbol=Box(65, 75, 30, 30),
    zones=(
        Zone("line", (Box(5, 5, 90, 14),), ("line",), "display", 20),
        Zone("paragraph", (Box(5, 22, 24, 40),), ("paragraph",), "flow", 13),
        Zone("mixed", (Box(34, 22, 60, 24),), ("mixed",), "flow", 13),
        Zone("code", (Box(5, 75, 55, 25),), ("trace_code", "serial", "complaint_phone"), "flow", 9),
    ),
    code_height_mm=1.8,
)


def content(word: str) -> LabelContent:
    """The word alone, often enough to fill lines, and between Chinese and figures."""
    none = Bilingual("")
    items = (
        LabelItem("line", none, Bilingual("", word)),
        LabelItem("paragraph", none, Bilingual("", " ".join([word] * (2 + 30 // len(word))))),
        LabelItem("mixed", Bilingual("产地", word), Bilingual(f"索县2026（{word}）200 g")),
    )
    return replace(JERKY, items=items, mandatory=())


class _Outline:
    """Collects a glyph's contours as polygons, curves cut into short straight lines."""

    def __init__(self) -> None:
        self.contours: list[list[tuple[float, float]]] = []
        self.functions = hb.DrawFuncs()
        self.functions.set_move_to_func(lambda x, y, _: self.contours.append([(x, y)]))
        self.functions.set_line_to_func(lambda x, y, _: self.contours[-1].append((x, y)))
        self.functions.set_quadratic_to_func(self._quadratic)
        self.functions.set_close_path_func(lambda _: None)

    def _quadratic(self, cx: float, cy: float, x: float, y: float, _: object) -> None:
        x0, y0 = self.contours[-1][-1]
        for step in range(1, 9):
            t = step / 8
            a, b, c = (1 - t) ** 2, 2 * t * (1 - t), t * t
            self.contours[-1].append((a * x0 + b * cx + c * x, a * y0 + b * cy + c * y))


def _fill(dots: bytearray, width: int, contours: list[list[tuple[float, float]]]) -> None:
    """Fill by the non-zero rule, as fonts ask: contours overlap themselves and each other."""
    crossings: dict[int, list[tuple[float, int]]] = defaultdict(list)
    for contour in contours:
        for (x0, y0), (x1, y1) in zip(contour, contour[1:] + contour[:1], strict=True):
            turn = 1 if y1 > y0 else -1
            for row in range(math.ceil(min(y0, y1) - 0.5), math.ceil(max(y0, y1) - 0.5)):
                crossings[row].append((x0 + (row + 0.5 - y0) * (x1 - x0) / (y1 - y0), turn))
    for row, found in crossings.items():
        winding, start = 0, 0.0
        for x, turn in sorted(found):
            if winding == 0:
                start = x
            winding += turn
            if winding == 0:
                first, end = math.ceil(start - 0.5), math.ceil(x - 0.5)
                dots[row * width + first : row * width + end] = bytes(end - first)


def by_harfbuzz(marks: Iterable[Mark], size: tuple[int, int]) -> Image.Image:
    """The marks as HarfBuzz shapes them and as their outlines fill, three times oversampled."""
    zoom = 3
    width, height = size[0] * zoom, size[1] * zoom
    dots = bytearray(b"\xff" * (width * height))
    for mark in marks:
        font = _font(mark.face)
        buffer = hb.Buffer()
        buffer.add_str(mark.text)
        buffer.guess_segment_properties()
        hb.shape(font, buffer, {} if mark.face == fonts.TIBETAN else {"kern": False})
        unit = mark.size / font.face.upem * DPI / 72 * zoom
        x, y = mark.x * DPI / 25.4 * zoom, mark.y * DPI / 25.4 * zoom
        for info, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
            left, base = x + position.x_offset * unit, y - position.y_offset * unit
            placed = [
                [(left + px * unit, base - py * unit) for px, py in contour]
                for contour in _contours(mark.face, info.codepoint)
            ]
            _fill(dots, width, placed)
            x += position.x_advance * unit
    picture = Image.frombytes("L", (width, height), bytes(dots))
    return picture.resize(size, Image.Resampling.BOX)


@cache
def _font(face: str) -> hb.Font:
    return hb.Font(hb.Face(fonts.font_bytes(face)))


@cache
def _contours(face: str, glyph: int) -> list[list[tuple[float, float]]]:
    outline = _Outline()
    _font(face).draw_glyph(glyph, outline.functions)
    return outline.contours


def difference(one: Image.Image, other: Image.Image) -> float:
    """Ink of either that lies more than a dot away from any of the other's, as a part of all."""
    ink = [ImageChops.invert(each).point(lambda v: 255 * (v > 127)) for each in (one, other)]
    near = [each.filter(ImageFilter.MaxFilter(3)) for each in ink]
    stray = sum(
        ImageChops.subtract(mine, theirs).histogram()[255]
        for mine, theirs in ((ink[0], near[1]), (ink[1], near[0]))
    )
    return stray / max(ink[0].histogram()[255], 1)


def page_of(document: bytes) -> Image.Image:
    """The part of the page that words stand on."""
    page = pypdfium2.PdfDocument(document)[0].render(scale=DPI / 72).to_pil().convert("L")
    picture: Image.Image = page.crop((0, 0, page.width, round(WORDS_END_MM * DPI / 25.4)))
    return picture


def zones_of(picture: Image.Image) -> dict[str, Image.Image]:
    """What stands in each zone of words."""
    places = {zone.name: zone.box for zone in TEMPLATE.zones if zone.name in SETTINGS}
    return {name: picture.crop(_in_dots(box)) for name, box in places.items()}


def _in_dots(box: Box) -> tuple[int, int, int, int]:
    left, top = round(box.x * DPI / 25.4), round(box.y * DPI / 25.4)
    return left, top, left + round(box.width * DPI / 25.4), top + round(box.height * DPI / 25.4)


def marks_of(word: str) -> dict[str, tuple[Mark, ...]]:
    blocks = lay_out(TEMPLATE, content(word), DPI).blocks
    return {name: block.marks for name, block in zip(SETTINGS, blocks, strict=False)}


def differences(picture: Image.Image, right: dict[str, Image.Image]) -> dict[str, float]:
    return {name: difference(zone, right[name]) for name, zone in zones_of(picture).items()}


def unshaped(marks: Iterable[Mark]) -> bytes:
    """The marks at their places, character by character."""
    width, height = TEMPLATE.width_mm / 25.4 * 72, TEMPLATE.height_mm / 25.4 * 72
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(width, height))
    for mark in marks:
        canvas.setFont(mark.face, mark.size)
        canvas.drawString(mark.x / 25.4 * 72, height - mark.y / 25.4 * 72, mark.text)
    canvas.save()
    return out.getvalue()


@pytest.mark.parametrize("word", WORDS)
def test_word_is_set_as_harfbuzz_sets_it_and_would_not_be_unshaped(
    word: str, print_labels: Callable[..., bytes]
) -> None:
    marks = [mark for each in marks_of(word).values() for mark in each]
    printed = page_of(print_labels(TEMPLATE, [content(word)], DPI))
    right = zones_of(by_harfbuzz(marks, printed.size))
    off = differences(printed, right)
    assert max(off.values()) < TOLERANCE, off
    off = differences(page_of(unshaped(marks)), right)
    assert min(off.values()) > 10 * TOLERANCE, off


def test_the_settings_are_a_line_a_paragraph_and_a_mixture() -> None:
    assert len(set(WORDS)) >= 60
    for word in WORDS:
        marks = marks_of(word)
        assert [mark.text for mark in marks["line"]] == [word]
        assert len({mark.y for mark in marks["paragraph"]}) > 1
        assert {mark.face for mark in marks["mixed"]} == set(fonts.FACES)


def test_lines_end_after_a_tsheg_only() -> None:
    text = "རྫོང་མི་དམངས་སྲིད་གཞུང་གི་ཐོན་རྫས་ཀྱི་སྤུས་ཚད་བརྟག་དཔྱད།"
    lines = wrap([Span(text, 9)], 18)
    set_lines = ["".join(piece.text for piece in line.pieces) for line in lines]
    assert len(lines) > 2
    assert "".join(set_lines) == text
    assert all(line.endswith("་") for line in set_lines[:-1])
    assert all(line.width <= 18 for line in lines)


def test_words_of_other_scripts_between_do_not_break_the_stacks() -> None:
    (line,) = wrap([Span("产地 ཐོན་ས།：西藏", 9)], 100)
    assert [(piece.face, piece.text) for piece in line.pieces] == [
        (fonts.CHINESE, "产地 "),
        (fonts.TIBETAN, "ཐོན་ས།"),
        (fonts.CHINESE, "：西藏"),
    ]
