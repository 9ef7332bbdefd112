"""How much was bought with one certificate by all its buyers together.

Each copy may be right by itself: only the sum shows that more goods travel with a certificate than
it is for. Goods that one buyer passes on to the next with the same certificate are counted once.
"""

from __future__ import annotations

from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.batches.tables import Batch
from suyuan.trace.certificates.tables import Certificate, CollectedCertificate
from suyuan.trace.errors import InvalidInput
from suyuan.trace.events.tables import Shipment
from suyuan.trace.quantities import Quantity


def collected_quantity(
    session: Session, one: Certificate, now: tuple[int, Batch] | None = None
) -> Quantity:
    """How much came to those who collected a certificate issued here, in the unit it is in.

    ``now``: a party (id) that is just collecting it, and the batch it came with.

    What a buyer registered as its own batch counts whole, else what was sent to it by somebody who
    did not collect the certificate too, less what it sent back to the issuer. Goods in another
    measure are left out.
    """
    unit = one.batch.unit
    total = Quantity(Decimal(0), unit)
    kept = CollectedCertificate.__table__.c
    query = (
        sa.select(kept.party_id, Batch.id, Batch.party_id, Batch.quantity, Batch.unit)
        .join(Batch, Batch.id == kept.batch_id)
        .where(kept.certificate_id == one.id)
    )
    rows = {tuple(row) for row in session.execute(query)}
    if now is not None:
        party, batch = now
        rows.add((party, batch.id, batch.party_id, batch.quantity, batch.unit))
    rows = {row for row in rows if row[0] != one.issuer_id}
    collectors = {row[0] for row in rows}
    for party, id_, owner, whole, its_unit in rows:
        came = whole if owner == party else _came(session, one, id_, party, collectors)
        try:
            total += Quantity(came, its_unit).to(unit)
        except InvalidInput:
            continue  # heads and kilograms cannot be added
    return total


def _came(
    session: Session, one: Certificate, batch: int, party: int, collectors: set[int]
) -> Decimal:
    amount = sa.func.sum(sa.func.coalesce(Shipment.accepted_quantity, Shipment.quantity))
    of_batch = sa.select(amount).where(Shipment.batch_id == batch)
    came = session.scalar(
        of_batch.where(
            Shipment.to_party_id == party, Shipment.from_party_id.not_in(sorted(collectors))
        )
    )
    back = session.scalar(
        of_batch.where(Shipment.from_party_id == party, Shipment.to_party_id == one.issuer_id)
    )
    return max((came or Decimal(0)) - (back or Decimal(0)), Decimal(0))
