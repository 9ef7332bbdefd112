"""Drawing a print job into its file, whoever is to draw it: what lies between its transactions."""

from __future__ import annotations

import os
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, TypeAlias, cast

import structlog
from sqlalchemy.exc import DBAPIError

from suyuan.trace.acts.print_work import (
    drop_old_files,
    fail_job,
    finish_job,
    give_job_back,
    take_job,
    tell_progress,
)
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.errors import Misconfigured, SuyuanError, Unavailable
from suyuan.trace.jobs.facts import DEFECT, DrawnFile, TakenJob, Trouble
from suyuan.trace.jobs.files import KeptFile
from suyuan.trace.jobs.queries import any_due, needed_files, to_drop
from suyuan.trace.jobs.rules import job_limits
from suyuan.trace.jobs.sealed import SealingWriter
from suyuan.trace.parties.actor import SYSTEM
from suyuan.trace.printing.content import IssuedLabel, LabelFacts
from suyuan.trace.printing.paper_checks import facts_to_draw
from suyuan.trace.printing.queries import labels_of

Draw: TypeAlias = Callable[
    [str, LabelFacts, Iterable[IssuedLabel], Mapping[str, Any], BinaryIO], int
]
"""Draws the labels of a template in a form of output into a file; returns how many. Takes labels
as it draws them, and raises an error of the family where one cannot be drawn."""

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL


class _Lost(Exception):
    """The job is not this worker's any more: it was cancelled, or taken over."""


class _Stopped(Exception):
    """The worker was told to stop."""


def draw_next(ledger: Ledger, draw: Draw, stopped: Callable[[], bool] = lambda: False) -> bool:
    """Take the next print job that is due and draw it; whether there was one.

    ``stopped`` is asked as often as progress is told: then the job is given back.
    """
    with ledger.database.read() as session:
        if not any_due(session, ledger.clock.now()):
            return False
    taken = ledger.perform(SYSTEM, take_job)
    if taken is None:
        return False
    journal = structlog.get_logger().bind(job=taken.uid)
    try:
        file = _drawn(ledger, taken, draw, stopped)
    except _Lost:
        journal.info("labels.called_off")
    except (_Stopped, Unavailable):
        ledger.perform(SYSTEM, give_job_back, taken)
    except DBAPIError:  # no fault of the job's: its lease runs out, and somebody takes it up
        raise
    except Exception as error:  # a defect in one job must not end the worker
        _fail(ledger, taken, error)
    else:
        if ledger.perform(SYSTEM, finish_job, taken, file):
            journal.info("labels.drawn", labels=file.labels, size=file.size)
            return True
    taken.file(ledger.settings.labels_folder).unlink(missing_ok=True)
    return True


def sweep_drawn_files(ledger: Ledger) -> int:
    """Drop files that were kept for long enough, and what dead workers left; how many there were.

    The rows say so first; whatever is broken off between the two, the next sweep finishes.
    """
    with ledger.database.read() as session:
        old = to_drop(session, ledger.clock.now())
    if old:
        ledger.perform(SYSTEM, drop_old_files)
    folder = ledger.settings.labels_folder
    # first what lies there: a job has its worker's name before that makes a file of this name
    lying = list(folder.iterdir()) if folder.is_dir() else []
    with ledger.database.read() as session:
        needed = needed_files(session)
    gone = [one for one in lying if one.name not in needed]
    for one in gone:
        one.unlink(missing_ok=True)
    return len(gone)


def _drawn(ledger: Ledger, taken: TakenJob, draw: Draw, stopped: Callable[[], bool]) -> DrawnFile:
    folder = ledger.settings.labels_folder
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    place = taken.file(folder)
    with ledger.database.read() as session:
        facts = facts_to_draw(session, taken.run_uid).beginning_at(taken.first)
        part = {"first": taken.first, "last": taken.last}
        with (
            closing(labels_of(session, taken.run_uid, ledger.keys.secret, **part)) as labels,
            os.fdopen(os.open(place, _NEW, 0o600), "wb") as file,
        ):
            told = _telling(ledger, taken, labels, stopped)
            count = _written(ledger, taken, file, partial(draw, taken.template, facts, told))
            file.flush()
            os.fsync(file.fileno())
    size, sha256 = KeptFile(place, ledger.keys.secret if taken.pins else None).measured()
    return DrawnFile(count, size, sha256)


def _written(
    ledger: Ledger,
    taken: TakenJob,
    file: BinaryIO,
    write: Callable[[Mapping[str, Any], BinaryIO], int],
) -> int:
    """Write the labels into a file, sealed where it has scratch PINs; how many there were."""
    if not taken.pins:
        return write(taken.output, file)
    sealing = SealingWriter(file, ledger.keys.secret, taken.file(Path()).name)
    count = write(taken.output, cast(BinaryIO, sealing))
    sealing.end()
    return count


def _telling(
    ledger: Ledger, taken: TakenJob, labels: Iterable[IssuedLabel], stopped: Callable[[], bool]
) -> Iterator[IssuedLabel]:
    """The labels as they are asked for, telling now and then how many were."""
    beat = job_limits().beat.total_seconds()
    next_at = time.monotonic()
    for made, label in enumerate(labels):
        if time.monotonic() >= next_at:
            if stopped():
                raise _Stopped
            if not ledger.perform(SYSTEM, tell_progress, taken, made):
                raise _Lost
            next_at = time.monotonic() + beat
        yield label


def _fail(ledger: Ledger, taken: TakenJob, error: Exception) -> None:
    """Keep why a job failed, in words that whoever ordered it may read."""
    journal = structlog.get_logger().bind(job=taken.uid, error=type(error).__name__)
    match error:
        case SuyuanError():
            told: SuyuanError = error
            journal.info("labels.failed", why=str(error))
        case OSError():
            told = Misconfigured(str(error)).for_others()
            journal.error("labels.failed", why=str(error))
        case _:
            told = DEFECT
            # where it happened; the message could hold what somebody typed
            trace = "".join(traceback.format_tb(error.__traceback__))
            journal.error("labels.failed", trace=trace)
    ledger.perform(SYSTEM, fail_job, taken, Trouble.of(told))
