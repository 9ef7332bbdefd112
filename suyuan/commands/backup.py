"""``suyuan backup``: the whole installation into one file, while it serves."""

from __future__ import annotations

import json
from pathlib import Path

import click

from suyuan.commands.opened import data_option, opened_database, require_current
from suyuan.commands.watching import watched
from suyuan.migrations.run import newest
from suyuan.trace.backup.making import make_backup
from suyuan.trace.clock import SystemClock
from suyuan.trace.errors import Conflict, NotFound
from suyuan.trace.settings import settings_from_environment


@click.command(epilog="Example: suyuan backup --data /srv/suyuan --out /media/usb/suyuan.backup")
@data_option
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="File to write."
)
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def backup(data: Path | None, out: Path, as_json: bool) -> None:
    """Write everything into one file, as it is at this moment; nobody has to wait for it.

    The file holds personal data and the sealed keys, so keep it as safe as the data folder; the
    passphrase and the root key are not in it. Exit status 1 where evidence files are missing: the
    rest is in the backup all the same.
    """
    if out.exists():
        raise Conflict("{file} is there already: name another file.", "out", file=out)
    if not out.absolute().parent.is_dir():
        raise NotFound("There is no folder {folder}.", "out", folder=out.absolute().parent)
    settings = settings_from_environment(data)
    with opened_database(settings) as database, watched() as told:
        require_current(database)
        made = make_backup(database, settings, SystemClock(), newest(), out, told)
    if as_json:
        answer = {"file": str(out), "log_size": made.log_size, "missing": list(made.missing)}
        click.echo(json.dumps(answer))
    else:
        click.echo(f"{out} holds everything up to {made.log_size} log entries.")
        for sha256 in made.missing:
            click.echo(f"Missing or changed on disk: evidence file {sha256}", err=True)
    if made.missing:
        raise click.exceptions.Exit(1)
