"""``suyuan doctor``: whether this installation is in order, and what to do where it is not."""

from __future__ import annotations

import json
import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

import click
import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.commands.opened import data_option, opened_database, require_current
from suyuan.commands.speech import spoken
from suyuan.trace.acts.opening import SEALED_ROOT, instance_of, unlock
from suyuan.trace.acts.witnessing import is_late, policy_of
from suyuan.trace.clock import SystemClock, utc_text
from suyuan.trace.codes.queries import newest_directory, newest_status
from suyuan.trace.codes.signed_code import require_label_host
from suyuan.trace.codes.signing import label_host
from suyuan.trace.database import Database
from suyuan.trace.derived import audit_derived, audit_status
from suyuan.trace.errors import Misconfigured, SuyuanError
from suyuan.trace.jobs.issuing import due_issue_jobs
from suyuan.trace.jobs.queries import due_jobs
from suyuan.trace.jobs.rules import job_limits
from suyuan.trace.keys import queries
from suyuan.trace.keys.directory import KeyUse
from suyuan.trace.keys.tables import Instance, SigningKey
from suyuan.trace.log.audit import LogCheck, check_log, check_sample
from suyuan.trace.log.projection_audit import audit_projections, sample_projections
from suyuan.trace.log.witnesses import witnessing
from suyuan.trace.projections import PROJECTIONS
from suyuan.trace.records import SCHEMAS
from suyuan.trace.settings import Settings, settings_from_environment
from suyuan.trace.spans import span, years

State = Literal["ok", "warning", "failure"]

_SAMPLE = 100
"""Records that are checked, drawn by lot, where not the whole log is asked for."""
_LITTLE, _TOO_LITTLE = 2 << 30, 200 << 20
"""Bytes left on the disk below which is warned, and below which nothing should go on."""


@dataclass(frozen=True)
class Check:
    """What was looked at, how it is, and what to know or do."""

    name: str
    state: State
    says: str


@click.command(epilog="Example: suyuan doctor --data /srv/suyuan --whole-log")
@data_option
@click.option("--whole-log", is_flag=True, help="Check every record and row, not a sample.")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
@click.pass_context
def doctor(context: click.Context, data: Path | None, whole_log: bool, as_json: bool) -> None:
    """Check database, keys, hosts, status list, log and disk.

    Exit status 0 where nothing failed; warnings alone are no failure.
    """
    settings = settings_from_environment(data)
    checks = list(examine(settings, SystemClock().now(), whole_log))
    if as_json:
        click.echo(json.dumps([vars(check) for check in checks], ensure_ascii=False))
    else:
        for check in checks:
            click.echo(f"{check.state:<8} {check.name:<12} {check.says}")
    context.exit(1 if any(check.state == "failure" for check in checks) else 0)


def examine(settings: Settings, now: datetime, whole_log: bool = False) -> Iterator[Check]:
    """Each check in turn; where the database fails, those that need it are left out."""
    yield _disk(settings)
    try:
        with opened_database(settings) as database:
            require_current(database)
            with database.read() as session:
                instance = instance_of(session)
            yield Check("database", "ok", f"{database.engine.dialect.name}, tables are current")
            yield _try("passphrase", lambda: _passphrase(settings, instance))
            yield _try("keys", lambda: _keys(database, settings))
            with database.read() as session:
                yield from _of_installation(session, settings, instance, now)
                yield _try("log", lambda: _log(session, whole_log))
                yield _try("rows", lambda: _rows(session, whole_log))
                yield _try("witnesses", lambda: _witnesses(session, settings, now))
    except SuyuanError as error:
        yield Check("database", "failure", spoken(error))


def _of_installation(
    session: Session, settings: Settings, instance: Instance, now: datetime
) -> Iterator[Check]:
    yield _try("host", lambda: _host(instance))
    yield _try("directory", lambda: _directory(session, now))
    yield _try("code key", lambda: _code_key(session, now))
    yield _try("rotation", lambda: _lasting_keys(session, now))
    yield _try("status", lambda: _status(session, now))
    yield _try("labels", lambda: _labels(session, now))
    if not instance.demo:
        yield _site(settings)
        yield _root(settings)


def _try(name: str, check: Callable[[], Check]) -> Check:
    try:
        return check()
    except SuyuanError as error:
        return Check(name, "failure", spoken(error))


def _disk(settings: Settings) -> Check:
    folder = next(path for path in (settings.data, *settings.data.parents) if path.exists())
    free = shutil.disk_usage(folder).free
    state: State = "failure" if free < _TOO_LITTLE else "warning" if free < _LITTLE else "ok"
    return Check("disk", state, f"{free / (1 << 30):.1f} GiB free at {folder}")


def _passphrase(settings: Settings, instance: Instance) -> Check:
    file = settings.passphrase_file
    try:
        mode = stat.S_IMODE(file.stat().st_mode)
    except OSError as error:
        raise Misconfigured(
            "The passphrase file {path} cannot be read: {why}", path=file, why=error.strerror
        ) from error
    if mode & 0o077:
        return Check("passphrase", "failure", f"{file} can be read by others: chmod 600 it")
    if not instance.demo and file.absolute().is_relative_to(settings.data):
        return Check("passphrase", "failure", f"{file} is in the data folder: move it out")
    return Check("passphrase", "ok", f"{file}, mode {mode:04o}")


def _keys(database: Database, settings: Settings) -> Check:
    codes = len(unlock(database, settings, SystemClock()).keys.codes)
    return Check("keys", "ok", f"unlocked, {codes} for codes")


def _host(instance: Instance) -> Check:
    host = label_host(instance.hosts)
    require_label_host(host.host, demonstration=instance.demo)
    if host.scheme == "http" and not instance.demo:
        return Check("host", "failure", f"labels would name http://{host.host}")
    return Check("host", "ok", f"labels name {host.scheme}://{host.host}")


