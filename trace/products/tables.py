"""The table of products: what a party makes, with what its label must say."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from suyuan.trace.database import Base, Id, Json, Moment
from suyuan.trace.log.tables import said_in
from suyuan.trace.parties.tables import Party


class Product(Base):
    """A product of a party: a family and variant, and the facts its label carries.

    ``label`` holds the label items by key (``standards/label_items.json``): ingredients, standard
    number, allergens, nutrition values, storage, shelf life, licence number …
    ``items_on_pack`` is the producer's declaration that the mandatory items stand on the pack, so
    that a small trace label may be added.
    """

    __tablename__ = "product"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    uid: Mapped[str] = mapped_column(sa.String(26), unique=True)
    party_id: Mapped[int] = mapped_column(sa.ForeignKey("party.id"), index=True)
    family: Mapped[str] = mapped_column(sa.String(30))
    variant: Mapped[str] = mapped_column(sa.String(40))
    name: Mapped[str] = mapped_column(sa.String(200))
    names: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    gtin: Mapped[str | None] = mapped_column(sa.String(14), unique=True)
    label: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    items_on_pack: Mapped[bool] = mapped_column(default=False)
    warnings: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    made_at: Mapped[datetime] = mapped_column(Moment)
    record_id: Mapped[str] = mapped_column(said_in())

    party: Mapped[Party] = relationship()
