"""What is said of a sample, as the acts take it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from suyuan.trace.quantities import Quantity


@dataclass(frozen=True)
class SampleFacts:
    """A sampling sheet (抽样单) for the batch with this trace code.

    ``base``: the quantity that the sample stands for (抽样基数); ``quantity`` went to the
    laboratory, ``reserve`` was laid by (备样). ``seal``: number of the seal, where it was sealed on
    the spot. ``samplers`` and ``present`` are names. ``site`` and ``evidence`` are uids.
    """

    trace_code: str
    kind: str
    number: str
    taken_on: date
    samplers: tuple[str, ...]
    quantity: Quantity
    base: Quantity | None = None
    reserve: Quantity | None = None
    seal: str = ""
    present: tuple[str, ...] = ()
    site: str | None = None
    place: str = ""
    note: str = ""
    evidence: str | None = None


@dataclass(frozen=True)
class StepFacts:
    """What happened to a sample, or to its reserve (``portion``), on a day.

    ``to``: uid of the laboratory that it is sent to, or ``to_name`` where that is no organisation
    here. ``intact``: whether the seal was whole when it was received. ``keep_until``: for how long
    a reserve is kept.
    """

    kind: str
    on: date
    portion: str = "sample"
    seal: str = ""
    to: str | None = None
    to_name: str = ""
    intact: bool | None = None
    keep_until: date | None = None
    note: str = ""
