"""A photo or document that follows an event after it was recorded.

On a weak line the text of a record goes first and its photos follow one by one, hours later
perhaps. The event stays as it was told; this is a record of its own that adds to it.
"""

from __future__ import annotations

import sqlalchemy as sa

from suyuan.trace.acts.evidence import keep_evidence
from suyuan.trace.acts.transaction import Writing
from suyuan.trace.errors import Conflict
from suyuan.trace.events import queries
from suyuan.trace.events.records import EVENT_EVIDENCE
from suyuan.trace.events.tables import Event
from suyuan.trace.evidence.files import prepare
from suyuan.trace.evidence.queries import evidence


def add_photo(w: Writing, event_uid: str, data: bytes, name: str) -> str:
    """Put a file behind an event that was recorded; returns the uid of the file.

    The same bytes sent again are answered as the first time. A self-declared event is documented
    from then on. Raises NotFound, Forbidden, TooLarge, Unreadable; Conflict for an event that was
    corrected: the correction is what people read.
    """
    told = queries.event(w.session, event_uid)
    w.actor.require("record_event", told.party)
    # two photos of one event wait for each other: the same one twice is then seen
    w.session.execute(
        sa.select(Event)
        .where(Event.id == told.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    sha256 = prepare(data, w.settings.upload_bytes).sha256
    for file in told.evidence:
        if file.sha256 == sha256:
            return file.uid
    if told.corrected_by_id is not None or told.withdrawn:
        raise Conflict("This event was corrected: add the photo to its correction.", "event")
    uid = keep_evidence(w, told.party.uid, data, name)
    told.evidence.append(evidence(w.session, uid))
    if told.evidence_grade == "self_declared":
        told.evidence_grade = "documented"
    w.record(
        EVENT_EVIDENCE,
        "event.evidence",
        {
            "event": told.uid,
            "evidence": [sha256],
            "evidence_grade": told.evidence_grade,
            "typed_by": w.actor.person_uid,
        },
        subject=told.uid,
    )
    w.session.flush()
    return uid
