"""What is said of a printer and of what was sent to it, as the acts take it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

FED: Final = ("zpl", "tspl")
"""Languages of printers that an agent beside them feeds."""
LANGUAGES: Final = (*FED, "png")
"""Languages of printers; those that take pictures are fed by their own app, from a phone."""
MOST_SHIFT: Final = 1200
"""Dots that a printer's place may be mended by: 5 cm at 600 dots an inch."""

OPEN: Final = ("waiting", "fetched", "printing", "unsure")
"""States in which nobody may send the same run again: labels may still come, or may have come."""
ENDED: Final = ("printed", "failed", "unsure")
"""How an agent may end a job."""
SETTLED: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {"waiting": ("dropped",), "unsure": ("printed", "partly", "failed")}
)
"""What a person may make of a job, by the state that it is in."""
HANDED: Final = ("printed", "partly", "failed", "dropped")
"""The same of a job that waits to be handed to the printer's own app."""
RESTS: Final = ("send", "spoiled")
"""What may become of the labels that did not come out (``Settling.rest``)."""
WHYS: Final = ("unreachable", "broke_off", "not_drawn", "agent_lost")


@dataclass(frozen=True)
class PrinterFacts:
    """A printer that stands at the place with the uid ``site``.

    ``dpi``: its dots an inch. ``head_dots``: the width of its head. ``gap_mm``: the paper's between
    two labels. ``shift_right`` and ``shift_down``: dots by which its place is mended, as its test
    labels told; negative ones to the left and up.
    """

    site: str
    name: str
    language: str
    dpi: int
    head_dots: int
    gap_mm: int = 2
    shift_right: int = 0
    shift_down: int = 0


@dataclass(frozen=True)
class Settling:
    """What a person saw on the paper, as the act that settles a job takes it.

    ``outcome``: ``printed`` where all labels came out, ``failed`` where none can be used,
    ``partly`` where those up to the number ``last_out`` can, ``dropped`` for what is called off.
    ``rest``, of a job that came out partly: ``send`` it to the printer again, or it is ``spoiled``
    and void; nothing where that is decided later.
    """

    outcome: str
    note: str = ""
    last_out: int | None = None
    rest: str = ""


@dataclass(frozen=True)
class Ending:
    """How a job went: one of `ENDED`, and where it is not ``printed`` one of `WHYS`.

    ``detail``: in the printer's or the machine's own words. ``sent``: bytes that went out to the
    printer, of which it may have lost the last.
    """

    state: str
    why: str | None = None
    detail: str = ""
    sent: int = 0
