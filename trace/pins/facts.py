"""What is entered, what is answered, and what everybody may know of a package's PIN."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Outcome = Literal["right", "wrong", "wait", "tomorrow"]


@dataclass(frozen=True)
class PinTry:
    """A PIN as it was entered for the package at ``path``.

    ``device`` is the name in the device's cookie, if it takes any. ``network`` is where it comes
    from, and stands for a device that nothing else is known of: strangers may come from there
    too. ``sent`` is the client's own name for this form or request. None of them is kept as it is.
    """

    path: str
    pin: str
    device: str | None
    network: str
    sent: str | None = None


@dataclass(frozen=True)
class PinAnswer:
    """The answer to an entry.

    ``right``: ``confirmed_at`` is when it was first entered, and ``first`` whether that was now.
    ``wrong``: ``tries_left`` today. ``wait``: the same entry is answered from ``ready_at`` on for
    ``ticket``. ``tomorrow``: this device has tried too often, and nothing was looked at.
    """

    outcome: Outcome
    path: str
    confirmed_at: datetime | None = None
    first: bool = False
    tries_left: int | None = None
    ready_at: datetime | None = None
    ticket: str | None = None


@dataclass(frozen=True)
class Confirmation:
    """What everybody sees of a package with a PIN.

    ``first_at``: when it was entered rightly for the first time, None where that never happened.
    ``many_tries``: strangers have guessed at it so often that answers wait.
    """

    first_at: datetime | None
    many_tries: bool
