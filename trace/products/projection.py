"""What rows of products hold, by their records."""

from __future__ import annotations

from suyuan.trace.log.projections import Column, Projection, name_of, newest, said_by
from suyuan.trace.parties.tables import Party
from suyuan.trace.products.records import PRODUCT
from suyuan.trace.products.tables import Product

PRODUCTS = Projection(
    Product,
    Product.uid,
    PRODUCT,
    names=said_by("product"),
    references=(Product.record_id,),
    types=frozenset({"product.added"}),
    later=(PRODUCT,),
    columns=(
        Column("party_id", name_of(Party.uid, Product.party_id), newest("party")),
        Column("family", Product.family, newest("family")),
        Column("variant", Product.variant, newest("variant")),
        Column("name", Product.name, newest("name")),
        Column("names", Product.names, newest("names", absent={})),
        Column("gtin", Product.gtin, newest("gtin")),
        Column("label", Product.label, newest("label", absent={})),
        Column("items_on_pack", Product.items_on_pack, newest("items_on_pack")),
        Column("made_at", Product.made_at, newest("at", types=("product.added",))),
    ),
)
PROJECTIONS = (PRODUCTS,)
