"""What can be wrong with a file that somebody hands in."""

from __future__ import annotations

from suyuan.trace.errors import InvalidInput


class Misread(InvalidInput):
    """The file as a whole cannot be read as a sheet; nothing of it was taken."""

    kind = "misread-file"
