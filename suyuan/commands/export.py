"""``suyuan export``: data of this installation in the formats of others."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from suyuan.commands.opened import data_option, opened_database, require_current
from suyuan.trace.acts.opening import instance_of
from suyuan.trace.clock import SystemClock
from suyuan.trace.codes.signing import label_host
from suyuan.trace.database import Database
from suyuan.trace.errors import InvalidInput
from suyuan.trace.events.epcis import EpcisSource, document_pieces
from suyuan.trace.events.epcis_sources import all_sources
from suyuan.trace.events.queries import count_events
from suyuan.trace.products.families import Families
from suyuan.trace.settings import settings_from_environment


@click.group()
def export() -> None:
    """Write data out in the formats of others."""


@export.command(epilog="Example: suyuan export epcis --data /srv/suyuan --out events.jsonld")
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file to write; it appears when it is complete.",
)
@data_option
def epcis(out: Path, data: Path | None) -> None:
    """Write every event as EPCIS 2.0 JSON-LD.

    Corrected events stand there with their error declaration; personal data stay here.
    """
    settings = settings_from_environment(data)
    families = Families.load(settings.families_folder)
    # beside the file: a name that appears only when all is written is never half a document
    unfinished = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        with opened_database(settings) as database:
            require_current(database)
            told = _write(database, families, unfinished)
        unfinished.replace(out)
    except OSError as error:
        raise InvalidInput(
            "{file} cannot be written: {why}.", "out", file=out, why=error.strerror
        ) from error
    finally:
        unfinished.unlink(missing_ok=True)
    click.echo(f"{told} events: {out}")


def _write(database: Database, families: Families, file: Path) -> int:
    """Write the document; returns how many events stand in it."""
    told = 0

    def counted(events: Iterable[EpcisSource]) -> Iterator[EpcisSource]:
        nonlocal told
        for event in events:
            told += 1
            yield event

    with database.read() as session, file.open("w", encoding="utf-8") as opened:
        site = str(label_host(instance_of(session).hosts))
        bar = click.progressbar(
            counted(all_sources(session, families)),
            length=count_events(session),
            file=sys.stderr,
            hidden=not sys.stderr.isatty(),
        )
        with bar as watched:
            opened.writelines(document_pieces(watched, site, SystemClock().now()))
    return told
