"""Where an entry stands when an installation has had several logs, one after another.

A restored backup never goes on with its old log: another copy may have. It closes that one and
opens the next (``acts.continuing``). Rows count their entries through all logs: log n begins at
(n - 1) x 2^40. That is a multiple of the width of every tile up to level 4, so tiles are kept by
the same count, and the first log's positions are its plain indices.
"""

from __future__ import annotations

import re

from suyuan.trace.errors import InvalidInput
from suyuan.trace.log.frontier import TILE_HEIGHT

SPAN = 1 << 40
"""More entries than one log will hold: a thousand a second for thirty years."""


def start_of(number: int) -> int:
    """The position of the first entry of log ``number``."""
    return (number - 1) * SPAN


def number_at(position: int) -> int:
    """The number of the log in which an entry stands."""
    return position // SPAN + 1


def number_in(log: str, installation: str) -> int:
    """The number of the log with this origin among those of an installation.

    Raises InvalidInput for one that is another's.
    """
    if log == f"{installation}/log":
        return 1
    found = re.fullmatch(r"/log/([1-9][0-9]{0,8})", log.removeprefix(installation))
    if found is None or not log.startswith(installation) or found[1] == "1":
        raise InvalidInput("{log} is no log of {installation}.", log=log, installation=installation)
    return int(found[1])


def index_at(position: int) -> int:
    """An entry's index in its own log, as the log's tiles and proofs count it."""
    return position % SPAN


def tile_start(number: int, level: int) -> int:
    """The first hash of ``level`` that belongs to log ``number``; level 0 are the leaves."""
    return start_of(number) >> (TILE_HEIGHT * level)
