"""How much a package holds, as its label says it: ``500 g``, ``200克（5×40克）``, ``40 g×5``.

A label speaks in legal units (定量包装商品计量监督管理办法): what a market counts in 斤 is refused.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from suyuan.trace.errors import InvalidInput
from suyuan.trace.quantities import Quantity, unit_table
from suyuan.trace.stated_quantities import read_quantity
from suyuan.trace.written import folded

_SETTLED: Final = {"克": Quantity.of(1, "GRM")}
"""On a label 克 is the gram."""
_ASIDE: Final = re.compile(r"\([^()]*\)|(?:±|/).*$")
"""What is said beside the quantity: how it is divided, how exact it is, for what package."""
_TIMES: Final = re.compile(r"(?P<each>.+?)×(?P<count>[1-9][0-9]{0,3})[件袋包盒瓶支枚个条]?")


@lru_cache(4096)
def read_net_content(text: str) -> Quantity | None:
    """What one package holds; None where that cannot be read as one quantity."""
    plain = _ASIDE.sub("", re.sub(r"[x*]", "×", folded(text))).strip()
    several = _TIMES.fullmatch(plain)
    try:
        each = read_quantity(several["each"] if several else plain, settled=_SETTLED).quantity
        if each is None or several is None:
            return each
        return Quantity(each.amount * int(several["count"]), each.unit)
    except InvalidInput:
        return None


def check_net_content(text: str, field: str) -> None:
    """Raises InvalidInput for a net content with figures that are no quantity above nothing in
    legal units; words such as 计量称重 pass."""
    if not re.search(r"[0-9一二三四五六七八九十百千]", folded(text)):
        return
    net = read_net_content(text)
    market = "|".join(one["word"] for one in unit_table()["market"])
    if net is None or not net or re.search(rf"(?<!公)(?:{market})", text):
        raise InvalidInput(
            "The net content {text} cannot be read: write a number above 0 and a legal unit, such "
            "as 500 g, 1.5 kg, 500 mL or 40 g×5.",
            field,
            text=text[:40],
        )
