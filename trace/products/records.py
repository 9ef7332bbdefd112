"""What records say of products."""

from __future__ import annotations

from suyuan.trace.log.schemas import RecordSchema

PRODUCT = RecordSchema(
    "product",
    1,
    public=(
        "product",
        "party",
        "family",
        "variant",
        "name",
        "names",
        "gtin",
        "label",
        "items_on_pack",
    ),
    subject="{product}",
)
"""A product as it was added, or as its label items were changed: the whole of it each time."""
