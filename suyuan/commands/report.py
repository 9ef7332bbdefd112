"""``suyuan report``: what an installation's records add up to."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import cast, get_args

import click
from rich.console import Console
from rich.progress import Progress, TextColumn, TimeElapsedColumn

from suyuan.api.plain import plain
from suyuan.commands.division_report import division
from suyuan.commands.opened import data_option, opened_database, require_current
from suyuan.commands.speech import language, translator
from suyuan.trace.balance.accounts import Basis
from suyuan.trace.balance.explaining import N_
from suyuan.trace.balance.reports import By, Report
from suyuan.trace.balance.reports import report as balance_report
from suyuan.trace.balance.scope import EARLIEST, LATEST, Scope
from suyuan.trace.balance.told import ToldFinding, ToldLine, told_finding, told_line
from suyuan.trace.errors import InvalidInput
from suyuan.trace.oversight.sheets import Cell, local
from suyuan.trace.parties.divisions import divisions
from suyuan.trace.products.families import Families
from suyuan.trace.quantities import units
from suyuan.trace.settings import settings_from_environment

COLUMNS = (
    N_("Of"), N_("Number"), N_("Family"), N_("Unit"), N_("Basis"), N_("Opening"), N_("Taken in"),
    N_("Given out"), N_("By-products"), N_("Loss"), N_("Samples"), N_("Returns"), N_("Closing"),
    N_("Stock"), N_("Gap"), N_("Unexplained gain"), N_("Unexplained shortage"), N_("Findings"),
    N_("The gravest"),
)  # fmt: skip
FINDING_COLUMNS = (
    N_("Gravity"), N_("Finding"), N_("Batch"), N_("Event"), N_("Time"), N_("Amount"), N_("Unit"),
    N_("Source"), N_("Confidence"), N_("Explanation"),
)  # fmt: skip
_BASES: dict[Basis, str] = {"as_is": N_("as it is"), "dry": N_("dry matter")}
_SHOWN = 20
"""Lines that the terminal shows; files have all."""


@click.group()
def report() -> None:
    """Tell what the records add up to."""


report.add_command(division)


@report.command(
    epilog="Example: suyuan report balance --data /srv/suyuan --season 2026 --xlsx balance.xlsx"
)
@data_option
@click.option(
    "--by", type=click.Choice(get_args(By)), default="party", help="What each line is of."
)
@click.option(
    "--season", type=click.IntRange(EARLIEST, LATEST), help="A calendar year; all, where not given."
)
@click.option("--family", help="Such as yak_meat; all, where not given.")
@click.option("--division", help="The code of a division, such as 540626.")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
@click.option(
    "--xlsx", type=click.Path(path_type=Path, dir_okay=False), help="Write a workbook there."
)
def balance(
    data: Path | None,
    by: str,
    season: int | None,
    family: str | None,
    division: str | None,
    as_json: bool,
    xlsx: Path | None,
) -> None:
    """Reckon what came, what went, and what does not add up; the gravest gap first.

    Every batch is reckoned, however many there are.
    """
    settings = settings_from_environment(data)
    families = Families.load(settings.families_folder)
    if family is not None:
        families.get(family)
    if division is not None:
        divisions().current(division)
    scope = Scope(family=family, division=division, season=season)
    with opened_database(settings) as database:
        require_current(database)
        with database.read() as session, _watched() as watched:
            made = balance_report(session, families, scope, cast(By, by), watched=watched)
    tongue = language()
    translate = translator(tongue)
    lines = [told_line(one, tongue, translate) for one in made.lines]
    findings = [told_finding(one, tongue, translate) for one in made.findings]
    if xlsx is not None:
        _write(xlsx, lines, findings, translate)
    if as_json:
        told = {"by": by, "batches": made.batches, "lines": lines, "findings": findings}
        click.echo(json.dumps(plain(told), ensure_ascii=False))
    else:
        _say(made, lines, findings)


@contextmanager
def _watched() -> Iterator[Callable[[int], None]]:
    """A count of the batches reckoned, where somebody watches the terminal."""
    hidden = not sys.stderr.isatty()
    columns = (TextColumn("{task.completed:.0f} batches"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), disable=hidden) as bar:
        task = bar.add_task("", total=None)
        yield lambda count: bar.advance(task, count)


def _say(made: Report, lines: Sequence[ToldLine], findings: Sequence[ToldFinding]) -> None:
    """The gravest lines and findings, one on each line of the terminal."""
    click.echo(f"{made.batches} batches, {len(made.findings)} findings")
    for line in lines[:_SHOWN]:
        account = line.account
        unit = _unit(account.unit)
        click.echo(
            f"{line.name} {line.family}: in {account.taken_in} {unit}, "
            f"out {account.given_out} {unit}, stock {account.stock} {unit}, "
            f"gap {account.gap} {unit}, findings {line.findings}"
        )
    for one in findings[:_SHOWN]:
        click.echo(f"{one.gravity}. {one.trace_code}: {one.explanation}")


def _write(
    file: Path,
    lines: Sequence[ToldLine],
    findings: Sequence[ToldFinding],
    translate: Callable[[str], str],
) -> None:
    from suyuan.web.workbooks import Page, workbook  # the web's libraries load slowly

    pages = (
        Page(
            translate(N_("Balances")),
            [translate(title) for title in COLUMNS],
            [_line(one, translate) for one in lines],
        ),
        Page(
            translate(N_("Findings")),
            [translate(title) for title in FINDING_COLUMNS],
            [_finding(one) for one in findings],
        ),
    )
    try:
        file.write_bytes(workbook(pages))
    except OSError as error:
        raise InvalidInput(
            "{file} cannot be written: {why}.", "xlsx", file=file, why=error.strerror
        ) from error


def _line(one: ToldLine, translate: Callable[[str], str]) -> list[Cell]:
    account = one.account
    amounts: list[Decimal] = [
        account.opening, account.taken_in, account.given_out, account.by_products, account.loss,
        account.samples, account.returns, account.closing, account.stock, account.gap, one.gain,
        one.missing,
    ]  # fmt: skip
    return [
        one.name, one.uid, one.family, _unit(account.unit), translate(_BASES[account.basis]),
        *amounts, one.findings, one.gravest.explanation if one.gravest else None,
    ]  # fmt: skip


def _finding(one: ToldFinding) -> list[Cell]:
    return [
        one.gravity, one.names.say(language()), one.trace_code, one.event, local(one.at),
        one.amount, _unit(one.unit) if one.unit else None, one.source,
        f"{one.confidence}?" if one.unconfirmed else one.confidence, one.explanation,
    ]  # fmt: skip


def _unit(code: str) -> str:
    unit = units()[code]
    return unit.symbol or unit.zh
