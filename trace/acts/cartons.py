"""Numbering cartons, and issuing their labels."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Final

from suyuan.trace.acts.balancing import require_cartons_filled
from suyuan.trace.acts.issuing import TryOut
from suyuan.trace.acts.printing import issue_print_run
from suyuan.trace.acts.transaction import Writing
from suyuan.trace.batches import queries as batches
from suyuan.trace.batches.tables import Batch
from suyuan.trace.cartons.facts import CartonOrder
from suyuan.trace.cartons.queries import last_numbered
from suyuan.trace.cartons.records import CARTONS_NUMBERED
from suyuan.trace.cartons.tables import CartonRun
from suyuan.trace.codes.paths import GtinPath, parse_path
from suyuan.trace.codes.trace_code import parse_trace_code
from suyuan.trace.errors import Conflict, InvalidInput
from suyuan.trace.parties.tables import Party
from suyuan.trace.printing.content import CartonFacts, ItemFact, LabelFacts, Said
from suyuan.trace.printing.gathering import net_told
from suyuan.trace.printing.queries import print_run
from suyuan.trace.products.gs1 import (
    SSCC_BODY,
    Element,
    company_prefix,
    day_element,
    element,
    kilograms,
)
from suyuan.trace.products.identifiers import variable_measure
from suyuan.trace.products.label_items import label_item_names
from suyuan.trace.quantities import Quantity

_EXTENSION: Final = "0"
"""The first digit of an SSCC has no meaning; it only makes room for more numbers."""


def issue_cartons(
    w: Writing, trace_code: str, order: CartonOrder, template: str, *, try_out: TryOut
) -> str:
    """Number cartons of a batch and issue their labels; returns the uid of the print run.

    Each label has the batch's signed code and an SSCC of its own in bars; where the product has a
    GTIN the bars say what the carton holds too. Numbers go on where those of the company prefix
    ended. Raises as ``issue_print_run``; InvalidInput for a wrong prefix, count or weight, Conflict
    for a prefix that another organisation numbers under, or whose numbers are used up, and
    LabelsOverdrawn for more cartons than the batch fills.
    """
    prefix = company_prefix(order.company_prefix)
    batch = batches.batch(w.session, parse_trace_code(trace_code))
    w.actor.require("print_labels", batch.party)
    _require_sound(order)
    said = net_told(batch, w.families.get(batch.family))
    weight = Quantity(order.net_kg, "KGM") if order.net_kg is not None else None
    require_cartons_filled(w, batch, said, order.packages, order.cartons, weight)
    # two runs of an organisation wait for each other, so that no number is given twice
    w.session.refresh(batch.party, with_for_update={"key_share": True, "of": Party})
    first = _next(w, prefix, batch.party_id)
    last = f"{int(first) + order.cartons - 1:017d}"
    if not last.startswith(_EXTENSION + prefix):
        raise Conflict(
            "The numbers under the company prefix {prefix} are used up.",
            field="company_prefix",
            prefix=prefix,
        )

    def with_cartons(facts: LabelFacts) -> LabelFacts:
        carton = CartonFacts(first, _contents(batch, order))
        return replace(facts, items=(*facts.items, *_items(order)), carton=carton)

    uid = issue_print_run(
        w,
        trace_code,
        order.cartons,
        template,
        per_package=False,
        try_out=try_out,
        completed=with_cartons,
    )
    told = {
        "run": uid,
        "trace_code": batch.trace_code,
        "company_prefix": prefix,
        "first": first,
        "last": last,
        "packages": order.packages,
        "channel": w.actor.channel,
    }
    w.session.add(
        CartonRun(
            print_run_id=print_run(w.session, uid).id,
            party_id=batch.party_id,
            company_prefix=prefix,
            first=first,
            last=last,
            packages=order.packages,
            record_id=w.record(CARTONS_NUMBERED, "cartons_numbered", told, subject=uid),
        )
    )
    w.session.flush()
    return uid


def _require_sound(order: CartonOrder) -> None:
    if order.cartons < 1:
        raise InvalidInput("Print at least one label.", field="cartons")
    if order.packages < 1:
        raise InvalidInput("A carton holds at least one package.", field="packages")
    if order.net_kg is not None and order.net_kg <= 0:
        raise InvalidInput("A carton weighs more than nothing.", field="net_kg")


def _next(w: Writing, prefix: str, party_id: int) -> str:
    newest = last_numbered(w.session, prefix)
    if newest is None:
        return (_EXTENSION + prefix).ljust(SSCC_BODY, "0")
    if newest.party_id != party_id:
        raise Conflict(
            "Another organisation numbers its cartons under {prefix}: type your own.",
            field="company_prefix",
            prefix=prefix,
        )
    return f"{int(newest.last) + 1:017d}"


def _contents(batch: Batch, order: CartonOrder) -> tuple[Element, ...]:
    """What the bars say beside the SSCC: nothing where the goods have no GTIN, for all of it would
    hang on that."""
    gtin = batch.product.gtin if batch.product else None
    if gtin is None:
        return ()
    found = [element("02", gtin), element("37", str(order.packages))]
    if order.net_kg is not None and variable_measure(gtin):
        found.append(kilograms("310", order.net_kg))
    if batch.best_before is not None:
        found.append(day_element("15", batch.best_before))
    elif batch.produced_on is not None:
        found.append(day_element("11", batch.produced_on))
    return (*found, _lot(batch))


def _lot(batch: Batch) -> Element:
    """The lot as the code of the batch has it, or else the trace code, which is a lot too."""
    path = parse_path(batch.path)
    lot = path.lot if isinstance(path, GtinPath) else batch.lot
    try:
        return element("10", lot or batch.trace_code)
    except InvalidInput:  # written with characters that bars do not hold
        return element("10", batch.trace_code)


def _items(order: CartonOrder) -> list[ItemFact]:
    said = {"carton_packages": str(order.packages)}
    if order.net_kg is not None:
        said["carton_net_weight"] = f"{_plain(order.net_kg)} kg"
    names = label_item_names()
    return [
        ItemFact(key, Said(names[key].zh, names[key].statutory_bo()), Said(text), "1.8")
        for key, text in said.items()
    ]


def _plain(amount: Decimal) -> str:
    return f"{amount.normalize():f}"
