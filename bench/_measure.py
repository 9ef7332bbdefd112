"""What measurements share: databases to measure on, taking turns, and where figures are kept."""

from __future__ import annotations

import json
import os
import platform
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# behind everything else: our folder trace/ must not stand before the standard library's module
sys.path.append(str(ROOT))

from suyuan.trace.acts.opening import Opening, open_instance  # noqa: E402 - needs the path above
from suyuan.trace.acts.transaction import Ledger  # noqa: E402 - as above
from suyuan.trace.clock import SetClock  # noqa: E402 - as above
from suyuan.trace.database import open_database  # noqa: E402 - as above
from suyuan.trace.keys.sealing import ScryptCost  # noqa: E402 - as above
from suyuan.trace.settings import Settings  # noqa: E402 - as above
from tests import databases, postgres  # noqa: E402 - as above

KINDS = ("sqlite", "postgresql")


@dataclass(frozen=True)
class Figure:
    """One result: medians of ``runs`` runs, ours and the other in turn in the same process."""

    figure: str
    ours: float
    other: float
    other_is: str
    ratio: float
    unit: str
    runs: int
    machine: str


def in_turn(
    figure: str,
    ours: Callable[[int], object],
    other: Callable[[int], object],
    *,
    other_is: str,
    runs: int,
    before: Callable[[int], object] = lambda _run: None,
) -> Figure:
    """Time both, now one first and now the other; each is told the number of the run.

    ``before`` is done before each run and not timed.
    """
    times: dict[str, list[float]] = {"ours": [], "other": []}
    for run in range(runs + runs // 10):
        before(run)
        pair = [("ours", ours), ("other", other)]
        for name, work in pair if run % 2 else reversed(pair):
            start = time.perf_counter()
            work(run)
            if run >= runs // 10:  # the first runs only warm up
                times[name].append((time.perf_counter() - start) * 1000)
    one, two = statistics.median(times["ours"]), statistics.median(times["other"])
    return Figure(
        figure, round(one, 3), round(two, 3), other_is, round(one / two, 2), "ms", runs, machine()
    )


def per_second(figure: Figure, each: int) -> Figure:
    """The same figure as a rate, where one run did ``each``: the ratio turns over with it."""
    ours, other = (round(each * 1000 / value) for value in (figure.ours, figure.other))
    return replace(figure, ours=ours, other=other, ratio=round(ours / other, 3), unit="a second")


def keep(name: str, figures: list[Figure]) -> None:
    """Write the figures to ``bench/results/<name>.jsonl`` and tell them."""
    folder = ROOT / "bench" / "results"
    folder.mkdir(exist_ok=True)
    lines = [json.dumps(asdict(figure), ensure_ascii=False) for figure in figures]
    (folder / f"{name}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    for figure in figures:
        print(
            f"{figure.figure}: {figure.ours} {figure.unit}, {figure.other_is}: "
            f"{figure.other} {figure.unit}, ratio {figure.ratio}"
        )


def machine() -> str:
    """Processors and versions: what a figure depends on and another reader must know."""
    return f"{os.cpu_count()} × {platform.machine()}, Python {platform.python_version()}"


@contextmanager
def opened(kind: str) -> Iterator[Ledger]:
    """A freshly opened installation on a database that waits for the disk, as in production."""
    folder = Path(tempfile.mkdtemp(prefix="suyuan-bench-", dir="/tmp"))
    folder.chmod(0o755)
    try:
        with databases.fresh(kind, folder, folder, durable=True) as url:
            database = open_database(url)
            settings = Settings(folder / "data", url, folder / "secret" / "passphrase")
            clock = SetClock(datetime(2026, 6, 1, tzinfo=UTC))
            opening = Opening("trace.example.cn", "t.example.cn", "bench")
            yield open_instance(database, settings, clock, opening, ScryptCost(n=2))
            database.close()
    finally:
        postgres.stop(folder)
        shutil.rmtree(folder, ignore_errors=True)
