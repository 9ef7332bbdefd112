"""What pages of samples share: how a chain is told, and which samples a report answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from suyuan.api.words import remark_told
from suyuan.trace.doubts import Remark
from suyuan.trace.oversight.sight import sample_sight
from suyuan.trace.quality.tables import TestReport
from suyuan.trace.quantities import Quantity
from suyuan.trace.samples import queries
from suyuan.trace.samples.kinds import called, sampling_kinds
from suyuan.trace.samples.tables import Sample
from suyuan.web.ground import db, now
from suyuan.web.identity import current_actor
from suyuan.web.public.saying import quantity
from suyuan.web.showing import named


@dataclass(frozen=True)
class ShownSample:
    """A sample as a page tells of it; what is not for these eyes is empty.

    ``doubts``: what is doubtful about it, of a report's own page about that report too.
    """

    sample: Sample
    kind: str
    taken: str
    base: str
    reserve: str
    trade: bool
    personal: bool
    unconfirmed: bool
    doubts: Sequence[str]

    def step(self, kind: str) -> str:
        """What a step is called."""
        return named(called("steps")[kind])

    def portion(self, key: str) -> str:
        """What a part of the sample is called."""
        return named(called("portions")[key])


def shown(one: Sample, doubts: Sequence[Remark] | None = None) -> ShownSample:
    """The sample for the one signed in; ``doubts`` where those of a report are meant."""
    classes = sample_sight(db(), current_actor(), one, now=now())
    kind = sampling_kinds()[one.kind]
    return ShownSample(
        sample=one,
        kind=named(kind.names),
        taken=quantity(Quantity(one.quantity, one.unit)),
        base=quantity(Quantity(one.base, one.base_unit)) if one.base and one.base_unit else "",
        reserve=quantity(Quantity(one.reserve, one.reserve_unit))
        if one.reserve and one.reserve_unit
        else "",
        trade="trade" in classes,
        personal="personal" in classes,
        unconfirmed=kind.provenance.unconfirmed,
        doubts=[
            remark_told(each) for each in (queries.doubts_of(one) if doubts is None else doubts)
        ],
    )


def answered(report: TestReport) -> list[ShownSample]:
    """The samples that a report answers, each with what is doubtful about the two."""
    return [shown(one.sample, one.doubts) for one in queries.answered_by(db(), report)]
