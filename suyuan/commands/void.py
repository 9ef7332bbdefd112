"""``suyuan void``: declare the code of one package, or every code of a print run, void."""

from __future__ import annotations

from pathlib import Path

import click

from suyuan.commands.opened import acting_for, data_option, writing_ledger
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.acts.voiding import end_labels, void_code, void_run
from suyuan.trace.codes.paths import CodePath
from suyuan.trace.codes.typed import read_typed
from suyuan.trace.errors import NotFound
from suyuan.trace.oversight.search import path_in
from suyuan.trace.parties.actor import Actor
from suyuan.trace.parties.tables import Party
from suyuan.trace.printing.account import FATES, Fate
from suyuan.trace.printing.queries import issued_codes, number_of, print_run
from suyuan.trace.printing.tables import PrintRun


@click.command(
    epilog='Example: suyuan void 01kd8z0000000000000000000a --reason "The roll was stolen."'
)
@click.argument("what")
@click.option("--reason", required=True, help="Why; it is put on record.")
@click.option("--first", help="Of a run, only from this label on: its number, or its 12 digits.")
@click.option("--last", help="To this label, which is void too; without it only the first.")
@click.option("--as", "fate", type=click.Choice(FATES), help="What became of them, with --first.")
@data_option
def void(
    what: str,
    reason: str,
    first: str | None,
    last: str | None,
    fate: Fate | None,
    data: Path | None,
) -> None:
    """Declare WHAT void: a print run by its name, or a package by its code or trace code + serial.

    Whoever scans a label of it reads so at once, and the status list says so for those without
    network. This cannot be taken back. Some labels of a run that were spoiled, returned or lost
    are named by where they stand on it: --first 17 --last 23 --as spoiled.
    """
    if (first is None) != (fate is None) or (first is None and last is not None):
        raise click.UsageError("--first and --as go together, and --last with them.")
    with writing_ledger(data) as ledger:
        if first is not None and fate is not None:
            told = _between(ledger, what, first, last or first)
            ledger.perform(
                _owner(ledger, _run(ledger, what)), end_labels, what, *told, fate, reason
            )
            click.echo(f"Labels {told[0]} to {told[1]} of {what} are {fate}, and void.")
            return
        if what.isalnum() and not what.isdecimal():
            ledger.perform(_owner(ledger, _run(ledger, what)), void_run, what, reason)
        else:
            path = _path(what)
            ledger.perform(_owner(ledger, _run_of(ledger, path)), void_code, str(path), reason)
    click.echo(f"{what} is void.")


def _between(ledger: Ledger, uid: str, first: str, last: str) -> tuple[int, int]:
    with ledger.database.read() as session:
        run = print_run(session, uid)
        return number_of(session, run, first, "first"), number_of(session, run, last, "last")


def _path(what: str) -> CodePath:
    return path_in(what) or read_typed(what)


def _run(ledger: Ledger, uid: str) -> PrintRun:
    with ledger.database.read() as session:
        return print_run(session, uid)


def _run_of(ledger: Ledger, path: CodePath) -> PrintRun:
    with ledger.database.read() as session:
        code = next(iter(issued_codes(session, str(path))), None)
        if code is None:
            raise NotFound("No label with this code was printed here.", field="path")
        return code.run


def _owner(ledger: Ledger, run: PrintRun) -> Actor:
    """The one at the machine's command line, acting for the organisation whose labels they are."""
    with ledger.database.read() as session:
        return acting_for(session.get_one(Party, run.party_id))
