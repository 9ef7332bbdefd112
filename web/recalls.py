"""How pages say the times of a recall: by when, and what remains of that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext, ngettext

from suyuan.trace.release.recall_clocks import (
    Deadline,
    RecallClock,
    RecallFacts,
    clock_of,
    recall_classes,
)
from suyuan.trace.release.tables import Order
from suyuan.web.desk.forms.typed import Typed
from suyuan.web.ground import now
from suyuan.web.showing import named

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_MANY_HOURS = 72
"""From so many hours on, a time is said in days."""


@dataclass(frozen=True)
class ShownTime:
    """One time of a recall as a page says it."""

    what: str
    due_at: datetime
    state: str
    late: bool
    unsure: bool


@dataclass(frozen=True)
class ShownClock:
    """The times of one recall as a page says them."""

    clock: RecallClock
    times: Sequence[ShownTime]

    @property
    def late(self) -> bool:
        """Whether any of its times was missed."""
        return any(one.late for one in self.times)


def shown_clock(order: Order) -> ShownClock | None:
    """The times of a recall at this moment; None for a hold."""
    clock = clock_of(order)
    if clock is None:
        return None
    at, words = now(), {"start": gettext("Begin before"), "finish": gettext("Finish before")}
    return ShownClock(
        clock,
        [
            ShownTime(words[one.step], one.due_at, _state(one, at), one.late(at), one.unsure)
            for one in clock.deadlines
        ],
    )


def recall_typed(given: Typed) -> RecallFacts:
    """What a form states of a recall; faults are noted in ``given``."""
    known_at = given.moment("known_at") if given.text("known_at") else None
    return RecallFacts(given.one_of("recall_class", recall_classes(), required=False), known_at)


def class_choices() -> list[tuple[str, str]]:
    """The classes of a recall as a form offers them: name, what it is for, and its times."""
    return [
        (
            one.key,
            gettext(
                "%(name)s: %(when)s (begin within %(hours)s hours, finish in %(days)s working "
                "days)",
                name=named(one.names),
                when=named(one.when),
                hours=one.start // _HOUR,
                days=one.finish_days,
            ),
        )
        for one in recall_classes().values()
    ]


def _state(deadline: Deadline, at: datetime) -> str:
    late, time = deadline.late(at), _said(abs(deadline.left(at)))
    if deadline.done_at is None:
        overdue, left = (
            gettext("overdue by %(time)s", time=time),
            gettext("%(time)s left", time=time),
        )
        words = overdue if late else left
    else:
        words = gettext("done %(time)s late", time=time) if late else gettext("done in time")
    return str(words)


def _said(time: timedelta) -> str:
    hours = time // _HOUR
    if hours < _MANY_HOURS:
        return str(ngettext("%(num)d hour", "%(num)d hours", hours))
    return str(ngettext("%(num)d day", "%(num)d days", time // _DAY))
