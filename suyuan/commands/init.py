"""``suyuan init``: set up an installation, once."""

from __future__ import annotations

from pathlib import Path

import click

from suyuan.commands.opened import data_option, opened_database
from suyuan.labels.qr import fits_host
from suyuan.migrations.run import upgrade
from suyuan.trace.acts.opening import SEALED_ROOT, Opening, instance_of, open_instance
from suyuan.trace.clock import SystemClock
from suyuan.trace.codes.signed_code import require_label_host
from suyuan.trace.errors import InvalidInput, Misconfigured
from suyuan.trace.keys.notes import require_key_name
from suyuan.trace.settings import Settings, settings_from_environment


@click.command(
    epilog="Example: suyuan init --data /srv/suyuan --origin trace.example.cn "
    "--label-host t.example.cn --issuer 索县农业农村局"
)
@data_option
@click.option("--origin", help="The name of this installation for ever: a host name you own.")
@click.option("--label-host", help="The host that labels name; short, and yours for many years.")
@click.option("--issuer", help="Who answers for the keys, by its full name.")
@click.option("--migrate", is_flag=True, help="Only bring the tables to this version.")
def init(
    data: Path | None,
    origin: str | None,
    label_host: str | None,
    issuer: str | None,
    migrate: bool,
) -> None:
    """Set up an installation: its tables, its keys, its first key directory.

    What is not given is asked for. The passphrase of the keys is made in a file of its own
    (SUYUAN_PASSPHRASE_FILE), outside the data folder.
    """
    settings = settings_from_environment(data)
    if migrate:
        with opened_database(settings) as database:
            upgrade(database)
        click.echo("The tables are those of this version.")
        return
    require_passphrase_outside(settings)
    opening = Opening(
        origin=origin or click.prompt("Name of this installation (a host name you own)"),
        label_host=label_host or click.prompt("Host that labels name"),
        issuer=issuer or click.prompt("Who answers for the keys"),
    )
    require_label_host(opening.label_host)
    require_room_in_symbol(opening.label_host)
    require_key_name(opening.origin)
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    with opened_database(settings, new=True) as database:
        upgrade(database)
        open_instance(database, settings, SystemClock(), opening)
        with database.read() as session:
            root = instance_of(session).root
    _tell(settings, opening, root)


def require_passphrase_outside(settings: Settings) -> None:
    """Raises Misconfigured where the passphrase would lie beside the keys it opens."""
    if settings.passphrase_file.absolute().is_relative_to(settings.data):
        raise Misconfigured(
            "The passphrase file {path} is in the data folder: whoever copies the one has the "
            "other. Set SUYUAN_PASSPHRASE_FILE to a place outside.",
            path=settings.passphrase_file,
        )


def require_room_in_symbol(label_host: str) -> None:
    """Raises InvalidInput for a host with which the longest code would not fit a label's symbol."""
    if not fits_host(label_host):
        raise InvalidInput(
            "The label host {host} is too long: with it a code would need a larger symbol than "
            "labels have room for. Take a shorter name.",
            field="label_host",
            host=label_host,
        )


def _tell(settings: Settings, opening: Opening, root: str) -> None:
    sealed = settings.data / SEALED_ROOT
    click.echo(
        f"""{opening.origin} is set up in {settings.data}. Labels will name {opening.label_host}.

Root key, to be published where people can compare it:
  {root}

Do now:
  1. Copy {settings.passphrase_file} to a safe place apart from the backups.
  2. Carry {sealed} away on two media and delete it here. It signs
     key directories only; nothing that runs daily needs it.
  3. suyuan doctor --data {settings.data}
  4. suyuan serve --data {settings.data}, and suyuan worker beside it.
  5. suyuan party add --data {settings.data} --kind platform_operator --name NAME \\
       --division CODE --checked-against PAPER
     It prints the uid of the operator's organisation, for the next step.
  6. suyuan user add --data {settings.data} --party UID --role administrator \\
       --name NAME --phone NUMBER
     It prints the link by which the first person comes in."""
    )
