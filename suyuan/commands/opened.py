"""What most commands begin with: the data folder, its settings, its database, its keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import click
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from suyuan.migrations.run import is_current
from suyuan.trace.acts.opening import unlock
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.acts.witnessing import ask_witnesses, waiting_where_unheard, witnessing_of
from suyuan.trace.clock import SystemClock
from suyuan.trace.database import Database, open_database
from suyuan.trace.errors import Misconfigured
from suyuan.trace.parties.actor import SYSTEM, Actor
from suyuan.trace.parties.tables import Party
from suyuan.trace.settings import Settings, settings_from_environment

F = TypeVar("F", bound=Callable[..., Any])


def data_option(command: F) -> F:
    """The option ``--data``, the same for every command."""
    return click.option(
        "--data",
        type=click.Path(path_type=Path, file_okay=False),
        help="The data folder. [SUYUAN_DATA; ./var]",
    )(command)


@contextmanager
def opened_database(settings: Settings, *, new: bool = False) -> Iterator[Database]:
    """The database of these settings, closed at the end.

    Raises Misconfigured where it cannot be reached, or is not there and is not to be ``new``.
    """
    file = sa.make_url(settings.database_url).database
    if not new and settings.database_url.startswith("sqlite") and not Path(str(file)).exists():
        raise Misconfigured(
            "There is no installation in {folder}: run suyuan init, or name its folder with "
            "--data.",
            folder=settings.data,
        )
    database = open_database(settings.database_url)
    try:
        yield database
    except DBAPIError as error:
        if not (error.connection_invalidated or isinstance(error, sa.exc.OperationalError)):
            raise
        raise Misconfigured(
            "The database cannot be used: {why}", why=str(error.orig).strip().split("\n")[0]
        ) from error
    finally:
        database.close()


@contextmanager
def opened_ledger(data: Path | None) -> Iterator[Ledger]:
    """The unlocked ledger of the installation in ``data``, closed at the end.

    Raises Misconfigured where nothing is set up or the tables are not of this version, and
    WrongPassphrase.
    """
    settings = settings_from_environment(data)
    with opened_database(settings) as database:
        require_current(database)
        yield unlock(database, settings, SystemClock())


@contextmanager
def writing_ledger(data: Path | None) -> Iterator[Ledger]:
    """As ``opened_ledger``, for a command that records something: its witnesses are asked first.

    So a command given to an old copy by mistake signs no second history either.
    """
    with opened_ledger(data) as ledger:
        yield compare_with_witnesses(ledger)


def compare_with_witnesses(ledger: Ledger) -> Ledger:
    """Ask every witness at the start, and say where the log must not go on or nobody answers.

    Answers the ledger to go on with: one that records nothing where too few have answered.
    """
    started = ledger.clock.now()
    heard = ask_witnesses(ledger, everyone=True)
    for answer in heard:
        if answer.trouble is not None:
            click.echo(f"Witness {answer.witness.name}: {answer.trouble}", err=True)
    halted = witnessing_of(ledger).halted
    if halted is not None:
        click.echo(f"The log is halted, nothing can be recorded: {halted}", err=True)
    going_on = waiting_where_unheard(ledger, started)
    if going_on.unheard_since is not None:
        click.echo(
            "Too few witnesses answer: nothing is recorded until they do. Where this is certainly "
            "the only copy, say why in SUYUAN_WITNESSES_AWAY.",
            err=True,
        )
    return going_on


def require_current(database: Database) -> None:
    """Raises Misconfigured unless the tables are those of this version."""
    if not is_current(database):
        raise Misconfigured(
            "The tables are not those of this version. Stop the server, then run suyuan init "
            "--migrate."
        )


def acting_for(party: Party) -> Actor:
    """The one at the machine's command line, acting for an organisation as its head."""
    return replace(
        SYSTEM,
        party_id=party.id,
        party_uid=party.uid,
        party_kind=party.kind,
        party_state=party.state,
        division=party.division,
        roles=frozenset({"head"}),
    )
