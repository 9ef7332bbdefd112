"""Reading products."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.errors import NotFound
from suyuan.trace.products.tables import Product


def product(session: Session, uid: str, field: str | None = "product") -> Product:
    """The product with this uid. Raises NotFound."""
    found = session.scalar(sa.select(Product).where(Product.uid == uid))
    if found is None:
        raise NotFound("There is no product {uid}.", field=field, uid=uid)
    return found


def product_with_gtin(session: Session, gtin: str) -> Product:
    """The product with this GTIN of 14 digits. Raises NotFound."""
    found = session.scalar(sa.select(Product).where(Product.gtin == gtin))
    if found is None:
        raise NotFound("There is no product with the GTIN {gtin} here.", field="gtin", gtin=gtin)
    return found


def products_of(
    session: Session, party_id: int, *, after: int = 0, limit: int = 200
) -> list[Product]:
    """A party's products in order of coming."""
    query = sa.select(Product).where(Product.party_id == party_id, Product.id > after)
    return list(session.scalars(query.order_by(Product.id).limit(limit)))
