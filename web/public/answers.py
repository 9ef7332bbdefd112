"""The answers about codes that this process gives, remembered while they would be the same.

Three things are remembered, each for as long as what it rests on is the same: whole pages, what
a batch's record says as drawn, and what was told of a batch, which serves all of its packages.
Whether they still hold is looked up for every request, in one statement: the size of the log says
whether anything was written, the tallies whether the code was opened again or its PIN tried. What
was written is looked at once (``changes``): what concerns neither the batch nor any that it was
made of leaves its pages standing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

import sqlalchemy as sa
from markupsafe import Markup
from sqlalchemy.orm import Session

from suyuan.trace.clock import SHANGHAI
from suyuan.trace.database import Database
from suyuan.trace.log.positions import start_of
from suyuan.trace.log.tables import Head
from suyuan.trace.passport import Passport, Told, Unvouched, find_code, tell_batch, with_code
from suyuan.trace.pins.tables import PinEntry
from suyuan.trace.products.families import Families
from suyuan.trace.scans.tables import ScanTally
from suyuan.web.public.changes import Changes
from suyuan.web.public.memo import Memo

MOST_BATCHES = 500
MOST_PIECES = 1000
MOST_PAGES = 1000
"""How much is kept; what is told of a batch, a piece or a page takes some 20 KB each."""

_BEFORE_PATH = re.compile(r"(?:https?://[^/]*)?(?:/[1-9][0-9]{164})?(?=/)", re.IGNORECASE)


class Question(NamedTuple):
    """A code as somebody asks about it at some moment, and what the answer rests on beside records.

    ``code`` is the raw text without query; ``openings`` how often it was opened before, ``tries``
    how often its PIN was tried; ``minute`` the moment as finely as it is shown (Shanghai).
    """

    code: str
    openings: int
    tries: int
    minute: datetime

    @property
    def day(self) -> date:
        """The day that dates are held against."""
        return self.minute.date()


class Edition(NamedTuple):
    """What is told of a batch: when the log had which size, and on which day."""

    batch_id: int
    size: int
    day: date


@dataclass(frozen=True)
class Answer:
    """The answer about a code that can be vouched for, and the edition of its batch.

    ``size`` is that of the log when it was given; ``batch_ids`` are of those it was told from.
    """

    passport: Passport
    edition: Edition
    size: int
    batch_ids: frozenset[int]


@dataclass(frozen=True)
class Page:
    """What is answered, as sent: ``path`` is the canonical one, ``serial`` that of a package.

    ``size`` and ``batch_ids`` are those of the answer.
    """

    body: bytes
    etag: str
    path: str
    serial: str | None
    size: int
    batch_ids: frozenset[int]


class Answers:
    """What one process remembers."""

    def __init__(self) -> None:
        self.pieces: Memo[tuple[Edition, str], Markup] = Memo(MOST_PIECES)
        self._pages: Memo[tuple[Question, str], Page] = Memo(MOST_PAGES)
        self._batches: Memo[tuple[int, date], tuple[Edition, Told]] = Memo(MOST_BATCHES)
        self._changes = Changes()

    def ask(self, database: Database, scanned: str, now: datetime) -> tuple[Question, int]:
        """The question about a scanned code, its raw text or raw path, and the log's size.

        To be asked before anything is read: what is read then is never older than that size.
        """
        question, size = question_about(database, scanned, now)
        self._changes.catch_up(database, size)
        return question, size

    def page(self, question: Question, how: str) -> Page | None:
        """The page that was drawn in answer to the same question, where it holds."""
        page = self._pages.get((question, how))
        return page if page and self._changes.holds(page.size, page.batch_ids) else None

    def keep_page(self, question: Question, how: str, page: Page) -> Page:
        """Remember a page; returns it."""
        return self._pages.keep((question, how), page)

    def about(
        self,
        session: Session,
        families: Families,
        question: Question,
        size: int,
        *,
        now: datetime,
        otherwise_call: str,
        asked_by: tuple[str, str] | None = None,
        anew: bool = False,
    ) -> Answer | Unvouched:
        """The answer to a question (see ``passport_of`` and ``with_code``), at this very moment.

        A code that nothing is vouched for is never remembered: there is no end of those. ``anew``:
        what was told before some record, though it does not concern the batch, will not do.
        """
        found = find_code(session, question.code, now)
        if isinstance(found, Unvouched):
            return found
        known = self._batches.get((found.batch_id, question.day))
        if known is None or not self._still_told(*known, size, anew=anew):
            told = tell_batch(
                session, families, found.batch_id, now=now, otherwise_call=otherwise_call
            )
            known = Edition(found.batch_id, size, question.day), told
            self._batches.keep((found.batch_id, question.day), known)
        edition, told = known
        passport = with_code(told.passport, found, now, asked_by)
        return Answer(passport, edition, size, told.batch_ids)

    def _still_told(self, edition: Edition, told: Told, size: int, *, anew: bool) -> bool:
        if anew:
            return edition.size == size
        return self._changes.holds(edition.size, told.batch_ids)


_GLANCE = (
    sa.select(Head.id, Head.size, ScanTally.count, PinEntry.tries)
    .outerjoin_from(Head, ScanTally, ScanTally.path == sa.bindparam("path"))
    .outerjoin(PinEntry, PinEntry.path == sa.bindparam("path"))
    # a limit would be one more value to bind, and a glance binds only those it is given
    .where(Head.id == sa.select(sa.func.max(Head.id)).scalar_subquery())
)


def question_about(database: Database, scanned: str, now: datetime) -> tuple[Question, int]:
    """The question about a scanned code at a moment, and how far the log has come."""
    code = re.split("[?#]", scanned, maxsplit=1)[0]
    path = _BEFORE_PATH.sub("", code, count=1)
    log, size, openings, tries = database.glance(_GLANCE, path=path) or (1, 0, None, None)
    minute = now.astimezone(SHANGHAI).replace(second=0, microsecond=0)
    return Question(code, openings or 0, tries or 0, minute), start_of(log) + size
