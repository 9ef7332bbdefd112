"""Tibetan on labels against HarfBuzz's own outlines, dot by dot."""

from __future__ import annotations

import io
import math
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace

import pypdfium2
import pytest
import uharfbuzz as hb
from PIL import Image, ImageChops, ImageDraw, ImageFilter
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from suyuan.labels import fonts
from suyuan.labels.fit import Mark
from suyuan.labels.layout import lay_out
from suyuan.labels.model import Bilingual, Box, LabelContent, LabelItem, Template, Zone
from suyuan.labels.text import Span, wrap
from tests.labels.label_samples import JERKY

DPI = 300
TOLERANCE = 0.001  # part of the ink that may lie off, from the two ways of smoothing an edge

WORDS = (
    "ཐོན་རྫས་ཀྱི་མིང་།", "ཐོན་སྐྱེད་པ།", "ཐོན་སྐྱེད་ཚེས་གྲངས།", "ལྗིད་ཚད་ངོ་མ།", "གྲངས་འབོར།", "སྤུས་ཚད།",
    "བརྟག་དཔྱད།", "ཞིབ་བཤེར།", "རྗེས་འདེད་ཨང་རྟགས།", "ཉར་ཚགས་ཆ་རྐྱེན།", "དྲོད་ཚད།", "ཁ་བྱང་།",
    "འབྲེལ་གཏུགས་ཁ་པར།", "ཞུ་གཏུག", "ཕྱིར་བསྡུ།", "གཡག་ཤ་སྐམ་པོ།", "དབྱར་རྩྭ་དགུན་འབུ།", "སྐྱུར་ཁུ་རྙིང་པ།",
    "འབྲུ་རིགས།", "སྐྱེ་ལྡན།", "བོད་རང་སྐྱོང་ལྗོངས།", "གྲོང་ཁྱེར།", "སོག་རྫོང་།", "རྫོང་མི་དམངས་སྲིད་གཞུང་།",
    "བསྒྲུབས་", "བརྒྱད་", "སྨྲ་བ་", "ཧཱུྃ", "ཨོཾ་མ་ཎི་པདྨེ",
)  # fmt: skip

TEMPLATE = Template(
    id="words",
    kind="batch",
    name=Bilingual("词"),
    name_en="words",
    width_mm=120,
    height_mm=70,
    symbol=Box(80, 40, 30, 30),
    zones=(
        Zone("word", (Box(5, 5, 110, 25),), ("word",), "display", 24),
        Zone("code", (Box(5, 40, 70, 25),), ("trace_code", "serial", "complaint_phone"), "flow", 9),
    ),
    code_height_mm=1.8,
)


def content(word: str) -> LabelContent:
    item = LabelItem("word", Bilingual(""), Bilingual("", word))
    return replace(JERKY, items=(item,), mandatory=())


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


def _fill(picture: Image.Image, contours: list[list[tuple[float, float]]]) -> None:
    """Fill by the non-zero rule, as fonts ask: contours overlap themselves and each other."""
    crossings: dict[int, list[tuple[float, int]]] = defaultdict(list)
    for contour in contours:
        for (x0, y0), (x1, y1) in zip(contour, contour[1:] + contour[:1], strict=True):
            turn = 1 if y1 > y0 else -1
            for row in range(math.ceil(min(y0, y1) - 0.5), math.ceil(max(y0, y1) - 0.5)):
                crossings[row].append((x0 + (row + 0.5 - y0) * (x1 - x0) / (y1 - y0), turn))
    pen = ImageDraw.Draw(picture)
    for row, found in crossings.items():
        winding, start = 0, 0.0
        for x, turn in sorted(found):
            if winding == 0:
                start = x
            winding += turn
            if winding == 0 and math.ceil(start - 0.5) < math.ceil(x - 0.5):
                pen.line((math.ceil(start - 0.5), row, math.ceil(x - 0.5) - 1, row), fill=0)


def by_harfbuzz(mark: Mark, size: tuple[int, int]) -> Image.Image:
    """The mark as HarfBuzz shapes it and as its glyphs' outlines fill, four times oversampled."""
    font = hb.Font(hb.Face(fonts.font_bytes(mark.face)))
    buffer = hb.Buffer()
    buffer.add_str(mark.text)
    buffer.guess_segment_properties()
    hb.shape(font, buffer)
    zoom = 4
    picture = Image.new("L", (size[0] * zoom, size[1] * zoom), 255)
    unit = mark.size / font.face.upem * DPI / 72 * zoom
    x, y = mark.x * DPI / 25.4 * zoom, mark.y * DPI / 25.4 * zoom
    for info, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        outline = _Outline()
        font.draw_glyph(info.codepoint, outline.functions)
        left, base = x + position.x_offset * unit, y - position.y_offset * unit
        placed = [
            [(left + px * unit, base - py * unit) for px, py in contour]
            for contour in outline.contours
        ]
        _fill(picture, placed)
        x += position.x_advance * unit
    return picture.resize(size, Image.Resampling.BOX)


def difference(one: Image.Image, other: Image.Image) -> float:
    """Ink of either that lies more than a dot away from any of the other's, as a part of all."""
    ink = [ImageChops.invert(each).point(lambda v: 255 * (v > 127)) for each in (one, other)]
    near = [each.filter(ImageFilter.MaxFilter(3)) for each in ink]
    stray = sum(
        ImageChops.subtract(mine, theirs).histogram()[255]
        for mine, theirs in ((ink[0], near[1]), (ink[1], near[0]))
    )
    return stray / max(ink[0].histogram()[255], 1)


def word_zone(document: bytes) -> Image.Image:
    page = pypdfium2.PdfDocument(document)[0]
    picture: Image.Image = page.render(scale=DPI / 72).to_pil().convert("L")
    return picture.crop((0, 0, picture.width, round(35 * DPI / 25.4)))


def mark_of(word: str) -> Mark:
    (mark,) = lay_out(TEMPLATE, content(word), DPI).blocks[0].marks
    return mark


@pytest.mark.parametrize("word", WORDS)
def test_word_is_set_as_harfbuzz_sets_it(word: str, print_labels: Callable[..., bytes]) -> None:
    printed = word_zone(print_labels(TEMPLATE, [content(word)], DPI))
    assert difference(printed, by_harfbuzz(mark_of(word), printed.size)) < TOLERANCE


@pytest.mark.parametrize("word", WORDS)
def test_unshaped_word_fails_the_same_comparison(
    word: str, print_labels: Callable[..., bytes]
) -> None:
    print_labels(TEMPLATE, [content(word)], DPI)  # registers the font
    assert fonts.TIBETAN in pdfmetrics.getRegisteredFontNames()
    mark = mark_of(word)
    width, height = TEMPLATE.width_mm / 25.4 * 72, TEMPLATE.height_mm / 25.4 * 72
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(width, height))
    canvas.setFont(mark.face, mark.size)
    canvas.drawString(mark.x / 25.4 * 72, height - mark.y / 25.4 * 72, mark.text)
    canvas.save()
    unshaped = word_zone(out.getvalue())
    assert difference(unshaped, by_harfbuzz(mark, unshaped.size)) > 10 * TOLERANCE


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
