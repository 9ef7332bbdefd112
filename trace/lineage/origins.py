"""Whether the origin that is stated is that of the goods or of what they were made of."""

from __future__ import annotations

from collections.abc import Iterable

from suyuan.trace.lineage.claims import Unproved
from suyuan.trace.parties.divisions import divisions
from suyuan.trace.parties.places_named import divisions_named


def require_origin(said: str, places: Iterable[str], field: str) -> None:
    """Raises Unproved where a text names a place that is neither one of ``places`` (codes of
    divisions) nor above one. Names of places that nobody knows here are left alone."""
    known, here = divisions(), list(dict.fromkeys(places))
    codes = {one.code for place in here for one in known.path(known.current(place).code)}
    if all(any(one.code in codes for one in called) for called in divisions_named(said)):
        return
    raise Unproved(
        "{said} is stated as the origin, and these goods are of {places}.",
        field,
        said=said,
        places="、".join(known.get(place).name for place in here),
    )
