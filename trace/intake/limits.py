"""The bounds within which an upload is read. The figures are data, never code."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from functools import cache
from importlib import resources

from suyuan.trace.errors import Misconfigured


@dataclass(frozen=True)
class ReadingLimits:
    """How much of a file is read, and what reading it may cost.

    Sizes are bytes of the file as sent (``file_bytes``), of all archive members unpacked
    (``unpacked_bytes``), of address space (``memory_bytes``) and of the reader's answer
    (``output_bytes``). ``unpack_ratio`` is unpacked to packed size of one member, looked at only
    above ``ratio_matters_above_bytes``, because small repetitive files compress well honestly.
    ``rows``, ``columns`` and ``cells`` bound the rectangle that holds all values of one sheet.
    """

    file_bytes: int
    unpacked_bytes: int
    unpack_ratio: int
    ratio_matters_above_bytes: int
    archive_members: int
    sheets: int
    rows: int
    columns: int
    cells: int
    cell_characters: int
    memory_bytes: int
    cpu_seconds: int
    wall_seconds: int
    output_bytes: int

    def to_json(self) -> dict[str, int]:
        """The limits as the reader process takes them."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, object]) -> ReadingLimits:
        """Limits from a mapping with every name given as a positive whole number.

        Raises Misconfigured when a name is missing or its value is not such a number.
        """
        taken: dict[str, int] = {}
        for name in (field.name for field in fields(cls)):
            value = values.get(name)
            if not isinstance(value, int) or isinstance(value, bool) or value <= 0:
                raise Misconfigured(
                    "The reading limit {name} is {value}, it should be a positive whole number.",
                    name=name,
                    value=value,
                )
            taken[name] = value
        return cls(**taken)


@cache
def shipped_limits() -> ReadingLimits:
    """The limits of ``standards/intake/limits.json``."""
    path = resources.files("suyuan.trace.standards") / "intake" / "limits.json"
    return ReadingLimits.from_json(json.loads(path.read_text("utf-8"))["limits"])
