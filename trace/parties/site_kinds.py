"""The kinds of places (``standards/site_kinds.json``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from suyuan.trace.sourced import PROVENANCE, Provenance, Row, keyed, read_standard
from suyuan.trace.words import Names, read_names


@dataclass(frozen=True)
class SiteKind:
    """A kind of place. ``takes_in``: whether goods of other organisations are worked or kept there,
    as in a slaughterhouse; never on a pasture."""

    key: str
    names: Names
    takes_in: bool
    provenance: Provenance


@cache
def site_kinds() -> Mapping[str, SiteKind]:
    """The shipped kinds by key, in the order in which they are offered. Raises Misconfigured."""
    rows = read_standard("site_kinds.json").get("kinds").rows()
    return keyed(rows, _read, lambda kind: kind.key)


@cache
def altitudes() -> tuple[int, int]:
    """The lowest and the highest that a place can lie, in metres. Raises Misconfigured."""
    row = read_standard("site_kinds.json").get("altitude_m")
    row.only("lowest", "highest", *PROVENANCE)
    row.provenance()
    return row.get("lowest").integer(), row.get("highest").integer()


def _read(row: Row) -> SiteKind:
    row.only("key", "names", "takes_in", *PROVENANCE)
    return SiteKind(
        key=row.get("key").text(),
        names=read_names(row),
        takes_in=row.get("takes_in").flag(),
        provenance=row.provenance(),
    )
