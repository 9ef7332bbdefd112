"""Sheets of results: taken from a laboratory, laid out once, and entered as reports in one go.

A sheet is read by ``read_result_file`` before the transaction begins, as sheets of batches are.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from sqlalchemy.orm import Session

from suyuan.trace.acts.evidence import keep_evidence
from suyuan.trace.acts.reports import enter_test_report
from suyuan.trace.acts.transaction import Writing
from suyuan.trace.errors import Conflict, Fault, Forbidden, InvalidInput, InvalidInputs, NotFound
from suyuan.trace.evidence.queries import evidence as evidence_with
from suyuan.trace.intake.facts import TablePlace, storable
from suyuan.trace.intake.review import likeliest
from suyuan.trace.intake.sheets import Workbook, column_letter, workbook_to_wire
from suyuan.trace.intake.workbook import limits_in_force, read_workbook
from suyuan.trace.parties.actor import Actor
from suyuan.trace.parties.queries import party as party_with
from suyuan.trace.parties.tables import Party
from suyuan.trace.result_sheets import queries
from suyuan.trace.result_sheets.checking import checked
from suyuan.trace.result_sheets.layout import ResultLayout
from suyuan.trace.result_sheets.records import RESULT_SHEET
from suyuan.trace.result_sheets.review import known_table, review_of, tables_with_results
from suyuan.trace.result_sheets.tables import KeptLayout, ResultSheet
from suyuan.trace.settings import Settings

_LONGEST_NAME: Final = 80
_MOST_FAULTS: Final = 100


@dataclass(frozen=True)
class ResultFile:
    """A file of results: its bytes, and what the child process read of them."""

    data: bytes
    book: Workbook

    @property
    def sha256(self) -> str:
        """By which the same file is known again, in hex."""
        return hashlib.sha256(self.data).hexdigest()


def read_result_file(name: str, data: bytes, settings: Settings) -> ResultFile:
    """Read a file in a child process. Raises Misread, TooLarge, Unavailable."""
    return ResultFile(data, read_workbook(data, name, limits_in_force(settings)))


def require_laboratory(session: Session, actor: Actor) -> Party:
    """The actor's own laboratory. Raises Forbidden for everybody else."""
    actor.require("enter_test_report")
    own = party_with(session, actor.party_uid or "")
    if own.kind != "laboratory":
        raise Forbidden("Only a laboratory sends in its own sheets of results.", "result_sheet")
    return own


def own_sheet(session: Session, actor: Actor, uid: str) -> ResultSheet:
    """A sheet of the actor's own laboratory. Raises NotFound, Forbidden."""
    own = require_laboratory(session, actor)
    sheet = queries.result_sheet(session, uid)
    if sheet.party_id != own.id:
        raise Forbidden("This sheet is of another laboratory.", "result_sheet")
    return sheet


def take_results(w: Writing, file: ResultFile) -> str:
    """Keep a sheet as evidence together with what was read of it; returns its uid.

    The same file sent again is the same sheet. Where the laboratory has laid out such headings
    before, the sheet is laid out at once. Raises Misread where no table is found, Forbidden.
    """
    own = require_laboratory(w.session, w.actor)
    again = queries.same_sheet(w.session, own.id, file.sha256)
    if again is not None:
        return again.uid
    tables = tables_with_results(file.book)
    known = known_table(tables, queries.layouts_of(w.session, own.id))
    place = known[0] if known else likeliest(tables)
    kept = keep_evidence(w, own.uid, file.data, file.book.name, "trade", text=True)
    sheet = ResultSheet(
        uid=w.new_uid(),
        party_id=own.id,
        evidence_id=evidence_with(w.session, kept).id,
        name=file.book.name,
        grid=storable(workbook_to_wire(file.book)),
        sheet=place.sheet,
        number=place.number,
        layout=None,
        answer=None,
        state="read",
        at=w.now,
    )
    w.session.add(sheet)
    w.session.flush()
    _say(w, sheet, "read", evidence=kept)
    if known is not None:
        _lay_out_as_kept(w, sheet, known[1])
    return sheet.uid


def choose_result_table(w: Writing, uid: str, place: TablePlace) -> str:
    """Say which table of the file is meant; what was said of another one is dropped."""
    sheet = _opened(w, uid)
    review = review_of(w.session, sheet, w.today)
    if place not in review.tables:
        raise InvalidInput("There is no such table in this file.", field="table")
    if place != review.place:
        sheet.sheet, sheet.number, sheet.layout = place.sheet, place.number, None
        _say(w, sheet, "table", table=asdict(place))
    return uid


