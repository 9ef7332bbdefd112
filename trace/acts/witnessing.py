"""Having the log witnessed: witnesses are asked after commits, never inside a transaction.

What a witness answers is kept and served with the checkpoint. A witness that knows a larger tree
of this log, or another one, halts it: this database is then an old copy, or one of two, and
whatever it appended would be a second history.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.acts.transaction import Ledger, Writing
from suyuan.trace.clock import utc_text
from suyuan.trace.errors import Conflict, InvalidInput
from suyuan.trace.keys.notes import parse_note, parse_verifier_key
from suyuan.trace.keys.queries import log_verifiers
from suyuan.trace.log import queries, tiles
from suyuan.trace.log.append import newest_head
from suyuan.trace.log.checkpoint import parse_checkpoint
from suyuan.trace.log.policy import Policy, policy_in
from suyuan.trace.log.schemas import RecordSchema
from suyuan.trace.log.tables import CosignatureLine, CosignedHead, WitnessContact
from suyuan.trace.log.witness_client import Heard, Prove, ask
from suyuan.trace.log.witnesses import (
    NO_POLICY,
    ServedHead,
    Standing,
    Witnessing,
    answered_since,
    served_head,
    witnessing,
)
from suyuan.trace.parties.actor import SYSTEM
from suyuan.trace.settings import Settings
from suyuan.trace.spans import span
from suyuan.trace.transport import HttpTransport, Transport

SECONDS = 10
"""How long a witness may take to connect, or between two pieces of its answer."""

RESUMED = RecordSchema("log-resumed", 1, public=("halted",), trade=("reason",))
"""An operator's decision that a log goes on, with what had halted it."""


def policy_of(settings: Settings) -> Policy:
    """Whom this installation asks to cosign; nobody without a file. Raises Misconfigured."""
    return policy_in(settings.policy_file) or NO_POLICY


def ask_witnesses(
    ledger: Ledger, transport: Transport | None = None, *, everyone: bool = False
) -> tuple[Heard, ...]:
    """Ask each witness that is due to cosign the newest head, all at once, and keep the answers.

    Due is who has not cosigned this head or did so long ago, and is not waited for. ``everyone``:
    also who is not due, as when a process starts.
    """
    policy = policy_of(ledger.settings)
    now = ledger.clock.now()
    with ledger.database.read() as session:
        state = witnessing(session, policy)
        head = queries.head(session)
        checkpoint = parse_note(head.checkpoint)
        listed = log_verifiers(session, head.origin, revoked=False)
    due = [
        one for one in state.standings if one.witness.url and (everyone or _due(one, state, now))
    ]
    if not due:
        return ()
    keys = [parse_verifier_key(one) for one in listed]
    over = transport or HttpTransport(SECONDS)
    with ThreadPoolExecutor(len(due)) as askers:
        heard = tuple(
            askers.map(
                lambda one: ask(over, one.witness, checkpoint, one.size, _prover(ledger), keys), due
            )
        )
    ledger.perform(SYSTEM, keep_answers, state.size, str(checkpoint), policy, heard)
    return heard


def keep_answers(
    w: Writing, size: int, checkpoint: str, policy: Policy, heard: Sequence[Heard]
) -> None:
    """Keep what witnesses answered about the head of ``size``; halt the log where one must."""
    for answer in heard:
        contact = w.session.get(WitnessContact, str(answer.witness.key)) or WitnessContact(
            witness=str(answer.witness.key), size=0, failures=0
        )
        w.session.add(contact)
        if answer.cosignature is None:
            _keep_trouble(w, contact, answer)
        elif size >= contact.size:
            _keep_cosignature(w, contact, size, checkpoint, answer)
    w.session.flush()
    _halt_where_shown(w, heard)
    _forget_older(w, served_head(w.session, policy))


def resume_log(w: Writing, reason: str) -> None:
    """Let a halted log go on, which is an operator's decision and is logged.

    Raises Conflict where it is not halted, InvalidInput where no reason is given.
    """
    w.actor.require("administer")
    if not reason.strip():
        raise InvalidInput("Say why this log is the one that goes on.", field="reason")
    head = newest_head(w.session, lock=True)
    if head.halted is None:
        raise Conflict("The log is not halted.")
    w.record(RESUMED, "log-resumed", {"halted": head.halted, "reason": reason.strip()})
    head.halted = None
    w.session.flush()


def waiting_where_unheard(ledger: Ledger, started: datetime) -> Ledger:
    """``ledger`` as a process may use it that has asked the witnesses since it ``started``.

    Where too few of those that have vouched for this log before answer now, nobody can say whether
    this database is an old copy: nothing is recorded until they have answered. The operator may
    say why it is none (``witnesses_away``), which is logged.
    """
    policy = policy_of(ledger.settings)
    with ledger.database.read() as session:
        state = witnessing(session, policy)
        heard = answered_since(session, policy, started)
    if heard or state.witnessed is None or state.halted is not None:
        return ledger
    if not ledger.settings.witnesses_away:
        return replace(ledger, unheard_since=started)
    ledger.perform(SYSTEM, _go_on_unheard, ledger.settings.witnesses_away)
    return ledger


