"""Making batches of batches: slaughter, process, sort, split, merge, repack."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.datastructures import MultiDict

from suyuan.trace.acts.transformations import transform
from suyuan.trace.batches.tables import Batch
from suyuan.trace.errors import Forbidden, SuyuanError
from suyuan.trace.events.kinds import EventKind, EventKinds
from suyuan.trace.events.rules import ASSORT, CONSERVING
from suyuan.trace.products.family import ASSORTMENT, Family
from suyuan.web.desk import whom
from suyuan.web.desk.events import makings
from suyuan.web.desk.forms.event import key_data
from suyuan.web.desk.forms.making import INPUT, OUTPUT, read_making
from suyuan.web.desk.forms.typed import FACT, UNIT, as_typed, here
from suyuan.web.desk.goods import (
    Goods,
    goods_of_batch,
    goods_with,
    products_offered,
    variants_offered,
)
from suyuan.web.desk.reading import batch_seen, in_hand, sites
from suyuan.web.desk.sending import send_once, sent_files
from suyuan.web.desk.sheet import Answer, Done, Sheet, answered, facts_placed, typed
from suyuan.web.ground import db, ledger, now
from suyuan.web.showing import named

views = Blueprint("making", __name__, url_prefix="/make")

_LEAST_OUTPUTS = {"split": 3, "sort": 3, "merge": 1, "repack": 2}


@views.route("/", methods=["GET", "POST"])
def new() -> Answer:
    """What went in, and what came out."""
    whom.require("record_event")
    first = batch_seen(request.values.get("batch", ""))
    kind = _kind(request.values.get("kind", ""), first)
    asked = key_data(kind, ledger().families.get(first.family))

    def draw(sheet: Sheet) -> str:
        return render_template(
            "desk/make.html",
            sheet=sheet,
            batch=first,
            kind=kind,
            asked=asked,
            sites=sites(),
            held=in_hand(whom.whom()),
            offered=_offered(first),
            goods=_goods_or_none,
            least_inputs=1 if kind.key == "split" else 2,
            least_outputs=_LEAST_OUTPUTS.get(kind.key, 1),
            one_output=kind.key in ("merge", ASSORT),
        )

    keys = {one.key for one in asked}
    return answered(
        draw,
        lambda: _make(kind),
        prefilled=_prefilled(kind, first),
        place=lambda faults: _place(facts_placed(faults, keys)),
    )


def _make(kind: EventKind) -> Done:
    party = whom.whom()
    given = typed()
    asked = key_data(kind, _family_made(given.fields))
    facts = read_making(
        given, kind, party.uid, asked, [site.uid for site in sites()], _goods, now()
    )
    answer = send_once(transform, facts, party.uid, sent_files())
    made: list[str] = answer["batches"]
    said = ngettext("%(num)d batch was made.", "%(num)d batches were made.", len(made))
    onward = url_for("desk.batches.page", code=made[0])
    return Done(onward, said, url_for("desk.events.photos", uid=answer["event"]))


def _kind(key: str, batch: Batch) -> EventKind:
    kind = EventKinds.load().get(key)
    if kind not in makings(batch):
        raise Forbidden(
            "Your organisation does not record events of the kind {kind} on this batch.",
            "kind",
            kind=key,
        )
    return kind


def _family_made(fields: MultiDict[str, str]) -> Family | None:
    """The family whose key data are asked: that of what came out."""
    chosen = _goods_or_none(fields.get(f"{OUTPUT}.0.goods", ""))
    return chosen.family if chosen else None


def _goods(key: str) -> Goods:
    return goods_with(db(), ledger().families, whom.whom(), key)


def _goods_or_none(key: str) -> Goods | None:
    """The goods chosen in a row, for the fields to draw there."""
    try:
        return _goods(key) if key else None
    except SuyuanError:
        return None


def _offered(first: Batch) -> list[tuple[str, list[Goods]]]:
    """What can come out: own products first, then what is of the same family."""
    families = ledger().families
    own = products_offered(db(), families, whom.whom())
    groups: list[tuple[str, list[Goods]]] = [(gettext("Products"), own)] if own else []
    ordered = sorted(variants_offered(families), key=lambda one: one[0].key != first.family)
    return groups + [(named(family.names), goods) for family, goods in ordered]


def _prefilled(kind: EventKind, first: Batch) -> Mapping[str, str]:
    """The first row is the batch one came from; what is split or repacked stays what it is."""
    prefilled = MultiDict[str, str](
        {f"{INPUT}.0.code": first.trace_code, "happened_at": here(now())}
    )
    if kind.key == ASSORT:
        (box,) = ledger().families.get(ASSORTMENT).variants
        prefilled[f"{OUTPUT}.0.goods"] = f"{ASSORTMENT}/{box}"
        prefilled[f"{OUTPUT}.0.quantity{UNIT}"] = ledger().families.get(ASSORTMENT).default_unit
    if kind.key not in CONSERVING:
        return prefilled
    goods = goods_of_batch(ledger().families, first)
    if goods.product is not None and goods.product.party_id not in (
        whom.whom().id,
        whom.whom().parent_id,
    ):
        goods = Goods(goods.family, goods.variant)
    for row in range(_LEAST_OUTPUTS[kind.key]):
        prefilled[f"{OUTPUT}.{row}.goods"] = goods.key
        prefilled[f"{OUTPUT}.{row}.quantity{UNIT}"] = first.unit
        for fact in goods.asked:
            value = first.attributes.get(fact.key)
            if value is not None and fact.type != "list":
                name = f"{OUTPUT}.{row}.{FACT}{fact.key}"
                prefilled[name] = as_typed(value)
    return prefilled


def _place(faults: Mapping[str, str]) -> dict[str, str]:
    """Faults of the whole at the first row of what they speak of."""
    at = {
        "inputs": f"{INPUT}.0.code",
        "outputs": f"{OUTPUT}.0.quantity",
        "quantity": f"{INPUT}.0.quantity",
    }
    return {at.get(name, name): text for name, text in faults.items()}
