"""What went into goods that are to be certified, and the certificates that came with it.

Mixing makes a new certificate, which names those of all that was mixed: for each lot its own, or
where a lot was never certified, those of what that was made of.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from suyuan.trace.batches.tables import Batch, Link
from suyuan.trace.certificates.facts import Lot, Source
from suyuan.trace.certificates.queries import collected_of_batches, issued_for
from suyuan.trace.errors import TooLarge
from suyuan.trace.events.tables import Event, EventBatch

MOST_LOTS: Final = 500


def lots_of(session: Session, batch: Batch) -> tuple[Lot, ...]:
    """What went into a batch, and the batch itself where it was bought as it is.

    Raises TooLarge where there are more lots than a certificate can name.
    """
    bought = _bought(session, [batch.id])
    own = _sources(session, [batch.id], batch.party_id, issued=False).get(batch.id, ())
    found = [Lot(batch.trace_code, True, own)] if batch.id in bought or own else []
    seen, level = {batch.id}, _parents(session, [batch.id])
    while level := [one for one in level if one.id not in seen]:
        seen.update(one.id for one in level)
        if len(seen) > MOST_LOTS:
            raise TooLarge(
                "More than {most} lots went into this batch: certify them in parts.",
                "trace_code",
                most=MOST_LOTS,
            )
        ids = [one.id for one in level]
        bought, sources = _bought(session, ids), _sources(session, ids, batch.party_id)
        open_ones = []
        for one in level:
            others = one.id in bought or not _is_own(batch, one)
            if others or one.id in sources:
                found.append(Lot(one.trace_code, others, sources.get(one.id, ())))
            else:
                open_ones.append(one.id)
        level = _parents(session, open_ones)
    return tuple(found)


def all_sources(lots: Iterable[Lot]) -> tuple[Source, ...]:
    """The certificates of all lots, each once."""
    return tuple(dict.fromkeys(source for lot in lots for source in lot.sources))


def _is_own(batch: Batch, lot: Batch) -> bool:
    """Whether a lot is the issuer's own, or that of a household which belongs to it."""
    return batch.party_id in (lot.party_id, lot.party.parent_id)


def _parents(session: Session, ids: Collection[int]) -> list[Batch]:
    query = (
        sa.select(Batch)
        .where(Batch.id.in_(sa.select(Link.parent_id).where(Link.child_id.in_(list(ids)))))
        .options(joinedload(Batch.party))
        .order_by(Batch.id)
    )
    return list(session.scalars(query))


def _bought(session: Session, ids: Collection[int]) -> set[int]:
    """Those that were bought from somebody who has no account here."""
    query = (
        sa.select(EventBatch.batch_id)
        .join(Event, Event.id == EventBatch.event_id)
        .where(
            EventBatch.batch_id.in_(list(ids)),
            Event.kind == "purchase",
            Event.corrected_by_id.is_(None),
            ~Event.withdrawn,
        )
    )
    return set(session.scalars(query))


def _sources(
    session: Session, ids: Collection[int], collector: int, *, issued: bool = True
) -> dict[int, tuple[Source, ...]]:
    found: dict[int, list[Source]] = {}
    for one in issued_for(session, ids) if issued else ():
        found.setdefault(one.batch_id, []).append(Source(one.number, issued_id=one.id))
    for other in collected_of_batches(session, ids):
        if other.party_id != collector or other.doubts:
            continue
        if other.certificate is None:
            source = Source(other.uid, collected_id=other.id)
        elif other.certificate.state == "issued":
            source = Source(other.certificate.number, issued_id=other.certificate.id)
        else:
            continue
        found.setdefault(other.batch_id, []).append(source)
    return {owner: tuple(dict.fromkeys(several)) for owner, several in found.items()}
