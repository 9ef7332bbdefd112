"""What was used on goods, and for how long they must wait after it.

A veterinary drug has a withdrawal period (休药期), a pesticide a pre-harvest interval (安全间隔期).
Both are recorded with their last day: on that day the goods still wait.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Protocol

from suyuan.trace.clock import day_of

_SAID_BY: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "treat": ("drug", ("withdrawal_end",)),
    "input_use": ("product_name", ("interval_end", "preharvest_end")),
}
"""For each kind of event that uses something, the key data that name it and end its interval:
a family may ask for the end in words of its own."""


class Told(Protocol):
    """What is read of an event."""

    @property
    def uid(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def payload(self) -> Mapping[str, Any]: ...
    @property
    def happened_at(self) -> datetime: ...


@dataclass(frozen=True)
class InputUsed:
    """Something that was used ``on`` a day, as it was written. ``ends``: the last day of its
    interval, None where none was stated. ``event`` is the uid of the record, of this ``kind``."""

    event: str
    kind: str
    name: str
    on: date
    ends: date | None

    def runs_on(self, day: date) -> bool:
        """Whether the goods still wait on a day."""
        return self.ends is not None and day <= self.ends


def inputs_used(events: Iterable[Told]) -> tuple[InputUsed, ...]:
    """All that was used by these events, in their order."""
    found = []
    for event in events:
        if event.kind in _SAID_BY:
            name, last_days = _SAID_BY[event.kind]
            stated = [str(event.payload[key]) for key in last_days if event.payload.get(key)]
            ends = date.fromisoformat(max(stated)) if stated else None
            written = str(event.payload.get(name, "")).strip()
            on = day_of(event.happened_at)
            found.append(InputUsed(event.uid, event.kind, written, on, ends))
    return tuple(found)


def running_on(inputs: Iterable[InputUsed], day: date) -> tuple[InputUsed, ...]:
    """Those whose interval is not over on a day."""
    return tuple(one for one in inputs if one.runs_on(day))
