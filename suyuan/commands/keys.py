"""``suyuan keys``: the keys of this installation, as everybody may know them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.commands.opened import data_option, opened_database, require_current
from suyuan.trace.acts.opening import instance_of
from suyuan.trace.errors import NotFound
from suyuan.trace.keys.tables import SigningKey
from suyuan.trace.settings import settings_from_environment


@click.group()
def keys() -> None:
    """Show the keys of this installation. No passphrase is needed."""


@keys.command("list", epilog="Example: suyuan keys list --data /srv/suyuan")
@data_option
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def list_(data: Path | None, as_json: bool) -> None:
    """List each key: its use, its state, from when to when it may sign."""
    rows = _all(data)
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    width = max(len(row["name"]) for row in rows)
    for row in rows:
        dates = f"{row['from']} – {row['to'] or ''}" if row["from"] else ""
        click.echo(f"{row['name']:<{width}}  {row['use']:<8} {row['state']:<8} {dates}".rstrip())


@keys.command(epilog="Example: suyuan keys show trace.example.cn/root --data /srv/suyuan")
@click.argument("name")
@data_option
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def show(name: str, data: Path | None, as_json: bool) -> None:
    """Print the verifier key (C2SP) of the key NAME, to give to those who verify."""
    found = next((row for row in _all(data) if row["name"] == name), None)
    if found is None:
        raise NotFound("There is no key {name}; suyuan keys list tells all.", "name", name=name)
    click.echo(json.dumps(found, ensure_ascii=False) if as_json else found["verifier"])


def _all(data: Path | None) -> list[dict[str, Any]]:
    with opened_database(settings_from_environment(data)) as database:
        require_current(database)
        with database.read() as session:
            return _rows(session)


def _rows(session: Session) -> list[dict[str, Any]]:
    root = instance_of(session).root
    rows: list[dict[str, Any]] = [
        {"name": root.split("+")[0], "use": "root", "state": "active", "verifier": root,
         "issuer": None, "gtin": [], "division": [], "from": None, "to": None}
    ]  # fmt: skip
    # the secret signs nothing: nobody verifies with it
    kept = sa.select(SigningKey).where(SigningKey.use != "secret").order_by(SigningKey.id)
    for key in session.scalars(kept):
        rows += [
            {
                "name": key.name,
                "use": key.use,
                "state": key.state,
                "verifier": key.verifier,
                "issuer": key.issuer,
                "gtin": key.gtin,
                "division": key.division,
                "from": key.valid_from.isoformat(),
                "to": key.valid_to.isoformat() if key.valid_to else None,
            }
        ]
    return rows
