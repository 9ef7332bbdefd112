"""Rows that no record tells of by itself, and that follow from others which records vouch for.

What is listed as recalled, held, void or leaning on a revoked paper follows from orders,
withdrawals, void codes and papers. Whoever takes a line out of the list by SQL would have the next
edition signed without it, so an audit works out what must be listed and compares it, row by row.
Which batches fall with a paper follows from what it covers (``papers.reach``), what is in hand from
the events (``events.in_hand``), and so does how much went into what (``events.went_into``).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.batches.tables import Batch
from suyuan.trace.codes.queries import listed_body, newest_directory, newest_status
from suyuan.trace.codes.status import State, open_status, token_of
from suyuan.trace.codes.tables import PathState
from suyuan.trace.errors import SuyuanError
from suyuan.trace.events.in_hand import audit_in_hand
from suyuan.trace.events.went_into import audit_links
from suyuan.trace.keys.directory import KeyUse, open_directory
from suyuan.trace.keys.notes import parse_verifier_key
from suyuan.trace.keys.tables import Instance
from suyuan.trace.log.findings import Finding, Kind
from suyuan.trace.log.outside_audit import MOST
from suyuan.trace.log.tables import Record
from suyuan.trace.papers.reach import audit_reach
from suyuan.trace.papers.tables import Paper, PaperReach
from suyuan.trace.printing.rolls import ON_A_BATCH
from suyuan.trace.printing.tables import IssuedCode, PrintRun, RollBinding
from suyuan.trace.release.rules import LISTED_AS
from suyuan.trace.release.tables import Order, Stopped

Listed = tuple[str, str, str]
"""A path, the letter of its state, and because of what it is listed."""


def audit_derived(session: Session) -> tuple[Finding, ...]:
    """Compare all rows that follow from others with what they follow from."""
    found = audit_status(session) + audit_reach(session)
    return (found + audit_in_hand(session) + audit_links(session))[:MOST]


def audit_status(session: Session) -> tuple[Finding, ...]:
    """Compare what is listed with what must be, and the newest status list with both."""
    return tuple(islice(_status(session), MOST))


def _status(session: Session) -> Iterator[Finding]:
    listed = set[Listed]()
    for path, letter, because, token in session.execute(
        sa.select(PathState.path, PathState.letter, PathState.because, PathState.token)
    ):
        listed.add((path, letter, because))
        if token != token_of(path):
            says = "token is not that of its path"
            yield Finding(Kind.CHANGED_ROW, f"path_state/{path}", says)
    must = {*_ordered(session), *_withdrawn(session), *_void(session), *_fallen(session)}
    for path, letter, because in sorted(must - listed):
        says = f"{because} has it listed as {letter}"
        yield Finding(Kind.DELETED_ROW, f"path_state/{path}", says)
    for path, letter, because in sorted(listed - must):
        says = f"{because} does not have it listed as {letter}"
        yield Finding(Kind.INSERTED_ROW, f"path_state/{path}", says)
    yield from _edition(session)


def _paths(trace_code: str, path: str) -> set[str]:
    # not read as a code: one that somebody changed has to be named, and nothing may stop here
    return {f"/t/{trace_code}", path}


def _ordered(session: Session) -> Iterator[Listed]:
    query = (
        sa.select(Order.uid, Order.kind, Batch.trace_code, Batch.path)
        .join(Stopped, Stopped.order_id == Order.id)
        .join(Batch, Batch.id == Stopped.batch_id)
        .where(Order.lifted_at.is_(None))
    )
    for uid, kind, trace_code, path in session.execute(query):
        state = LISTED_AS.get(kind)
        if state is not None:
            yield from ((one, state.value, uid) for one in _paths(trace_code, path))
    on_rolls = (
        sa.select(Order.uid, Order.kind, IssuedCode.path)
        .join(Stopped, Stopped.order_id == Order.id)
        .join(RollBinding, RollBinding.batch_id == Stopped.batch_id)
        .join(IssuedCode, ON_A_BATCH)
        .where(Order.lifted_at.is_(None))
    )
    for uid, kind, path in session.execute(on_rolls):
        if (state := LISTED_AS.get(kind)) is not None:
            yield path, state.value, uid


def _fallen(session: Session) -> Iterator[Listed]:
    query = (
        sa.select(Paper.uid, Batch.trace_code, Batch.path)
        .join(PaperReach, PaperReach.paper_id == Paper.id)
        .join(Batch, Batch.id == PaperReach.batch_id)
    )
    for uid, trace_code, path in session.execute(query):
        yield from ((one, State.PAPER_REVOKED.value, uid) for one in _paths(trace_code, path))
    on_rolls = (
        sa.select(Paper.uid, IssuedCode.path)
        .join(PaperReach, PaperReach.paper_id == Paper.id)
        .join(RollBinding, RollBinding.batch_id == PaperReach.batch_id)
        .join(IssuedCode, ON_A_BATCH)
    )
    for uid, path in session.execute(on_rolls):
        yield path, State.PAPER_REVOKED.value, uid


def _withdrawn(session: Session) -> Iterator[Listed]:
    said = sa.and_(Record.type == "batch.withdrawn", Record.subject == Batch.trace_code)
    query = sa.select(Record.id, Batch.trace_code, Batch.path).join(Record, said)
    for record, trace_code, path in session.execute(query.where(Batch.state == "withdrawn")):
        yield from ((one, State.VOIDED.value, record) for one in _paths(trace_code, path))
    on_rolls = (
        sa.select(Record.id, IssuedCode.path)
        .select_from(Batch)
        .join(Record, said)
        .join(RollBinding, RollBinding.batch_id == Batch.id)
        .join(IssuedCode, ON_A_BATCH)
        .where(Batch.state == "withdrawn")
    )
    for record, path in session.execute(on_rolls):
        yield path, State.VOIDED.value, record


def _void(session: Session) -> Iterator[Listed]:
    query = sa.select(IssuedCode.path, PrintRun.uid).join(
        PrintRun, PrintRun.id == IssuedCode.print_run_id
    )
    for path, run in session.execute(query.where(IssuedCode.voided_at.is_not(None))):
        yield path, State.VOIDED.value, run


def _edition(session: Session) -> Iterator[Finding]:
    """The newest list: it says what is listed, and is the one that was signed."""
    instance, edition = session.scalars(sa.select(Instance)).one(), newest_status(session)
    place = f"status_edition/{edition.seq}"
    if edition.body != listed_body(session):
        yield Finding(Kind.CHANGED_ROW, place, "body does not say what is listed")
    try:
        roots = (parse_verifier_key(instance.root),)
        directory = open_directory(newest_directory(session).note, roots)
        # a list stays signed by the key that signed it, revoked since or not
        keys = [entry.key for entry in directory.keys if entry.use == KeyUse.STATUS]
        open_status(edition.note, edition.body or "", keys, origin=instance.origin)
    except SuyuanError as error:
        yield Finding(Kind.CHANGED_ROW, place, f"it is not what was signed: {error}")
