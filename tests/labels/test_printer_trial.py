"""The test labels of a printer: where each mark lies in dots, and what can be read of them."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from click.testing import CliRunner
from PIL import Image, ImageChops

from suyuan.cli import main
from suyuan.labels.errors import DoesNotFit
from suyuan.labels.layout import to_dots
from suyuan.labels.output import Output
from suyuan.labels.templates import template
from suyuan.labels.text import is_tibetan
from suyuan.labels.trial.drawing import LINES, MODULES, trial_labels
from suyuan.labels.trial.words import samples
from suyuan.labels.trial.writing import write_trial
from suyuan.trace.errors import InvalidInput
from suyuan.trace.products.label_items import least_character_mm
from suyuan.web.catalogues import translations
from tests.labels.test_label_output import READ
from tests.labels.zpl_printer import Job, rendered

CASES = [("trace-40x30", 203), ("trace-50x30", 300), ("complete-70x50", 203)]


def trial(name: str, dpi: int) -> list[Image.Image]:
    return trial_labels(template(name), dpi, translations("zh").gettext)


def written(form: str, name: str = "trace-50x30", dpi: int = 203) -> bytes:
    out = io.BytesIO()
    write_trial(name, Output(form, dpi), translations("zh").gettext, out)
    return out.getvalue()


def dark(picture: Image.Image, x: int, y: int) -> bool:
    return picture.getpixel((x, y)) == 0


def strokes(dots: Iterable[bool]) -> list[int]:
    """How long each stretch of True is."""
    found, length = [], 0
    for one in (*dots, False):
        if not one and length:
            found.append(length)
        length = length + 1 if one else 0
    return found


@pytest.mark.parametrize(("name", "dpi"), CASES)
def test_the_border_lies_a_millimetre_from_each_edge(name: str, dpi: int) -> None:
    place = trial(name, dpi)[0]
    edge = to_dots(1, dpi)
    box = ImageChops.invert(place.convert("L")).getbbox()
    assert box == (edge, edge, place.width - edge, place.height - edge)
    across, down = place.width // 2 + 3, place.height - to_dots(5, dpi)
    for x, y in ((edge, down), (place.width - edge - 1, down), (across, place.height - edge - 1)):
        assert dark(place, x, y)
    assert all(dark(place, x, edge) for x in range(edge, place.width - edge))


@pytest.mark.parametrize(("name", "dpi"), CASES)
def test_rulers_count_millimetres_from_the_edge_of_the_paper(name: str, dpi: int) -> None:
    place, paper = trial(name, dpi)[0], template(name)
    just_inside = to_dots(1, dpi) + max(2, to_dots(0.25, dpi))
    marks = [
        x for x in range(just_inside, place.width - just_inside) if dark(place, x, just_inside)
    ]
    assert marks == [to_dots(mm, dpi) for mm in range(2, int(paper.width_mm) - 1)]
    marks = [
        y for y in range(just_inside, place.height - just_inside) if dark(place, just_inside, y)
    ]
    assert marks == [to_dots(mm, dpi) for mm in range(2, int(paper.height_mm) - 1)]
    deep = just_inside + to_dots(1.8, dpi)
    tens = [x for x in range(to_dots(4, dpi), place.width - just_inside) if dark(place, x, deep)]
    assert tens == [to_dots(mm, dpi) for mm in range(10, int(paper.width_mm) - 1, 10)]


@pytest.mark.parametrize(("name", "dpi"), CASES)
def test_symbols_go_from_coarse_to_fine_and_name_their_dots(name: str, dpi: int) -> None:
    found = [
        (one.text, one.position.bottom_right.x - one.position.bottom_left.x)
        for label in trial(name, dpi)[2:]
        for one in sorted(zxingcpp.read_barcodes(label), key=lambda one: one.position.top_left.x)
    ]
    assert [text for text, _ in found] == [f"SUYUAN {dots}" for dots in MODULES]
    for dots, (_, wide) in zip(MODULES, found, strict=True):
        assert abs(wide - 21 * dots) <= dots


@pytest.mark.parametrize(("name", "dpi"), CASES)
def test_dark_fields_and_fine_lines_measure_whole_dots(name: str, dpi: int) -> None:
    label = trial(name, dpi)[1]
    left, high, wide = to_dots(1, dpi), to_dots(6.5, dpi), to_dots(9, dpi)
    field = label.crop((left, left, left + wide, left + high))
    assert not field.convert("L").getbbox(), "the field is dark all over"
    second = left + high + to_dots(0.8, dpi)
    down = [dark(label, left + 2, y) for y in range(second, second + high)]
    assert strokes(not one for one in down) == list(LINES), "gaps of paper in the second field"
    third = second + high + to_dots(0.8, dpi)
    down = [dark(label, left + 2, y) for y in range(third, third + high)]
    assert strokes(down) == list(LINES)
    across = [dark(label, x, third + high - 2) for x in range(left + wide // 2, left + wide)]
    assert strokes(across) == list(LINES)


def test_words_stand_at_the_least_height_of_the_law_in_both_scripts() -> None:
    name, dpi = "complete-70x50", 300
    label = trial(name, dpi)[1]
    assert all(one.zh[0] > "\u4e00" and is_tibetan(one.bo[0]) for one in samples())
    left = to_dots(1 + 9 + 1.5, dpi)
    figures_end = ImageChops.invert(label.convert("L")).crop(
        (left, 0, label.width, to_dots(4, dpi))
    )
    box = figures_end.getbbox()
    assert box is not None
    # the last figure of the first line, a 9: as high as capitals
    nine = figures_end.crop((box[2] - to_dots(1, dpi), 0, box[2], to_dots(4, dpi))).getbbox()
    assert nine is not None
    high = (nine[3] - nine[1]) * 25.4 / dpi
    assert float(least_character_mm()) <= high + 25.4 / dpi
    assert high <= float(least_character_mm()) + 0.2


def test_the_words_are_those_of_the_clerks_language() -> None:
    paper = template("trace-50x30")
    chinese, english = trial("trace-50x30", 203)[0], trial_labels(paper, 203, str)[0]
    assert ImageChops.difference(chinese.convert("L"), english.convert("L")).getbbox()


@pytest.mark.parametrize("form", ["zpl", "tspl", "png"])
def test_each_form_prints_the_same_dots(form: str) -> None:
    found = list(READ[form](written(form)))
    for there, drawn in zip(found, trial("trace-50x30", 203), strict=True):
        same = there.crop((0, 0, *drawn.size)).convert("L")
        assert ImageChops.difference(same, drawn.convert("L")).getbbox() is None


def test_the_pdf_is_as_large_as_the_paper_and_shows_the_same_dots() -> None:
    drawn = trial("trace-50x30", 203)
    with pypdfium2.PdfDocument(written("pdf")) as document:
        assert len(document) == len(drawn)
        for page, label in zip(document, drawn, strict=True):
            assert page.get_width() == pytest.approx(label.width * 72 / 203, abs=0.01)
            shown = page.render(scale=203 / 72, grayscale=True).to_pil().crop((0, 0, *label.size))
            same = shown.point(lambda ink: 255 * (ink > 127), "1").convert("L")
            off = ImageChops.difference(same, label.convert("L")).histogram()[255]
            assert off < 0.002 * label.width * label.height


def test_a_zpl_printer_prints_them_and_a_phone_reads_them() -> None:
    paper = template("complete-70x50")
    (labels,) = rendered([Job(written("zpl", paper.id), paper, 203)])
    read = {one.text for label in labels for one in zxingcpp.read_barcodes(label)}
    assert read == {f"SUYUAN {dots}" for dots in MODULES}


def test_what_is_no_label_printer_is_refused() -> None:
    for output in (Output("symbols"), Output("pdf", sheet=True), Output("pdf", 1200)):
        with pytest.raises(InvalidInput):
            write_trial("trace-50x30", output, str, io.BytesIO())
    with pytest.raises(DoesNotFit):
        write_trial("trace-50x30", Output("zpl", 203, head_dots=300), str, io.BytesIO())
    with pytest.raises(DoesNotFit, match="mm more"):
        write_trial("trace-40x30", Output("zpl", 100), str, io.BytesIO())


def test_the_command_writes_what_the_name_of_the_file_asks_for(tmp_path: Path) -> None:
    out = tmp_path / "test.tspl"
    done = CliRunner().invoke(main, ["printer-test", "--dpi", "203", "--out", str(out)])
    assert done.exit_code == 0, done.output
    assert out.read_bytes().count(b"PRINT 1,1") == len(trial("trace-50x30", 203))
