"""What rows of foreign carriers hold, by their records."""

from __future__ import annotations

from suyuan.trace.carriers.records import CARRIER_BOUND, CARRIER_UNBOUND
from suyuan.trace.carriers.tables import Carrier
from suyuan.trace.log.projections import Column, Projection, newest, said_by

CARRIERS = Projection(
    Carrier,
    Carrier.uid,
    CARRIER_BOUND,
    names=said_by("carrier"),
    references=(Carrier.record_id,),
    later=(CARRIER_UNBOUND,),
    columns=(
        Column("kind", Carrier.kind, newest("kind")),
        Column("number", Carrier.number, newest("number")),
        Column("path", Carrier.path, newest("path")),
        Column("bound_at", Carrier.bound_at, newest("at", types=("carrier_bound",))),
        Column("unbound_at", Carrier.unbound_at, newest("at", types=("carrier_unbound",))),
    ),
)
PROJECTIONS = (CARRIERS,)
