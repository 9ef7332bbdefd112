"""What is asked of the table of papers."""

from __future__ import annotations

from suyuan.api.schemas.fields import Day, OneOf, Text, YesNo
from suyuan.api.schemas.shapes import Input
from suyuan.trace.products.attributes import STAGES
from suyuan.trace.quantities import units


class NeedsQuery(Input):
    """Of which product, in which case; what is left out is not known.

    `product_class` is a class of the table or a variant such as `yak_meat/fresh`; `producer` a kind
    of organisation; `route` whether the goods leave the province, `origin` whether what they were
    made of came from another; `mark` one that is put on them.
    """

    product_class = Text(80, least=1, required=True)
    day = Day(load_default=None)
    producer = Text(30, least=1, load_default=None)
    route = OneOf("within", "across", load_default=None)
    origin = OneOf("within", "across", load_default=None)
    processed = YesNo(load_default=None)
    mark = Text(40, least=1, load_default=None)
    stage = OneOf(*STAGES, load_default=None)
    quantity = Text(24, least=1, load_default=None)
    unit = OneOf(*units(), load_default=None)
