"""``suyuan labels``: issue the codes of labels, and draw them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TextIO

import click

from suyuan.commands.opened import acting_for, data_option, writing_ledger
from suyuan.commands.watching import counted
from suyuan.labels.from_facts import try_on, write_labels
from suyuan.labels.output import DPI, SUFFIXES, USUAL_GAP_MM, Output
from suyuan.labels.sheets import A4, papers
from suyuan.labels.templates import template as label_template
from suyuan.labels.templates import template_ids
from suyuan.trace.acts.pins import draw_pins
from suyuan.trace.acts.printing import issue_print_run
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.acts.weighing import Weighed
from suyuan.trace.batches import queries as batches
from suyuan.trace.codes.trace_code import parse_trace_code
from suyuan.trace.errors import InvalidInput, Misconfigured, NotFound
from suyuan.trace.parties.actor import Actor
from suyuan.trace.printing.content import IssuedLabel
from suyuan.trace.printing.paper_checks import facts_to_draw
from suyuan.trace.printing.queries import count_labels, labels_of, print_run
from suyuan.trace.printing.weighing import SCALE_UNITS

_DEFAULT = "trace-50x30"


@click.command(
    epilog="Example: suyuan labels 5406260847047297 --count 200 --template complete-70x50 "
    "--out labels.pdf"
)
@click.argument("trace_code")
@click.option("--count", type=click.IntRange(1), help="How many labels.")
@click.option(
    "--weights",
    type=click.File(encoding="utf-8-sig"),
    help="A file with the net content of each package, one a line: one label for each.",
)
@click.option(
    "--unit", default="KGM", type=click.Choice(SCALE_UNITS), help="Of weights without one."
)
@click.option(
    "--template",
    default=_DEFAULT,
    show_default=True,
    help=f"One of {', '.join(template_ids())}, or a size such as complete-75x55.",
)
@click.option("--unbound", is_flag=True, help="A blank roll; TRACE_CODE gives only the template.")
@click.option("--batch", "for_batch", is_flag=True, help="The batch's own code, with no serials.")
@click.option("--pins", is_flag=True, help="A number under scratch ink on each label.")
@click.option("--sheet", is_flag=True, help="On A4 sheets; else one label a page, as on a roll.")
@click.option("--paper", help=f"On other sheets: {', '.join(papers())}, or a grid in mm.")
@click.option("--taken", type=click.IntRange(0), default=0, help="Stickers used up on the first.")
@click.option("--dpi", type=click.IntRange(100, 2400), default=DPI, show_default=True)
@click.option(
    "--gap", type=click.IntRange(0, 20), default=int(USUAL_GAP_MM), help="Between two labels, mm."
)
@click.option("--head", type=click.IntRange(1), help="Width of the printer's head, dots (.zip).")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True)
@click.option("--json", "as_json", is_flag=True, help="Tell what was made as JSON.")
@data_option
def labels(
    trace_code: str,
    count: int | None,
    weights: TextIO | None,
    unit: str,
    template: str,
    unbound: bool,
    for_batch: bool,
    pins: bool,
    sheet: bool,
    paper: str | None,
    taken: int,
    dpi: int,
    gap: int,
    head: int | None,
    out: Path,
    as_json: bool,
    data: Path | None,
) -> None:
    """Issue COUNT labels for the batch TRACE_CODE and write them to a file.

    What --out ends in says in which form: .pdf for a printer's driver, .zpl or .tspl for a label
    printer itself, .zip for pictures (PNG) that an app on a phone hands on to one, .symbols.zip for
    the symbols alone (SVG and PNG). A grid for --paper is page, columns and rows, margins left and
    top, gaps: "210x297 3x7 7.25,15.15 2.5,0".

    The codes are signed and logged before anything is drawn. A label that cannot be printed so,
    for want of an item or of room, is refused and no code is issued.
    """
    nets = _read_weights(weights)
    if not (count or nets):
        raise InvalidInput("Say how many labels, or the net content of each.", "count")
    output = Output(form_of(out), dpi, sheet or bool(paper), gap, head, paper or A4, taken)
    if not out.absolute().parent.is_dir():
        raise NotFound("There is no folder {folder}.", field="out", folder=out.absolute().parent)
    per_package = not for_batch and label_template(template).per_package
    with writing_ledger(data) as ledger:
        run = ledger.perform(
            _owner(ledger, trace_code),
            issue_print_run,
            trace_code,
            count or len(nets),
            template,
            per_package,
            try_out=try_on(output),
            unbound=unbound,
            pins=pins,
            weighed=Weighed(nets, unit),
        )
        if pins:
            ledger.perform(_owner(ledger, trace_code), draw_pins, run)
        written = _draw(ledger, run, template, out, output)
    if as_json:
        click.echo(json.dumps({"print_run": run, "labels": written, "file": str(out)}))
    else:
        click.echo(f"{written} labels in {out} (print run {run}).")


def _read_weights(file: TextIO | None) -> tuple[str, ...]:
    """The lines of a file that say something. Raises InvalidInput where it is no text."""
    try:
        return tuple(line.strip() for line in file or () if line.strip())
    except UnicodeDecodeError as error:
        raise InvalidInput(
            "The weights are no text in UTF-8: save them as plain text, one in a line.", "weights"
        ) from error


def form_of(out: Path) -> str:
    """The form that a file's name asks for. Raises InvalidInput."""
    # an archive of symbols ends in .zip too
    for form, suffix in sorted(SUFFIXES.items(), key=lambda one: -len(one[1])):
        if out.name.lower().endswith(suffix):
            return form
    raise InvalidInput(
        "Labels are written as {known}: give --out a name that ends so.",
        "out",
        known=", ".join(SUFFIXES.values()),
    )


def _owner(ledger: Ledger, trace_code: str) -> Actor:
    """The one at the machine's command line, acting for the organisation whose batch it is."""
    code = parse_trace_code(trace_code)
    with ledger.database.read() as session:
        return acting_for(batches.batch(session, code).party)


def _draw(ledger: Ledger, run: str, template: str, out: Path, output: Output) -> int:
    """Write the file whole or not at all; the codes are issued and can be drawn again."""
    drawing = out.with_name(f".{out.name}.{run}")
    try:
        with ledger.database.read() as session, drawing.open("wb") as file, counted("") as told:
            facts, count = (
                facts_to_draw(session, run),
                count_labels(session, print_run(session, run)),
            )
            with closing(labels_of(session, run, ledger.keys.secret)) as codes:
                written = write_labels(template, facts, _counted(codes, count, told), file, output)
        drawing.replace(out)
    except OSError as error:
        raise Misconfigured(
            "{file} cannot be written: {why}", file=out, why=error.strerror
        ) from error
    finally:
        drawing.unlink(missing_ok=True)
    return written


def _counted(
    labels: Iterable[IssuedLabel], count: int, told: Callable[[int, int], None]
) -> Iterator[IssuedLabel]:
    """The labels, telling of each how many were before it."""
    for number, label in enumerate(labels):
        told(number, count)
        yield label
    told(count, count)
