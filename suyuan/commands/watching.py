"""Progress for a person who watches; nothing for a program."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console


@contextmanager
def watched() -> Iterator[Callable[[str], None]]:
    """A function to be told the name of each part as it is begun, shown on a terminal only."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _part: None
        return
    with console.status("…") as status:
        yield status.update
