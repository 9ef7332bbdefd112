"""What papers mean for labels: none are printed that lean on a revoked one, or name it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.batches.tables import Batch
from suyuan.trace.errors import Conflict
from suyuan.trace.papers.kinds import PaperKinds
from suyuan.trace.papers.leaning import made_on
from suyuan.trace.papers.queries import revoked_behind, state_on
from suyuan.trace.papers.tables import Paper
from suyuan.trace.printing.content import LabelFacts
from suyuan.trace.printing.queries import facts_of, print_run
from suyuan.trace.release.queries import require_not_stopped


class PaperNotInForce(Conflict):
    """Labels were to be printed that name a paper which did not hold when the goods were made."""

    kind = "paper-not-in-force"


class PaperRevoked(Conflict):
    """Labels were to be printed that lean on a revoked paper, or name one."""

    kind = "paper-revoked"


def facts_to_draw(session: Session, run_uid: str) -> LabelFacts:
    """What stands on the labels of a run that is to be drawn, perhaps once more.

    Drawing issues no code, but what is drawn is stuck on goods: so it is refused as printing is.
    Raises NotFound, StoppedByOrder where the batch is held or recalled, and PaperRevoked. A blank
    roll has no batch yet and is drawn always.
    """
    run, facts = print_run(session, run_uid), facts_of(session, run_uid)
    if run.batch is not None:
        require_not_stopped(session, (run.batch.id,))
        require_papers_hold(session, run.batch, facts)
    return facts


def require_papers_hold(session: Session, batch: Batch, facts: LabelFacts) -> None:
    """Raises PaperRevoked for labels of a batch that leans on a revoked paper.

    Of the papers of its producer, and of the co-operative that the producer belongs to, a label
    names none that was revoked (PaperRevoked), and none that had ended, or not begun, on the day
    the goods were made (PaperNotInForce).
    """
    for behind in revoked_behind(session, (batch.id,)):
        raise PaperRevoked(
            "Batch {code} leans on {paper} {number}, which was revoked: {reason}. No labels are "
            "printed for it.",
            "trace_code",
            code=batch.trace_code,
            paper=PaperKinds.load().get(behind.kind).names,
            number=behind.number,
            reason=behind.reason,
        )
    said = [text for item in facts.items for text in (item.text.zh, item.text.bo or "")]
    named: dict[str, list[Paper]] = {}
    for paper in _own_papers(session, batch):
        if any(_names(text, paper.number) for text in said):
            named.setdefault(paper.number, []).append(paper)
    for papers in named.values():
        _require_one_holds(papers, made_on(batch))


def _require_one_holds(papers: Sequence[Paper], made: date) -> None:
    """Of papers of one number (a licence and its renewal keep theirs) one held on the day."""
    states = {state_on(paper, made) for paper in papers}
    if "valid" in states:
        return
    paper = papers[-1]
    if "revoked" in states:
        raise PaperRevoked(
            "The label names {paper} {number}, which was revoked: change what the product's "
            "label says.",
            "label",
            paper=PaperKinds.load().get(paper.kind).names,
            number=paper.number,
        )
    raise PaperNotInForce(
        "The label names {paper} {number}, which was not in force on {day}, when the goods were "
        "made: enter the one that was, or change what the product's label says.",
        "label",
        paper=PaperKinds.load().get(paper.kind).names,
        number=paper.number,
        day=made.isoformat(),
    )


def _own_papers(session: Session, batch: Batch) -> Sequence[Paper]:
    holders = [one for one in (batch.party_id, batch.party.parent_id) if one is not None]
    query = sa.select(Paper).where(Paper.holder_id.in_(holders), Paper.number != "")
    return session.scalars(query.order_by(Paper.id)).all()


def _names(text: str, number: str) -> bool:
    """Whether a text names a number as a whole: paper 21 is not named by the year 2021."""
    return re.search(rf"(?<![0-9A-Za-z]){re.escape(number)}(?![0-9A-Za-z])", text) is not None
