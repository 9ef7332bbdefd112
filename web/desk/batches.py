"""Registering batches, and the page of one batch."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext

from suyuan.trace.acts.batches import register_batch, withdraw_batch
from suyuan.trace.batches import queries
from suyuan.trace.batches.tables import Batch
from suyuan.trace.certificates.grounds import is_for
from suyuan.trace.certificates.queries import certificates_of_batch
from suyuan.trace.codes.trace_code import parse_trace_code, show_trace_code
from suyuan.trace.events.queries import events_of, with_nobody
from suyuan.trace.lineage.queries import Direction, Node, chain
from suyuan.trace.oversight.sight import sight
from suyuan.trace.papers.queries import papers_of_batches, state_on
from suyuan.trace.printing.queries import runs_of_batch
from suyuan.trace.quality.grading import grades_of
from suyuan.trace.quality.queries import judged, reports_of_batches
from suyuan.trace.quantities import Quantity
from suyuan.trace.release.queries import order_history
from suyuan.trace.release.rules import may_lift
from suyuan.web.balances import balance_of, unit_name
from suyuan.web.desk import releasing, whom
from suyuan.web.desk.forms.batch import read_batch, share_faults, typed_again
from suyuan.web.desk.goods import (
    Goods,
    goods_of_batch,
    goods_with,
    products_offered,
    variants_offered,
)
from suyuan.web.desk.reading import batch_seen, one_in_hand, sites
from suyuan.web.desk.sending import send_once, sent_files
from suyuan.web.desk.sheet import Answer, Done, Sheet, answered, facts_placed, typed
from suyuan.web.ground import db, ledger, now, today
from suyuan.web.identity import current_actor, perform_once
from suyuan.web.once import once
from suyuan.web.recalls import shown_clock

views = Blueprint("batches", __name__, url_prefix="/batches")

NEIGHBOURS = 12
"""How many batches back and forward the page of a batch shows; the rest is in the chain."""


@views.route("/new", methods=["GET", "POST"])
def new() -> Answer:
    """Choose the goods, then say what there is of them."""
    whom.require("register_batch")
    again = request.args.get("again", "")
    prefilled = _again(again) if again and request.method == "GET" else None
    key = (prefilled or request.values).get("goods", "")
    if not key:
        return _choose_goods()
    goods = goods_with(db(), ledger().families, whom.whom(), key)

    def draw(sheet: Sheet) -> str:
        return render_template("desk/batch_new.html", sheet=sheet, goods=goods, sites=sites())

    return answered(draw, lambda: _register(goods), prefilled=prefilled, place=_place(goods))


@views.get("/<code>")
def page(code: str) -> str:
    """Everything that is known of a batch."""
    batch = batch_seen(code)
    held = one_in_hand(batch)
    told = order_history(db(), batch.id)
    goods = goods_of_batch(ledger().families, batch)
    return render_template(
        "desk/batch.html",
        batch=batch,
        held=held,
        with_nobody={
            state: Quantity(amount, batch.unit)
            for state, amount in with_nobody(db(), batch.id).items()
        },
        goods=goods,
        grades=grades_of(goods.family, batch),
        shares=queries.shares(db(), batch.id),
        marks=queries.marks(db(), batch.id),
        sees_names="personal" in sight(db(), current_actor(), batch, now=now()),
        events=events_of(db(), [batch.id]),
        back=_neighbours(batch, "back"),
        forward=_neighbours(batch, "forward"),
        runs=runs_of_batch(db(), batch.id),
        orders=told,
        clocks={one.uid: shown_clock(one) for one in told},
        liftable={one.uid for one in told if may_lift(current_actor(), one)},
        papers=papers_of_batches(db(), [batch]),
        paper_state=lambda paper: state_on(paper, today()),
        certificates=certificates_of_batch(db(), batch.id),
        certifiable=is_for(goods.variant),
        reports=reports_of_batches(db(), [batch.id]),
        judged=judged(db(), [batch.id]),
        balance=balance_of(batch),
        unit_name=unit_name,
        own=batch.party_id == whom.whom().id,
        **releasing.shown(batch),
    )


@views.route("/<code>/withdraw", methods=["GET", "POST"])
def withdraw(code: str) -> Answer:
    """A batch that was registered in error goes again."""
    batch = batch_seen(code)
    current_actor().require("register_batch", batch.party)

    def draw(sheet: Sheet) -> str:
        return render_template(
            "desk/reason.html",
            sheet=sheet,
            batch=batch,
            title=gettext("Withdraw the batch"),
            means=gettext("It was registered in error. Its record stays and says so."),
            do=gettext("Withdraw"),
        )

    def send() -> Done:
        given = typed()
        reason = given.text("reason", most=500, required=True)
        given.finish()
        said = ("withdraw", batch.trace_code, reason)
        perform_once(once(said), withdraw_batch, batch.trace_code, reason)
        return Done(_page(batch.trace_code), gettext("The batch was withdrawn."))

    return answered(draw, send)


def _choose_goods() -> str:
    families = ledger().families
    return render_template(
        "desk/goods.html",
        products=products_offered(db(), families, whom.whom()),
        families=list(variants_offered(families)),
    )


def _again(code: str) -> Mapping[str, str]:
    batch = batch_seen(code)
    goods = goods_of_batch(ledger().families, batch)
    return typed_again(batch, queries.shares(db(), batch.id), goods, today())


def _register(goods: Goods) -> Done:
    party = whom.whom()
    facts = read_batch(typed(), party.uid, goods, [site.uid for site in sites()])
    code = send_once(register_batch, facts, party.uid, sent_files())
    said = gettext("Registered: %(code)s", code=show_trace_code(code))
    return Done(_page(code), said, _photos_of(code))


def _photos_of(code: str) -> str:
    """Where photos of a registration go."""
    batch = queries.batch(db(), parse_trace_code(code))
    registration = next(one for one in events_of(db(), [batch.id]) if one.kind == "register")
    return url_for("desk.events.photos", uid=registration.uid)


def _place(goods: Goods) -> Callable[[Mapping[str, str]], Mapping[str, str]]:
    """Faults of the act at the fields of the form."""
    keys = {fact.key for fact in goods.asked}
    return lambda faults: share_faults(facts_placed(faults, keys))


def _neighbours(batch: Batch, direction: Direction) -> list[Node]:
    found = chain(db(), batch.id, direction, most=NEIGHBOURS + 1)
    return [node for node in found.nodes if node.depth]


def _page(code: str) -> str:
    return url_for("desk.batches.page", code=code)
