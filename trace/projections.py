"""What the rows of every slice must hold, gathered for those who audit them."""

from __future__ import annotations

from suyuan.trace.batches import projection as batches
from suyuan.trace.bilingual import projection as bilingual
from suyuan.trace.carriers import projection as carriers
from suyuan.trace.cartons import projection as cartons
from suyuan.trace.certificates import projection as certificates
from suyuan.trace.credit import projection as credit
from suyuan.trace.events import projection as events
from suyuan.trace.evidence import projection as evidence
from suyuan.trace.intake import projection as intake
from suyuan.trace.log.projections import Projection
from suyuan.trace.notices import projection as notices
from suyuan.trace.oversight import projection as oversight
from suyuan.trace.papers import projection as papers
from suyuan.trace.parties import projection as parties
from suyuan.trace.pins import projection as pins
from suyuan.trace.printers import projection as printers
from suyuan.trace.printing import projection as printing
from suyuan.trace.products import projection as products
from suyuan.trace.quality import projection as quality
from suyuan.trace.release import projection as release
from suyuan.trace.retention import projection as retention
from suyuan.trace.samples import projection as samples

SLICES = (
    evidence, parties, products, bilingual, batches, events, papers, quality, samples, certificates,
    release, printing, printers, cartons, carriers, pins, notices, retention, oversight, credit,
    intake,
)  # fmt: skip
PROJECTIONS: tuple[Projection, ...] = tuple(
    each for one in SLICES for each in one.PROJECTIONS
)  # fmt: skip
