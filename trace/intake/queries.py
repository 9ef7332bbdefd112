"""Reading uploads, remembered mappings and work items."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from suyuan.trace.errors import NotFound
from suyuan.trace.evidence.tables import EvidenceFile
from suyuan.trace.intake.review import Review, review_of
from suyuan.trace.intake.tables import SheetMapping, Upload, WorkItem
from suyuan.trace.products.families import Families


def upload(session: Session, uid: str, *, for_update: bool = False) -> Upload:
    """The upload with this uid, kept to this transaction ``for_update``. Raises NotFound."""
    query = sa.select(Upload).where(Upload.uid == uid)
    found = session.scalar(query.with_for_update() if for_update else query)
    if found is None:
        raise NotFound("There is no sheet {uid}.", field="upload", uid=uid)
    return found


def uploads_of(session: Session, party_id: int, *, limit: int = 50) -> list[Upload]:
    """A party's sheets, the newest first, without what stands in them."""
    query = sa.select(Upload).where(Upload.party_id == party_id)
    return list(session.scalars(query.order_by(Upload.id.desc()).limit(limit)))


def open_upload(
    session: Session, party_id: int, sha256: str, family: str, variant: str
) -> Upload | None:
    """The upload of the same file that a party is still working on."""
    return session.scalar(
        sa.select(Upload)
        .join(Upload.evidence)
        .where(
            Upload.party_id == party_id,
            Upload.state == "read",
            Upload.family == family,
            Upload.variant == variant,
            EvidenceFile.sha256 == sha256,
        )
        .order_by(Upload.id)
        .limit(1)
    )


def taken_before(session: Session, upload: Upload) -> Upload | None:
    """The upload by which the very same file went in already, if it did."""
    return session.scalar(
        sa.select(Upload)
        .join(Upload.evidence)
        .where(
            Upload.party_id == upload.party_id,
            Upload.state == "taken",
            Upload.id != upload.id,
            EvidenceFile.sha256 == upload.evidence.sha256,
        )
        .order_by(Upload.id)
        .limit(1)
    )


def remembered_mapping(session: Session, party_id: int, fingerprint: str) -> SheetMapping | None:
    """How a party had a table with these headings read."""
    return session.scalar(
        sa.select(SheetMapping).where(
            SheetMapping.party_id == party_id, SheetMapping.fingerprint == fingerprint
        )
    )


def mapping_kept(session: Session, party_id: int, fingerprint: str) -> dict[str, Any] | None:
    """The remembered mapping itself, None where there is none."""
    found = remembered_mapping(session, party_id, fingerprint)
    return found.mapping if found is not None else None


def review(session: Session, upload: Upload, families: Families, today: date) -> Review:
    """A sheet as its clerk finds it, with what its organisation has confirmed before."""
    party_id = upload.party_id
    return review_of(
        upload, families, today, lambda headings: mapping_kept(session, party_id, headings)
    )


def work_item(session: Session, uid: str) -> WorkItem:
    """The work item with this uid. Raises NotFound."""
    found = session.scalar(sa.select(WorkItem).where(WorkItem.uid == uid))
    if found is None:
        raise NotFound("There is no work item {uid}.", field="work_item", uid=uid)
    return found


def work_items_of(
    session: Session, party_id: int, state: str | None = "open", *, after: int = 0, limit: int = 200
) -> list[WorkItem]:
    """A party's work items in order of coming; of any state where ``state`` is None."""
    query = sa.select(WorkItem).where(WorkItem.party_id == party_id, WorkItem.id > after)
    if state is not None:
        query = query.where(WorkItem.state == state)
    query = query.options(selectinload(WorkItem.upload)).order_by(WorkItem.id).limit(limit)
    return list(session.scalars(query))


def settled_work(session: Session, party_id: int, *, limit: int = 50) -> list[WorkItem]:
    """A party's settled work items, the latest first."""
    query = sa.select(WorkItem).where(WorkItem.party_id == party_id, WorkItem.state != "open")
    query = query.options(selectinload(WorkItem.upload))
    return list(session.scalars(query.order_by(WorkItem.settled_at.desc()).limit(limit)))


def open_work(session: Session, party_id: int) -> int:
    """How many work items of a party are open."""
    counted = sa.select(sa.func.count()).where(
        WorkItem.party_id == party_id, WorkItem.state == "open"
    )
    return session.scalar(counted) or 0
