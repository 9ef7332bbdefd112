"""What rows of print runs and issued codes hold, by their records."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.batches.tables import Batch
from suyuan.trace.canonical import read_base64, write_base64, write_canonical
from suyuan.trace.codes.manifest import item_leaf
from suyuan.trace.log import merkle
from suyuan.trace.log.projections import (
    Column,
    Projection,
    Word,
    first,
    name_of,
    newest,
    said_by,
    whether,
)
from suyuan.trace.log.tellings import Telling
from suyuan.trace.printing.account import Ended, ended_of, merged
from suyuan.trace.printing.records import (
    CODE_VOIDED,
    LABELS_ENDED,
    LABELS_REPRINTED,
    PRINT_RUN,
    ROLL_BOUND,
    ROLL_UNBOUND,
    RUN_VOIDED,
)
from suyuan.trace.printing.tables import IssuedCode, PrintRun, Reprint, RollBinding


def _manifests(session: Session, runs: Sequence[int]) -> dict[int, str]:
    """The root of the codes that each run holds now."""
    found = {}
    for run in runs:
        codes = sa.select(IssuedCode.path, IssuedCode.salt).where(IssuedCode.print_run_id == run)
        ordered = session.execute(
            codes.order_by(IssuedCode.position).execution_options(yield_per=5000)
        )
        leaves = [item_leaf(path, salt) for path, salt in ordered]
        found[run] = write_base64(merkle.root(leaves)) if leaves else ""
    return found


def _net_contents(session: Session, runs: Sequence[int]) -> dict[int, list[str] | None]:
    """The net contents of the packages of each run that were weighed, in the order of printing."""
    found: dict[int, list[str]] = {}
    nets = sa.select(IssuedCode.print_run_id, IssuedCode.net_content).where(
        IssuedCode.print_run_id.in_(runs), IssuedCode.net_content.is_not(None)
    )
    for run, net in session.execute(nets.order_by(IssuedCode.print_run_id, IssuedCode.position)):
        found.setdefault(run, []).append(str(net))
    return {run: found.get(run) for run in runs}


def _content(session: Session, runs: Sequence[int]) -> dict[int, str]:
    contents = sa.select(PrintRun.id, PrintRun.content).where(PrintRun.id.in_(runs))
    return {
        run: hashlib.sha256(write_canonical(content)).hexdigest()
        for run, content in session.execute(contents)
    }


def _voided(session: Session, runs: Sequence[int]) -> dict[int, Any]:
    """The codes that are void, and of a run that is void as a whole how many are not."""
    found: dict[int, Any] = {}
    states = sa.select(PrintRun.id, PrintRun.state).where(PrintRun.id.in_(runs))
    for run, state in session.execute(states).all():
        codes = sa.select(IssuedCode.path).where(IssuedCode.print_run_id == run)
        if state == "voided":
            good = codes.where(IssuedCode.voided_at.is_(None)).subquery()
            found[run] = session.scalar(sa.select(sa.func.count()).select_from(good))
        else:
            single = codes.where(IssuedCode.voided_at.is_not(None), IssuedCode.ended_as.is_(None))
            found[run] = sorted(session.scalars(single))
    return found


def _ended(session: Session, runs: Sequence[int]) -> dict[int, list[list[Any]]]:
    """The labels of each run that were spoiled, returned or lost; a code in force is none."""
    found: dict[int, list[list[Any]]] = {}
    for run in runs:
        found[run] = _listed(ended_of(session, run))
        unvoided = sa.select(IssuedCode.path).where(
            IssuedCode.print_run_id == run,
            IssuedCode.ended_as.is_not(None),
            IssuedCode.voided_at.is_(None),
        )
        found[run] += [[path] for path in session.scalars(unvoided)]
    return found


def _ended_said(tellings: Sequence[Telling]) -> Word:
    told = [one for one in tellings if one.schema == str(LABELS_ENDED)]
    ranges = merged(
        Ended(one.fields["first"], one.fields["last"], one.fields["ended_as"]) for one in told
    )
    return Word(_listed(ranges), (told or tellings)[-1].id)


def _listed(ranges: Sequence[Ended]) -> list[list[Any]]:
    return [[one.first, one.last, one.fate] for one in ranges]


def _voided_said(tellings: Sequence[Telling]) -> Word:
    whole = [one for one in tellings if one.schema == str(RUN_VOIDED)]
    if whole:
        return Word(0, whole[-1].id)
    single = [one for one in tellings if one.schema == str(CODE_VOIDED)]
    return Word(sorted(one.fields["path"] for one in single), (single or tellings)[-1].id)


PRINT_RUNS = Projection(
    PrintRun,
    PrintRun.uid,
    PRINT_RUN,
    names=said_by("run"),
    references=(PrintRun.record_id,),
    later=(CODE_VOIDED, LABELS_ENDED, RUN_VOIDED),
    columns=(
        Column("batch_id", name_of(Batch.trace_code, PrintRun.batch_id), first("trace_code")),
        Column("roll_code", PrintRun.roll_code, first("roll_code")),
        Column("template", PrintRun.template, first("template")),
        Column("count", PrintRun.count, first("labels")),
        Column("key_name", PrintRun.key_name, first("key")),
        Column("host", PrintRun.host, first("host")),
        Column("manifest_root", PrintRun.manifest_root, first("manifest_root", read=read_base64)),
        Column("content", _content, first("content_sha256")),
        Column("pins", PrintRun.pins, first("pins", absent=False)),
        Column("at", PrintRun.at, first("at")),
        Column("state", PrintRun.state, whether("run_voided", "voided", "issued")),
        Column("net_content", _net_contents, first("net_contents")),
        Column("issued_code", _manifests, first("manifest_root")),
        Column("voided_at", _voided, _voided_said),
        Column("ended_as", _ended, _ended_said),
    ),
)
ROLL_BINDINGS = Projection(
    RollBinding,
    RollBinding.uid,
    ROLL_BOUND,
    names=said_by("binding"),
    references=(RollBinding.record_id,),
    later=(ROLL_UNBOUND,),
    columns=(
        Column("print_run_id", name_of(PrintRun.uid, RollBinding.print_run_id), first("run")),
        Column("batch_id", name_of(Batch.trace_code, RollBinding.batch_id), first("trace_code")),
        Column("first", RollBinding.first, first("first")),
        Column("last", RollBinding.last, first("last")),
        Column("net_content", RollBinding.net_content, first("net_content")),
        Column("bound_at", RollBinding.bound_at, first("at")),
        Column("unbound_at", RollBinding.unbound_at, newest("at", types=("roll_unbound",))),
    ),
)
REPRINTS = Projection(
    Reprint,
    Reprint.uid,
    LABELS_REPRINTED,
    names=said_by("reprint"),
    references=(Reprint.record_id,),
    columns=(
        Column("print_run_id", name_of(PrintRun.uid, Reprint.print_run_id), first("run")),
        Column("first", Reprint.first, first("first")),
        Column("last", Reprint.last, first("last")),
        Column("reason", Reprint.reason, first("reason")),
        Column("at", Reprint.at, first("at")),
    ),
)
PROJECTIONS = (PRINT_RUNS, ROLL_BINDINGS, REPRINTS)
