"""Where an entry stands when an installation has had several logs, one after another.

A restored backup never goes on with its old log: another copy may have. It closes that one and
opens the next (``acts.continuing``), under an origin that no other restored copy can have: the
number alone comes again where a backup is brought back twice. Rows count their entries through all
logs: log n begins at (n - 1) x 2^40. That is a multiple of the width of every tile up to level 4,
so tiles are kept by the same count, and the first log's positions are its plain indices.
"""

from __future__ import annotations

import re
from datetime import datetime

from suyuan.trace.errors import InvalidInput
from suyuan.trace.ids import new_uid
from suyuan.trace.log.frontier import TILE_HEIGHT

SPAN = 1 << 40
"""More entries than one log will hold: a thousand a second for thirty years."""

_FURTHER = re.compile(r"/log/([1-9][0-9]{0,8})-[0-9a-hjkmnp-tv-z]{26}$")


def start_of(number: int) -> int:
    """The position of the first entry of log ``number``."""
    return (number - 1) * SPAN


def number_at(position: int) -> int:
    """The number of the log in which an entry stands."""
    return position // SPAN + 1


def further_origin(installation: str, number: int, now: datetime) -> str:
    """The origin of log ``number``, which is not the first; never the same twice."""
    return f"{installation}/log/{number}-{new_uid(now)}"


def number_in(log: str, installation: str) -> int:
    """The number of the log with this origin among those of an installation.

    Raises InvalidInput for one that is another's.
    """
    if log == f"{installation}/log":
        return 1
    found = _FURTHER.fullmatch(log.removeprefix(installation))
    if found is None or not log.startswith(installation) or found[1] == "1":
        raise InvalidInput("{log} is no log of {installation}.", log=log, installation=installation)
    return int(found[1])


def number_of(log: str) -> int:
    """The number that a log's origin names, whoever's it is; 1 where it names none."""
    found = _FURTHER.search(log)
    return int(found[1]) if found else 1


def index_at(position: int) -> int:
    """An entry's index in its own log, as the log's tiles and proofs count it."""
    return position % SPAN


def tile_start(number: int, level: int) -> int:
    """The first hash of ``level`` that belongs to log ``number``; level 0 are the leaves."""
    return start_of(number) >> (TILE_HEIGHT * level)
