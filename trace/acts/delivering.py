"""Sending what is in the outbox: after commits, never inside a transaction.

A message is claimed in one transaction, sent, and what came of it kept in the next. A process that
dies in between leaves it claimed for some minutes; then it is sent again, under the same id.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import sqlalchemy as sa

from suyuan.trace.acts.transaction import Ledger, Writing
from suyuan.trace.errors import InvalidInput, SuyuanError
from suyuan.trace.keys.tables import Instance
from suyuan.trace.notices.destinations import Destination, Sender, Undeliverable
from suyuan.trace.notices.levels import OWNER
from suyuan.trace.notices.messages import Message, message, sending
from suyuan.trace.notices.senders import senders_of
from suyuan.trace.notices.tables import Notice
from suyuan.trace.parties.actor import SYSTEM

AT_ONCE = 20
"""Messages that are claimed, and sent side by side, at one time."""
_SIDE_BY_SIDE = 5
_TROUBLE = 300


@dataclass(frozen=True)
class Claimed:
    """A message that is this sender's to send now."""

    notice: int
    channel: str
    message: Message
    to: Destination


@dataclass(frozen=True)
class Outcome:
    """What came of sending: nothing wrong, trouble for now, or trouble for good."""

    notice: int
    trouble: str = ""
    for_good: bool = False


def send_due(ledger: Ledger, senders: Mapping[str, Sender] | None = None) -> int:
    """Send every message that is due, a few at a time; returns how many went out."""
    if senders is None:
        senders = senders_of(ledger.settings, ledger.keys.secret)
    sent = 0
    while claimed := ledger.perform(SYSTEM, claim, frozenset(senders)):
        with ThreadPoolExecutor(_SIDE_BY_SIDE) as threads:
            outcomes = list(threads.map(lambda one: _sent(senders, one), claimed))
        ledger.perform(SYSTEM, keep_outcomes, outcomes)
        sent += sum(not one.trouble for one in outcomes)
    return sent


def claim(w: Writing, channels: frozenset[str]) -> list[Claimed]:
    """Take some messages that are due; those that nobody sends are kept to be read, and passed
    over."""
    due = sa.select(Notice).where(Notice.state == "waiting", Notice.due_at <= w.now)
    due = due.order_by(Notice.due_at, Notice.id).limit(AT_ONCE)
    claimed: list[Claimed] = []
    while not claimed:
        found = w.session.scalars(due.with_for_update(skip_locked=True, of=Notice)).all()
        if not found:
            break
        for one in found:
            if one.contact is None or one.contact.ended_at is not None or not one.contact.address:
                one.state, one.trouble = "failed", "the contact was taken out"
            elif one.channel not in channels:
                one.state = "kept"
            else:
                one.tries += 1
                one.due_at = w.now + sending().claimed
                to = Destination(one.contact.uid, one.contact.address)
                claimed.append(Claimed(one.id, one.channel, _message(w, one), to))
        w.session.flush()
    return claimed


def keep_outcomes(w: Writing, outcomes: Sequence[Outcome]) -> None:
    """Keep what came of some messages."""
    for outcome in outcomes:
        notice = w.session.get_one(Notice, outcome.notice, with_for_update=True)
        notice.trouble = outcome.trouble[:_TROUBLE]
        if not outcome.trouble:
            notice.state, notice.sent_at = "sent", w.now
        elif outcome.for_good or notice.tries >= sending().tries:
            notice.state = "failed"
        else:
            notice.due_at = w.now + sending().wait_after(notice.tries)
    w.session.flush()


def _sent(senders: Mapping[str, Sender], one: Claimed) -> Outcome:
    try:
        senders[one.channel].send(one.message, one.to)
    except (Undeliverable, InvalidInput) as error:
        return Outcome(one.notice, str(error), for_good=True)
    except SuyuanError as error:
        return Outcome(one.notice, str(error))
    return Outcome(one.notice)


def _message(w: Writing, notice: Notice) -> Message:
    hosts = w.session.scalars(sa.select(Instance.hosts)).one()
    host = next(one for one in reversed(hosts) if not one.get("to"))
    scheme = "http" if host.get("http") else "https"
    mine = notice.party_id == notice.warning.party_id or notice.warning.level == OWNER
    area = "desk" if mine else "inspect"
    link = f"{scheme}://{host['host']}/{area}/warnings/{notice.warning.uid}"
    return message(notice.uid, notice.warning, notice.occasion, notice.made_at, link)
