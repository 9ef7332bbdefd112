"""The limits of the standards, edition by edition: ``standards/limits/*.json``.

Which edition counts is decided by the day of production, never by today. Every row says where it
comes from and how sure that is; what nobody has confirmed stays marked so in every verdict.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache
from hashlib import sha256
from typing import Final, Literal, cast, get_args

from suyuan.trace.quality.parameters import parameters
from suyuan.trace.quality.product_classes import product_classes
from suyuan.trace.quality.result_units import result_units
from suyuan.trace.sourced import PROVENANCE, STANDARDS, Provenance, Row, keyed, read_json
from suyuan.trace.words import Names, read_names

Force = Literal["mandatory", "recommended", "guide"]
"""``recommended``: holds where the label or a contract names it. ``guide``: decides nothing."""

Basis = Literal["as_is", "dry"]
_LISTS: Final = ("classes.json", "parameters.json", "units.json", "results.json")


@dataclass(frozen=True)
class SamplingPlan:
    """``n`` samples, of which at most ``c`` may be above ``m`` and none above ``most`` (M).

    ``most`` is ``None`` where the plan has no M: then none of those above ``m`` is too much
    beyond their number ``c``.
    """

    n: int
    c: int
    m: Decimal
    most: Decimal | None


@dataclass(frozen=True)
class Limit:
    """One row of a standard. Exactly one of these: ends, a plan, or forbidden.

    ``unit`` is a symbol of ``result_units``; forbidden substances need none. ``condition``: in
    which case only the limit holds, for people to read. ``carried_from``: the edition whose number
    stands in for one that nobody here has read.
    """

    id: str
    parameter: str
    classes: tuple[str, ...]
    minimum: Decimal | None
    maximum: Decimal | None
    plan: SamplingPlan | None
    forbidden: bool
    unit: str | None
    basis: Basis
    condition: Names | None
    clause: str
    note: str | None
    provenance: Provenance
    carried_from: str | None = None


@dataclass(frozen=True)
class Edition:
    """A standard as it stood from one day to another, both included; no end: it stands still.

    ``partial``: not all of its limits are kept here.
    """

    year: str
    title: str
    valid_from: date
    valid_to: date | None
    partial: bool
    note: str | None
    limits: tuple[Limit, ...]
    provenance: Provenance

    def valid_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class Standard:
    """A standard with its editions, the oldest first; no two are valid on one day."""

    key: str
    names: Names
    force: Force
    editions: tuple[Edition, ...]

    def on(self, day: date) -> Edition | None:
        """The edition in force on the day; ``None`` where none is kept."""
        return next((one for one in self.editions if one.valid_on(day)), None)


@cache
def standards() -> Mapping[str, Standard]:
    """All standards by the name of their file. Raises Misconfigured with file and place."""
    folder = STANDARDS.joinpath("limits")
    names = sorted(file.name for file in folder.iterdir() if file.name not in _LISTS)
    return {
        name.removesuffix(".json"): read_standard_row(read_json(folder.joinpath(name)))
        for name in names
        if name.endswith(".json")
    }


@cache
def standards_state() -> str:
    """Which state of the standards this is: the first 16 hex digits of SHA-256 over their files.

    Kept beside every verdict, so that it can be told later by what it was given.
    """
    digest = sha256()
    for file in sorted(STANDARDS.joinpath("limits").iterdir(), key=lambda one: one.name):
        if file.name.endswith(".json"):
            digest.update(f"{file.name}\n".encode() + file.read_bytes())
    return digest.hexdigest()[:16]


def read_standard_row(row: Row) -> Standard:
    """A standard with its editions. Raises Misconfigured with file and place."""
    row.only("key", "names", "force", "editions")
    key, file = row.get("key").text(), row.file.removesuffix(".json")
    editions: dict[str, Edition] = {}
    for one in row.get("editions").rows():
        edition = _read_edition(one, key, file, editions)
        for other in editions.values():
            if other.valid_to is None or other.valid_to >= edition.valid_from:
                one.wrong("the edition before is still valid when this one begins.")
        editions[edition.year] = edition
    force = cast("Force", row.get("force").one_of(get_args(Force)))
    return Standard(key, read_names(row), force, tuple(editions.values()))


def _read_edition(row: Row, key: str, file: str, before: Mapping[str, Edition]) -> Edition:
    row.only("edition", "title", "from", "to", "partial", "carries", "note", "limits", *PROVENANCE)
    year = row.get("edition").text()
    prefix = f"{file}/{year}"
    limits = keyed(row.get("limits").rows(), lambda one: _read_limit(one, prefix), lambda l_: l_.id)
    if row.has("carries"):
        carried = before[row.get("carries").one_of(tuple(before))]
        moved = (_carried(limit, prefix, carried.title) for limit in carried.limits)
        limits = {limit.id: limit for limit in moved} | limits
    return Edition(
        year=year,
        title=row.maybe("title", Row.text) or f"{key}-{year}",
        valid_from=row.get("from").day(),
        valid_to=row.maybe("to", Row.day),
        partial=row.has("partial") and row.get("partial").flag(),
        note=row.maybe("note", Row.text),
        limits=tuple(limits.values()),
        provenance=row.provenance(),
    )


def _carried(limit: Limit, prefix: str, title: str) -> Limit:
    """A limit of the edition before, standing in for one that nobody here has read."""
    source = f"carried over from {title}: {limit.provenance.source}"
    return replace(
        limit,
        id=f"{prefix}/{limit.id.rpartition('/')[2]}",
        provenance=Provenance(source, "K-low", None),
        carried_from=title,
    )


def _read_limit(row: Row, prefix: str) -> Limit:
    row.only(
        "key", "parameter", "classes", "minimum", "maximum", "plan", "forbidden", "unit", "basis",
        "condition", "clause", "note", *PROVENANCE,
    )  # fmt: skip
    forbidden = row.has("forbidden") and row.get("forbidden").flag()
    bounded = row.has("minimum") or row.has("maximum")
    if bounded + row.has("plan") + forbidden != 1:
        row.wrong("a limit has a minimum or maximum, or a plan, or is forbidden.")
    known = tuple(product_classes().by_key)
    basis = row.get("basis").one_of(get_args(Basis)) if row.has("basis") else "as_is"
    return Limit(
        id=f"{prefix}/{row.get('key').text()}",
        parameter=row.get("parameter").one_of(tuple(parameters().by_key)),
        classes=row.list_of("classes", lambda one: one.one_of(known)),
        minimum=row.maybe("minimum", Row.number),
        maximum=row.maybe("maximum", Row.number),
        plan=row.maybe("plan", _read_plan),
        forbidden=forbidden,
        unit=None if forbidden else row.get("unit").one_of(tuple(result_units().by_symbol)),
        basis=cast("Basis", basis),
        condition=read_names(row, "condition") if row.has("condition") else None,
        clause=row.get("clause").text(),
        note=row.maybe("note", Row.text),
        provenance=row.provenance(),
    )


def _read_plan(row: Row) -> SamplingPlan:
    row.only("n", "c", "m", "M")
    return SamplingPlan(
        row.get("n").integer(),
        row.get("c").integer(),
        row.get("m").number(),
        row.maybe("M", Row.number),
    )
