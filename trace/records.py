"""Every kind of record, gathered for those who ask what a record may say, and to whom."""

from __future__ import annotations

from suyuan.trace.acts import continuing, key_records, witnessing
from suyuan.trace.batches import records as batches
from suyuan.trace.bilingual import records as bilingual
from suyuan.trace.carriers import records as carriers
from suyuan.trace.cartons import records as cartons
from suyuan.trace.certificates import records as certificates
from suyuan.trace.credit import records as credit
from suyuan.trace.events import records as events
from suyuan.trace.evidence import records as evidence
from suyuan.trace.intake import records as intake
from suyuan.trace.log import erasures
from suyuan.trace.log.schemas import RecordSchema, Schemas
from suyuan.trace.notices import records as notices
from suyuan.trace.oversight import records as oversight
from suyuan.trace.papers import records as papers
from suyuan.trace.parties import records as parties
from suyuan.trace.pins import records as pins
from suyuan.trace.printers import records as printers
from suyuan.trace.printing import records as printing
from suyuan.trace.products import records as products
from suyuan.trace.quality import records as quality
from suyuan.trace.release import records as release
from suyuan.trace.result_sheets import records as result_sheets
from suyuan.trace.retention import records as retention
from suyuan.trace.samples import records as samples

_SAYING = (
    erasures, key_records, continuing, witnessing, evidence, parties, products, batches, events,
    papers, quality, samples, certificates, release, retention, printing, printers, cartons,
    carriers, pins, notices, oversight, credit, bilingual, intake, result_sheets,
)  # fmt: skip
SCHEMAS: Schemas = {
    str(one): one
    for module in _SAYING
    for one in vars(module).values()
    if isinstance(one, RecordSchema)
}
"""The schemas by name and version, as records name theirs."""
