"""The label fonts: what they hold and how large things set in them are.

All measures are in em, that is, as a part of the font size. HarfBuzz measures, whoever draws:
so a PDF and a bitmap of the same label break their lines at the same places.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

import uharfbuzz as hb

CHINESE = "SuyuanSansSC-Regular"
CHINESE_BOLD = "SuyuanSansSC-Bold"
TIBETAN = "SuyuanSerifTibetan-Regular"
FACES = (CHINESE, CHINESE_BOLD, TIBETAN)

MM_PER_PT = 25.4 / 72

# Without them the fonts' own features are on, as HarfBuzz chooses them for the script.
_NO_SHAPING = {"kern": False, "liga": False, "clig": False, "calt": False}


@dataclass(frozen=True)
class Extent:
    """Size of a piece of text in em: how far it moves on, how far its ink goes up and down."""

    advance: float
    top: float
    bottom: float


def font_bytes(face: str) -> bytes:
    """The font file of a face, one of `FACES`."""
    return resources.files("suyuan.labels").joinpath("fonts", f"{face}.ttf").read_bytes()


@cache
def _font(face: str) -> hb.Font:
    return hb.Font(hb.Face(hb.Blob(font_bytes(face))))


@cache
def _characters(face: str) -> frozenset[int]:
    return frozenset(_font(face).face.unicodes)


def holds(face: str, character: str) -> bool:
    """Whether the face can draw the character."""
    return ord(character) in _characters(face)


@lru_cache(maxsize=100_000)
def extent(face: str, text: str) -> Extent:
    """Measure text that is set in one face: shaped if Tibetan, character by character if not."""
    font = _font(face)
    em = font.face.upem
    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    hb.shape(font, buffer, {} if face == TIBETAN else _NO_SHAPING)
    advance, top, bottom = 0, 0, 0
    for info, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        advance += position.x_advance
        ink = font.get_glyph_extents(info.codepoint)
        if ink is not None:
            top = max(top, position.y_offset + ink.y_bearing)
            bottom = min(bottom, position.y_offset + ink.y_bearing + ink.height)
    return Extent(advance / em, top / em, bottom / em)


@cache
def capital_height() -> float:
    """Height of capitals and figures of the Chinese face, in em.

    They are lower than Chinese characters, and the law's minimum height holds for them too.
    """
    return min(extent(CHINESE, "H").top, extent(CHINESE, "1").top)


def size_for_height(height_mm: float) -> float:
    """The font size in points at which capitals and figures are ``height_mm`` high."""
    return height_mm / MM_PER_PT / capital_height()
