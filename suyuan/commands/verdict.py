"""``suyuan verdict``: what the standards say of a result; stores nothing.

It needs an installation only where the limits of a county are asked for: they are kept in one.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import cast, get_args

import click

from suyuan.commands.opened import data_option, opened_database, require_current
from suyuan.commands.speech import language, translator
from suyuan.trace.quality.county_limits import evaluate_within
from suyuan.trace.quality.limits import Basis
from suyuan.trace.quality.told import told
from suyuan.trace.quality.verdicts import Asked, Verdict, evaluate
from suyuan.trace.settings import settings_from_environment


@click.command(
    epilog="Example: suyuan verdict --product-class maize --production-date 2026-10-03 "
    "--parameter AFB1 --result 20.1 --unit µg/kg"
)
@click.option("--product-class", required=True, help="Such as maize, 陈醋 or grain/sorghum.")
@click.option(
    "--production-date",
    required=True,
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day it was made: it chooses the edition.",
)
@click.option("--parameter", required=True, help="What was measured, such as 铅 or AFB1.")
@click.option(
    "--result",
    "results",
    required=True,
    multiple=True,
    help="As the laboratory wrote it; give it once for each of n samples.",
)
@click.option("--unit", default="", help="Such as mg/kg, g/100 mL, CFU/g or /25 g.")
@click.option("--lod", default="", help="The detection limit, where it is given apart.")
@click.option("--moisture", default="", help="In percent, where the limit is on dry basis.")
@click.option(
    "--basis",
    type=click.Choice(get_args(Basis)),
    default="as_is",
    help="dry: the result is on dry basis already.",
)
@click.option(
    "--division",
    default="",
    help="The code of where the goods are from, such as 540626: its county's limits are asked too.",
)
@data_option
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON, as the API does.")
def verdict(
    product_class: str,
    production_date: datetime,
    parameter: str,
    results: tuple[str, ...],
    unit: str,
    lod: str,
    moisture: str,
    basis: str,
    division: str,
    data: Path | None,
    as_json: bool,
) -> None:
    """Tell whether a result passes, by the standard in force on the production date.

    The verdict is pass, fail, inconclusive or not_regulated; exit status 0 whichever it is.
    """
    asked = Asked(
        product_class, production_date.date(), parameter, results, unit, lod, moisture,
        cast(Basis, basis),
    )  # fmt: skip
    tongue = language()
    found = _within(asked, division, data) if division else evaluate(asked)
    answer = told(found, tongue, translator(tongue))
    if as_json:
        click.echo(json.dumps(asdict(answer), ensure_ascii=False))
    else:
        click.echo(f"{answer.verdict}: {answer.explanation}")


def _within(asked: Asked, division: str, data: Path | None) -> Verdict:
    with opened_database(settings_from_environment(data)) as database:
        require_current(database)
        with database.read() as session:
            return evaluate_within(session, asked, division)
