"""Setting text: runs by script, where a line may break, lines of a given width.

Chinese and Latin are set character by character, Tibetan is shaped. A Tibetan line breaks after
a tsheg (་) or a space and nowhere else, so a stack is never cut. Lengths are in millimetres, font
sizes in points.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, groupby

from suyuan.labels import fonts
from suyuan.labels.errors import MissingGlyph
from suyuan.labels.fonts import MM_PER_PT

# Marks that must not begin a line, and those that must not end one (as in GB/T 15834).
_NOT_FIRST = frozenset("，。、；：？！）〕】》〉」』”’…·％%‰℃°,.;:?!)]}>/-–—།༎༏༑༔་༌")
_NOT_LAST = frozenset("（〔【《〈「『“‘([{<")
_TSHEG = "\u0f0b"
_SHADS = frozenset("\u0f0d\u0f0e\u0f0f\u0f11\u0f14")

# Room a line takes above and below its base line, in em. Tibetan stacks want 1.6 together.
_ASCENT = {fonts.CHINESE: 0.90, fonts.CHINESE_BOLD: 0.90, fonts.TIBETAN: 0.85}
_DESCENT = {fonts.CHINESE: 0.18, fonts.CHINESE_BOLD: 0.18, fonts.TIBETAN: 0.75}


@dataclass(frozen=True)
class Span:
    """A stretch of text in one weight and one size."""

    text: str
    size: float
    bold: bool = False


@dataclass(frozen=True)
class Piece:
    """Text in one face and size, ``x`` millimetres from the start of its line."""

    x: float
    face: str
    size: float
    text: str

    @property
    def width(self) -> float:
        return fonts.extent(self.face, self.text).advance * self.size * MM_PER_PT


@dataclass(frozen=True)
class Line:
    """One set line: its pieces, its width, and the room it takes above and below its base line."""

    pieces: tuple[Piece, ...]
    width: float
    ascent: float
    descent: float

    @property
    def height(self) -> float:
        return self.ascent + self.descent


class TooWide(Exception):
    """A stretch that may not be broken is wider than the line, by ``more_mm``."""

    def __init__(self, more_mm: float) -> None:
        super().__init__(more_mm)
        self.more_mm = more_mm


def is_tibetan(character: str) -> bool:
    return "\u0f00" <= character <= "\u0fff"


def _is_wide(character: str) -> bool:
    return "\u2e80" <= character <= "\uffef" or character >= "\U00020000"


def runs(text: str, bold: bool = False) -> Iterator[tuple[str, str]]:
    """Split text by script into (face, text), a space staying with what it follows."""
    chinese = fonts.CHINESE_BOLD if bold else fonts.CHINESE
    face = chinese
    start = 0
    for at, character in enumerate(text):
        if character.isspace():
            continue
        wanted = fonts.TIBETAN if is_tibetan(character) else chinese
        if wanted != face:
            if at > start:
                yield face, text[start:at]
            face, start = wanted, at
    if start < len(text):
        yield face, text[start:]


def require_glyphs(item: str, *texts: str) -> None:
    """Make sure every character can be drawn.

    :raises MissingGlyph: naming the first that cannot, and the item.
    """
    for text in texts:
        for face, run in runs(text):
            for character in run:
                if not fonts.holds(face, character):
                    raise MissingGlyph(item, character)


def may_break(before: str, after: str) -> bool:
    """Whether a line may end between these two characters."""
    if after.isspace() or after in _NOT_FIRST or before in _NOT_LAST:
        return False
    if before.isspace():
        return True
    if is_tibetan(before) and is_tibetan(after):
        return before == _TSHEG or before in _SHADS
    return _is_wide(before) or _is_wide(after) or is_tibetan(before) != is_tibetan(after)


@dataclass(frozen=True)
class _Styled:
    """One character with its face and size."""

    character: str
    face: str
    size: float


Stretch = tuple[_Styled, ...]
"""Characters between two places where a line may break."""


def stretches(spans: Iterable[Span]) -> list[Stretch]:
    """Cut spans, set one after another, at every place where a line may break."""
    return list(_unbreakable(_styled(spans)))


def _styled(spans: Iterable[Span]) -> list[_Styled]:
    return [
        _Styled(character, face, span.size)
        for span in spans
        for face, run in runs(span.text, span.bold)
        for character in run
    ]


def _unbreakable(characters: Sequence[_Styled]) -> Iterator[Stretch]:
    start = 0
    for at in range(1, len(characters)):
        if may_break(characters[at - 1].character, characters[at].character):
            yield tuple(characters[start:at])
            start = at
    if characters:
        yield tuple(characters[start:])


def _pieces(characters: Iterable[_Styled]) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    x = 0.0
    for (face, size), group in groupby(characters, key=lambda each: (each.face, each.size)):
        piece = Piece(x, face, size, "".join(each.character for each in group))
        pieces.append(piece)
        x += piece.width
    return tuple(pieces)


def _without_trailing_space(characters: Sequence[_Styled]) -> Sequence[_Styled]:
    end = len(characters)
    while end and characters[end - 1].character.isspace():
        end -= 1
    return characters[:end]


def _width(characters: Sequence[_Styled]) -> float:
    return sum(piece.width for piece in _pieces(_without_trailing_space(characters)))


def _line(characters: Sequence[_Styled]) -> Line:
    pieces = _pieces(_without_trailing_space(characters))
    ascent = descent = 0.0
    for piece in pieces:
        ink = fonts.extent(piece.face, piece.text)
        scale = piece.size * MM_PER_PT
        ascent = max(ascent, scale * max(_ASCENT[piece.face], ink.top + 0.05))
        descent = max(descent, scale * max(_DESCENT[piece.face], 0.05 - ink.bottom))
    return Line(pieces, sum(piece.width for piece in pieces), ascent, descent)


class _Widths:
    """How wide each run of a text's stretches is, in millimetres; each is measured once."""

    def __init__(self, text: Sequence[Stretch]) -> None:
        self._text = text
        self._known: dict[tuple[int, int], float] = {}

    def of(self, start: int, end: int) -> float:
        """The width of the stretches from ``start`` up to ``end``."""
        known = self._known.get((start, end))
        if known is None:
            known = self._known[start, end] = _width([*chain(*self._text[start:end])])
        return known

    def taken(self, start: int, width: float) -> int:
        """The first stretch that no longer stands on a line of ``width`` begun at ``start``.

        :raises TooWide: when not even the first stretch fits.
        """
        end = start + 1
        if (over := self.of(start, end) - width) > 0:
            raise TooWide(over)
        while end < len(self._text) and self.of(start, end + 1) <= width:
            end += 1
        return end

    def lines(self, width: float) -> int:
        """How many lines of ``width`` the whole text takes.

        :raises TooWide: when a stretch that may not be broken is wider than a line.
        """
        count, at = 0, 0
        while at < len(self._text):
            at = self.taken(at, width)
            count += 1
        return count


