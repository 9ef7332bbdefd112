"""The form that registers a batch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from werkzeug.datastructures import MultiDict

from suyuan.trace.batches.facts import BatchFacts, MarkFacts, ShareFacts
from suyuan.trace.batches.tables import Batch, Share
from suyuan.trace.quantities import Quantity
from suyuan.web.desk.forms.typed import FACT, UNIT, Typed, as_typed
from suyuan.web.desk.goods import Goods

SHARE = "share"
SHARE_COLUMNS = ("household", "quantity", "note")


def read_batch(typed: Typed, party: str, goods: Goods, sites: Sequence[str]) -> BatchFacts:
    """A new batch of ``goods``. Raises Doubtful for all that is wrong or must be asked."""
    quantity = typed.quantity("quantity", required=True)
    lot = typed.text("lot", most=20)
    foreign = typed.text("foreign_lot", most=64)
    facts = BatchFacts(
        party=party,
        quantity=quantity if quantity is not None else Quantity.of(1, goods.unit),
        product=goods.product_uid,
        family="" if goods.product_uid else goods.family.key,
        variant="" if goods.product_uid else goods.variant.key,
        name=typed.text("name"),
        site=typed.one_of("site", sites, required=False) or None,
        lot=lot or None,
        produced=typed.stated_date("produced"),
        best_before=typed.day("best_before"),
        attributes=typed.facts(goods.asked, goods.variant.key),
        shares=_shares(typed),
        marks=(MarkFacts("foreign_lot", foreign),) if foreign else (),
        note=typed.text("note", most=500),
    )
    typed.finish()
    return facts


def _shares(typed: Typed) -> tuple[ShareFacts, ...]:
    return tuple(
        ShareFacts(
            household=typed.text(f"{SHARE}.{row}.household", most=100, required=True),
            quantity=typed.quantity(f"{SHARE}.{row}.quantity"),
            note=typed.text(f"{SHARE}.{row}.note"),
        )
        for row in typed.rows(SHARE, *SHARE_COLUMNS)
    )


def share_faults(faults: Mapping[str, str]) -> dict[str, str]:
    """Faults that the act names by a share's place, beside the field of its quantity."""
    return {_share_field(field): text for field, text in faults.items()}


def _share_field(field: str) -> str:
    if field.startswith("shares."):
        return f"{SHARE}.{field.removeprefix('shares.')}.quantity"
    return SHARE if field == "shares" else field


def typed_again(
    batch: Batch, shares: Sequence[Share], goods: Goods, today: date
) -> MultiDict[str, str]:
    """The form of a batch as it would be typed for another one like it today.

    The day moves on; what names one animal, jar or lot is left to be filled in.
    """
    unit = batch.unit
    typed = MultiDict[str, str](
        {
            "goods": goods.key,
            "quantity": Quantity(batch.quantity, unit).amount_text,
            "quantity" + UNIT: unit,
            "produced": today.isoformat(),
            "site": batch.site.uid if batch.site else "",
            "name": "" if batch.name == goods.name else batch.name,
        }
    )
    for fact in goods.asked:
        value = batch.attributes.get(fact.key)
        if value is None or fact.type == "list":
            continue
        if fact.type == "date" and value == str(batch.produced_on):
            value = today.isoformat()
        typed[FACT + fact.key] = as_typed(value)
    for row, share in enumerate(shares):
        typed[f"{SHARE}.{row}.household"] = share.household
        if share.quantity is not None:
            typed[f"{SHARE}.{row}.quantity"] = Quantity(share.quantity, unit).amount_text
            typed[f"{SHARE}.{row}.quantity{UNIT}"] = unit
    return typed
