"""Going on after a restore: the old log is closed, and another one opened.

A backup is older than what was lost, and somebody may hold checkpoints, labels or lists that came
after it. Whatever the restored database appended to its old log would be a second history of it.
So that log is closed for good, and the next one begins under a new origin and a new key; its first
entry commits to the last checkpoint of the old one that is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from suyuan.trace.acts.directories import draft_directory
from suyuan.trace.acts.opening import instance_of, made_row
from suyuan.trace.acts.statuses import publish_status
from suyuan.trace.acts.transaction import Writing
from suyuan.trace.codes.queries import newest_directory, newest_status
from suyuan.trace.errors import Conflict, InvalidInput, Misconfigured
from suyuan.trace.keys.directory import KeyUse
from suyuan.trace.log import queries
from suyuan.trace.log.append import newest_head, open_log
from suyuan.trace.log.audit import log_key
from suyuan.trace.log.checkpoint import Checkpoint, open_checkpoint
from suyuan.trace.log.closed_logs import CONTINUED, TYPE
from suyuan.trace.log.positions import further_origin
from suyuan.trace.log.tables import CosignatureLine, CosignedHead, Head, WitnessContact
from suyuan.trace.log.tiles import tree_root


@dataclass(frozen=True)
class Continued:
    """What was closed and what was opened; ``lost`` entries of the old log are not here."""

    closed: str
    opened: str
    key: str
    lost: int


def continue_log(w: Writing, reason: str, last_known: str | None = None) -> Continued:
    """Close the log and open the next, under an origin that no other copy can come to have.

    ``last_known`` is the newest checkpoint of the old log that anybody has (a witness, a monitor,
    a backup of the log itself), where that is newer than the database. The new log's key signs at
    once; others believe it when the root has signed a directory that lists it. Status lists get
    numbers that the lost ones cannot have had. Raises Conflict where the log is not
    halted, InvalidInput for a checkpoint that is not of this log or not newer.
    """
    w.actor.require("administer")
    if not reason.strip():
        raise InvalidInput("Say why the log does not go on as it is.", field="reason")
    old = newest_head(w.session, lock=True)
    if old.halted is None:
        raise Conflict("The log is not halted: it goes on as it is.")
    last = _last_checkpoint(w, old, last_known)
    origin, key = _open_next(w, old)
    said = {"checkpoint": last_known or old.checkpoint, "kept": old.size, "origin": old.origin}
    w.record(CONTINUED, TYPE, {**said, "closed": old.checkpoint, "reason": reason.strip()})
    _forget_witnesses(w)
    _numbers_past_the_lost(w)
    return Continued(old.origin, origin, key, max(0, last.size - old.size))


def _last_checkpoint(w: Writing, old: Head, given: str | None) -> Checkpoint:
    key = log_key(w.session, old.origin)
    if given is None:
        return open_checkpoint(old.checkpoint, key)
    last = open_checkpoint(given, key)
    if last.size < old.size:
        raise InvalidInput(
            "This checkpoint has {is_} entries and the database {here}: give a newer one, or none.",
            field="checkpoint",
            is_=last.size,
            here=old.size,
        )
    if last.size == old.size and last.root != tree_root(queries.hash_reader(w.session), old.size):
        raise InvalidInput(
            "This checkpoint is of another tree of the same size: it is evidence of a fork, keep "
            "it.",
            field="checkpoint",
        )
    return last


def _open_next(w: Writing, old: Head) -> tuple[str, str]:
    """The next log with a key of its own; returns its origin and verifier key."""
    if w.keys.holder is None:
        raise Misconfigured("This process has no keyring to make keys with.")
    instance = instance_of(w.session)
    number = old.id + 1
    origin = further_origin(instance.origin, number, w.now)
    issuer = w.keys.codes[-1][0].issuer if w.keys.codes else instance.origin
    row = made_row(w.keys.holder, origin, KeyUse.LOG, issuer, w.now.date())
    # the log cannot wait for the root; those who verify can, and are told so
    row.state = "active"
    w.session.add(row)
    instance.keys_version += 1
    w.session.flush()
    w.keys = w.keys.holder.open_all(w.session)
    open_log(w.session, origin, w.keys.log, number)
    w.session.flush()
    return origin, row.verifier


def _forget_witnesses(w: Writing) -> None:
    """What witnesses said is of the old log; they have to be told of the new one."""
    for table in (CosignatureLine, CosignedHead, WitnessContact):
        w.session.execute(sa.delete(table))


def _numbers_past_the_lost(w: Writing) -> None:
    """Publish and draft under numbers that nothing published since the backup can have had.

    Nor what another copy of the backup published that was brought back earlier. A status list or
    directory with a lower number than one seen before is refused by whoever saw it. A list was
    published with each order and each renewal: ten a second is more than any office gives.
    Directories are signed by hand: one a second is more than any hand signs.
    """
    lists, directory = newest_status(w.session), newest_directory(w.session)
    publish_status(w, least=lists.seq + 10 * _seconds_since(w, lists.as_of) + 100)
    draft_directory(w, least=directory.seq + _seconds_since(w, directory.issued) + 100)


def _seconds_since(w: Writing, then: datetime) -> int:
    return max(0, int((w.now - then).total_seconds()))