def take_line(text: Sequence[Stretch], start: int, width: float) -> tuple[int, Line]:
    """Set as many stretches from ``start`` on as one line of ``width`` millimetres holds.

    Returns the number of the first stretch that is left, and the line.

    :raises TooWide: when not even the first stretch fits.
    """
    end = _Widths(text).taken(start, width)
    return end, _line([*chain(*text[start:end])])


def balanced_width(text: Sequence[Stretch], width: float) -> float:
    """The least width at which the text takes no more lines than at ``width``.

    Lines of that width come out about equally long, and a name or a number breaks near its middle.

    :raises TooWide: when a stretch that may not be broken is wider than ``width``.
    """
    least, most = 0.0, width
    widths = _Widths(text)
    wanted = widths.lines(width)
    while most - least > 0.05:
        middle = (least + most) / 2
        try:
            enough = widths.lines(middle) <= wanted
        except TooWide:
            enough = False
        least, most = (least, middle) if enough else (middle, most)
    return most


def wrap(spans: Iterable[Span], width: float) -> list[Line]:
    """Set spans one after another into lines of at most ``width`` millimetres.

    :raises TooWide: when a stretch that may not be broken is wider than a line.
    """
    text, lines, at = stretches(spans), [], 0
    while at < len(text):
        at, line = take_line(text, at, width)
        lines.append(line)
    return lines
