"""``suyuan printer-test``: labels that tell whether a printer's place and darkness are right."""

from __future__ import annotations

import io
from pathlib import Path

import click

from suyuan.commands.labels import form_of
from suyuan.commands.speech import language, translator
from suyuan.labels.output import DPI, USUAL_GAP_MM, Output
from suyuan.labels.templates import template_ids
from suyuan.labels.trial.writing import write_trial
from suyuan.trace.errors import Misconfigured


@click.command(epilog="Example: suyuan printer-test --template trace-50x30 --dpi 203 --out t.tspl")
@click.option(
    "--template",
    default="trace-50x30",
    show_default=True,
    help=f"Whose size the labels have: one of {', '.join(template_ids())}.",
)
@click.option("--dpi", type=click.IntRange(100, 600), default=DPI, show_default=True)
@click.option(
    "--gap", type=click.IntRange(0, 20), default=int(USUAL_GAP_MM), help="Between two labels, mm."
)
@click.option("--head", type=click.IntRange(1), help="Width of the printer's head, dots (.zip).")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True)
def printer_test(template: str, dpi: int, gap: int, head: int | None, out: Path) -> None:
    """Draw test labels for a printer: a border and rulers, dark and fine marks, symbols.

    What --out ends in says in which form: .pdf, .zpl, .tspl, or .zip for pictures. The words on
    them are in the language of the terminal.
    """
    drawn = io.BytesIO()
    output = Output(form_of(out), dpi, gap_mm=gap, head_dots=head)
    count = write_trial(template, output, translator(language()), drawn)
    try:
        out.write_bytes(drawn.getvalue())
    except OSError as error:
        raise Misconfigured(
            "{file} cannot be written: {why}", file=out, why=error.strerror
        ) from error
    click.echo(f"{count} test labels in {out}.")
