"""What is asked of the standards about a result."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import marshmallow as ma

from suyuan.api.schemas.fields import Day, OneOf, Text, Translated
from suyuan.api.schemas.shapes import Input
from suyuan.api.words import N_
from suyuan.trace.quality.readings import LONGEST
from suyuan.trace.quality.verdicts import MOST_RESULTS, Asked


class Written(Text):
    """What a laboratory wrote; a JSON number is taken as its digits."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        if isinstance(value, int | float) and not isinstance(value, bool):
            value = str(value)
        return super()._deserialize(value, attr, data, **kwargs)


class Results(Translated, ma.fields.Field[Any]):
    """One result, or a list of the results of n samples."""

    default_error_messages = {  # noqa: RUF012  # as marshmallow declares it
        "many": N_("Give between one and {most} results.")
    }

    def __init__(self, **kwargs: Any) -> None:
        one = {"type": ["string", "number"], "maxLength": LONGEST}
        several = {"type": "array", "items": one, "minItems": 1, "maxItems": MOST_RESULTS}
        super().__init__(metadata={"anyOf": [one, several]}, **kwargs)
        self.each = Written(LONGEST, least=1)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> tuple[str, ...]:
        values = value if isinstance(value, list) else [value]
        if not 0 < len(values) <= MOST_RESULTS:
            raise self.make_error("many", most=MOST_RESULTS)
        return tuple(cast(str, self.each.deserialize(one)) for one in values)


@dataclass(frozen=True)
class WhatIf:
    """What is asked, and of goods from where; ``division`` is empty where no place is meant."""

    asked: Asked
    division: str


class VerdictInput(Input):
    """A result as its laboratory writes it, on what, made when.

    `product_class` and `parameter` are keys or words of `GET /standards`; a class may also be a
    variant, such as `grain/sorghum`. `result` is one (`0.15`, `未检出(<0.01)`, `0.1~0.2`) or
    a list of those of n samples. `lod` is the detection limit where it is given apart; `moisture`
    is in percent; `basis` is `dry` where the result is on dry basis already. `division` is the
    code (GB/T 2260, or nine digits for a township) of the place that the goods are from: the limits
    that its county has set are asked too, and the strictest answer counts.
    """

    product_class = Text(120, least=1, required=True)
    production_date = Day(required=True)
    parameter = Text(120, least=1, required=True)
    results = Results(required=True, data_key="result")
    unit = Text(40, load_default="")
    lod = Written(40, load_default="")
    moisture = Written(40, load_default="")
    basis = OneOf("as_is", "dry", load_default="as_is")
    division = Text(12, load_default="", metadata={"examples": ["540626"]})

    @ma.post_load
    def as_facts(self, data: dict[str, Any], **_: object) -> WhatIf:
        division = data.pop("division")
        return WhatIf(Asked(**data), division)
