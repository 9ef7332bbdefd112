"""The net contents of packages that were weighed one by one; part of the acts.

A station weighs a package and has its label at once: a run of one label, which may be sent again.
Or it has a list of weights, typed or from a sheet: a run of as many labels as there are lines.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Final

from suyuan.trace.batches.tables import Batch
from suyuan.trace.errors import InvalidInput
from suyuan.trace.printing.gathering import net_content
from suyuan.trace.printing.weighing import FIELD, read_net_contents, summed
from suyuan.trace.quantities import Quantity


@dataclass(frozen=True)
class Weighed:
    """What was typed for each package, in the order of printing.

    ``unit``: the code of the unit that a plain number is in.
    """

    said: tuple[str, ...]
    unit: str = "KGM"


NOT_WEIGHED: Final = Weighed(())


def read_weighed(weighed: Weighed, batch: Batch, count: int, each: bool) -> tuple[str, ...]:
    """The net content of each package of a run; none where the packages were not weighed.

    ``each``: whether each label is of one package of the batch. Raises InvalidInput, InvalidInputs.
    """
    if not weighed.said:
        return ()
    if not each:
        raise InvalidInput(
            "A net content of its own is of a single package: print labels with serials.", FIELD
        )
    if len(weighed.said) != count:
        raise InvalidInput(
            "There are {weights} net contents for {count} labels: give one for each.",
            "count",
            weights=len(weighed.said),
            count=count,
        )
    lot = Quantity(batch.quantity, batch.unit)
    return read_net_contents(weighed.said, weighed.unit, lot)


def held_by(batch: Batch, nets: tuple[str, ...], count: int) -> Quantity | None:
    """What the packages of a run hold together; None where nobody says how much that is."""
    if nets:
        return summed(Counter(nets))
    net = net_content(batch)
    return net * count if net is not None else None
