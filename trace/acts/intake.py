"""Sheets of batches: taken, read under a mapping, decided row by row, and gone in as one.

A sheet is read by ``intake.facts.read_sheet_file`` before the transaction begins: the child
process that reads it may take seconds, and nobody else could write meanwhile.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, replace
from typing import Any

from suyuan.trace.acts.evidence import keep_evidence
from suyuan.trace.acts.sheet_batches import make_batches
from suyuan.trace.acts.sheet_records import record_sheet, record_work, remember_mapping
from suyuan.trace.acts.transaction import Writing
from suyuan.trace.errors import Conflict, Fault, InvalidInput, InvalidInputs
from suyuan.trace.evidence.queries import evidence as evidence_with
from suyuan.trace.intake import queries
from suyuan.trace.intake.decisions import (
    Decided,
    Decision,
    decision_from_json,
    decision_to_json,
    merged_decisions,
)
from suyuan.trace.intake.facts import SheetFile, TablePlace, storable
from suyuan.trace.intake.mapping import ColumnMapping
from suyuan.trace.intake.plan import BatchProposal
from suyuan.trace.intake.records import WORK_ITEM
from suyuan.trace.intake.review import Review, likeliest, review_of, tables_of
from suyuan.trace.intake.sheets import column_letter, workbook_from_wire, workbook_to_wire
from suyuan.trace.intake.tables import Upload
from suyuan.trace.intake.template_reading import TemplateReading, is_template, read_template
from suyuan.trace.intake.vocabulary import shipped_vocabulary
from suyuan.trace.parties import queries as parties

SETTLED = ("done", "dropped")
_NOTE = 500
_MOST_FAULTS = 100


class StillOpen(InvalidInputs):
    """Rows of the sheet are still in doubt; ``faults`` are the first of the doubts."""

    kind = "still-open"


def take_upload(w: Writing, file: SheetFile) -> str:
    """Keep a sheet as evidence together with what was read of it; returns the upload's uid.

    A filled-in sheet of ours says itself what family it tells of. The same file sent again while
    it is worked on is the same upload. Raises Misread where no table
    is found, InvalidInput, NotFound, Forbidden.
    """
    party = parties.party(w.session, file.party)
    w.actor.require("import_sheet", party)
    handed_out = is_template(file.book)
    place = TablePlace()
    if handed_out:
        reading = read_template(file.book, w.families)
        family, variant = reading.family, reading.variant
    else:
        family, variant = file.family, file.variant
        known = w.families.get(family)
        known.variant(variant)
        vocabulary = shipped_vocabulary().of_family(known, variant)
        place = likeliest(tables_of(file.book, vocabulary))
    again = queries.open_upload(w.session, party.id, file.sha256, family, variant)
    if again is not None:
        return again.uid
    kept = keep_evidence(w, party.uid, file.data, file.book.name, "personal", text=True)
    upload = Upload(
        uid=w.new_uid(),
        party_id=party.id,
        evidence_id=evidence_with(w.session, kept).id,
        family=family,
        variant=variant,
        name=file.book.name,
        handed_out=handed_out,
        grid=storable(workbook_to_wire(file.book)),
        sheet=place.sheet,
        number=place.number,
        mapping=None,
        decisions=[],
        answer=None,
        state="read",
        at=w.now,
    )
    w.session.add(upload)
    w.session.flush()
    record_work(w, upload, "read", family=family, variant=variant, evidence=kept)
    return upload.uid


def choose_table(w: Writing, uid: str, place: TablePlace) -> str:
    """Say which table of the file is meant; what was said of another one is dropped."""
    upload = _opened(w, uid)
    review = review_of(upload, w.families, w.today)
    if place not in review.tables:
        raise InvalidInput("There is no such table in this file.", field="table")
    if place != review.place:
        upload.sheet, upload.number = place.sheet, place.number
        upload.mapping, upload.decisions = None, []
        record_work(w, upload, "table", table=asdict(place))
    return upload.uid


def map_upload(w: Writing, uid: str, mapping: ColumnMapping) -> str:
    """Confirm how the table is read, and remember it for the organisation.

    What was accepted under another mapping is asked again. Raises InvalidInput for columns that
    the table does not have or answers that are no unit.
    """
    upload = _opened(w, uid)
    review = review_of(upload, w.families, w.today)
    beyond = sorted(set(mapping.columns) - set(review.table.columns))
    if beyond:
        raise InvalidInput(
            "The table has no column {column}.", field="columns", column=column_letter(beyond[0])
        )
    # read once to see that it can be; an answer that is no unit is refused here
    given = mapping.to_json() | {"family": upload.family, "variant": upload.variant}
    mapping = ColumnMapping.from_json(storable(given), review.vocabulary)
    if upload.mapping != mapping.to_json():
        upload.mapping = mapping.to_json()
        upload.decisions = [
            one
            for one in upload.decisions
            if _outlasts(one, {*map(column_letter, mapping.columns)})
        ]
        record_work(w, upload, "mapped", mapping=upload.mapping)
    remember_mapping(w, upload, review.fingerprint, mapping)
    w.session.flush()
    return upload.uid


def decide_upload(
    w: Writing, uid: str, added: Sequence[Decision], taken_back: Collection[str] = ()
) -> str:
    """Keep decisions about doubtful rows beside those made before; returns the upload's uid.

    ``taken_back`` are names (``decision_name``) of decisions that no longer hold. Raises
    InvalidInputs for each decision that cannot be.
    """
    upload = _opened(w, uid)
    review = _mapped(w, upload)
    before = [*upload.decisions]
    _keep(upload, review, added, taken_back)
    gone = [one for one in before if one not in upload.decisions]
    come = [one for one in upload.decisions if one not in before]
    if gone or come:
        record_work(w, upload, "decided", decided=come or None, taken_back=gone or None)
    w.session.flush()
    return upload.uid


def accept_upload(
    w: Writing, uid: str, decisions: Sequence[Decision] = (), *, site: str | None = None
) -> dict[str, list[str]]:
    """Let the accepted rows go in; answers with trace codes and the uids of work items.

    ``decisions`` come beside those kept before; ``site`` is where the batches came to be. Asked
    again it answers the same. Raises StillOpen while a doubt is open, InvalidInputs for rows that
    cannot go in; then nothing of the sheet has gone in.
    """
    upload = queries.upload(w.session, uid, for_update=True)
    w.actor.require("import_sheet", upload.party)
    if upload.state == "taken" and upload.answer is not None:
        return dict(upload.answer)
    _require_open(upload)
    if upload.handed_out:
        made = make_batches(w, upload.party, _filled_in(w, upload), site)
        answer = record_sheet(w, upload, made, None)
    else:
        review = _keep(upload, _mapped(w, upload), decisions)
        _require_settled(review.decided)
        made = make_batches(w, upload.party, review.proposals, site)
        answer = record_sheet(w, upload, made, review)
    upload.state, upload.answer = "taken", answer
    w.session.flush()
    return answer


def import_sheet(
    w: Writing, file: SheetFile, mapping: ColumnMapping | None, decisions: Sequence[Decision] = ()
) -> dict[str, list[str]]:
    """Take a sheet and let its accepted rows go in, both or neither; answers as ``accept_upload``.

    ``mapping`` is None for a filled-in sheet of ours.
    """
    uid = take_upload(w, file)
    if mapping is not None:
        map_upload(w, uid, mapping)
    return accept_upload(w, uid, decisions)


def drop_upload(w: Writing, uid: str) -> str:
    """Leave a sheet alone for good: the wrong file, or one that is sent again mended."""
    upload = _opened(w, uid)
    upload.state = "dropped"
    record_work(w, upload, "dropped")
    return upload.uid


def settle_work_item(w: Writing, uid: str, note: str, state: str = "done") -> str:
    """Say how a row that was set aside was settled; returns the work item's uid."""
    item = queries.work_item(w.session, uid)
    w.actor.require("import_sheet", item.party)
    note = storable(note.strip())
    if state not in SETTLED:
        raise InvalidInput(
            "A work item is settled as one of: {states}.", "state", states=", ".join(SETTLED)
        )
    if not 0 < len(note) <= _NOTE:
        raise InvalidInput(
            "Say in 1 to {limit} characters how it was settled.", "note", limit=_NOTE
        )
    if item.state != "open":
        raise Conflict("This was settled already.", "work_item")
    item.state, item.settled_note = state, note
    item.settled_by_uid, item.settled_at = w.actor.person_uid, w.now
    said = {"work_item": uid, "state": state, "party": item.party.uid, "upload": item.upload.uid}
    more = {"row": item.row, "note": note, "settled_by": w.actor.person_uid}
    w.record(WORK_ITEM, "work_item.settled", {**said, **more}, subject=uid)
    return uid


