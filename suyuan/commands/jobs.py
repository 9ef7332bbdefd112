"""``suyuan jobs``: labels that a worker issues and draws in the background."""

from __future__ import annotations

import json
import time
from dataclasses import asdict
from pathlib import Path

import click

from suyuan.commands.jobs_told import JobTold, find_job, one_job
from suyuan.commands.opened import acting_for, data_option, opened_ledger, writing_ledger
from suyuan.commands.watching import counted
from suyuan.labels.from_facts import try_output
from suyuan.labels.output import DPI, MEDIA_TYPES, USUAL_GAP_MM, Output
from suyuan.labels.sheets import A4
from suyuan.trace.acts.pins import draw_pins
from suyuan.trace.acts.print_jobs import order_print_job
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.errors import Conflict, Misconfigured
from suyuan.trace.jobs.facts import ENDED
from suyuan.trace.jobs.issuing import newest_issue_jobs
from suyuan.trace.jobs.queries import file_to_print, newest_jobs, print_job
from suyuan.trace.parties.actor import Actor
from suyuan.trace.parties.tables import Party
from suyuan.trace.printing.queries import print_run

_LOOK = 0.5
"""Seconds between two looks at a job that is watched."""


@click.group()
def jobs() -> None:
    """Labels of long print runs, issued and drawn in the background: a running worker does it."""


@jobs.command(epilog="Example: suyuan jobs order 01kd8z0000000000000000000a --form zpl --dpi 203")
@click.argument("run")
@click.option("--form", type=click.Choice(list(MEDIA_TYPES)), default="pdf", show_default=True)
@click.option("--sheet", is_flag=True, help="On A4 sheets; else one label a page, as on a roll.")
@click.option("--paper", help="On other sheets, as suyuan labels has them.")
@click.option("--taken", type=click.IntRange(0), default=0, help="Stickers used up on the first.")
@click.option("--dpi", type=click.IntRange(100, 2400), default=DPI, show_default=True)
@click.option("--gap", type=float, default=USUAL_GAP_MM, help="Between two labels, mm (tspl).")
@click.option("--head", type=click.IntRange(1), help="Width of the printer's head, dots (png).")
@data_option
def order(
    run: str,
    form: str,
    sheet: bool,
    paper: str | None,
    taken: int,
    dpi: int,
    gap: float,
    head: int | None,
    data: Path | None,
) -> None:
    """Order the labels of the print run RUN; prints the name of the job."""
    output = Output(form, dpi, sheet or bool(paper), gap, head, paper or A4, taken)
    with writing_ledger(data) as ledger:
        with ledger.database.read() as session:
            owner = _owner(ledger, print_run(session, run).party_id)
        tried = try_output(output)
        uid = ledger.perform(owner, order_print_job, run, asdict(output), try_out=tried)
    click.echo(uid)


@jobs.command("list", epilog="Example: suyuan jobs list --json")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON, one object a line.")
@data_option
def list_(as_json: bool, data: Path | None) -> None:
    """Print the newest jobs: runs that are issued in the background, and labels that are drawn."""
    with opened_ledger(data) as ledger, ledger.database.read() as session:
        for one in (*newest_issue_jobs(session), *newest_jobs(session)):
            said = one_job(one)
            click.echo(json.dumps(said.as_json, ensure_ascii=False) if as_json else said.line)


@jobs.command(epilog="Example: suyuan jobs watch 01kd8z0000000000000000000a")
@click.argument("job")
@data_option
def watch(job: str, data: Path | None) -> None:
    """Wait until JOB has ended, and say how."""
    with opened_ledger(data) as ledger:
        with counted(job) as told:
            while (now := _now(ledger, job)).state not in ENDED:
                told(now.made, now.labels)
                time.sleep(_LOOK)
        click.echo(now.line)
        if now.state != "done":
            raise SystemExit(1)


@jobs.command(epilog="Example: suyuan jobs cancel 01kd8z0000000000000000000a")
@click.argument("job")
@data_option
def cancel(job: str, data: Path | None) -> None:
    """Call JOB off."""
    with writing_ledger(data) as ledger:
        now = _now(ledger, job)
        ledger.perform(_owner(ledger, now.party_id), now.cancel, job)
    click.echo(f"{job} is cancelled.")


@jobs.command(epilog="Example: suyuan jobs fetch 01kd8z0000000000000000000a --out labels.pdf")
@click.argument("job")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True)
@data_option
def fetch(job: str, out: Path, data: Path | None) -> None:
    """Copy the file of JOB to --out, and print its SHA-256 as sha256sum does.

    Labels with scratch PINs are put on record each time.
    """
    with writing_ledger(data) as ledger:
        with ledger.database.read() as session:
            made = print_job(session, job)
            folder, run = ledger.settings.labels_folder, made.run
            kept = file_to_print(session, made, folder, ledger.keys.secret)
        if out.exists():
            raise Conflict("{file} is there already: name another file.", "out", file=out)
        if run.pins:
            ledger.perform(_owner(ledger, run.party_id), draw_pins, run.uid)
        try:
            with out.open("wb") as file:
                file.writelines(kept.portions())
        except OSError as error:
            raise Misconfigured(
                "{file} cannot be written: {why}", file=out, why=error.strerror
            ) from error
    click.echo(f"{made.sha256}  {out}")


def _now(ledger: Ledger, uid: str) -> JobTold:
    with ledger.database.read() as session:
        return find_job(session, uid)


def _owner(ledger: Ledger, party_id: int) -> Actor:
    """The one at the machine's command line, acting for the organisation whose labels they are."""
    with ledger.database.read() as session:
        return acting_for(session.get_one(Party, party_id))
