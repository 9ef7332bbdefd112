"""Looking for papers that end soon, or have ended, with nothing in their place."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from suyuan.trace.notices.looking import PAGE, Found, Look, Page
from suyuan.trace.notices.wording import Evidence
from suyuan.trace.papers.kinds import PaperKinds
from suyuan.trace.papers.tables import Paper
from suyuan.trace.parties.chain_stages import stage_of_paper


def papers_near_end(session: Session, look: Look) -> Page:
    """Papers that end within the days that their kind says (``paper_kinds.json``, ``ending``)."""
    ending = {kind.key: kind.ending for kind in PaperKinds.load() if kind.ending is not None}
    furthest = max((one.warn_days_before for one in ending.values()), default=0)
    papers = _ending(session, look, ending, look.today, look.today + timedelta(days=furthest))
    due = [
        paper
        for paper in papers
        if paper.valid_to is not None and ending[paper.kind].due(paper.valid_to) <= look.today
    ]
    return Page([_found(paper) for paper in due], _next(papers))


def papers_ended(session: Session, look: Look) -> Page:
    """Papers that ended in the last days, of kinds that are renewed."""
    kinds = [kind.key for kind in PaperKinds.load() if kind.ending is not None]
    days = timedelta(days=look.rule.fact("days").integer())
    yesterday = look.today - timedelta(days=1)
    papers = _ending(session, look, kinds, look.today - days, yesterday)
    return Page([_found(paper) for paper in papers], _next(papers))


def _ending(
    session: Session, look: Look, kinds: Collection[str], first: date, last: date
) -> list[Paper]:
    """A page of the papers that end between two days and were not renewed."""
    later = aliased(Paper)
    renewed = sa.exists().where(
        later.holder_id == Paper.holder_id,
        later.kind == Paper.kind,
        later.state == "valid",
        later.id != Paper.id,
        sa.or_(later.valid_to.is_(None), later.valid_to > Paper.valid_to),
    )
    query = sa.select(Paper).where(
        Paper.kind.in_(list(kinds)),
        Paper.state == "valid",
        Paper.valid_to.between(first, last),
        Paper.id > (look.after or 0),
        ~renewed,
    )
    return list(session.scalars(query.order_by(Paper.id).limit(PAGE)))


def _next(papers: list[Paper]) -> int | None:
    return papers[-1].id if len(papers) == PAGE else None


def _found(paper: Paper) -> Found:
    assert paper.valid_to is not None
    ends = paper.valid_to.isoformat()
    kind = PaperKinds.load().get(paper.kind)
    evidence: Evidence = {
        "paper": paper.uid,
        "kind": kind.names,
        "number": paper.number,
        "valid_to": ends,
    }
    stage = stage_of_paper(paper.kind)
    return Found(f"{paper.uid}:{ends}", None, paper.holder_id, evidence, stage)