def _opened(w: Writing, uid: str) -> Upload:
    """An upload that may still be worked on, kept to this transaction."""
    upload = queries.upload(w.session, uid, for_update=True)
    w.actor.require("import_sheet", upload.party)
    _require_open(upload)
    return upload


def _require_open(upload: Upload) -> None:
    if upload.state != "read":
        raise Conflict("The rows of this sheet went in already, or it was dropped.", "upload")


def _mapped(w: Writing, upload: Upload) -> Review:
    if upload.handed_out or upload.mapping is None:
        raise Conflict("Say first what the columns of the sheet mean.", "columns")
    return review_of(upload, w.families, w.today)


def _keep(
    upload: Upload, review: Review, added: Sequence[Decision], taken_back: Collection[str] = ()
) -> Review:
    """Put decisions beside those kept, and return the review under all of them."""
    added = [decision_from_json(storable(decision_to_json(one))) for one in added]
    decisions = merged_decisions(review.decisions, added, taken_back)
    under = replace(review, decisions=decisions)
    under.require_fitting()
    upload.decisions = [decision_to_json(one) for one in decisions]
    return under


def _outlasts(kept: dict[str, Any], letters: Collection[str]) -> bool:
    """Whether a decision says the same under another mapping: an acceptance never does."""
    return kept["do"] == "set_aside" or (kept["do"] == "fix" and kept["column"] in letters)


def _require_settled(decided: Decided) -> None:
    if not decided.settled:
        raise StillOpen(
            [
                Fault(one.id, one.doubt.message, one.doubt.params)
                for one in decided.open_doubts[:_MOST_FAULTS]
            ]
        )


def _filled_in(w: Writing, upload: Upload) -> tuple[BatchProposal, ...]:
    """The batches of a sheet of ours. Raises InvalidInputs naming every bad cell."""
    reading = template_of(w, upload)
    if reading.faults:
        raise InvalidInputs(
            [
                Fault(f"{one.column}{one.row}", one.fault.message, one.fault.params)
                for one in reading.faults[:_MOST_FAULTS]
            ]
        )
    if not reading.batches:
        raise InvalidInput("The sheet has no row that is filled in.", field="file")
    return reading.batches


def template_of(w: Writing, upload: Upload) -> TemplateReading:
    """What a filled-in sheet of ours says."""
    return read_template(workbook_from_wire(upload.grid), w.families)
