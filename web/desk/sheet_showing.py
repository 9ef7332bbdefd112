"""How the pages about sheets say doubts, decisions, fields and states."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext

from suyuan.api.words import remark_told
from suyuan.trace.doubts import Remark
from suyuan.trace.intake.decisions import Accept, Amount, Decision, Fix, SetAside
from suyuan.trace.intake.plan import BatchProposal
from suyuan.trace.intake.review import Review
from suyuan.trace.intake.rows import RowDoubt
from suyuan.trace.intake.tables import Upload, WorkItem
from suyuan.trace.intake.template_reading import RowFault
from suyuan.trace.intake.vocabulary import shipped_vocabulary
from suyuan.web.error_pages import say
from suyuan.web.ground import ledger
from suyuan.web.showing import named


def doubt(told: RowDoubt | Mapping[str, Any]) -> str:
    """A doubt as a question in the reader's language."""
    return remark_told(told.doubt if isinstance(told, RowDoubt) else Remark.from_json(told))


def decision(made: Decision, review: Review) -> str:
    """A decision in words."""
    match made:
        case Fix(row, column, value):
            return str(gettext("%(cell)s is %(value)s", cell=f"{column}{row}", value=value))
        case Accept(about, reason):
            return _acceptance(about, reason, review)
        case SetAside(row, reason):
            said = gettext("Row %(row)s is set aside", row=row)
            return f"{said}: {reason}" if reason else str(said)
        case Amount(row, quantity):
            return str(
                gettext("The batch from row %(row)s is %(amount)s", row=row, amount=quantity)
            )


def _acceptance(about: str, reason: str, review: Review) -> str:
    doubts = [one for row in review.reading.rows for one in row.doubts]
    doubts += review.reading.doubts
    meant = [one for one in doubts if about in (one.id, one.code)]
    if about in {one.code for one in meant}:
        place = f"{gettext('all')} ({len(meant)})"
    else:
        place = about.partition(":")[0]
    said = doubt(meant[0]) if meant else about
    return str(
        gettext("%(place)s: %(doubt)s Accepted: %(reason)s", place=place, doubt=said, reason=reason)
    )


def bad_cell(fault: RowFault) -> str:
    """What is wrong with a cell of a filled-in sheet."""
    return say(fault.fault)


def goods(upload: Upload) -> str:
    """What family and variant a sheet tells of."""
    family = ledger().families.get(upload.family)
    return f"{named(family.names)} · {named(family.variant(upload.variant).names)}"


def upload_state(state: str) -> str:
    """Where a sheet has come to."""
    words = {
        "read": gettext("not finished"),
        "taken": gettext("went in"),
        "dropped": gettext("dropped"),
    }
    return str(words.get(state, state))


def work_state(state: str) -> str:
    """How a row that was set aside was settled."""
    words = {"done": gettext("done"), "dropped": gettext("not needed")}
    return str(words.get(state, state))


def calendar_name(calendar: str) -> str:
    """What a calendar is called."""
    words = {
        "solar": gettext("solar calendar"),
        "lunar": gettext("lunar calendar (农历)"),
        "tibetan": gettext("Tibetan calendar (藏历)"),
    }
    return str(words[calendar])


def content(item: WorkItem) -> list[tuple[str, str]]:
    """What a row that was set aside said, column by column."""
    family = ledger().families.get(item.upload.family)
    known = shipped_vocabulary().of_family(family, item.upload.variant).fields
    return [
        (named(known[key].names) if key in known else key, text)
        for key, text in item.content.items()
        if text
    ]


def rows_of(proposal: BatchProposal) -> str:
    """The rows that a batch comes from: ``5``, ``5–12``, ``5, 8, 9 …``."""
    rows = proposal.rows
    if len(rows) > 2 and rows[-1] - rows[0] == len(rows) - 1:
        return f"{rows[0]}–{rows[-1]}"
    return ", ".join(map(str, rows[:6])) + (" …" if len(rows) > 6 else "")


def texts() -> dict[str, object]:
    """What the templates about sheets have at hand."""
    return {
        "say_doubt": doubt,
        "say_decision": decision,
        "bad_cell": bad_cell,
        "upload_goods": goods,
        "upload_state": upload_state,
        "work_state": work_state,
        "calendar_name": calendar_name,
        "row_content": content,
        "rows_of": rows_of,
    }
