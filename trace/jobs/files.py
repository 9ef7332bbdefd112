"""The files that workers draw: where they lie, and reading one that is large."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

_PORTION = 256 * 1024


def drawn_file(folder: Path, uid: str, holder: str) -> Path:
    """Where the worker that took a job as ``holder`` draws it.

    Two workers never write to one file, even where the one was only believed dead.
    """
    return folder / f"{uid}.{holder}"


def portions(place: Path) -> Iterator[bytes]:
    """The bytes of a file, of which few are in memory at a time."""
    with place.open("rb") as file:
        while portion := file.read(_PORTION):
            yield portion
