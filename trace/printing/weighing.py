"""Packages that were weighed one by one: each carries a net content of its own (catch weight).

A net content is typed, pasted, or typed by a scale (``0.482``). On the label it stands in the unit
that the law of measures asks for, ``482 g``; so it is kept, and so it is summed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any, Final

from suyuan.trace.batches.tables import Batch
from suyuan.trace.errors import Fault, InvalidInput, InvalidInputs
from suyuan.trace.printing.content import ItemFact, LabelFacts, Said
from suyuan.trace.products.family import Family
from suyuan.trace.products.label_items import label_item_names, label_rules
from suyuan.trace.quantities import Quantity, units
from suyuan.trace.stated_quantities import read_quantity

FIELD: Final = "net_contents"
NET_CONTENT: Final = "net_content"
"""The item of a label that says how much a package holds."""
SCALE_UNITS: Final = ("KGM", "GRM", "LTR", "MLT")
"""What a scale may count in: the unit of a number that comes without one."""
_SETTLED: Final = {"克": Quantity.of(1, "GRM")}
_SMALL: Final = {"mass": "GRM", "volume": "MLT"}
_MOST_FAULTS = 20
"""So many lines are named that are wrong; a list in the wrong column is wrong in each."""


def read_net_contents(
    said: Sequence[str], scale_unit: str, lot: Quantity | None = None
) -> tuple[str, ...]:
    """The net content of each package as its label says it, from what was typed for each.

    ``scale_unit``: the code of the unit that a plain number is in; ``lot``: all that the packages
    are filled from. Raises InvalidInputs naming each line that is no weight or volume, is nothing,
    measures something else than the first, or is more than the lot.
    """
    if scale_unit not in SCALE_UNITS:
        raise InvalidInput(
            "A scale counts in one of {units}.", "net_unit", units=", ".join(SCALE_UNITS)
        )
    one = Quantity.of(1, scale_unit)
    faults: list[Fault] = []
    found: list[str] = []
    first: Quantity | None = None
    for line, text in enumerate(said, 1):
        try:
            net = _read(text, one)
            first = first or net
            _require_plausible(net, first, lot)
            found.append(net_text(net))
        except InvalidInput as error:
            params = {"line": line, **error.params}
            faults.append(Fault(f"{FIELD}.{line - 1}", error.message, tuple(params.items())))
            if len(faults) == _MOST_FAULTS:
                break
    if faults:
        raise InvalidInputs(faults)
    return tuple(found)


def net_of(text: str) -> Quantity:
    """The quantity that a net content says, as ``read_net_contents`` wrote it."""
    amount, symbol = text.split(" ")
    return Quantity.of(amount, _by_symbol()[symbol])


def net_text(net: Quantity) -> str:
    """A net content in its legal unit: below 1000 g in g, from there in kg; likewise mL and L.

    Raises InvalidInput where it was given finer than six decimals of that unit.
    """
    small = net.to(_SMALL[net.dimension])
    step = next(
        one
        for one in _steps()
        if one["dimension"] == net.dimension
        and (one["below"] is None or small.amount < Decimal(one["below"]))
    )
    written = net.to(step["unit"])
    return f"{written.amount_text} {units()[written.unit].symbol}"


def with_net_content(
    facts: LabelFacts, batch: Batch, family: Family, today: date, nets: Sequence[str]
) -> LabelFacts:
    """The facts of a run, with a net content even where none is asked for.

    The heaviest of ``nets`` stands for all, so that the figures are high enough on each label.
    """
    rules = label_rules(family, batch.variant, batch.produced_on or today)
    heaviest = max(map(net_of, nets))
    text = net_text(heaviest)
    least_mm = rules.net_content_figures.least_mm(heaviest.to(_SMALL[heaviest.dimension]).amount)
    before = next((item for item in facts.items if item.key == NET_CONTENT), None)
    heading = before.heading if before else Said(label_item_names()[NET_CONTENT].zh)
    own = ItemFact(NET_CONTENT, heading, Said(text), str(least_mm))
    if before is None:
        return replace(facts, items=(*facts.items, own))
    items = tuple(own if item.key == NET_CONTENT else item for item in facts.items)
    return replace(facts, items=items)


def summed(counted: Mapping[str, int]) -> Quantity | None:
    """What so many packages of each net content hold together; None where there are none."""
    total: Quantity | None = None
    for text, count in counted.items():
        part = net_of(text) * count
        total = part if total is None else total + part
    return total


def unlike_ones(nets: Sequence[str]) -> Iterator[str]:
    """One of each shape: figures are all of one width, so what fits for it fits for its like."""
    shapes: dict[str, str] = {}
    for net in nets:
        shapes.setdefault("".join("0" if one.isdigit() else one for one in net), net)
    yield from shapes.values()


def _read(text: str, one: Quantity) -> Quantity:
    try:
        stated = read_quantity(text.strip(), unit=one, settled=_SETTLED)
    except InvalidInput as error:
        raise _unreadable(text) from error
    net = stated.quantity
    if net is None or stated.doubts or stated.packages or net.dimension not in _SMALL:
        raise _unreadable(text)
    return net


def _require_plausible(net: Quantity, first: Quantity, lot: Quantity | None) -> None:
    if not net:
        raise InvalidInput("Line {line}: a package holds more than nothing.")
    if net.dimension != first.dimension:
        raise InvalidInput(
            "Line {line}: {net} measures something else than {first} before it.",
            net=net,
            first=first,
        )
    if lot is not None and lot.dimension == net.dimension and net > lot:
        raise InvalidInput(
            "Line {line}: {net} is more than the whole batch, {lot}. Is the unit right?",
            net=net,
            lot=lot,
        )


def _unreadable(text: str) -> InvalidInput:
    return InvalidInput(
        "Line {line}: {given} is no net content: write one weight or volume, such as 0.482 kg or "
        "482 g.",
        given=text.strip()[:40] or "—",
    )


@cache
def _by_symbol() -> Mapping[str, str]:
    return {units()[code].symbol: code for code in SCALE_UNITS}


@cache
def _steps() -> tuple[Mapping[str, Any], ...]:
    source = files("suyuan.trace.standards") / "label_items.json"
    table = json.loads(source.read_text(encoding="utf-8"))
    return tuple(table["net_content_units"]["steps"])
