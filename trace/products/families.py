"""The catalogue of families: whatever family files there are.

A family is one JSON file (schema: ``standards/schemas/family.schema.json``). Those in
``standards/families/`` ship with Suyuan; an operator keeps others in a folder of the data
directory. Another family is another file and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources.abc import Traversable
from pathlib import Path

from suyuan.trace.errors import Misconfigured, NotFound
from suyuan.trace.products.family import Family
from suyuan.trace.products.family_files import read_family
from suyuan.trace.sourced import STANDARDS

__all__ = ["Families", "Family"]


class Families:
    """The families that are known, by key."""

    def __init__(self, families: Mapping[str, Family]) -> None:
        self._families = dict(families)

    @classmethod
    def load(cls, *directories: Path) -> Families:
        """The shipped families and those in the operator's ``directories`` (``*.json``).

        A directory that is not there holds none. Files are read once in the life of the process.
        Raises Misconfigured where a file is wrong or two files are the same family.
        """
        return _load(directories)

    def __iter__(self) -> Iterator[Family]:
        return iter(self._families.values())

    def __contains__(self, key: object) -> bool:
        return key in self._families

    def __len__(self) -> int:
        return len(self._families)

    def keys(self) -> tuple[str, ...]:
        """The keys of all families."""
        return tuple(self._families)

    def get(self, key: str) -> Family:
        """The family with this key. Raises NotFound."""
        try:
            return self._families[key]
        except KeyError:
            raise NotFound(
                "There is no product family {family}; there are: {known}.",
                field="family",
                family=key,
                known=", ".join(self._families) or "-",
            ) from None


@cache
def _load(directories: Sequence[Path]) -> Families:
    found = dict(_shipped())
    for directory in directories:
        _read(directory, found)
    return Families(found)


@cache
def _shipped() -> Mapping[str, Family]:
    found: dict[str, Family] = {}
    _read(STANDARDS.joinpath("families"), found)
    return found


def _read(folder: Traversable, found: dict[str, Family]) -> None:
    files = folder.iterdir() if folder.is_dir() else iter(())
    for file in sorted(files, key=lambda f: f.name):
        if not file.name.endswith(".json"):
            continue
        family = read_family(file)
        if family.key in found:
            raise Misconfigured(
                "{file}: the family {family} is there already; a key comes once.",
                file=file.name,
                family=family.key,
            )
        found[family.key] = family
