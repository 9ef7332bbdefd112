"""A number that stands on the papers of several holders, one of which was revoked; part of the
acts, never called by edges.

A consignee may rightly enter the certificate that the consignor has too, and a holder may give up
its own: so the others' papers do not fall with it. But a number that somebody declared void is not
used on without an eye on it.
"""

from __future__ import annotations

from typing import Final

from suyuan.trace.acts.transaction import Writing
from suyuan.trace.acts.warnings import warn
from suyuan.trace.notices.wording import Evidence
from suyuan.trace.papers.kinds import PaperKinds
from suyuan.trace.papers.queries import anothers_numbered
from suyuan.trace.papers.tables import Paper
from suyuan.trace.parties.chain_stages import stage_of_paper

_RULE: Final = "revoked_number_in_use"


def warn_of_revoked_numbers(w: Writing, paper: Paper) -> None:
    """Warn of the papers in force that have the number of a revoked one of another holder, where
    ``paper``, new or just revoked, is either of them."""
    for other in anothers_numbered(w.session, paper.kind, paper.number, paper.holder_id):
        if {paper.state, other.state} == {"valid", "revoked"}:
            used, revoked = (other, paper) if paper.state == "revoked" else (paper, other)
            _warn(w, used, revoked)


def _warn(w: Writing, used: Paper, revoked: Paper) -> None:
    evidence: Evidence = {
        "paper": used.uid,
        "kind": PaperKinds.load().get(used.kind).names,
        "number": used.number,
        "reason": revoked.state_reason,
    }
    stage = stage_of_paper(used.kind)
    key = f"{used.uid}/{revoked.uid}"
    warn(w, _RULE, key, party=used.holder, evidence=evidence, stage=stage)
