"""``suyuan void``: declare the code of one package, or every code of a print run, void."""

from __future__ import annotations

from pathlib import Path

import click

from suyuan.commands.opened import acting_for, data_option, writing_ledger
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.acts.voiding import void_code, void_run
from suyuan.trace.codes.paths import CodePath
from suyuan.trace.codes.typed import read_typed
from suyuan.trace.errors import NotFound
from suyuan.trace.oversight.search import path_in
from suyuan.trace.parties.actor import Actor
from suyuan.trace.parties.tables import Party
from suyuan.trace.printing.queries import issued_codes, print_run
from suyuan.trace.printing.tables import PrintRun


@click.command(
    epilog='Example: suyuan void 01kd8z0000000000000000000a --reason "The roll was stolen."'
)
@click.argument("what")
@click.option("--reason", required=True, help="Why; it is put on record.")
@data_option
def void(what: str, reason: str, data: Path | None) -> None:
    """Declare WHAT void: a print run by its name, or a package by its code or trace code + serial.

    Whoever scans a label of it reads so at once, and the status list says so for those without
    network. This cannot be taken back.
    """
    with writing_ledger(data) as ledger:
        if what.isalnum() and not what.isdecimal():
            ledger.perform(_owner(ledger, _run(ledger, what)), void_run, what, reason)
        else:
            path = _path(what)
            ledger.perform(_owner(ledger, _run_of(ledger, path)), void_code, str(path), reason)
    click.echo(f"{what} is void.")


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
