"""What papers mean for labels: none are printed that lean on a revoked one, or name it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.batches.tables import Batch
from suyuan.trace.errors import Conflict
from suyuan.trace.identifiers import stripped
from suyuan.trace.lineage.queries import ancestors
from suyuan.trace.papers.kinds import PaperKinds
from suyuan.trace.papers.leaning import covered_by, made_on
from suyuan.trace.papers.queries import revoked_behind, state_on
from suyuan.trace.papers.tables import Paper
from suyuan.trace.printing.content import LabelFacts
from suyuan.trace.printing.queries import facts_of, print_run
from suyuan.trace.release.queries import require_not_stopped

_Named = dict[str, list[Paper]]
_LONG = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{8,}")
"""What may be the number of a paper, and is no year, weight or postcode."""
_SHORT = 4
"""A number of so many characters stands in texts by chance, as in 500 g or 1 box."""


class PaperNotInForce(Conflict):
    """Labels were to be printed that name a paper which did not hold when the goods were made."""

    kind = "paper-not-in-force"


class PaperNotCovering(Conflict):
    """Labels were to be printed that name a paper of the producer's for other products."""

    kind = "paper-not-covering"


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

    A label names no paper that was revoked (PaperRevoked), none that had ended, or not begun, on
    the day the goods were made (PaperNotInForce), and none of its producer's that covers other
    products only (PaperNotCovering). Whoever made the goods for the producer may be named by a
    paper too; that of another is known by a number of some length only.
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
    own, others = _named_papers(session, batch, said)
    for papers in own.values():
        _require_one_covers(session, batch, _require_one_holds(papers, made_on(batch)))
    for number, papers in others.items():
        if number not in own:
            _require_one_holds(papers, made_on(batch))


def _named_papers(session: Session, batch: Batch, said: Sequence[str]) -> tuple[_Named, _Named]:
    """The papers whose numbers are said, by number: the producer's own (and its co-operative's),
    and those of others."""
    holders = [one for one in (batch.party_id, batch.party.parent_id) if one is not None]
    kept = sa.select(Paper).where(Paper.holder_id.in_(holders), Paper.number != "")
    long = {stripped(found) for text in said for found in _LONG.findall(text)}
    foreign = sa.select(Paper).where(
        Paper.holder_id.not_in(holders), Paper.plain_number.in_(sorted(long))
    )
    own: _Named = {}
    others: _Named = {}
    for paper in session.scalars(kept.order_by(Paper.id)):
        if len(paper.plain_number) > _SHORT and any(_names(text, paper.number) for text in said):
            own.setdefault(paper.plain_number, []).append(paper)
    for paper in session.scalars(foreign.order_by(Paper.id)):
        others.setdefault(paper.plain_number, []).append(paper)
    return own, others


def _require_one_holds(papers: Sequence[Paper], made: date) -> list[Paper]:
    """Those that held on the day, of papers of one number (a licence and its renewal keep theirs);
    at least one does."""
    holding = [paper for paper in papers if state_on(paper, made) == "valid"]
    if holding:
        return holding
    paper = papers[-1]
    if "revoked" in {state_on(one, made) for one in papers}:
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


def _require_one_covers(session: Session, batch: Batch, papers: Sequence[Paper]) -> None:
    """A paper that names products or batches speaks for them, and for what is made of them."""
    before = [batch.id, *ancestors(session, batch.id)]
    for paper in papers:
        targets = {one.target for one in paper.scope}
        within = covered_by(paper).where(Batch.id.in_(before)).limit(1)
        if targets - {"product", "batch"} or not targets or session.scalar(within) is not None:
            return
    paper = papers[-1]
    raise PaperNotCovering(
        "The label names {paper} {number}, which covers neither this product nor what it was made "
        "of: enter what the paper covers, or change what the product's label says.",
        "label",
        paper=PaperKinds.load().get(paper.kind).names,
        number=paper.number,
    )


def _names(text: str, number: str) -> bool:
    """Whether a text names a number as a whole: paper 21 is not named by the year 2021."""
    return re.search(rf"(?<![0-9A-Za-z]){re.escape(number)}(?![0-9A-Za-z])", text) is not None
