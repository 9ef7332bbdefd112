"""The memory of a worker that draws a long run for a label printer, by the form of the file.

As `bench/print_jobs.py`, whose worker and label these are: an archive of pictures or of symbols
has an entry for each label, and the commands of a printer have none.
"""

from __future__ import annotations

from dataclasses import replace

from _measure import Figure, keep, machine, opened
from print_jobs import FEW, drawn

from suyuan.labels.output import Output
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.parties.actor import Actor
from tests.world import make_producer

MANY = 20_000
FORMS = ("png", "symbols", "tspl", "zpl")


def main() -> None:
    with opened("sqlite") as ledger:
        ledger = replace(ledger, settings=replace(ledger.settings, print_run_codes=MANY))
        actor = make_producer(ledger)
        keep("print_job_forms", [_figure(ledger, actor, form) for form in FORMS])


def _figure(ledger: Ledger, actor: Actor, form: str) -> Figure:
    few, many = (drawn(ledger, actor, count, Output(form, 203)) for count in (FEW, MANY))
    return Figure(
        f"most memory of a worker, {MANY} labels as {form}", round(many.memory_mb, 1),
        round(few.memory_mb, 1), f"{FEW} labels", round(many.memory_mb / few.memory_mb, 2), "MB",
        1, machine(),
    )  # fmt: skip


if __name__ == "__main__":
    main()
