"""``suyuan log``: audit a log over HTTP, and prove that a record stands in one."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import click

from suyuan.commands.watching import counted
from suyuan.trace.clock import utc_text_of
from suyuan.trace.errors import InvalidInput
from suyuan.trace.keys.notes import parse_verifier_key
from suyuan.trace.log.audit_memory import read_memory, write_memory
from suyuan.trace.log.findings import Finding
from suyuan.trace.log.outside_audit import Audited, Remembered, audit
from suyuan.trace.log.policy import LogLine, Policy, policy_in
from suyuan.trace.log.proof_file import check_proof_file, parse_proof_file
from suyuan.trace.log.remote import RemoteLog
from suyuan.trace.transport import HttpTransport

_SECONDS = 30
"""How long a log may take to connect, or between two pieces of an answer."""

# not that of commands.opened: an audit needs no database and loads none
_data_option = click.option(
    "--data", type=click.Path(path_type=Path, file_okay=False), help="The data folder."
)
_key_option = click.option("--vkey", help="The log's verifier key, where no policy names it.")
_policy_option = click.option(
    "--policy",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="Whom to believe: logs, witnesses, how many (C2SP tlog-policy).",
)


@click.group()
def log() -> None:
    """Check a log without trusting who runs it, and carry proofs away from it."""


@log.command(
    "audit",
    epilog="Example: suyuan log audit https://trace.example.cn --vkey trace.example.cn/log+1f2d… "
    "--state trace.audit",
)
@click.argument("url")
@_key_option
@_policy_option
@click.option(
    "--state",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where to remember what was seen: the next audit reads only what is new.",
)
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    help="The data folder of the log's installation: also check every record against its leaf, and "
    "every row against its records.",
)
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
@click.pass_context
def audit_(
    context: click.Context,
    url: str,
    vkey: str | None,
    policy: Path | None,
    state: Path | None,
    data: Path | None,
    as_json: bool,
) -> None:
    """Fetch what is new in the log at URL and check that it only grew.

    Exit status 0 where nothing is wrong, 1 where something was found. What was found is not
    remembered, so the next audit finds it again.
    """
    last = read_memory(state) if state else None
    believed = _believed(vkey, policy, last)
    with counted("Entries") as told:
        done = audit(RemoteLog(HttpTransport(_SECONDS), url), believed, last, told)
    findings = list(done.findings)
    if data is not None:
        findings += _rows(data, done, last)
    if state is not None and done.remember is not None and not findings:
        write_memory(state, done.remember)
    click.echo(_as_json(done, findings) if as_json else _as_text(done, findings, last))
    context.exit(1 if findings else 0)


@log.command(epilog="Example: suyuan log proof 73894 --data /srv/suyuan --out harvest.tlog-proof")
@click.argument("record")
@_data_option
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True)
def proof(record: str, data: Path | None, out: Path) -> None:
    """Write the proof that RECORD, an id or the number of an entry, is in the log."""
    from suyuan.commands.opened import opened_database, require_current
    from suyuan.trace.acts.witnessing import policy_of
    from suyuan.trace.log.positions import index_at, number_at
    from suyuan.trace.log.queries import record as record_with
    from suyuan.trace.log.witnesses import proof_file_of
    from suyuan.trace.settings import settings_from_environment

    settings = settings_from_environment(data)
    with opened_database(settings) as database:
        require_current(database)
        with database.read() as session:
            number = 0
            if record.isascii() and record.isdigit() and len(record) < 19:
                index = int(record)
            else:
                position = record_with(session, record).leaf_index
                number, index = number_at(position), index_at(position)
            made = proof_file_of(session, index, policy_of(settings), number)
    out.write_text(made.text(), encoding="utf-8")
    click.echo(f"{out}: entry {made.index} and its place in the signed tree.")


@log.command(
    "verify-proof",
    epilog="Example: suyuan log verify-proof harvest.tlog-proof --policy trust.policy",
)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@_key_option
@_policy_option
@click.option(
    "--entry",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="The entry's bytes; else those that the proof brings along.",
)
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def verify_proof(
    file: Path, vkey: str | None, policy: Path | None, entry: Path | None, as_json: bool
) -> None:
    """Check a .tlog-proof, with no network. Exit status 0 only where all of it holds."""
    proof = parse_proof_file(file.read_bytes())
    logged = entry.read_bytes() if entry else proof.extra
    if logged is None:
        raise InvalidInput("The proof brings no entry along: give its bytes with --entry FILE.")
    shown = check_proof_file(proof, logged, _believed(vkey, policy, None))
    said = {
        "origin": shown.checkpoint.origin,
        "index": proof.index,
        "size": shown.checkpoint.size,
        "entry": logged.decode("utf-8", "replace"),
        "cosigned": {one.key.name: utc_text_of(one.timestamp) for one in shown.cosigned},
    }
    if as_json:
        click.echo(json.dumps(said, ensure_ascii=False))
        return
    click.echo(f"Entry {said['index']} of {said['origin']}, in its tree of {said['size']} entries:")
    click.echo(f"  {said['entry']}")
    for one in shown.cosigned:
        click.echo(f"  cosigned by {one.key.name} at {utc_text_of(one.timestamp)}")


@log.command(
    epilog="Example: suyuan log resume --data /srv/suyuan --reason 'the other copy never ran'"
)
@_data_option
@click.option("--reason", required=True, help="Why this log is the one that goes on.")
def resume(data: Path | None, reason: str) -> None:
    """Let a halted log go on: only where no other copy of it has appended, or ever will.

    Where anything may have been appended elsewhere, continue it instead.
    """
    from suyuan.commands.opened import opened_ledger
    from suyuan.trace.acts.witnessing import resume_log
    from suyuan.trace.parties.actor import SYSTEM

    with opened_ledger(data) as ledger:
        ledger.perform(SYSTEM, resume_log, reason)
    click.echo("The log goes on.")


@log.command(
    "continue",
    epilog="Example: suyuan log continue --data /srv/suyuan --reason 'the first server is lost'",
)
@_data_option
@click.option("--reason", required=True, help="Why the log does not go on as it is.")
@click.option(
    "--checkpoint",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="The newest checkpoint of the old log that anybody has.",
)
def continue_(data: Path | None, reason: str, checkpoint: Path | None) -> None:
    """Close a halted log for good, and open the next under an origin of its own."""
    from suyuan.commands.opened import opened_ledger
    from suyuan.trace.acts.continuing import continue_log
    from suyuan.trace.parties.actor import SYSTEM

    last_known = checkpoint.read_text(encoding="utf-8") if checkpoint else None
    with opened_ledger(data) as ledger:
        done = ledger.perform(SYSTEM, continue_log, reason, last_known)
    click.echo(f"{done.closed} is closed. The log goes on as {done.opened}:\n  {done.key}")


def _believed(vkey: str | None, policy: Path | None, last: Remembered | None) -> Policy:
    believed = (policy_in(policy) if policy else None) or Policy()
    if vkey is not None:
        believed = replace(believed, logs=(*believed.logs, LogLine(parse_verifier_key(vkey))))
    elif not believed.logs and last is not None:
        believed = replace(believed, logs=(LogLine(last.key),))
    if not believed.logs:
        raise click.UsageError("Say whose log it is: --vkey KEY, or a --policy that names the log.")
    return believed


def _rows(data: Path, done: Audited, last: Remembered | None) -> tuple[Finding, ...]:
    from suyuan.commands.opened import opened_database, require_current
    from suyuan.trace.derived import audit_derived
    from suyuan.trace.log.projection_audit import audit_projections
    from suyuan.trace.log.row_audit import audit_rows
    from suyuan.trace.projections import PROJECTIONS
    from suyuan.trace.records import SCHEMAS
    from suyuan.trace.settings import settings_from_environment

    with opened_database(settings_from_environment(data)) as database:
        require_current(database)
        with database.read() as session:
            if not database.is_sqlite:  # one moment for the whole of it, as SQLite has anyway
                session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            with counted("Records") as told:
                records = audit_rows(session, done.checkpoint, last, told, SCHEMAS)
            with counted("Rows") as told:
                rows = audit_projections(session, PROJECTIONS, told)
                return records + rows + audit_derived(session)


def _as_json(done: Audited, findings: list[Finding]) -> str:
    said = {
        "sound": not findings,
        "origin": done.checkpoint.origin,
        "size": done.checkpoint.size,
        "before": done.before,
        "cosigned": {one.key.name: utc_text_of(one.timestamp) for one in done.cosigned},
        "findings": [vars(one) for one in findings],
        "checkpoint": done.note,
    }
    return json.dumps(said, ensure_ascii=False)


def _as_text(done: Audited, findings: list[Finding], last: Remembered | None) -> str:
    head = done.checkpoint
    lines = [f"{head.origin}: {head.size} entries, {max(0, head.size - done.before)} of them new"]
    lines += [
        f"  cosigned by {one.key.name} at {utc_text_of(one.timestamp)}" for one in done.cosigned
    ]
    if not findings:
        return "\n".join([*lines, "The log only grew, and everything in it is as it was signed."])
    lines += [str(one) for one in findings]
    lines += ["", "The log's own words now, to be kept as evidence:", done.note]
    if last is not None:
        lines += ["and as they were seen before:", last.checkpoint]
    return "\n".join(lines)
