"""One act, one transaction: records, what follows from them, and their leaves commit together.

An act is a plain function whose first argument is the ``Writing`` it happens in; what it returns
(a code, a uid, a small JSON value) is what the edge answers with. ``Ledger.perform`` runs one:

    ledger.perform(actor, register_batch, facts, once=Once(key, digest))

Acts call each other freely inside one ``Writing``; nothing is acknowledged before the commit.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

import sqlalchemy as sa
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from suyuan.trace.acts.texts import require_fitting, require_texts
from suyuan.trace.canonical import write_canonical
from suyuan.trace.clock import Clock, day_of, utc_text
from suyuan.trace.database import Database
from suyuan.trace.errors import Conflict, InvalidInput, Unavailable
from suyuan.trace.ids import new_uid
from suyuan.trace.keys.unlocked import Unlocked
from suyuan.trace.log import commitments
from suyuan.trace.log.append import LogHalted, NewRecord, append
from suyuan.trace.log.policy import policy_in
from suyuan.trace.log.schemas import Class, RecordSchema
from suyuan.trace.log.tables import Asked, Record
from suyuan.trace.log.witnesses import answered_since
from suyuan.trace.parties.actor import Actor
from suyuan.trace.products.families import Families
from suyuan.trace.settings import Settings

P = ParamSpec("P")
T = TypeVar("T")

TRIES = 4
"""How often a transaction that lost a race (deadlock, serialisation) is run again."""

_LOST_RACE = frozenset({"40001", "40P01"})
_UNIQUE = "23505"


class Repeated(Conflict):
    """An idempotency key came back with another request than the first time."""

    kind = "idempotency-key-reused"


@dataclass(frozen=True)
class Once:
    """A request that may come twice: the client's key, and a digest of what was asked."""

    key: str
    digest: str


@dataclass
class Writing:
    """A transaction in progress: what an act may read and write."""

    session: Session
    actor: Actor
    now: datetime
    settings: Settings
    families: Families
    keys: Unlocked
    records: list[NewRecord] = field(default_factory=list)
    before_commit: dict[str, Callable[[Writing], None]] = field(default_factory=dict)

    @property
    def today(self) -> date:
        """The day it is for people here."""
        return day_of(self.now)

    def new_uid(self) -> str:
        """A fresh name that outsiders may see."""
        return new_uid(self.now)

    def record(
        self,
        schema: RecordSchema,
        type_: str,
        fields: Mapping[str, Any],
        *,
        subject: str | None = None,
        classes: Mapping[str, Class] | None = None,
    ) -> str:
        """Say something for good: keep its RFC 8785 bytes and commit to them in the log.

        ``fields`` are JSON values with quantities as decimal strings; None values are left out.
        ``classes`` classifies fields that the schema does not name. Returns the record's id.
        """
        told = {name: value for name, value in fields.items() if value is not None}
        body = {
            "id": self.new_uid(),
            "type": type_,
            "schema": str(schema),
            "by": self.actor.party_uid,
            "at": self.now.strftime("%Y-%m-%dT%H:%M:%SZ"),
            **told,
            "classes": {name: one for name, one in (classes or {}).items() if name in told} or None,
        }
        body = {name: value for name, value in body.items() if value is not None}
        salt = os.urandom(commitments.SALT_SIZE)
        record = NewRecord(
            id=body["id"],
            schema=str(schema),
            type=type_,
            body=write_canonical(body),
            salt=salt,
            classes=schema.classify(body, classes),
            at=self.now,
            person=self.actor.person_uid,
            party=self.actor.party_uid,
            subject=subject,
            leaf_data=commitments.leaf_data(commitments.commit(body, salt).digest, self.now),
        )
        require_texts(Record, {"type": type_, "subject": subject})
        self.records.append(record)
        return record.id

    def finally_do(self, name: str, work: Callable[[Writing], None]) -> None:
        """Have ``work`` done once, just before the leaves are appended (e.g. the status list)."""
        self.before_commit[name] = work


@dataclass(frozen=True)
class Ledger:
    """The only way in for those who write.

    ``keys`` are unlocked once when a process starts; what changed since is asked for each act.
    ``unheard_since``: when a process started without enough of the log's witnesses answering;
    nothing is recorded until they have. None where they did, or are not needed.
    """

    database: Database
    clock: Clock
    settings: Settings
    families: Families
    keys: Unlocked
    unheard_since: datetime | None = None

    def perform(
        self,
        actor: Actor,
        act: Callable[Concatenate[Writing, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Run ``act`` in one transaction and return its answer once that is committed."""
        return self._tried(lambda: self._run(actor, lambda w: act(w, *args, **kwargs), None))

    def perform_once(
        self,
        actor: Actor,
        once: Once | None,
        act: Callable[Concatenate[Writing, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """As ``perform``, but a request that was answered before is answered the same again.

        The answer must be a JSON value. Raises Repeated where the key came with another request.
        """
        return self._tried(lambda: self._run(actor, lambda w: act(w, *args, **kwargs), once))

    def _tried(self, run: Callable[[], T]) -> T:
        for attempt in range(1, TRIES + 1):
            try:
                return run()
            except DataError as error:  # e.g. a NUL deep inside a JSON value
                raise InvalidInput("Something in this cannot be kept as it is.") from error
            except DBAPIError as error:
                lost = getattr(error.orig, "sqlstate", None) in _LOST_RACE
                busy = "database is locked" in str(error.orig)
                # somebody else came first with the same key, number or request: look again
                taken = isinstance(error, IntegrityError) and _is_taken(error)
                if not (lost or busy or taken) or (taken and attempt == TRIES):
                    raise
                if attempt == TRIES:
                    raise Unavailable("The database is busy. Send the same again.") from error
        raise AssertionError("unreachable")

    def _run(self, actor: Actor, act: Callable[[Writing], T], once: Once | None) -> T:
        with self.database.write() as session:
            sa.event.listen(session, "before_flush", require_fitting)
            asker = f"{actor.person_uid}@{actor.party_uid}"
            if once is not None:
                before = session.scalar(
                    sa.select(Asked).where(Asked.asker == asker, Asked.key == once.key)
                )
                if before is not None:
                    return cast(T, _answer_again(before, once))
            keys = self.keys.in_force(session)
            writing = Writing(session, actor, self.clock.now(), self.settings, self.families, keys)
            answer = act(writing)
            for work in writing.before_commit.values():
                work(writing)
            if once is not None:
                session.add(
                    Asked(
                        asker=asker, key=once.key, digest=once.digest, answer=answer, at=writing.now
                    )
                )
            if writing.records:
                self._require_heard(session)
                signers = writing.keys.log_signers(writing.now.date())
                append(session, writing.records, *signers)
            session.commit()
            return answer

    def _require_heard(self, session: Session) -> None:
        if self.unheard_since is None:
            return
        policy = policy_in(self.settings.policy_file)
        if policy is not None and not answered_since(session, policy, self.unheard_since):
            raise LogHalted(
                "Too few of the log's witnesses have answered since {since}. This may be an old "
                "copy, so nothing is recorded until they have.",
                since=utc_text(self.unheard_since),
            )


def _is_taken(error: IntegrityError) -> bool:
    """Whether a row that must be unique was there already."""
    unique = getattr(error.orig, "sqlstate", None) == _UNIQUE
    return unique or "UNIQUE constraint" in str(error.orig)


def _answer_again(before: Asked, once: Once) -> Any:
    if before.digest != once.digest:
        raise Repeated(
            "This Idempotency-Key was used for another request. Use a new key for a new request.",
            field="Idempotency-Key",
        )
    return before.answer
