"""``suyuan report division``: a division's week, month, quarter or year."""

from __future__ import annotations

import json
from pathlib import Path
from typing import cast

import click

from suyuan.api.plain import plain
from suyuan.commands.opened import data_option, opened_database, require_current
from suyuan.commands.speech import language, translator
from suyuan.trace.clock import SystemClock
from suyuan.trace.errors import InvalidInput
from suyuan.trace.oversight.division_reports import AskedReport, division_report
from suyuan.trace.oversight.figures import cadences
from suyuan.trace.oversight.periods import CADENCES, Cadence, last_over, read_period
from suyuan.trace.oversight.told_reports import ToldReport, told_report
from suyuan.trace.parties.divisions import divisions
from suyuan.trace.products.families import Families
from suyuan.trace.settings import settings_from_environment


@click.command(
    epilog="Example: suyuan report division 540626 --cadence monthly --data /srv/suyuan "
    "--xlsx report.xlsx"
)
@data_option
@click.argument("division")
@click.option(
    "--cadence", type=click.Choice(CADENCES), default="monthly", help="How often it is made."
)
@click.option(
    "--period", help="2026-W23, 2026-05, 2026-Q2 or 2026; the last that is over, where not given."
)
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
@click.option(
    "--xlsx", type=click.Path(path_type=Path, dir_okay=False), help="Write a workbook there."
)
def division(
    data: Path | None,
    division: str,
    cadence: str,
    period: str | None,
    as_json: bool,
    xlsx: Path | None,
) -> None:
    """Tell what was recorded of a DIVISION in a week, month, quarter or year.

    The report of a period that is over is the same whenever it is asked for.
    """
    settings = settings_from_environment(data)
    families = Families.load(settings.families_folder)
    now, every = SystemClock().now(), cast(Cadence, cadence)
    asked = AskedReport(
        divisions().current(division).code,
        read_period(every, period, now) if period else last_over(every, now),
    )
    with opened_database(settings) as database:
        require_current(database)
        with database.read() as session:
            told = told_report(division_report(session, asked, now))
    if xlsx is not None:
        _write(xlsx, told, families)
    if as_json:
        click.echo(json.dumps(plain(told), ensure_ascii=False))
    else:
        _say(told)


def _say(told: ToldReport) -> None:
    """The figures that are not nought, one on each line of the terminal."""
    tongue = language()
    click.echo(f"{told.name} {cadences()[told.cadence].names.say(tongue)} {told.period}")
    for one in told.figures:
        if one.now or one.before:
            click.echo(f"{one.names.say(tongue)}: {one.now} ({told.before}: {one.before})")


def _write(file: Path, told: ToldReport, families: Families) -> None:
    from suyuan.web.report_workbooks import report_workbook  # the web's libraries load slowly

    tongue = language()
    called = {one.key: one.names for one in families}
    content = report_workbook(told, called, tongue, translator(tongue))
    try:
        file.write_bytes(content)
    except OSError as error:
        raise InvalidInput(
            "{file} cannot be written: {why}.", "xlsx", file=file, why=error.strerror
        ) from error
