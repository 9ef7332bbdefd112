"""What is said for good of a sheet and kept of it; part of the acts, never called by edges."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from suyuan.trace.acts.sheet_batches import MadeBatch
from suyuan.trace.acts.transaction import Writing
from suyuan.trace.intake import queries
from suyuan.trace.intake.facts import storable
from suyuan.trace.intake.mapping import ColumnMapping
from suyuan.trace.intake.records import SHEET, SHEET_WORK
from suyuan.trace.intake.review import Review
from suyuan.trace.intake.tables import SheetMapping, Upload, WorkItem


def record_work(w: Writing, upload: Upload, what: str, **said: Any) -> None:
    """Say what was done with a sheet whose rows have not gone in."""
    fields = {"upload": upload.uid, "party": upload.party.uid, "typed_by": w.actor.person_uid}
    w.record(SHEET_WORK, f"sheet.{what}", {**fields, **said}, subject=upload.uid)


def remember_mapping(w: Writing, upload: Upload, headings: str, mapping: ColumnMapping) -> None:
    """Keep how sheets with these headings are read, for the organisation's next one."""
    known = queries.remembered_mapping(w.session, upload.party_id, headings)
    if known is None:
        known = SheetMapping(party_id=upload.party_id, fingerprint=headings)
        w.session.add(known)
    known.mapping, known.at = mapping.to_json(), w.now


def record_sheet(
    w: Writing, upload: Upload, made: Sequence[MadeBatch], review: Review | None
) -> dict[str, list[str]]:
    """Say what went in of a sheet, and make the work items of what did not."""
    items = _work_items(w, upload, review)
    batches = [
        {"trace_code": one.trace_code, "rows": list(one.proposal.rows), "papers": list(one.papers)}
        for one in made
    ]
    kept = upload.decisions
    record_id = w.record(
        SHEET,
        "sheet.taken",
        {
            "upload": upload.uid,
            "family": upload.family,
            "variant": upload.variant,
            "party": upload.party.uid,
            "evidence": upload.evidence.uid,
            "mapping": upload.mapping,
            "batches": batches,
            "animals": _animals(made) or None,
            "accepted": _remarks(made) or None,
            "fixed": [one for one in kept if one["do"] == "fix"] or None,
            "amounts": [one for one in kept if one["do"] == "amount"] or None,
            "work_items": [
                {"work_item": one.uid, "row": one.row, "stated": one.content, "reason": one.reason}
                for one in items
            ]
            or None,
            "typed_by": w.actor.person_uid,
        },
        subject=upload.uid,
    )
    for item in items:
        item.record_id = record_id
    w.session.add_all(items)
    return {
        "batches": [one.trace_code for one in made],
        "work_items": [one.uid for one in items],
    }


def _work_items(w: Writing, upload: Upload, review: Review | None) -> list[WorkItem]:
    aside = review.decided.set_aside if review is not None else ()
    return [
        WorkItem(
            uid=w.new_uid(),
            party_id=upload.party_id,
            upload_id=upload.id,
            row=one.row.row,
            content=dict(one.row.stated),
            doubts=[storable(doubt.to_json()) for doubt in one.row.doubts],
            reason=one.reason,
            state="open",
            at=w.now,
        )
        for one in aside
    ]


def _animals(made: Sequence[MadeBatch]) -> list[dict[str, Any]]:
    """Each animal with what was said of it alone; ear tags are marks of the batch besides."""
    return [
        {
            "trace_code": one.trace_code,
            "row": animal.row,
            "ear_tag": animal.ear_tag,
            "household": animal.household or None,
            "weight": animal.weight.to_json() if animal.weight is not None else None,
            "facts": dict(animal.attributes),
            "papers": [paper.number for paper in animal.papers],
        }
        for one in made
        for animal in one.proposal.animals
    ]


def _remarks(made: Sequence[MadeBatch]) -> list[dict[str, Any]]:
    return [
        {"row": remark.row, "doubt": remark.text, "reason": remark.reason}
        for one in made
        for remark in one.proposal.remarks
    ]