def lay_out(w: Writing, uid: str, layout: ResultLayout, name: str) -> str:
    """Say how a sheet is read, and keep that under a name for the next one like it.

    Raises InvalidInputs for what is missing or cannot be.
    """
    sheet = _opened(w, uid)
    review = review_of(w.session, sheet, w.today)
    layout = ResultLayout.from_json(storable(layout.to_json()))
    name = storable(" ".join(name.split()))
    faults = list(layout.missing())
    for at in sorted(set(layout.columns) - set(review.table.columns)):
        params = (("column", column_letter(at)),)
        faults.append(Fault(f"column.{at}", "The table has no column {column}.", params))
    if not 0 < len(name) <= _LONGEST_NAME:
        limit = (("limit", _LONGEST_NAME),)
        faults.append(Fault("name", "Name this layout in 1 to {limit} characters.", limit))
    if faults:
        raise InvalidInputs(faults)
    sheet.layout, sheet.layout_name = layout.to_json(), name
    _say(w, sheet, "laid_out", layout=sheet.layout, layout_name=name)
    kept = queries.layout_named(w.session, sheet.party_id, name)
    if kept is None:
        kept = KeptLayout(party_id=sheet.party_id, name=name)
        w.session.add(kept)
    kept.fingerprint, kept.layout, kept.at = review.fingerprint, layout.lasting().to_json(), w.now
    w.session.flush()
    return uid


def explain_words(w: Writing, uid: str, words: dict[str, str], units: dict[str, str]) -> str:
    """Say what parameters and units of a sheet mean, and remember it with its layout."""
    sheet = _opened(w, uid)
    if sheet.layout is None:
        raise Conflict("Say first what the columns of the sheet mean.", "columns")
    before = ResultLayout.from_json(sheet.layout)
    after = replace(before, words={**before.words, **words}, units={**before.units, **units})
    return lay_out(w, uid, after, sheet.layout_name)


def enter_results(w: Writing, uid: str) -> dict[str, list[str]]:
    """Enter all new reports of a sheet, or none; answers with their uids.

    ``entered_before`` are the numbers of reports that were entered with the same results before:
    they are left as they are. Asked again it answers the same. Raises InvalidInputs that names
    every bad cell.
    """
    require_laboratory(w.session, w.actor)
    sheet = queries.result_sheet(w.session, uid, for_update=True)
    own_sheet(w.session, w.actor, uid)
    if sheet.state == "taken" and sheet.answer is not None:
        return dict(sheet.answer)
    _require_open(sheet)
    found = checked(w.session, review_of(w.session, sheet, w.today))
    if found.faults:
        raise InvalidInputs([one.fault for one in found.faults[:_MOST_FAULTS]])
    if not found.ready:
        raise InvalidInput("The sheet has no result that was tested.", field="file")
    answer = {
        "reports": [enter_test_report(w, one.facts) for one in found.new],
        "entered_before": [one.number for one in found.entered_before],
    }
    sheet.state, sheet.answer, sheet.grid = "taken", answer, None
    _say(w, sheet, "taken", layout=sheet.layout, evidence=sheet.evidence.uid, **answer)
    w.session.flush()
    return answer


def import_results(w: Writing, file: ResultFile, layout: str = "") -> dict[str, list[str]]:
    """Take a sheet and enter its reports, both or neither; answers as ``enter_results``.

    ``layout``: the name of one that the laboratory keeps; the one for such headings where none is
    named. Raises NotFound for an unknown name, and Conflict where nothing says how to read it.
    """
    uid = take_results(w, file)
    sheet = queries.result_sheet(w.session, uid)
    if layout and sheet.state == "read":
        kept = queries.layout_named(w.session, sheet.party_id, layout)
        if kept is None:
            raise NotFound("There is no layout {name}.", field="layout", name=layout[:80])
        known = known_table(tables_with_results(file.book), [kept])
        if known is None:
            raise InvalidInput(
                "No table of the file has the headings of the layout {name}.",
                field="layout",
                name=layout,
            )
        sheet.sheet, sheet.number = known[0].sheet, known[0].number
        _lay_out_as_kept(w, sheet, kept)
    return enter_results(w, uid)


def drop_results(w: Writing, uid: str) -> str:
    """Leave a sheet alone for good: the wrong file, or one that is sent again mended."""
    sheet = _opened(w, uid)
    sheet.state, sheet.grid = "dropped", None
    _say(w, sheet, "dropped")
    return uid


def _lay_out_as_kept(w: Writing, sheet: ResultSheet, kept: KeptLayout) -> None:
    """Lay a sheet out as one before it; not where it needs what only its own file says."""
    layout = ResultLayout.from_json(kept.layout)
    sheet.layout_name = kept.name
    kept.at = w.now
    if not layout.missing():
        sheet.layout = layout.to_json()
        _say(w, sheet, "laid_out", layout=sheet.layout, layout_name=kept.name)


def _opened(w: Writing, uid: str) -> ResultSheet:
    """A sheet that may still be worked on, kept to this transaction."""
    own_sheet(w.session, w.actor, uid)
    sheet = queries.result_sheet(w.session, uid, for_update=True)
    _require_open(sheet)
    return sheet


def _require_open(sheet: ResultSheet) -> None:
    if sheet.state != "read":
        raise Conflict(
            "The reports of this sheet were entered already, or it was dropped.", "result_sheet"
        )


def _say(w: Writing, sheet: ResultSheet, what: str, **said: Any) -> None:
    fields = {"result_sheet": sheet.uid, "party": sheet.party.uid}
    w.record(RESULT_SHEET, f"result_sheet.{what}", {**fields, **said}, subject=sheet.uid)
