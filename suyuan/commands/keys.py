"""``suyuan keys``: keys of this installation, and the directories that bring them into force."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
from sqlalchemy.orm import Session

from suyuan.commands.init import require_room_in_symbol
from suyuan.commands.key_directories import (
    accept_directory,
    drop_draft,
    request_directory,
    sign_directory,
)
from suyuan.commands.opened import data_option, opened_database, require_current, writing_ledger
from suyuan.trace.acts import keys as acts
from suyuan.trace.acts.label_hosts import move_labels
from suyuan.trace.acts.opening import instance_of
from suyuan.trace.errors import NotFound
from suyuan.trace.keys import queries
from suyuan.trace.keys.directory import KeyUse
from suyuan.trace.keys.facts import KeyFacts
from suyuan.trace.keys.notes import parse_verifier_key
from suyuan.trace.keys.tables import SigningKey
from suyuan.trace.parties.actor import SYSTEM
from suyuan.trace.settings import settings_from_environment

_DAY = click.DateTime(["%Y-%m-%d"])
_NEXT = "It is in force once the root has signed: suyuan keys request-directory"


@click.group()
def keys() -> None:
    """Make, rotate, retire and revoke keys; have directories signed."""


for command in (request_directory, sign_directory, accept_directory, drop_draft):
    keys.add_command(command)


@keys.command("list", epilog="Example: suyuan keys list --data /srv/suyuan")
@data_option
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def list_(data: Path | None, as_json: bool) -> None:
    """List each key: its use, its state, from when to when it may sign, what waits for the root."""
    rows = _all(data)
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    width = max(len(row["name"]) for row in rows)
    for row in rows:
        dates = f"{row['from']} – {row['to'] or ''}" if row["from"] else ""
        said = f"{row['name']:<{width}}  {row['use']:<8} {row['state']:<8} {dates:<25}"
        click.echo(f"{said} {row['waits'] or ''}".rstrip())


@keys.command(epilog="Example: suyuan keys show trace.example.cn/root --data /srv/suyuan")
@click.argument("name")
@data_option
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def show(name: str, data: Path | None, as_json: bool) -> None:
    """Print the verifier key (C2SP) of the key NAME, to give to those who verify."""
    found = [row for row in _all(data) if name in (row["name"], row["verifier"])]
    if not found:
        raise NotFound("There is no key {name}; suyuan keys list tells all.", "name", name=name)
    for row in found:
        click.echo(json.dumps(row, ensure_ascii=False) if as_json else row["verifier"])


@keys.command(
    epilog="Example: suyuan keys make --use code --division 540626 --issuer 索县农业农村局"
)
@click.option("--use", type=click.Choice([use.value for use in KeyUse]), required=True)
@click.option("--issuer", default="", help="Who answers for it; else who does for the others.")
@click.option("--division", multiple=True, help="Prefix of divisions it may sign for; repeatable.")
@click.option("--gtin", multiple=True, help="Prefix of GTINs, from their second digit; repeatable.")
@click.option("--from", "since", type=_DAY, help="First day on which it signs. [today]")
@click.option("--until", type=_DAY, help="Last day on which it signs. [some years on]")
@click.option("--public", help="Of a witness: its verifier key.")
@data_option
def make(
    use: str,
    issuer: str,
    division: tuple[str, ...],
    gtin: tuple[str, ...],
    since: datetime | None,
    until: datetime | None,
    public: str | None,
    data: Path | None,
) -> None:
    """Make a key for one use, bound to divisions and GTINs where some are named."""
    witness = parse_verifier_key(public) if public else None
    facts = KeyFacts(use, issuer, gtin, division, _day(since), _day(until), witness)
    with writing_ledger(data) as ledger:
        _tell(ledger.perform(SYSTEM, acts.make_key, facts))


@keys.command(epilog="Example: suyuan keys rotate trace.example.cn/codes-1")
@click.argument("name")
@data_option
def rotate(name: str, data: Path | None) -> None:
    """Make the successor of the key NAME; the old one retires some days later."""
    with writing_ledger(data) as ledger:
        _tell(ledger.perform(SYSTEM, acts.rotate_key, name))


@keys.command(epilog="Example: suyuan keys retire trace.example.cn/codes-1 --on 2026-12-31")
@click.argument("name")
@click.option("--on", type=_DAY, help="The last day on which it signs. [today]")
@data_option
def retire(name: str, on: datetime | None, data: Path | None) -> None:
    """Let the key NAME sign no more after a day. What it signed stays good."""
    with writing_ledger(data) as ledger:
        _tell(ledger.perform(SYSTEM, acts.retire_key, name, _day(on)))


@keys.command(epilog="Example: suyuan keys revoke trace.example.cn/codes-1 --at-size 120400")
@click.argument("name")
@click.option(
    "--at-size",
    type=click.IntRange(0),
    help="Log size to believe it below; witnesses have seen it. [the newest such]",
)
@click.option("--of-log", type=click.IntRange(1), help="Which log has that size. [the open one]")
@data_option
def revoke(name: str, at_size: int | None, of_log: int | None, data: Path | None) -> None:
    """Revoke the key NAME: codes of print runs logged below the size stay good, no others.

    It signs nothing more from now on, here; everybody else learns of it from the next directory.
    """
    with writing_ledger(data) as ledger:
        verifier = ledger.perform(SYSTEM, acts.revoke_key, name, at_size, of_log)
        with ledger.database.read() as session:
            row = queries.key(session, verifier)
    _tell(verifier)
    click.echo(f"What was logged below {row.revoke_at} is still believed.", err=True)


@keys.command("label-host", epilog="Example: suyuan keys label-host q.example.cn")
@click.argument("host")
@data_option
def label_host(host: str, data: Path | None) -> None:
    """Have labels name HOST once the root has signed. Labels of former hosts stay good.

    Keep the former host, and have it lead to this site for as long as its labels live.
    """
    require_room_in_symbol(host)
    with writing_ledger(data) as ledger:
        ledger.perform(SYSTEM, move_labels, host)
    click.echo(_NEXT, err=True)


def _tell(verifier: str) -> None:
    click.echo(verifier)
    click.echo(_NEXT, err=True)


def _day(moment: datetime | None) -> date | None:
    return None if moment is None else moment.date()


def _all(data: Path | None) -> list[dict[str, Any]]:
    with opened_database(settings_from_environment(data)) as database:
        require_current(database)
        with database.read() as session:
            return _rows(session)


def _rows(session: Session) -> list[dict[str, Any]]:
    root = instance_of(session).root
    first: dict[str, Any] = {
        "name": root.split("+")[0], "use": "root", "state": "active", "verifier": root,
        "issuer": None, "gtin": [], "division": [], "from": None, "to": None,
        "revoked_at_size": None, "store": None, "waits": None,
    }  # fmt: skip
    # the secret signs nothing: nobody verifies with it
    return [first, *(_row(key) for key in queries.signing_keys(session))]


def _row(key: SigningKey) -> dict[str, Any]:
    return {
        "name": key.name,
        "use": key.use,
        "state": key.state,
        "verifier": key.verifier,
        "issuer": key.issuer,
        "gtin": key.gtin,
        "division": key.division,
        "from": key.valid_from.isoformat(),
        "to": key.valid_to.isoformat() if key.valid_to else None,
        "revoked_at_size": key.revoked_at_size,
        "store": key.store,
        "waits": _waits(key),
    }


def _waits(key: SigningKey) -> str | None:
    """The change of a key that waits for the root's signature."""
    if key.revoke_at is not None:
        return f"to be revoked at {key.revoke_at}"
    if key.retire_on is not None:
        return f"to be retired on {key.retire_on}"
    return "to be listed" if key.state == "drafted" else None
