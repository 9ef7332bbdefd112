"""The register of papers: a paper comes in, is checked, is revoked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time

from suyuan.trace.acts.covering import renewable, scope_of
from suyuan.trace.acts.falling import fall_with
from suyuan.trace.acts.late_draws import draw_for_what_is_there
from suyuan.trace.acts.shared_numbers import warn_of_revoked_numbers
from suyuan.trace.acts.transaction import Writing
from suyuan.trace.acts.warnings import warn
from suyuan.trace.batches.rules import require_positive
from suyuan.trace.clock import SHANGHAI, utc_text
from suyuan.trace.errors import Conflict, Forbidden, InvalidInput
from suyuan.trace.evidence.queries import evidence_of
from suyuan.trace.identifiers import Warning, stripped
from suyuan.trace.notices.wording import Evidence
from suyuan.trace.papers import queries
from suyuan.trace.papers.applications import issued_upon, may_withdraw
from suyuan.trace.papers.facts import CheckFacts, PaperFacts
from suyuan.trace.papers.kinds import PaperKinds
from suyuan.trace.papers.own_certifications import own_certifications
from suyuan.trace.papers.records import PAPER
from suyuan.trace.papers.rules import check_number, require_in_force, require_measured
from suyuan.trace.papers.tables import Paper, PaperScope
from suyuan.trace.parties import queries as parties
from suyuan.trace.parties.actor import Actor
from suyuan.trace.parties.chain_stages import stage_of_paper
from suyuan.trace.parties.roles import Rights
from suyuan.trace.parties.tables import Party, Person

_SHARED = Warning.of(
    "number-shared",
    "Another organisation has a paper of this kind and number: ask its issuer for whom it is.",
)


def register_paper(w: Writing, facts: PaperFacts) -> str:
    """Enter a paper of a party; returns its uid. The same paper told again is the first one.

    Raises InvalidInput for a number that cannot be of its kind (a wrong check digit only warns),
    for dates the wrong way round, for a scope that a paper of this kind cannot have, and for a
    kind that an authority issues here; Forbidden for a scope that is no business of the holder;
    Conflict where the register has a paper of this kind, number and holder that says otherwise; a
    number is the same in other dashes, spaces, capitals and widths. Of
    what it covers and was registered before, its amount is drawn at once.
    """
    holder = parties.party(w.session, facts.holder, "holder")
    w.actor.require("register_paper", holder)
    if facts.kind in own_certifications():
        raise InvalidInput(
            "An authority issues this certification here, after its review: apply for it.", "kind"
        )
    looked_at = bool(facts.checked_by) and w.actor.may("check_paper")
    if facts.checked_by and not looked_at:
        raise InvalidInput(
            "Your role does not allow you to say that a paper was checked: leave this empty.",
            "checked_by",
        )
    return enter_paper(w, holder, facts, looked_at=looked_at).uid


def enter_paper(
    w: Writing,
    holder: Party,
    facts: PaperFacts,
    *,
    looked_at: bool,
    remarks: Sequence[Warning] = (),
) -> Paper:
    """Put a paper into the register whoever says so, ``looked_at`` by the actor or not.

    Raises as ``register_paper``, of which this is a part, and of the acts that issue papers.
    """
    kind = PaperKinds.load().get(facts.kind)
    checked = check_number(kind, facts.number)
    if facts.valid_from and facts.valid_to and facts.valid_to < facts.valid_from:
        raise InvalidInput("The last day of validity is before the first.", "valid_to")
    if facts.issued_on and facts.issued_on > w.today:
        raise InvalidInput("This day is still to come: enter what was issued.", "issued_on")
    if facts.amount is not None:
        require_positive(facts.amount, "amount")
        require_measured(kind, facts.amount)
    evidence = evidence_of(w.session, (facts.evidence,), holder.id) if facts.evidence else []
    scope = [scope_of(w, kind, holder, covers) for covers in dict.fromkeys(facts.covers)]
    renewed = renewable(w, kind, holder, facts.renews) if facts.renews else None
    known = queries.paper_numbered(w.session, kind.key, checked.value, holder.id)
    if known is not None:
        return _told_again(known, facts, scope)
    remarks_on_number = list(checked.warnings)
    if queries.anothers_numbered(w.session, kind.key, checked.value, holder.id):
        remarks_on_number.append(_SHARED)
    paper = Paper(
        uid=w.new_uid(),
        kind=kind.key,
        number=checked.value,
        plain_number=stripped(checked.value),
        holder_id=holder.id,
        issuer=facts.issuer,
        issued_on=facts.issued_on,
        valid_from=facts.valid_from,
        valid_to=facts.valid_to,
        amount=facts.amount.amount if facts.amount else None,
        unit=facts.amount.unit if facts.amount else None,
        note=facts.note,
        evidence_id=evidence[0].id if evidence else None,
        checked_by=facts.checked_by,
        checked_by_uid=w.actor.person_uid if looked_at else None,
        checked_by_party_id=w.actor.party_id if looked_at else None,
        checked_at=w.now if looked_at else None,
        checked_where=facts.checked_where,
        warnings=[
            *({"field": "number", **one.to_json()} for one in remarks_on_number),
            *({"field": "amount", **one.to_json()} for one in remarks),
        ],
        renews_id=renewed.id if renewed else None,
        made_at=w.now,
        scope=scope,
    )
    paper.record_id = _record(w, paper, holder.uid, facts)
    w.session.add(paper)
    w.session.flush()
    draw_for_what_is_there(w, paper)
    warn_of_revoked_numbers(w, paper)
    return paper


def _told_again(known: Paper, facts: PaperFacts, scope: list[PaperScope]) -> Paper:
    """The paper that is there, where nothing else is said of it. Raises Conflict."""
    amount = (facts.amount.amount, facts.amount.unit) if facts.amount else (None, None)
    evidence = known.evidence.uid if known.evidence else None
    written = ("issuer", "issued_on", "valid_from", "valid_to", "note")
    same = (
        known.state == "valid"
        and all(getattr(known, name) == getattr(facts, name) for name in written)
        and (known.amount, known.unit) == amount
        and evidence == facts.evidence
        and facts.checked_by in ("", known.checked_by)
        and facts.checked_where in ("", known.checked_where)
        and facts.renews in (None, known.renews.uid if known.renews else None)
        and {(one.target, one.target_id) for one in scope}
        <= {(one.target, one.target_id) for one in known.scope}
    )
    if not same:
        raise Conflict(
            "This paper is in the register already, as {paper}, and says otherwise there.",
            "number",
            paper=known.uid,
        )
    return known


def check_paper(w: Writing, uid: str, how: CheckFacts) -> str:
    """Say that a paper of the register was compared with what it is a paper of; returns its uid.

    What was said of an earlier check stays in the log. Raises Forbidden for who may not judge it,
    InvalidInput for a check nowhere, to come, or before the paper was issued; Conflict where it
    is revoked.
    """
    paper = queries.paper(w.session, uid)
    w.actor.require("check_paper")
    if not may_check(w.actor, paper):
        raise Forbidden(
            "A paper is checked by who is competent for its holder, serves it or certifies, and "
            "never by its holder.",
            "paper",
        )
    require_in_force(paper)
    today = w.today
    day = how.on or today
    if not how.where.strip():
        raise InvalidInput("Say where it was checked, or against what.", "where")
    if day > today:
        raise InvalidInput("This day is still to come: say it when it was checked.", "on")
    if paper.issued_on is not None and day < paper.issued_on:
        raise InvalidInput(
            "The paper was issued on {issued}: it was checked later.",
            "on",
            issued=paper.issued_on.isoformat(),
        )
    person = w.session.get(Person, w.actor.person_id) if w.actor.person_id is not None else None
    paper.checked_by = how.by.strip() or (person.name if person else "")
    paper.checked_by_uid, paper.checked_by_party_id = w.actor.person_uid, w.actor.party_id
    paper.checked_where = how.where.strip()
    paper.checked_at = w.now if day == today else datetime.combine(day, time(12), SHANGHAI)
    said = {"paper": uid, "kind": paper.kind, "number": paper.number}
    w.record(PAPER, "paper.checked", {**said, **_checked(w, paper)}, subject=uid)
    return uid


def may_check(actor: Actor, paper: Paper) -> bool:
    """Whether the actor may check this paper: competent for its holder, serving it, or one who
    judges others and is no authority (a certifier, once somebody has checked what it is)."""
    if not actor.may("check_paper") or actor.party_id == paper.holder_id:
        return False
    if actor.party_kind == "regulator":
        return actor.competent(paper.holder.division)
    if actor.may_for("check_paper", paper.holder):
        return True
    judges = Rights.load().organisation_kind(actor.party_kind).answers_for_itself
    return judges and actor.party_state == "active"


def _checked(w: Writing, paper: Paper) -> dict[str, str | None]:
    """What a record says of the check of a paper."""
    return {
        "checked_by": paper.checked_by or None,
        "checked_where": paper.checked_where or None,
        "checked_at": utc_text(paper.checked_at) if paper.checked_at else None,
        "checked_by_party": w.actor.party_uid if paper.checked_at else None,
    }


def revoke_paper(w: Writing, uid: str, reason: str) -> str:
    """Say that a paper holds no longer; returns its uid. That is final.

    All that leans on it falls with it in the same transaction, and the status list says so. What
    was issued here only the authority that issued it withdraws. Raises Forbidden, Conflict where
    it holds no longer already.
    """
    paper = queries.paper(w.session, uid)
    issued = issued_upon(w.session, paper)
    if issued is not None:
        if not may_withdraw(w.actor, issued):
            raise Forbidden("What an authority issued here, it alone withdraws.", "paper")
    elif not _checks(w.actor, paper) and not w.actor.may_for("register_paper", paper.holder):
        raise Forbidden(
            "A paper is revoked by its holder, by who checked it, or by the station or regulator "
            "of where its holder is.",
            "paper",
        )
    if not reason.strip():
        raise InvalidInput("Give the reason for the revocation.", "reason")
    require_in_force(paper)
    reached = fall_with(w, paper)
    paper.state, paper.state_reason, paper.revoked_at = "revoked", reason.strip(), w.now
    said = {"paper": uid, "kind": paper.kind, "number": paper.number, "state": "revoked"}
    told = {**said, "reason": paper.state_reason, "reached": reached}
    w.record(PAPER, "paper.revoked", told, subject=uid)
    evidence: Evidence = {
        "paper": uid,
        "kind": PaperKinds.load().get(paper.kind).names,
        "number": paper.number,
        "reason": paper.state_reason,
        "batches": reached,
    }
    stage = stage_of_paper(paper.kind)
    warn(w, "paper_revoked", uid, party=paper.holder, evidence=evidence, stage=stage)
    warn_of_revoked_numbers(w, paper)
    return uid


def _checks(actor: Actor, paper: Paper) -> bool:
    """Whether the actor may judge this paper: where it is competent or serves, or checked it."""
    if not actor.may("check_paper"):
        return False
    served = actor.may_for("check_paper", paper.holder)
    checked = actor.person_uid is not None and actor.person_uid == paper.checked_by_uid
    return served or checked or actor.competent(paper.holder.division)


def _record(w: Writing, paper: Paper, holder: str, facts: PaperFacts) -> str:
    dates = {
        name: value.isoformat()
        for name in ("issued_on", "valid_from", "valid_to")
        if (value := getattr(facts, name)) is not None
    }
    return w.record(
        PAPER,
        "paper.registered",
        {
            "paper": paper.uid,
            "kind": paper.kind,
            "number": paper.number,
            "holder": holder,
            "issuer": paper.issuer or None,
            **dates,
            "amount": facts.amount.to_json() if facts.amount else None,
            "renews": facts.renews,
            "covers": [{"target": one.target, "key": one.key} for one in facts.covers],
            "state": "valid",
            "note": paper.note or None,
            "evidence": facts.evidence,
            **_checked(w, paper),
        },
        subject=paper.uid,
    )
