"""Every table of the domain, gathered for alembic and for the tests that compare the two."""

from __future__ import annotations

from suyuan.trace.batches import tables as batches
from suyuan.trace.bilingual import tables as bilingual
from suyuan.trace.carriers import tables as carriers
from suyuan.trace.cartons import tables as cartons
from suyuan.trace.certificates import tables as certificates
from suyuan.trace.codes import tables as codes
from suyuan.trace.credit import tables as credit
from suyuan.trace.database import Base
from suyuan.trace.events import tables as events
from suyuan.trace.evidence import tables as evidence
from suyuan.trace.intake import tables as intake
from suyuan.trace.jobs import tables as jobs
from suyuan.trace.keys import tables as keys
from suyuan.trace.log import tables as log
from suyuan.trace.notices import tables as notices
from suyuan.trace.papers import tables as papers
from suyuan.trace.parties import tables as parties
from suyuan.trace.pins import tables as pins
from suyuan.trace.printers import tables as printers
from suyuan.trace.printing import tables as printing
from suyuan.trace.products import tables as products
from suyuan.trace.quality import tables as quality
from suyuan.trace.release import tables as release
from suyuan.trace.result_sheets import tables as result_sheets
from suyuan.trace.retention import tables as retention
from suyuan.trace.samples import tables as samples
from suyuan.trace.scans import tables as scans

SLICES = (
    keys, log, evidence, parties, products, bilingual, batches, events,
    codes, papers, quality, samples, certificates, release, printing, cartons, jobs, printers,
    carriers, pins, scans, notices, retention, credit, intake,
    result_sheets,
)  # fmt: skip
metadata = Base.metadata
