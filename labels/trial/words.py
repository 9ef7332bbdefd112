"""What test labels say to the clerk: what is looked at, and what to do where it is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from suyuan.trace.words import standard_words

Translate = Callable[[str], str]
_SAMPLE = ("product_name", "origin")
"""Words whose Tibetan stands on labels, with stacks deep enough to fill up when too much burns."""


def N_(text: str) -> str:  # noqa: N802  # gettext's own name for it, which extractors look for
    """The text itself; its translation is looked up later."""
    return text


PLACE = (
    N_("No left line: 1 mm right."),
    N_("No right line: 1 mm left."),
    N_("No top line: 1 mm down."),
    N_("No bottom line: 1 mm up."),
    N_("All four lines: right place."),
)
DARKNESS = (
    N_("Square grey: print darker."),
    N_("White lines gone: lighter."),
    N_("Stripes: clean the head."),
)
DOTS = N_("Modules of {dots} dots")


@dataclass(frozen=True)
class Sample:
    """Words at the smallest height that a label may have them in, Chinese and Tibetan."""

    zh: str
    bo: str


def samples() -> Iterator[Sample]:
    """Words that stand on labels, figures too."""
    words = standard_words()
    for key in _SAMPLE:
        yield Sample(f"{words[key].zh} 0123456789", words[key].statutory_bo() or "")
