"""How the label that is chosen on a form will look, or why it cannot be printed so."""

from __future__ import annotations

import base64
from dataclasses import dataclass, replace
from typing import Final

from suyuan.labels.preview import preview_svg
from suyuan.labels.templates import template
from suyuan.trace.batches.tables import Batch
from suyuan.trace.codes.pin import PIN_DIGITS
from suyuan.trace.errors import Conflict, InvalidInput, InvalidInputs, NotFound
from suyuan.web.desk.forms.typed import Typed
from suyuan.web.desk.own_size import chosen_label
from suyuan.web.desk.printable import in_words, size, tried, waiting_texts
from suyuan.web.desk.sheet import Sheet
from suyuan.web.error_pages import faults_by_field
from suyuan.web.ground import today

ASKED: Final = "preview"
"""What the button says that only shows the label."""


@dataclass(frozen=True)
class Preview:
    """A picture of the label (SVG in base64) and its size; or why there is none. ``waits``: the
    Tibetan that it leaves out until the language office has approved it."""

    picture: str = ""
    size: str = ""
    refused: tuple[str, ...] = ()
    waits: tuple[str, ...] = ()


def previewed(batch: Batch, sheet: Sheet) -> Preview | None:
    """The label as the form says; None where nobody asked for it.

    Its code is as long as a real one and signed by nobody: printed out, it verifies nowhere.
    """
    if sheet.typed.get("more") != ASKED:
        return None
    given = Typed(sheet.typed, today())
    try:
        chosen = chosen_label(given, batch)
        given.finish()
        facts, label = tried(batch, chosen)
        if given.ticked("pins"):
            label = replace(label, pin="0" * PIN_DIGITS)
        picture = base64.b64encode(preview_svg(chosen, facts, label).encode())
    except InvalidInputs as error:
        return Preview(refused=tuple(faults_by_field(error).values()))
    except (InvalidInput, Conflict, NotFound) as error:
        return Preview(refused=(in_words(error),))
    return Preview(picture.decode("ascii"), size(template(chosen)), waits=waiting_texts(batch))
