"""``suyuan restore``: an installation from its backup, into an empty database."""

from __future__ import annotations

import json
from pathlib import Path

import click

from suyuan.commands.opened import data_option, opened_database
from suyuan.commands.watching import watched
from suyuan.migrations.run import newest, upgrade
from suyuan.trace.acts.continuing import Continued, continue_log
from suyuan.trace.acts.directories import write_root_file
from suyuan.trace.acts.opening import unlock
from suyuan.trace.backup.archive import reading_archive
from suyuan.trace.backup.restoring import Restored, restore_backup
from suyuan.trace.clock import SystemClock
from suyuan.trace.parties.actor import SYSTEM
from suyuan.trace.settings import settings_from_environment


@click.command(epilog="Example: suyuan restore /media/usb/suyuan.backup --data /srv/suyuan")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@data_option
@click.option(
    "--checkpoint",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="The newest checkpoint of the old log that anybody has, where newer than the backup.",
)
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def restore(file: Path, data: Path | None, checkpoint: Path | None, as_json: bool) -> None:
    """Bring the backup FILE back into an empty data folder, or an empty database.

    The whole file is checked before anything is written. The old log is then closed and the next
    one opened, because others may have seen more of the old one than the backup holds. Its key
    waits for the root: carry the draft of the directory to it (suyuan keys request-directory).
    """
    settings = settings_from_environment(data)
    last_known = checkpoint.read_text(encoding="utf-8") if checkpoint else None
    with reading_archive(file) as archive, watched() as told:
        told("check")
        archive.check()
        settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        with opened_database(settings, new=True) as database:
            upgrade(database)
            restored = restore_backup(database, settings, archive, newest(), told)
            ledger = unlock(database, settings, SystemClock())
            continued = ledger.perform(
                SYSTEM, continue_log, f"restored from {file.name}", last_known
            )
            write_root_file(ledger)
    _tell(restored, continued, as_json)


def _tell(restored: Restored, continued: Continued, as_json: bool) -> None:
    if as_json:
        answer = {"rows": restored.rows, "evidence": restored.evidence, **vars(continued)}
        click.echo(json.dumps(answer))
        return
    click.echo(
        f"""{restored.rows} rows and {restored.evidence} evidence files are back.
The log {continued.closed} is closed; entries of it that are lost: {continued.lost}.
The log goes on as {continued.opened}:
  {continued.key}

Do now:
  1. suyuan keys request-directory, and have the root sign it: others believe the new log then.
  2. Tell the witnesses of the new log.
  3. suyuan doctor"""
    )
