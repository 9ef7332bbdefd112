"""The answers about codes that this process gives, remembered while the record stays the same.

Three things are remembered, each for as long as what it rests on is the same: whole pages, what
a batch's record says as drawn, and what was told of a batch, which serves all of its packages.
Whether they still hold is looked up for every request, in one statement: the size of the log says
whether anything was written, the tally whether the code was opened again.
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
from suyuan.trace.passport import Passport, Unvouched, find_code, tell_batch, with_code
from suyuan.trace.products.families import Families
from suyuan.trace.scans.tables import ScanTally
from suyuan.web.public.memo import Memo

MOST_BATCHES = 500
MOST_PIECES = 1000
MOST_PAGES = 1000
"""How much is kept; what is told of a batch, a piece or a page takes some 20 KB each."""

_BEFORE_PATH = re.compile(r"(?:https?://[^/]*)?(?:/[1-9][0-9]{164})?(?=/)", re.IGNORECASE)


class Question(NamedTuple):
    """A code as somebody asks about it at some moment, and all that the answer rests on.

    ``code`` is the raw text without query; ``size`` how far the log has come; ``openings`` how
    often it was opened before; ``minute`` the moment as finely as it is shown (Shanghai).
    """

    code: str
    size: int
    openings: int
    minute: datetime

    @property
    def day(self) -> date:
        """The day that dates are held against."""
        return self.minute.date()


class Edition(NamedTuple):
    """What is told of a batch, and what that rests on beside it: the log's size and the day."""

    batch_id: int
    size: int
    day: date


@dataclass(frozen=True)
class Answer:
    """The answer about a code that can be vouched for, and the edition of its batch."""

    passport: Passport
    edition: Edition


@dataclass(frozen=True)
class Page:
    """What is answered, as sent: ``path`` is the canonical one, ``serial`` that of a package."""

    body: bytes
    etag: str
    path: str
    serial: str | None


class Answers:
    """What one process remembers."""

    def __init__(self) -> None:
        self.pages: Memo[tuple[Question, str], Page] = Memo(MOST_PAGES)
        self.pieces: Memo[tuple[Edition, str], Markup] = Memo(MOST_PIECES)
        self._batches: Memo[Edition, Passport] = Memo(MOST_BATCHES)

    def about(
        self,
        session: Session,
        families: Families,
        question: Question,
        *,
        now: datetime,
        otherwise_call: str,
        asked_by: tuple[str, str] | None = None,
    ) -> Answer | Unvouched:
        """The answer to a question (see ``passport_of`` and ``with_code``), at this very moment.

        A code that nothing is vouched for is never remembered: there is no end of those.
        """
        found = find_code(session, question.code, now)
        if isinstance(found, Unvouched):
            return found
        edition = Edition(found.batch_id, question.size, question.day)
        told = self._batches.get(edition)
        if told is None:
            told = tell_batch(
                session, families, found.batch_id, now=now, otherwise_call=otherwise_call
            )
            self._batches.keep(edition, told)
        return Answer(with_code(told, found, now, asked_by), edition)


_GLANCE = (
    sa.select(Head.id, Head.size, ScanTally.count)
    .outerjoin_from(Head, ScanTally, ScanTally.path == sa.bindparam("path"))
    # a limit would be one more value to bind, and a glance binds only those it is given
    .where(Head.id == sa.select(sa.func.max(Head.id)).scalar_subquery())
)


def question_about(database: Database, scanned: str, now: datetime) -> Question:
    """The question about a scanned code, its raw text or raw path, at a moment.

    Asked before anything is read: what is read then is never older than ``size`` says.
    """
    code = re.split("[?#]", scanned, maxsplit=1)[0]
    path = _BEFORE_PATH.sub("", code, count=1)
    log, size, openings = database.glance(_GLANCE, path=path) or (1, 0, None)
    minute = now.astimezone(SHANGHAI).replace(second=0, microsecond=0)
    return Question(code, start_of(log) + size, openings or 0, minute)
