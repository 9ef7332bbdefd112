"""What a party registers batches of: its products, and the variants of the families."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from suyuan.trace.batches.tables import Batch
from suyuan.trace.errors import InvalidInput
from suyuan.trace.parties.tables import Party
from suyuan.trace.products.attributes import Attribute
from suyuan.trace.products.families import Families
from suyuan.trace.products.family import Family, Variant
from suyuan.trace.products.queries import product as product_with
from suyuan.trace.products.queries import products_of
from suyuan.trace.products.tables import Product

_PRODUCT = "product:"


@dataclass(frozen=True)
class Goods:
    """A product of a party, or a variant of a family without any product."""

    family: Family
    variant: Variant
    product: Product | None = None

    @property
    def key(self) -> str:
        """The name of these goods in forms."""
        if self.product is not None:
            return _PRODUCT + self.product.uid
        return f"{self.family.key}/{self.variant.key}"

    @property
    def product_uid(self) -> str | None:
        return self.product.uid if self.product is not None else None

    @property
    def name(self) -> str:
        """What a batch of these goods is called unless it is given a name."""
        return self.product.name if self.product is not None else self.variant.names.zh

    @property
    def unit(self) -> str:
        return self.variant.default_unit

    @property
    def asked(self) -> tuple[Attribute, ...]:
        """The facts that are asked of such a batch."""
        return self.family.asked(self.variant.key)


def goods_with(session: Session, families: Families, party: Party, key: str) -> Goods:
    """The goods with this key. Raises InvalidInput, NotFound."""
    if key.startswith(_PRODUCT):
        product = product_with(session, key.removeprefix(_PRODUCT), "goods")
        if product.party_id not in (party.id, party.parent_id):
            raise InvalidInput("This product is another organisation's.", "goods")
        family = families.get(product.family)
        return Goods(family, family.variant(product.variant), product)
    family_key, _, variant = key.partition("/")
    family = families.get(family_key)
    return Goods(family, family.variant(variant))


def goods_of_batch(families: Families, batch: Batch) -> Goods:
    """What a batch is of."""
    family = families.get(batch.family)
    return Goods(family, family.variant(batch.variant), batch.product)


def products_offered(session: Session, families: Families, party: Party) -> list[Goods]:
    """The products that a party may register batches of: its own and its co-operative's."""
    products = products_of(session, party.id)
    if party.parent_id is not None:
        products += products_of(session, party.parent_id)
    return [
        Goods(family, family.variant(product.variant), product)
        for product in products
        if (family := families.get(product.family))
    ]


def variants_offered(families: Iterable[Family]) -> Iterator[tuple[Family, list[Goods]]]:
    """Every variant of every family, by family."""
    for family in families:
        yield family, [Goods(family, variant) for variant in family.variants.values()]
