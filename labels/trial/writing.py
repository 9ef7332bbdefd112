"""The labels that try a printer out, in the form that it takes."""

from __future__ import annotations

from typing import BinaryIO

from PIL import Image

from suyuan.labels.model import Template
from suyuan.labels.output import (
    MOST_DPI_OF_PICTURES,
    Output,
    picture_file,
    require_sound,
    write_pictures,
)
from suyuan.labels.templates import template
from suyuan.labels.trial.drawing import trial_labels
from suyuan.labels.trial.words import Translate
from suyuan.trace.errors import InvalidInput, NotFound


def write_trial(template_id: str, output: Output, translate: Translate, out: BinaryIO) -> int:
    """Write the test labels of a printer; returns how many.

    ``translate``: from English into the language of the clerk who reads them.

    :raises NotFound: for an unknown template.
    :raises InvalidInput: for a printer that there is not, and for sheets and bare symbols.
    :raises DoesNotFit: for a label wider than the printer's head, or too small for the marks.
    """
    paper, labels = _drawn(template_id, output, translate)
    write_pictures(paper, labels, output, out)
    return len(labels)


def trial_picture(template_id: str, output: Output, translate: Translate, number: int) -> bytes:
    """One of them as a PNG, from 1; raises as ``write_trial``, and NotFound where it is none."""
    _, labels = _drawn(template_id, output, translate)
    if not 1 <= number <= len(labels):
        raise NotFound("There is no such label.", field="number")
    return picture_file(labels[number - 1], output)


def _drawn(
    template_id: str, output: Output, translate: Translate
) -> tuple[Template, list[Image.Image]]:
    paper = template(template_id)
    require_sound(paper, output)
    if output.form == "symbols" or output.sheet or output.dpi > MOST_DPI_OF_PICTURES:
        raise InvalidInput("A label printer is tried out: choose a roll.", field="form")
    return paper, trial_labels(paper, output.dpi, translate)
