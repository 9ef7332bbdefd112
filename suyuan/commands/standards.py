"""``suyuan standards``: what follows from a change of the standards."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from suyuan.commands.opened import data_option, writing_ledger
from suyuan.commands.watching import counted
from suyuan.trace.acts import reevaluating


@click.group(epilog="Example: suyuan standards reevaluate --data /srv/suyuan")
def standards() -> None:
    """Judge what was tested by the standards as they are now."""


@standards.command(epilog="Example: suyuan standards reevaluate --data /srv/suyuan")
@data_option
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def reevaluate(data: Path | None, as_json: bool) -> None:
    """Judge every test report anew, after an edition or a limit has changed.

    Only verdicts that another row of the standards decides now are changed, each with a record;
    what fails now is held, and a hold whose ground is gone ends. It may be broken off and run
    again, also while the installation serves.
    """
    with writing_ledger(data) as ledger, counted("test reports") as told:
        done = reevaluating.reevaluate(ledger, told)
    if as_json:
        click.echo(json.dumps(asdict(done)))
    else:
        click.echo(f"{done.seen} judged, {done.changed} verdicts changed")
