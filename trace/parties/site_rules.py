"""What can be said of a place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from suyuan.trace.errors import Fault
from suyuan.trace.parties.divisions import divisions
from suyuan.trace.parties.facts import SiteFacts
from suyuan.trace.parties.site_kinds import altitudes, site_kinds

_DEGREES: Final = {"latitude": 90, "longitude": 180}
_A_NUMBER: Final = re.compile(r"-?[0-9]{1,3}(?:\.[0-9]{1,12})?")


def site_faults(facts: SiteFacts) -> Iterator[Fault]:
    """All that cannot be."""
    if facts.kind not in site_kinds():
        known = ", ".join(site_kinds())
        yield Fault("kind", "This must be one of: {choices}.", (("choices", known),))
    if not facts.name.strip():
        yield Fault("name", "A site has a name.")
    if facts.division not in divisions():
        yield no_division(facts.division)
    for field, limit in _DEGREES.items():
        value = getattr(facts, field)
        if value is not None and not _within(value, limit):
            yield Fault(
                field,
                "This is decimal degrees between −{limit} and {limit}.",
                (("limit", limit),),
            )
    if (facts.latitude is None) != (facts.longitude is None):
        lacking = "latitude" if facts.latitude is None else "longitude"
        yield Fault(lacking, "A place on the map has a latitude and a longitude: give both.")
    lowest, highest = altitudes()
    if facts.altitude_m is not None and not lowest <= facts.altitude_m <= highest:
        bounds = (("lowest", lowest), ("highest", highest))
        yield Fault("altitude_m", "This is metres between {lowest} and {highest}.", bounds)


def no_division(code: str) -> Fault:
    """A code that is of no administrative division."""
    return Fault("division", "There is no administrative division {code}.", (("code", code),))


def _within(value: str, limit: int) -> bool:
    return bool(_A_NUMBER.fullmatch(value)) and -limit <= Decimal(value) <= limit
