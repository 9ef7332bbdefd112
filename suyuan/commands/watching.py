"""Progress for a person who watches; nothing for a program."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)


@contextmanager
def watched() -> Iterator[Callable[[str], None]]:
    """A function to be told the name of each part as it is begun, shown on a terminal only."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _part: None
        return
    with console.status("…") as status:
        yield status.update


@contextmanager
def counted(what: str) -> Iterator[Callable[[int, int], None]]:
    """A function to be told how much is done, of how much: a bar, shown on a terminal only."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _done, _of: None
        return
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console) as progress:
        task = progress.add_task(what, total=None)
        yield lambda done, of: progress.update(task, completed=done, total=of)
