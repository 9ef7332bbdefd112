"""What rows of cartons hold, by their records."""

from __future__ import annotations

from suyuan.trace.cartons.records import CARTONS_NUMBERED
from suyuan.trace.cartons.tables import CartonRun
from suyuan.trace.log.projections import Column, Projection, first, name_of, said_by
from suyuan.trace.printing.tables import PrintRun

CARTONS = Projection(
    CartonRun,
    CartonRun.first,
    CARTONS_NUMBERED,
    names=said_by("first"),
    references=(CartonRun.record_id,),
    columns=(
        Column("print_run_id", name_of(PrintRun.uid, CartonRun.print_run_id), first("run")),
        Column("company_prefix", CartonRun.company_prefix, first("company_prefix")),
        Column("last", CartonRun.last, first("last")),
        Column("packages", CartonRun.packages, first("packages")),
    ),
)
PROJECTIONS = (CARTONS,)
