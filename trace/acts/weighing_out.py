"""A package on the scale: its label is issued and, where the station has a printer, sent there."""

from __future__ import annotations

from suyuan.trace.acts.issuing import TryOut
from suyuan.trace.acts.printer_jobs import send_to_printer
from suyuan.trace.acts.printing import issue_print_run
from suyuan.trace.acts.transaction import Writing
from suyuan.trace.acts.weighing import Weighed


def label_weighed(
    w: Writing,
    trace_code: str,
    weighed: Weighed,
    template: str,
    *,
    try_out: TryOut,
    printer: str | None = None,
) -> str:
    """Issue a label for each package of a batch that was weighed; returns the run's uid.

    With a ``printer`` (uid) of one's own they are printed there at once: both or neither. Raises
    as ``issue_print_run`` and ``send_to_printer``.
    """
    run = issue_print_run(
        w, trace_code, len(weighed.said), template, try_out=try_out, weighed=weighed
    )
    if printer is not None:
        send_to_printer(w, run, printer)
    return run
