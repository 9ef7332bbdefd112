"""The answers about codes that this process gives, remembered while the record stays the same.

A passport costs some twenty queries; between two writes it is the same for everybody but for the
openings counted and the moment asked about. Those, and the size of the log that says whether
anything was written, are looked up for every request, in one query.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa
from markupsafe import Markup
from sqlalchemy.orm import Session

from suyuan.trace.clock import SHANGHAI
from suyuan.trace.log.append import HEAD
from suyuan.trace.log.tables import Head
from suyuan.trace.passport import Passport, Unvouched, passport_of
from suyuan.trace.passport.facts import Copies
from suyuan.trace.products.families import Families
from suyuan.trace.scans.tables import ScanTally
from suyuan.web.public.memo import Memo

MOST_PASSPORTS = 500
MOST_PIECES = 1000
MOST_PAGES = 1000
"""How much is kept; a passport, a piece or a page takes some 20 KB each."""

Edition = tuple[str, int, str]
"""What an answer rests on: the code, the size of the log, and the day (for dates that pass)."""
Shown = tuple[Edition, str, datetime, Copies | None]
"""What a whole page rests on: edition, form and language, the minute, the openings."""

_BEFORE_PATH = re.compile(r"(?:https?://[^/]*)?(?:/[1-9][0-9]{164})?(?=/)", re.IGNORECASE)


@dataclass(frozen=True)
class Answer:
    """The answer about a code, and the edition of the record that it rests on."""

    about: Passport | Unvouched
    edition: Edition

    def shown(self, how: str) -> Shown | None:
        """The key of a whole page of this answer; ``how`` names form and language."""
        if isinstance(self.about, Unvouched):
            return None
        minute = self.about.standing.as_of.replace(second=0, microsecond=0)
        return self.edition, how, minute, self.about.copies


class Answers:
    """What one process remembers: passports, and what was drawn of them."""

    def __init__(self) -> None:
        self.pages: Memo[Shown, str] = Memo(MOST_PAGES)
        self.pieces: Memo[tuple[Edition, str], Markup] = Memo(MOST_PIECES)
        self._passports: Memo[Edition, Passport] = Memo(MOST_PASSPORTS)

    def about(
        self,
        session: Session,
        families: Families,
        scanned: str,
        *,
        now: datetime,
        otherwise_call: str,
    ) -> Answer:
        """The answer about a scanned code (see ``passport_of``), at this very moment.

        A code that nothing is vouched for is never remembered: there is no end of those.
        """
        code = re.split("[?#]", scanned, maxsplit=1)[0]
        size, copies = _looked_up(session, _BEFORE_PATH.sub("", code, count=1))
        edition = (code, size, now.astimezone(SHANGHAI).date().isoformat())
        known = self._passports.get(edition)
        if known is None:
            found = passport_of(session, families, code, now=now, otherwise_call=otherwise_call)
            if isinstance(found, Passport):
                self._passports.keep(edition, found)
            return Answer(found, edition)
        standing = replace(known.standing, as_of=now)
        opened = None if known.serial is None else copies
        return Answer(replace(known, standing=standing, copies=opened), edition)


_LOOK_UP = (
    sa.select(Head.size, ScanTally.count, ScanTally.first_at, ScanTally.last_at)
    .outerjoin_from(Head, ScanTally, ScanTally.path == sa.bindparam("path"))
    .where(Head.id == HEAD)
)


def _looked_up(session: Session, path: str) -> tuple[int, Copies]:
    """The size of the log now, and how often ``path`` was opened."""
    row = session.connection().execute(_LOOK_UP, {"path": path}).first()
    size, count, first_at, last_at = row or (0, None, None, None)
    return size, Copies(count or 0, first_at, last_at)
