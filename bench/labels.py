"""Labels a second, against four other ways of drawing them, all on one core and in the same run.

The label is the trace label of 50 × 30 mm: a name in Chinese and in Tibetan, the code, the serial
and the telephone, and a signed code of version 7-M. Encoded and drawn: from what the label says to
the compressed PDF, all masks scored. End to end: from a batch, whose run is signed, logged and
committed to SQLite on the disk first. The peers sign and keep nothing.
"""

from __future__ import annotations

import io
import multiprocessing
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from _drawing import DPI, NAME, TEMPLATE, TRACE_LABEL, labels
from _measure import Figure, in_turn, keep, machine, opened, per_second
from _peers import Draw, peers, symbol

from suyuan.labels import pdf, qr
from suyuan.labels.from_facts import try_out, write_labels
from suyuan.labels.output import Output
from suyuan.labels.pdf.faces import register_fonts
from suyuan.trace.acts.printing import issue_print_run
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.parties.actor import Actor
from suyuan.trace.printing.paper_checks import facts_to_draw
from suyuan.trace.printing.queries import labels_of
from tests import world
from tests.language_office import approve

RUNS = 5
EACH = 1_000
PEERS_EACH = 200
"""Enough of them that embedding the fonts once, as some do at some cost, weighs little on each."""
SYMBOLS = 50
MANY = 100_000
AT_ONCE = 10_000
LAYOUTS: dict[str, pdf.Layout] = {"roll": pdf.Roll(), "sheets": pdf.full_sheet(TRACE_LABEL)}

Way = Callable[[int], object]
"""Makes the labels of the run of this number."""


def main() -> None:
    register_fonts()
    with opened("sqlite") as ledger:
        figures = [encoded(), *drawn(ledger)]
    figures += [scaling(), memory()]
    keep("labels", figures)


def encoded() -> Figure:
    """Symbols of signed codes, all masks scored, against those of ``qrcode``."""
    figure = in_turn(
        "symbols encoded",
        lambda run: [qr.encode(label.url) for label in labels(SYMBOLS, run)],
        lambda run: [symbol(label.url).get_matrix() for label in labels(SYMBOLS, run)],
        other_is="qrcode",
        runs=RUNS,
    )
    return per_second(figure, SYMBOLS)


def drawn(ledger: Ledger) -> list[Figure]:
    """Labels a second in each of our ways, against the fastest of the peers, which are told too."""
    actor = world.make_producer(ledger)
    approve(ledger, actor.division, NAME.zh, NAME.bo)
    ways: dict[str, tuple[Way, int]] = {}
    for name in LAYOUTS:
        ways[f"encoded and drawn, {name}"] = _drawn(name), EACH
        ways[f"end to end, {name}"] = _end_to_end(ledger, actor, name), EACH
    others = peers()
    for name, draw in others.items():
        ways[name] = partial(_by_peer, draw), PEERS_EACH
    rates = _rates(ways)
    best = max(others, key=lambda name: rates[name])
    return [
        Figure(
            f"labels by {name}" if name in others else f"labels {name}",
            round(rates[name], 1), round(rates[best], 1), best,
            round(rates[name] / rates[best], 2), "a second", RUNS, machine(),
        )
        for name in ways
    ]  # fmt: skip


def _rates(ways: dict[str, tuple[Way, int]]) -> dict[str, float]:
    """Labels a second by each way, medians of runs in which each has its turn, after one to warm
    up; every other run goes through them backwards."""
    found: dict[str, list[float]] = {name: [] for name in ways}
    for run in range(RUNS + 1):
        for name in list(ways)[:: 1 if run % 2 else -1]:
            way, count = ways[name]
            start = time.perf_counter()
            way(run)
            if run:
                found[name].append(count / (time.perf_counter() - start))
    return {name: statistics.median(rates) for name, rates in found.items()}


def _by_peer(draw: Draw, run: int) -> object:
    return draw(list(labels(PEERS_EACH, run)))


def _drawn(layout: str) -> Way:
    return lambda run: pdf.render_pdf(
        TRACE_LABEL, labels(EACH, run), LAYOUTS[layout], DPI, io.BytesIO()
    )


def _end_to_end(ledger: Ledger, actor: Actor, layout: str) -> Way:
    def way(_run: int) -> object:
        uid = ledger.perform(actor, issue_print_run, code, EACH, TEMPLATE, True, try_out=try_out)
        with ledger.database.read() as session:
            facts, issued = facts_to_draw(session, uid), labels_of(session, uid)
            output = Output(sheet=layout == "sheets")
            return write_labels(TEMPLATE, facts, issued, io.BytesIO(), output)

    product = world.make_product(
        ledger, actor, name=NAME.zh, names={"bo": str(NAME.bo)}, items_on_pack=True
    )
    code = world.make_batch(ledger, actor, world.kg(100_000), product=product)
    return way


def scaling() -> Figure:
    """Two processes that draw at once, against one that draws as many."""
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        pool.map(_many, [0, 1], chunksize=1)
        figure = in_turn(
            "labels encoded and drawn, sheets, by two processes",
            lambda _run: pool.map(_many, [0, 1], chunksize=1),
            lambda _run: [pool.apply(_many, (run,)) for run in (0, 1)],
            other_is="one process",
            runs=RUNS,
        )
    return per_second(figure, 2 * AT_ONCE)


def _many(run: int) -> None:
    pdf.render_pdf(TRACE_LABEL, labels(AT_ONCE, run), LAYOUTS["sheets"], DPI, io.BytesIO())


def memory() -> Figure:
    """The most memory that a process has had that drew a thousand labels, and one that drew many;
    processes of their own, which load nothing but what draws."""
    few, many = (_most_memory(count) for count in (1_000, MANY))
    return Figure(
        f"most memory after {MANY} labels", round(many, 1), round(few, 1), "after 1000",
        round(many / few, 2), "MB", 1, machine(),
    )  # fmt: skip


def _most_memory(count: int) -> float:
    told = subprocess.run(
        [sys.executable, Path(__file__).with_name("_drawing.py"), str(count)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return float(told.stdout)


if __name__ == "__main__":
    main()
