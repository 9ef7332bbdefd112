"""What stands on the labels of a blank roll."""

from __future__ import annotations

from suyuan.trace.parties.tables import Party
from suyuan.trace.printing.content import ItemFact, LabelFacts, Said
from suyuan.trace.products.label_items import label_item_names
from suyuan.trace.products.tables import Product


def roll_facts(party: Party, product: Product | None, default_phone: str) -> LabelFacts:
    """What stands on a blank roll: the product, or where none is known who ordered the roll, and
    whom to call; in Chinese alone. The batch that it is stuck on is not known yet."""
    names = label_item_names()
    said = {"product_name": product.name if product else party.name, "producer": party.name}
    return LabelFacts(
        # nobody sells by such a label, so no law says how high its characters are
        items=tuple(
            ItemFact(key, Said(names[key].zh), Said(text), "0") for key, text in said.items()
        ),
        mandatory=(),
        complaint_phone=party.phone or default_phone,
        items_on_pack=True,
        blank=True,
    )
