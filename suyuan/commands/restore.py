"""``suyuan restore``: an installation from its backup, into an empty database."""

from __future__ import annotations

import json
from pathlib import Path

import click

from suyuan.commands.opened import data_option, opened_database
from suyuan.commands.watching import watched
from suyuan.migrations.run import newest, upgrade
from suyuan.trace.acts.opening import instance_of
from suyuan.trace.backup.archive import reading_archive
from suyuan.trace.backup.restoring import restore_backup
from suyuan.trace.settings import settings_from_environment


@click.command(epilog="Example: suyuan restore /media/usb/suyuan.backup --data /srv/suyuan")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@data_option
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def restore(file: Path, data: Path | None, as_json: bool) -> None:
    """Bring the backup FILE back into an empty data folder, or an empty database.

    The whole file is checked before anything is written.
    """
    settings = settings_from_environment(data)
    with reading_archive(file) as archive, watched() as told:
        told("check")
        archive.check()
        settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        with opened_database(settings, new=True) as database:
            upgrade(database)
            restored = restore_backup(database, settings, archive, newest(), told)
            with database.read() as session:
                root = instance_of(session).root
    settings.root_key_file.write_text(root + "\n", encoding="ascii")
    if as_json:
        click.echo(json.dumps({"rows": restored.rows, "evidence": restored.evidence}))
    else:
        click.echo(f"{restored.rows} rows and {restored.evidence} evidence files are back.")
