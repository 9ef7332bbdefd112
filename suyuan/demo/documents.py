"""Papers to look at: pictures that say of themselves that they belong to a demonstration."""

from __future__ import annotations

import io
from importlib import resources

from PIL import Image, ImageDraw, ImageFont

from suyuan.demo.scene import Scene
from suyuan.trace.acts.evidence import keep_evidence

_SIZE = (900, 620)
_PAPER, _INK, _RULE, _STAMP = "#fbf8ef", "#2b2b2b", "#b9ad8a", "#b3261e"


def document(scene: Scene, who: str, title: str, number: str, disclosure: str = "public") -> str:
    """A picture of a paper, kept as evidence of the person's organisation; returns its uid."""
    return scene.do(
        who, keep_evidence, scene.people[who][1], _drawn(title, number), f"{title}.png", disclosure
    )


def _drawn(title: str, number: str) -> bytes:
    picture = Image.new("RGB", _SIZE, _PAPER)
    pen = ImageDraw.Draw(picture)
    width, height = _SIZE
    pen.rectangle((24, 24, width - 24, height - 24), outline=_RULE, width=4)
    pen.text((width / 2, 110), title, _INK, _font(44), anchor="mm")
    pen.text((width / 2, 190), f"编号 {number}", _INK, _font(28), anchor="mm")
    for line in range(260, 520, 52):
        pen.line((90, line, width - 90, line), _RULE, 2)
    pen.ellipse((width - 290, height - 260, width - 110, height - 80), outline=_STAMP, width=6)
    pen.text((width - 200, height - 170), "演示", _STAMP, _font(48), anchor="mm")
    pen.text(
        (90, height - 70), "演示数据,非真实证件 · demonstration, not a real paper", _INK, _font(22)
    )
    file = io.BytesIO()
    picture.save(file, "PNG", optimize=True)
    return file.getvalue()


def _font(size: int) -> ImageFont.FreeTypeFont:
    fonts = resources.files("suyuan.labels") / "fonts"
    with resources.as_file(fonts / "SuyuanSansSC-Regular.ttf") as path:
        return ImageFont.truetype(str(path), size)
