"""Products, and what their labels say."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext

from suyuan.trace.acts.products import add_product, change_product_label
from suyuan.trace.products.label_items import label_rules
from suyuan.trace.products.queries import product as product_with
from suyuan.trace.products.queries import products_of
from suyuan.web.desk import whom
from suyuan.web.desk.forms.product import items_typed, read_label, read_product, typed_label
from suyuan.web.desk.goods import Goods, goods_with, variants_offered
from suyuan.web.desk.sheet import Answer, Done, Sheet, answered, typed
from suyuan.web.ground import db, ledger, today
from suyuan.web.identity import current_actor, perform_once
from suyuan.web.once import once

views = Blueprint("products", __name__, url_prefix="/products")


@views.get("/")
def listed() -> str:
    """The products of the party chosen."""
    return render_template(
        "desk/products.html",
        products=products_of(db(), whom.whom().id),
        families=ledger().families,
    )


@views.route("/new", methods=["GET", "POST"])
def new() -> Answer:
    """Choose family and variant, then say what the product is and what its label says."""
    whom.require("register_product")
    key = request.values.get("goods", "")
    if not key:
        families = list(variants_offered(ledger().families))
        return render_template("desk/product_goods.html", families=families)
    goods = goods_with(db(), ledger().families, whom.whom(), key)

    def send() -> Done:
        rules = label_rules(goods.family, goods.variant.key, today())
        facts = read_product(typed(), whom.whom().uid, goods, rules)
        uid = perform_once(once(facts), add_product, facts)
        return Done(url_for("desk.products.page", uid=uid), gettext("The product was added."))

    return answered(lambda sheet: _draw(sheet, goods), send)


@views.route("/<uid>", methods=["GET", "POST"])
def page(uid: str) -> Answer:
    """What a product's label says, to be changed for print runs to come."""
    product = product_with(db(), uid)
    current_actor().require("register_product", product.party)
    family = ledger().families.get(product.family)
    goods = Goods(family, family.variant(product.variant), product)

    def send() -> Done:
        given = typed()
        label = read_label(given, label_rules(family, product.variant, today()))
        on_pack = given.ticked("items_on_pack")
        said = ("label", uid, label, on_pack)
        perform_once(once(said), change_product_label, uid, label, on_pack)
        return Done(url_for("desk.products.page", uid=uid), gettext("The label was changed."))

    prefilled = typed_label(product.label, product.items_on_pack)
    return answered(lambda sheet: _draw(sheet, goods), send, prefilled=prefilled)


def _draw(sheet: Sheet, goods: Goods) -> str:
    rules = label_rules(goods.family, goods.variant.key, today())
    return render_template(
        "desk/product.html", sheet=sheet, goods=goods, rules=rules, items=items_typed(rules)
    )
