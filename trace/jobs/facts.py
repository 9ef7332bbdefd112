"""A job in a worker's hands, the file it makes, and why it could not be done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from suyuan.trace.errors import SuyuanError
from suyuan.trace.jobs.files import drawn_file
from suyuan.trace.words import Names

DEFECT: Final = SuyuanError(
    "Something is wrong on our side. It is written in the log; please try later."
)
"""What whoever ordered a job is told of a defect."""
ENDED: Final = frozenset({"done", "failed", "cancelled"})
"""States from which a job does not come back."""


@dataclass(frozen=True)
class TakenJob:
    """A job that one worker has: ``holder`` is a name for this one taking of it, which nobody else
    has had. ``first`` and ``last`` are of the labels to draw. ``output`` is the form of the file,
    as the edge that ordered it wrote it; ``pins``: whoever reads it knows the numbers under the
    scratch ink, so it lies sealed."""

    id: int
    uid: str
    holder: str
    run_uid: str
    template: str
    output: Mapping[str, Any]
    pins: bool
    first: int
    last: int

    def file(self, folder: Path) -> Path:
        """Where this taking of the job draws to."""
        return drawn_file(folder, self.uid, self.holder)


@dataclass(frozen=True)
class DrawnFile:
    """A file that is whole and on disk: its labels, size in bytes, and SHA-256 in hex."""

    labels: int
    size: int
    sha256: str


@dataclass(frozen=True)
class Trouble:
    """An error as it is kept, to be told later in the language of whoever reads it."""

    kind: str
    message: str
    params: Mapping[str, object]

    @classmethod
    def of(cls, error: SuyuanError) -> Trouble:
        return cls(error.kind, error.message, error.params)

    def to_json(self) -> dict[str, Any]:
        """As a job keeps it: what has names with all of them, everything else as text."""
        params = {name: _kept(value) for name, value in self.params.items()}
        return {"kind": self.kind, "message": self.message, "params": params}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Trouble:
        """The inverse of ``to_json``."""
        params = {
            name: Names(**value) if isinstance(value, dict) else value
            for name, value in data["params"].items()
        }
        return cls(data["kind"], data["message"], params)

    def as_error(self) -> SuyuanError:
        """The error again, for whoever tells errors."""
        error = SuyuanError(self.message)
        error.params = dict(self.params)
        return error


def _kept(value: object) -> object:
    if isinstance(value, Names):
        return {"zh": value.zh, "en": value.en, "bo": value.bo}
    return value if isinstance(value, int | float) else str(value)
