"""The labels that try a printer out, in the form that it takes."""

from __future__ import annotations

from typing import BinaryIO

from suyuan.labels.output import MOST_DPI_OF_PICTURES, Output, require_sound, write_pictures
from suyuan.labels.templates import template
from suyuan.labels.trial.drawing import trial_labels
from suyuan.labels.trial.words import Translate
from suyuan.trace.errors import InvalidInput


def write_trial(template_id: str, output: Output, translate: Translate, out: BinaryIO) -> int:
    """Write the test labels of a printer; returns how many.

    ``translate``: from English into the language of the clerk who reads them.

    :raises NotFound: for an unknown template.
    :raises InvalidInput: for a printer that there is not, and for sheets and bare symbols.
    :raises DoesNotFit: for a label wider than the printer's head, or too small for the marks.
    """
    paper = template(template_id)
    require_sound(paper, output)
    if output.form == "symbols" or output.sheet or output.dpi > MOST_DPI_OF_PICTURES:
        raise InvalidInput("A label printer is tried out: choose a roll.", field="form")
    labels = trial_labels(paper, output.dpi, translate)
    write_pictures(paper, labels, output, out)
    return len(labels)
