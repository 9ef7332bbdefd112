"""A chain of batches as SVG text, drawn from plain values.

Nothing here knows a request, a table or a language. A batch is a box that is a link; what is
wrong with it is said in words and by the shape of its frame, so that no colour is needed to read
it: dashed for held, doubled for recalled, cut corners for closed.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup

from suyuan.web.inspect.graph_layout import Layout, Point

BOX = (196, 84)
PITCH = (216, 138)
"""How far apart the middles of two neighbours are, across and down."""
MARGIN = 12
_NAME_CELLS = 24
"""How wide a name may be; a Chinese character takes two cells."""
_QUANTITY_CELLS = 13


@dataclass(frozen=True)
class Box:
    """One batch: what stands in its box, where it leads, and its state.

    ``state`` chooses frame and colour (registered, closed, withdrawn, held, recalled);
    ``state_text`` says it. ``label`` is read aloud for the link. ``here``: the batch asked about.
    """

    key: int
    name: str
    code: str
    quantity: str
    state: str
    state_text: str
    href: str
    label: str
    here: bool = False


@dataclass(frozen=True)
class Line:
    """So much of the parent in the child; ``text`` is empty where it is not known or not shown."""

    parent: int
    child: int
    text: str = ""


def draw_chain(
    boxes: Sequence[Box], lines: Sequence[Line], layout: Layout, title: str, description: str
) -> Markup:
    """The drawing of a chain, with ``title`` and ``description`` for those who hear it."""
    width = round(layout.width * PITCH[0] + BOX[0] + 2 * MARGIN)
    height = round(layout.height * PITCH[1] + BOX[1] + 2 * MARGIN)
    at = {box.key: _pixels(layout.places[box.key]) for box in boxes}
    return Markup(
        '<svg class="chain-graph" role="group" width="{width}" height="{height}" '
        'viewBox="0 0 {width} {height}" aria-labelledby="chain-title chain-text">'
        '<title id="chain-title">{title}</title><desc id="chain-text">{description}</desc>'
        "{lines}{texts}{boxes}</svg>"
    ).format(
        width=width,
        height=height,
        title=title,
        description=description,
        lines=Markup("").join(_line(one, at, layout) for one in lines),
        texts=Markup("").join(_line_text(one, at, layout) for one in lines if one.text),
        boxes=Markup("").join(_box(box, *at[box.key]) for box in boxes),
    )


def shortened(text: str, cells: int) -> str:
    """``text`` cut to so many cells, with an ellipsis where something was cut."""
    if _cells(text) <= cells:
        return text
    kept = ""
    for character in text:
        if _cells(kept + character) > cells - 1:
            break
        kept += character
    return kept + "…"


def _cells(text: str) -> int:
    return sum(
        0 if unicodedata.combining(one) else 2 if unicodedata.east_asian_width(one) in "WF" else 1
        for one in text
    )


def _pixels(place: Point) -> Point:
    """The middle of what stands at this place."""
    return (
        round(place[0] * PITCH[0] + BOX[0] / 2 + MARGIN, 1),
        round(place[1] * PITCH[1] + BOX[1] / 2 + MARGIN, 1),
    )


def _points(line: Line, at: Mapping[int, Point], layout: Layout) -> list[Point]:
    (x1, y1), (x2, y2) = at[line.parent], at[line.child]
    bends = [_pixels(point) for point in layout.bends.get((line.parent, line.child), ())]
    return [(x1, y1 + BOX[1] / 2), *bends, (x2, y2 - BOX[1] / 2)]


def _line(line: Line, at: Mapping[int, Point], layout: Layout) -> Markup:
    """A curve that leaves downwards and arrives from above, and an arrow head at its end."""
    points = _points(line, at, layout)
    drawn = f"M{points[0][0]:g} {points[0][1]:g}"
    for (x1, y1), (x2, y2) in pairwise(points):
        middle = (y1 + y2) / 2
        drawn += f"C{x1:g} {middle:g} {x2:g} {middle:g} {x2:g} {y2:g}"
    x, y = points[-1]
    head = f"M{x - 5:g} {y - 9:g}L{x:g} {y:g}L{x + 5:g} {y - 9:g}z"
    return Markup('<path class="link" d="{}"/><path class="head" d="{}"/>').format(drawn, head)


def _line_text(line: Line, at: Mapping[int, Point], layout: Layout) -> Markup:
    """The quantity, nearer to the child, where links that leave one box have parted."""
    (x1, y1), (x2, y2) = _points(line, at, layout)[-2:]
    # on the curve at t = 0.65
    return Markup('<text class="amount" x="{:g}" y="{:g}">{}</text>').format(
        round(x1 + (x2 - x1) * 0.718, 1), round(y1 + (y2 - y1) * 0.625 + 3, 1), line.text
    )


def _box(box: Box, x: float, y: float) -> Markup:
    left, top = x - BOX[0] / 2, y - BOX[1] / 2
    return Markup(
        '<a href="{href}" aria-label="{label}"><g class="box {state}{here}">{frame}'
        '<text class="name" x="{tx:g}" y="{y1:g}">{name}</text>'
        '<text class="code" x="{tx:g}" y="{y2:g}">{code}</text>'
        '<text class="quantity" x="{tx:g}" y="{y3:g}">{quantity}</text>'
        '<text class="state" x="{right:g}" y="{y3:g}">{said}</text></g></a>'
    ).format(
        href=box.href,
        label=box.label,
        state=box.state,
        here=" here" if box.here else "",
        frame=_frame(box.state, left, top),
        tx=left + 12,
        right=left + BOX[0] - 10,
        y1=top + 24,
        y2=top + 46,
        y3=top + 70,
        name=shortened(box.name, _NAME_CELLS),
        code=box.code,
        quantity=shortened(box.quantity, _QUANTITY_CELLS),
        said=box.state_text,
    )


def _frame(state: str, left: float, top: float) -> Markup:
    width, height = BOX
    rect = Markup('<rect class="{}" x="{:g}" y="{:g}" width="{:g}" height="{:g}" rx="8"/>')
    if state == "recalled":
        inner = rect.format("inner", left + 4, top + 4, width - 8, height - 8)
        return rect.format("frame", left, top, width, height) + inner
    if state in ("closed", "withdrawn"):
        cut = 14
        return Markup(
            '<path class="frame" d="M{:g} {:g}h{:g}l{c} {c}v{:g}l-{c} {c}h-{:g}l-{c} -{c}v-{:g}z"/>'
        ).format(
            left + cut, top, width - 2 * cut, height - 2 * cut, width - 2 * cut, height - 2 * cut,
            c=cut,
        )  # fmt: skip
    return rect.format("frame", left, top, width, height)
