"""``suyuan witness``: cosign the logs of others, in a folder of its own, with no installation."""

from __future__ import annotations

import json
from pathlib import Path

import click

from suyuan.commands.init import require_passphrase_outside
from suyuan.commands.opened import data_option
from suyuan.commands.serve import Server, require_free
from suyuan.trace.acts.opening import make_passphrase, passphrase
from suyuan.trace.clock import SystemClock, utc_text_of
from suyuan.trace.errors import InvalidInput
from suyuan.trace.journal import set_up_journal
from suyuan.trace.keys.notes import ED25519, parse_verifier_key
from suyuan.trace.settings import Settings, settings_from_environment
from suyuan.trace.witness.store import FollowedLog, WitnessStore
from suyuan.trace.witness.witness import WitnessAtWork, create_witness


@click.group()
def witness() -> None:
    """Watch that logs only grow, and sign what was seen (C2SP tlog-witness).

    A witness is worth something where another organisation runs it than the one whose log it is.
    """


@witness.command(
    epilog="Example: suyuan witness init --data /srv/witness --name witness.example.cn/w1"
)
@data_option
@click.option("--name", required=True, help="The witness's name for ever: a host name you own.")
def init(data: Path | None, name: str) -> None:
    """Make a witness: its folder, its key, sealed under the passphrase."""
    settings = settings_from_environment(data)
    require_passphrase_outside(settings)
    key = create_witness(settings.data, name, make_passphrase(settings.passphrase_file))
    click.echo(
        f"""The witness {name} is set up in {settings.data}. Its key, for the policies of others:
  {key}

Do now:
  1. Copy {settings.passphrase_file} to a safe place. Never restore the folder itself from
     a copy: an older one has forgotten what the witness signed. Make a new witness instead.
  2. suyuan witness add-log KEY --data {settings.data}, for each log that it is to follow.
  3. suyuan witness serve --data {settings.data}, with a reverse proxy with TLS in front."""
    )


@witness.command(
    "add-log",
    epilog="Example: suyuan witness add-log trace.example.cn/log+1f2d8c1a+AX… --data /srv/witness",
)
@click.argument("key")
@click.option("--origin", help="The log's first checkpoint line, where it is not the key's name.")
@data_option
def add_log(key: str, origin: str | None, data: Path | None) -> None:
    """Follow the log that signs with KEY. Takes effect at once, also while the witness serves."""
    verifier = parse_verifier_key(key)
    if verifier.kind != ED25519:
        raise InvalidInput("This is the key of a witness, not of a log.", field="key")
    settings = settings_from_environment(data)
    WitnessStore(settings.data).add_key(origin or verifier.name, verifier)
    click.echo(f"{origin or verifier.name} is followed.")


@witness.command(epilog="Example: suyuan witness show --data /srv/witness --json")
@data_option
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
@click.pass_context
def show(context: click.Context, data: Path | None, as_json: bool) -> None:
    """Show what was cosigned last of each log, and what logs signed that contradicts it.

    Exit status 1 where a log has contradicted itself.
    """
    store = WitnessStore(settings_from_environment(data).data)
    logs = store.logs()
    if as_json:
        told = {"name": store.own()[0], "logs": [_as_json(log) for log in logs]}
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        click.echo(f"Witness {store.own()[0]}, {len(logs)} logs")
        for log in logs:
            click.echo(_as_text(log))
    context.exit(1 if any(log.forks for log in logs) else 0)


@witness.command(epilog="Example: suyuan witness serve --data /srv/witness --port 8010")
@data_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), default=8010, show_default=True)
def serve(data: Path | None, host: str, port: int) -> None:
    """Serve until stopped. Every checkpoint is on the disk before it is cosigned."""
    from suyuan.api.witness import create_witness_app

    set_up_journal(json=True)
    settings = settings_from_environment(data)
    at_work = _unlocked(settings)
    require_free(host, port)
    click.echo(f"Witness {at_work.key.name} on http://{host}:{port}", err=True)
    Server(lambda: create_witness_app(at_work), host, port, workers=1, threads=8).run()


def _unlocked(settings: Settings) -> WitnessAtWork:
    return WitnessAtWork(settings.data, passphrase(settings.passphrase_file), SystemClock())


def _as_json(log: FollowedLog) -> dict[str, object]:
    return {
        "origin": log.origin,
        "keys": [str(key) for key in log.keys],
        "size": log.seen.size,
        "root": log.seen.root.hex(),
        "at": None if log.at is None else utc_text_of(log.at),
        "checkpoint": log.checkpoint,
        "forks": list(log.forks),
    }


def _as_text(log: FollowedLog) -> str:
    if log.at is None:
        return f"{log.origin}: nothing cosigned yet"
    lines = [f"{log.origin}: {log.seen.size} entries, cosigned {utc_text_of(log.at)}"]
    if log.forks:
        lines.append("  This log signed trees that contradict each other. Its own words:")
        lines += [f"    {line}" for note in log.forks for line in note.splitlines()]
    return "\n".join(lines)
