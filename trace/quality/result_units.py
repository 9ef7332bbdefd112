"""Units of results and their conversion: ``standards/limits/units.json``.

Only units of one dimension are converted. A share by mass is no share by volume without density,
and colonies are not most probable numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache

from suyuan.trace.quality.wordings import Wordings
from suyuan.trace.sourced import Row, keyed, read_standard
from suyuan.trace.written import folded

_FILE = "limits/units.json"


@dataclass(frozen=True)
class ResultUnit:
    """``factor``: how many of its dimension's first unit one is."""

    symbol: str
    dimension: str
    factor: Fraction
    words: tuple[str, ...]

    @property
    def is_portion(self) -> bool:
        """Whether it says how much was searched, as ``/25 g``; the factor is that amount."""
        return self.dimension.startswith("portion")

    def to(self, other: ResultUnit) -> Fraction | None:
        """What to multiply by to get ``other``; ``None`` where there is no way."""
        if self.is_portion or self.dimension != other.dimension:
            return None
        return self.factor / other.factor


class ResultUnits:
    """All units by symbol and by word."""

    def __init__(self, units: dict[str, ResultUnit], dry: tuple[str, ...]) -> None:
        self.by_symbol = units
        self._dry = dry
        self._wordings = Wordings({one.symbol: one.words for one in units.values()}, _FILE)

    def find(self, written: str) -> tuple[ResultUnit | None, bool]:
        """The unit as a laboratory writes it, and whether it says "on dry basis" (干基)."""
        bare, dry = folded(written), False
        for word in self._dry:
            if word in bare.lower().replace(" ", ""):
                bare = bare.lower().replace(" ", "").replace(word, "").replace("()", "")
                bare, dry = bare.strip(",;"), True
        symbol = self._wordings.find(bare) or self._wordings.find(bare.strip("()[]"))
        return (self.by_symbol[symbol] if symbol else None), dry


@cache
def result_units() -> ResultUnits:
    """The units that ship. Raises Misconfigured."""
    row = read_standard(_FILE)
    units = keyed(row.get("units").rows(), _read_unit, lambda one: one.symbol)
    return ResultUnits(units, row.list_of("dry", Row.text))


def _read_unit(row: Row) -> ResultUnit:
    row.only("unit", "dimension", "factor", "words")
    return ResultUnit(
        row.get("unit").text(),
        row.get("dimension").text(),
        Fraction(Decimal(row.get("factor").text())),
        row.list_of("words", Row.text),
    )