def _directory(session: Session, now: datetime) -> Check:
    edition = newest_directory(session)
    state: State = "ok" if now < edition.expires - span("keys_end_soon") else "warning"
    if now >= edition.expires:
        state = "failure"
    return Check("directory", state, f"number {edition.seq}, good until {edition.expires.date()}")


def _code_key(session: Session, now: datetime) -> Check:
    keys = session.scalars(
        sa.select(SigningKey).where(SigningKey.use == KeyUse.CODE, SigningKey.state == "active")
    )
    today = now.date()
    ends = [key.valid_to for key in keys if key.valid_from <= today]
    good = [end for end in ends if end is None or today <= end]
    if not good:
        return Check("code key", "failure", "no key may sign codes today: no label can be printed")
    last = max((end for end in good if end is not None), default=None)
    if None in good or last is None:
        return Check("code key", "ok", "may sign without end")
    state: State = "warning" if last < (now + span("keys_end_soon")).date() else "ok"
    return Check("code key", state, f"may sign until {last}")


def _lasting_keys(session: Session, now: datetime) -> Check:
    """The keys of the log and the status list, which sign until they are rotated."""
    draft = queries.draft(session)
    if draft is not None:
        says = f"directory {draft.seq} waits for the root's signature since {draft.made_at.date()}"
        return Check("rotation", "warning", says)
    most = years("key_signs")
    old = [
        row.name
        for row in queries.signing_keys(session)
        if row.use in (KeyUse.LOG, KeyUse.STATUS) and row.state == "active"
        and row.valid_to is None and now.date() > row.valid_from + timedelta(days=365 * most)
    ]  # fmt: skip
    if old:
        return Check("rotation", "warning", f"older than {most} years: {', '.join(old)}")
    return Check("rotation", "ok", "nothing waits for the root, no key is older than it should be")


def _status(session: Session, now: datetime) -> Check:
    edition = newest_status(session)
    says = f"number {edition.seq} of {utc_text(edition.as_of)}, good until "
    says += utc_text(edition.next_by)
    if now > edition.next_by:
        return Check("status", "failure", f"{says}: run suyuan worker, nothing is green until then")
    if found := audit_status(session):
        return Check("status", "failure", "; ".join([says, *map(str, found[:5])]))
    late = now > edition.as_of + (edition.next_by - edition.as_of) * 3 / 4
    return Check("status", "warning" if late else "ok", says + (": worker?" if late else ""))


def _labels(session: Session, now: datetime) -> Check:
    due = [one.ordered_at for one in due_jobs(session, now)]
    due += [one.ordered_at for one in due_issue_jobs(session, now)]
    if due and now - min(due) > job_limits().lease:
        says = f"{len(due)} print jobs wait to be drawn, since {utc_text(min(due))}: worker?"
        return Check("labels", "warning", says)
    return Check("labels", "ok", f"{len(due)} print jobs wait to be drawn")


def _site(settings: Settings) -> Check:
    given = {
        "SUYUAN_AUTHORITY": settings.authority,
        "SUYUAN_ICP": settings.icp,
        "SUYUAN_POLICE_FILING": settings.police_filing,
        "SUYUAN_HTTPS": settings.https,
    }
    lacking = [name for name, value in given.items() if not value]
    if lacking:
        return Check("site", "warning", f"a public site in China needs {', '.join(lacking)}")
    return Check("site", "ok", f"{settings.icp}, {settings.police_filing}")


def _root(settings: Settings) -> Check:
    sealed = settings.data / SEALED_ROOT
    if sealed.exists():
        return Check("root key", "warning", f"carry {sealed} away and delete it here")
    return Check("root key", "ok", "is not on this machine")


def _log(session: Session, whole: bool) -> Check:
    found: LogCheck = (
        check_log(session, SCHEMAS) if whole else check_sample(session, _SAMPLE, schemas=SCHEMAS)
    )
    if not found.sound:
        return Check("log", "failure", "; ".join(str(fault) for fault in found.faults[:5]))
    return Check("log", "ok", f"{found.size} records, {found.checked} checked")


def _rows(session: Session, whole: bool) -> Check:
    """Batches, events, orders, papers … as the tables hold them, against their records."""
    if whole:
        found = audit_projections(session, PROJECTIONS) + audit_derived(session)
    else:
        found = sample_projections(session, PROJECTIONS, _SAMPLE)
    if found:
        return Check("rows", "failure", "; ".join(map(str, found[:5])))
    says = "every row is" if whole else f"what {_SAMPLE} records tell of is"
    return Check("rows", "ok", f"{says} as the records say")


def _witnesses(session: Session, settings: Settings, now: datetime) -> Check:
    state = witnessing(session, policy_of(settings))
    if state.halted is not None:
        return Check("witnesses", "failure", f"nothing can be recorded: {state.halted}")
    if not state.policy.witnesses:
        says = f"nobody watches the log: name witnesses in {settings.policy_file}"
        return Check("witnesses", "warning", says)
    trouble = [
        one.trouble if one.witness.url else "no address: it is never asked"
        for one in state.standings
    ]
    said = [
        f"{one.witness.name} {one.size}" + (f" ({why})" if why else "")
        for one, why in zip(state.standings, trouble, strict=True)
    ]
    enough = state.witnessed.size if state.witnessed else 0
    says = f"{enough} of {state.size} entries cosigned by enough: {', '.join(said)}"
    if is_late(state, now):
        return Check("witnesses", "failure", f"{says}: is the worker running?")
    return Check("witnesses", "warning" if any(trouble) else "ok", says)
