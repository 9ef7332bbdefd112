"""The files that workers draw: where they lie, and reading one that is large."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from suyuan.trace.jobs.sealed import unsealed

_PORTION = 256 * 1024


def drawn_file(folder: Path, uid: str, holder: str) -> Path:
    """Where the worker that took a job as ``holder`` draws it.

    Two workers never write to one file, even where the one was only believed dead.
    """
    return folder / f"{uid}.{holder}"


@dataclass(frozen=True)
class KeptFile:
    """A file in its place; ``secret``: the installation's, where it is sealed, as those with
    scratch PINs are."""

    place: Path
    secret: bytes | None = field(default=None, repr=False)

    def portions(self) -> Iterator[bytes]:
        """What was drawn, of which little is in memory at a time. Raises NotSealed."""
        with self.place.open("rb") as file:
            if self.secret is not None:
                yield from unsealed(file, self.secret, self.place.name)
                return
            while portion := file.read(_PORTION):
                yield portion

    def measured(self) -> tuple[int, str]:
        """The size in bytes and the SHA-256, in hex, of what was drawn. Raises NotSealed."""
        size, digest = 0, hashlib.sha256()
        for portion in self.portions():
            size += len(portion)
            digest.update(portion)
        return size, digest.hexdigest()