def is_unheard(ledger: Ledger) -> bool:
    """Whether nothing may be recorded because too few witnesses have answered since the start."""
    if ledger.unheard_since is None:
        return False
    with ledger.database.read() as session:
        return not answered_since(session, policy_of(ledger.settings), ledger.unheard_since)


def _go_on_unheard(w: Writing, reason: str) -> None:
    halted = "Too few witnesses answered when a process started."
    w.record(RESUMED, "log-resumed", {"halted": halted, "reason": reason})


def witnessing_of(ledger: Ledger) -> Witnessing:
    """How far this log is witnessed."""
    with ledger.database.read() as session:
        return witnessing(session, policy_of(ledger.settings))


def believed_size(session: Session, settings: Settings) -> int:
    """How many entries of the open log outsiders can know to have been there by now.

    Those that enough witnesses have cosigned, 0 before the first time; all of them where the
    policy asks for no witness. Raises Misconfigured.
    """
    state = witnessing(session, policy_of(settings))
    if not state.policy.needs_witnesses:
        return state.size
    return state.witnessed.size if state.witnessed else 0


def is_late(state: Witnessing, now: datetime) -> bool:
    """Whether the newest head with the quorum is older than a day, or there is none at all."""
    if not state.policy.needs_witnesses:
        return False
    return state.witnessed_at is None or now - state.witnessed_at > span("witness_late")


def _due(one: Standing, state: Witnessing, now: datetime) -> bool:
    if one.wait_until is not None and now < one.wait_until:
        return False
    old = one.cosigned_at is None or now - one.cosigned_at >= span("witness_renews")
    return one.size < state.size or old


def _prover(ledger: Ledger) -> Prove:
    """Consistency proofs from the database; each opens a session of its own, for threads."""

    def prove(old: int, new: int) -> list[bytes]:
        with ledger.database.read() as session:
            return tiles.consistency_proof(queries.hash_reader(session), old, new)

    return prove


def _keep_cosignature(
    w: Writing, contact: WitnessContact, size: int, checkpoint: str, answer: Heard
) -> None:
    assert answer.cosignature is not None
    if w.session.get(CosignedHead, size) is None:
        w.session.add(CosignedHead(size=size, checkpoint=checkpoint))
        w.session.flush()
    w.session.merge(
        CosignatureLine(
            size=size,
            witness=str(answer.witness.key),
            line=str(answer.cosignature.line),
            timestamp=answer.cosignature.timestamp,
        )
    )
    contact.size, contact.cosigned_at = size, w.now
    contact.failures, contact.trouble, contact.wait_until = 0, None, None


def _keep_trouble(w: Writing, contact: WitnessContact, answer: Heard) -> None:
    contact.failures += 1
    contact.trouble = answer.trouble
    longest, first = span("witness_waits_longest"), span("witness_waits_first")
    doublings = min(contact.failures - 1, 20)
    contact.wait_until = w.now + min(longest, first * 2**doublings)


def _halt_where_shown(w: Writing, heard: Sequence[Heard]) -> None:
    head = newest_head(w.session, lock=True)
    if head.halted is not None:
        return
    for answer in heard:
        name = answer.witness.key.name
        # the head may have grown since the witness was asked, by another process of this log
        if answer.holds is not None and answer.holds > head.size:
            head.halted = f"{name} has cosigned {answer.holds} entries, here are {head.size}"
        elif answer.evidence is not None and not _goes_on_from(w, answer.evidence):
            head.halted = f"{name} shows another tree that this log's key has signed"
        if head.halted is not None:
            head.halted += f" (seen {utc_text(w.now)})."
            return


def _goes_on_from(w: Writing, evidence: str) -> bool:
    """Whether the head as it is now begins with the tree that the witness shows."""
    shown = parse_checkpoint(parse_note(evidence).text)
    if shown.size > queries.head(w.session).size:
        return False
    return tiles.tree_root(queries.hash_reader(w.session), shown.size) == shown.root


def _forget_older(w: Writing, served: ServedHead) -> None:
    """Drop cosigned heads before the one that is served: it proves all that they proved."""
    older = sa.select(CosignedHead.size).where(CosignedHead.size < served.size)
    sizes = list(w.session.scalars(older)) if served.cosigned else []
    for table in (CosignatureLine, CosignedHead):
        w.session.execute(sa.delete(table).where(table.size.in_(sizes)))
