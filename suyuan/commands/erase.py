"""``suyuan erase``: personal data that must go (个人信息保护法 Art. 47)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import click

from suyuan.commands.opened import (
    data_option,
    opened_database,
    opened_ledger,
    require_current,
    writing_ledger,
)
from suyuan.trace.acts.erased_files import sweep_files
from suyuan.trace.acts.erasing import erase as erase_fields
from suyuan.trace.acts.erasing import erase_party, erase_person
from suyuan.trace.acts.people import e164
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.clock import SystemClock, day_of
from suyuan.trace.errors import NotFound
from suyuan.trace.log.dropping import reasons
from suyuan.trace.parties import queries
from suyuan.trace.parties.actor import SYSTEM
from suyuan.trace.records import SCHEMAS
from suyuan.trace.retention.due import due as what_is_due
from suyuan.trace.scouring import scour
from suyuan.trace.settings import settings_from_environment

F = TypeVar("F", bound=Callable[..., Any])


def _asked(command: F) -> F:
    """What every erasure asks for."""
    for option in (
        click.option("--json", "as_json", is_flag=True, help="Answer as JSON."),
        click.option("--yes", is_flag=True, help="Do not ask whether this is meant."),
        click.option(
            "--reason", required=True, type=click.Choice(sorted(reasons())), help="On what ground."
        ),
        data_option,
    ):
        command = option(command)
    return command


@click.group()
def erase() -> None:
    """Erase personal data for good; the log stays whole and says that something went.

    The value is taken out of the records, the pages, the exports and the files of the database.
    Backups made before still hold it: they end by their own time.
    """


@erase.command(epilog="Example: suyuan erase person 13800138000 --reason asked_for")
@click.argument("phone")
@_asked
def person(phone: str, reason: str, data: Path | None, yes: bool, as_json: bool) -> None:
    """Erase name and number of the person who signs in by PHONE, and every way in."""
    with writing_ledger(data) as ledger:
        with ledger.database.read() as session:
            known = queries.person_by_phone(session, e164(phone))
        if known is None:
            raise NotFound("Nobody signs in by this number.", field="phone")
        _sure(f"The name and the number of {known.uid}", yes)
        _tell(ledger, ledger.perform(SYSTEM, erase_person, known.uid, reason), as_json)


@erase.command(epilog="Example: suyuan erase party 01jd… --reason no_longer_needed")
@click.argument("uid")
@_asked
def party(uid: str, reason: str, data: Path | None, yes: bool, as_json: bool) -> None:
    """Erase the number of the organisation UID; of a household its name too."""
    with writing_ledger(data) as ledger:
        _sure(f"What is personal of {uid}", yes)
        _tell(ledger, ledger.perform(SYSTEM, erase_party, uid, reason), as_json)


@erase.command(
    epilog="Example: suyuan erase record 01jd… --field kde.seller --reason withdrawn_consent"
)
@click.argument("record_id")
@click.option("--field", "fields", multiple=True, required=True, help="A personal field of it.")
@_asked
def record(
    record_id: str,
    fields: tuple[str, ...],
    reason: str,
    data: Path | None,
    yes: bool,
    as_json: bool,
) -> None:
    """Erase personal fields of the record RECORD_ID, and of what corrects it."""
    with writing_ledger(data) as ledger:
        _sure(f"{', '.join(fields)} of {record_id}", yes)
        _tell(ledger, ledger.perform(SYSTEM, erase_fields, record_id, fields, reason), as_json)


@erase.command(epilog="Example: suyuan erase rewrite")
@data_option
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def rewrite(data: Path | None, as_json: bool) -> None:
    """Write the files of the database anew, after erasures that were made on a page."""
    with opened_ledger(data) as ledger:
        _tell(ledger, [], as_json)


@erase.command(epilog="Example: suyuan erase due --data /srv/suyuan")
@data_option
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def due(data: Path | None, as_json: bool) -> None:
    """List what the law had kept and whose time is up: one record in a line.

    What a legal hold or an open case keeps all the same is marked; nothing is erased by this.
    """
    settings = settings_from_environment(data)
    today = day_of(SystemClock().now())
    with opened_database(settings) as database:
        require_current(database)
        with database.read() as session:
            for one in what_is_due(session, SCHEMAS, today):
                told = {
                    "record": one.record.id,
                    "fields": list(one.fields),
                    "kept_until": one.keeping.until.isoformat(),
                    "rule": one.keeping.rule.key,
                    "held": one.held,
                }
                click.echo(json.dumps(told) if as_json else _due_line(told))


def _due_line(told: Mapping[str, Any]) -> str:
    held = "  held" if told["held"] else ""
    fields = ", ".join(told["fields"])
    return f"{told['record']}  {told['kept_until']}  {told['rule']}  {fields}{held}"


def _sure(what: str, yes: bool) -> None:
    if not yes:
        click.confirm(f"{what} cannot be brought back. Erase?", abort=True, err=True)


def _tell(ledger: Ledger, erasures: list[str], as_json: bool) -> None:
    """Write the files anew, and say what was done; exit status 1 where it is not yet all gone."""
    sweep_files(ledger)
    gone = scour(ledger.database)
    if as_json:
        click.echo(json.dumps({"erasures": erasures, "files_rewritten": gone}))
    else:
        if erasures:
            click.echo(f"Erased. The log says so in {', '.join(erasures)}.")
        click.echo(
            "The files of the database were written anew."
            if gone
            else "Somebody is reading: the files still hold it. Run suyuan erase rewrite again."
        )
    if not gone:
        raise click.exceptions.Exit(1)
