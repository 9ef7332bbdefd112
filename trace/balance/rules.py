"""What the mass balance holds to (``standards/balance.json``), read once.

How grave a finding is follows from its place in the file: unexplained gain stands first, because
it is how foreign goods enter under a famous name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Literal, cast, get_args

from suyuan.trace.sourced import PROVENANCE, Provenance, Row, keyed, read_standard
from suyuan.trace.words import Names, read_names

Entry = Literal["flag", "refuse"]
"""What becomes of a transformation, or an order of labels, that shows a finding when recorded."""


@dataclass(frozen=True)
class Rule:
    """A kind of finding. ``gravity``: 1 is the gravest."""

    key: str
    names: Names
    gravity: int
    entry: Entry
    provenance: Provenance


@dataclass(frozen=True)
class Interval:
    """Goods may not be taken up to the day of the fact ``ends``, its last.

    They are taken by an event of the kind ``done``, or on the day of the fact ``done_on``.
    """

    ends: str
    done: str
    done_on: str
    provenance: Provenance


@dataclass(frozen=True)
class Speed:
    """What nothing goes faster than, in km/h; and from how many km on places are two."""

    fastest_kmh: Decimal
    nearest_km: Decimal
    provenance: Provenance


@dataclass(frozen=True)
class Allowance:
    """A share beyond what was reckoned that is still believed."""

    share: Decimal
    provenance: Provenance


@dataclass(frozen=True)
class Capacity:
    """What a household can bring of a family in a season: for each variant at most so many kg from
    each mu (``of`` area), or so many animals for each of its herd (``animals``); of its places of
    these ``kinds``."""

    family: str
    of: Literal["area", "animals"]
    kinds: tuple[str, ...]
    most: Mapping[str, Decimal]
    provenance: Provenance

    @property
    def dimension(self) -> str:
        """What shares are measured in."""
        return "mass" if self.of == "area" else "animal"


@dataclass(frozen=True)
class StepRule:
    """What one step is held to otherwise than all the rest; None: as they are."""

    dry: Allowance | None
    above: Entry | None


@dataclass(frozen=True)
class BalanceRules:
    """All of ``balance.json``."""

    findings: Mapping[str, Rule]
    labels: Allowance
    dry_matter: Allowance
    steps: Mapping[str, StepRule]
    speed: Speed
    intervals: tuple[Interval, ...]
    households: tuple[Capacity, ...]

    def dry_allowance(self, step: str) -> Allowance:
        """By how much dry matter may seem to grow in a step."""
        own = self.steps.get(step)
        return own.dry if own is not None and own.dry is not None else self.dry_matter

    def entry(self, rule: str, step: str = "") -> Entry:
        """What becomes of a transformation that shows this finding, in this step."""
        own = self.steps.get(step)
        if rule == "yield_above" and own is not None and own.above is not None:
            return own.above
        return self.findings[rule].entry


def unconfirmed(provenance: Provenance) -> bool:
    """Whether nobody has confirmed the row, and it is no choice of our own either."""
    return provenance.unconfirmed and provenance.confidence != "OWN"


@cache
def balance_rules() -> BalanceRules:
    """The rules as shipped. Raises Misconfigured."""
    root = read_standard("balance.json")
    root.only(
        "about", "findings", "labels", "dry_matter", "steps", "places", "intervals", "households"
    )
    rows = root.get("findings").rows()
    places = root.get("places")
    places.only("fastest_kmh", "nearest_km", *PROVENANCE)
    return BalanceRules(
        findings={
            rule.key: rule
            for rule in (_read_rule(row, gravity) for gravity, row in enumerate(rows, start=1))
        },
        labels=_read_allowance(root.get("labels")),
        dry_matter=_read_allowance(root.get("dry_matter")),
        steps={
            key: _read_step(row)
            for key, row in keyed(
                root.get("steps").rows(), lambda row: row, lambda row: row.get("step").text()
            ).items()
        },
        speed=Speed(
            places.get("fastest_kmh").number(),
            places.get("nearest_km").number(),
            places.provenance(),
        ),
        intervals=root.list_of("intervals", _read_interval),
        households=root.list_of("households", _read_capacity),
    )


def _read_rule(row: Row, gravity: int) -> Rule:
    row.only("key", "names", "entry", *PROVENANCE)
    return Rule(
        key=row.get("key").text(),
        names=read_names(row),
        gravity=gravity,
        entry=cast(Entry, row.get("entry").one_of(get_args(Entry))),
        provenance=row.provenance(),
    )


def _read_step(row: Row) -> StepRule:
    row.only("step", "dry_allowance", "above", *PROVENANCE)
    share, provenance = row.maybe("dry_allowance", Row.number), row.provenance()
    above = row.maybe("above", lambda r: cast(Entry, r.one_of(get_args(Entry))))
    return StepRule(Allowance(share, provenance) if share is not None else None, above)


def _read_allowance(row: Row) -> Allowance:
    row.only("allowance", *PROVENANCE)
    return Allowance(row.get("allowance").number(), row.provenance())


def _read_interval(row: Row) -> Interval:
    row.only("ends", "done", "done_on", *PROVENANCE)
    return Interval(
        row.get("ends").text(), row.get("done").text(), row.get("done_on").text(), row.provenance()
    )


def _read_capacity(row: Row) -> Capacity:
    row.only("family", "of", "kinds", "most", *PROVENANCE)
    return Capacity(
        family=row.get("family").text(),
        of=cast(Literal["area", "animals"], row.get("of").one_of(("area", "animals"))),
        kinds=row.list_of("kinds", Row.text),
        most={variant: own.number() for variant, own in row.get("most").entries()},
        provenance=row.provenance(),
    )
