"""Early warning: opening a warning, taking it up, acting, closing it with proof, raising it."""

from __future__ import annotations

from suyuan.trace.acts.notices import tell_of
from suyuan.trace.acts.transaction import Writing
from suyuan.trace.batches.tables import Batch
from suyuan.trace.clock import utc_text
from suyuan.trace.errors import Conflict, Forbidden, InvalidInput
from suyuan.trace.evidence.queries import evidence_of
from suyuan.trace.evidence.tables import EvidenceFile
from suyuan.trace.notices import queries
from suyuan.trace.notices.levels import first_turn, next_turn
from suyuan.trace.notices.proofs import Proof, require_proof, require_proven
from suyuan.trace.notices.records import WARNING
from suyuan.trace.notices.rights import may_tell, require_in_charge
from suyuan.trace.notices.rules import warning_rule
from suyuan.trace.notices.stages import stage_of
from suyuan.trace.notices.tables import EarlyWarning, WarningStep
from suyuan.trace.notices.wording import Evidence, kept
from suyuan.trace.parties.tables import Party

_NOTE, _KEY = 500, 120


def warn(
    w: Writing,
    rule: str,
    key: str,
    *,
    batch: Batch | None = None,
    party: Party | None = None,
    evidence: Evidence,
    stage: str | None = None,
) -> str | None:
    """Open a warning about a batch or an organisation; returns its uid.

    ``key`` names the cause within the rule. None where the cause has its warning: an open one,
    or one closed too short ago, as the rule says; and where a rule that sweeps has as many open
    for this organisation as it may. ``party``: the organisation concerned, else the batch's own.
    ``stage``: that of what was found, where batch and organisation do not say it.
    Not a deed of a person: whoever is acting only did what brought it about. Raises NotFound for
    a rule that there is not, InvalidInput where it is about nothing or the key is too long.
    """
    by = warning_rule(rule)
    owner = party or (batch.party if batch is not None else None)
    if owner is None or not 0 < len(key) <= _KEY:
        raise InvalidInput("A warning is about a batch or an organisation, and has a key.", "key")
    if queries.is_told(w.session, by, key, w.now) or not queries.has_room(w.session, by, owner.id):
        return None
    division = batch.division if batch is not None else owner.division
    family = batch.family if batch is not None else None
    turn = first_turn(by, division)
    opened = EarlyWarning(
        uid=w.new_uid(),
        rule=by.key,
        key=key,
        severity=by.severity,
        batch_id=batch.id if batch is not None else None,
        party_id=owner.id,
        division=division,
        family=family,
        stage=_stage(w, (division, family), by.stage or stage or stage_of(w.session, batch, owner)),
        level=turn.level,
        level_division=turn.division,
        state="open",
        evidence=kept(evidence),
        opened_at=w.now,
        deadline=(w.now + by.time_at(turn.level)).replace(microsecond=0),
    )
    opened.record_id = w.record(
        WARNING,
        "warning.opened",
        {
            **_stand(opened),
            "rule": opened.rule,
            "key": opened.key,
            "severity": opened.severity,
            "trace_code": batch.trace_code if batch is not None else None,
            "party": owner.uid,
            "division": opened.division,
            "family": opened.family,
            "stage": opened.stage,
            "evidence": opened.evidence,
        },
        subject=opened.uid,
    )
    w.session.add(opened)
    w.session.flush()
    tell_of(w, opened, "opened")
    return opened.uid


def acknowledge(w: Writing, uid: str, note: str = "") -> str:
    """Say that a warning was taken up; returns its uid. Raises NotFound, Forbidden, Conflict."""
    found = _locked(w, uid)
    require_in_charge(w.actor, found)
    if found.state != "open":
        raise Conflict("This warning was acknowledged already.", "warning")
    found.state = "acknowledged"
    take_step(w, found, "acknowledged", note)
    return uid


def act_on(w: Writing, uid: str, note: str, evidence: str | None = None) -> str:
    """Say what was done about the cause, by whoever has the warning or is concerned by it.

    Returns its uid. Raises NotFound, Forbidden, InvalidInput without a note, Conflict once closed.
    """
    found = _locked(w, uid)
    w.actor.require("handle_warning")
    if not may_tell(w.actor, found):
        raise Forbidden("This warning is another organisation's.", "warning")
    if not note.strip():
        raise InvalidInput("Say what was done.", "note")
    found.state = "acted_on"
    take_step(w, found, "acted_on", note, _kept_file(w, evidence))
    return uid


def close(
    w: Writing, uid: str, reason: str, evidence: str | None = None, proof: str | None = None
) -> str:
    """Settle a warning; returns its uid.

    ``evidence``: a file that proves it; ``proof``: the uid of a record that does
    (``proofs.Proof``). A reason alone is enough where the warning is not too grave
    (``rules.Closing``). Raises NotFound, Forbidden, InvalidInput without proof, Conflict where it
    is closed.
    """
    found = _locked(w, uid)
    require_in_charge(w.actor, found)
    if not evidence and not proof:
        require_proven(found)
        if not reason.strip():
            raise InvalidInput(
                "A warning is closed with proof: add a file, or say why it is settled.", "reason"
            )
    file = _kept_file(w, evidence)
    shown = require_proof(w.session, found, proof) if proof else None
    found.state, found.closed_at = "closed", w.now
    take_step(w, found, "closed", reason, file, shown)
    tell_of(w, found, "closed")
    return uid


def escalate(w: Writing, uid: str, reason: str) -> str:
    """Hand a warning up to the next level before its time; returns its uid.

    Raises NotFound, Forbidden, InvalidInput without a reason, Conflict at the highest level.
    """
    found = _locked(w, uid)
    require_in_charge(w.actor, found)
    if not reason.strip():
        raise InvalidInput("Say why it goes up.", "reason")
    if not raised(w, found, reason):
        raise Conflict("There is no level above, or nobody there.", "warning")
    return uid


def raised(w: Writing, found: EarlyWarning, reason: str = "") -> bool:
    """Move a locked warning up, to the next level where somebody is competent for it; False where
    there is none, as at the highest. It is to be acknowledged there anew."""
    rule = warning_rule(found.rule)
    turn = next_turn(rule, found.division, found.level)
    while turn is not None and not _somebody(w, found, turn.division):
        turn = next_turn(rule, found.division, turn.level)
    if turn is None:
        return False
    found.level, found.level_division, found.state = turn.level, turn.division, "open"
    found.deadline = (w.now + rule.time_at(turn.level)).replace(microsecond=0)
    take_step(w, found, "escalated", reason)
    tell_of(w, found, "escalated")
    return True


def told_again(w: Writing, found: EarlyWarning) -> None:
    """Give a locked warning its time once more where it is, as nobody above can take it."""
    found.deadline = (w.now + warning_rule(found.rule).time_at(found.level)).replace(microsecond=0)
    take_step(w, found, "overdue")
    tell_of(w, found, "overdue")


def _somebody(w: Writing, found: EarlyWarning, division: str) -> bool:
    at = division, found.family, found.stage
    return bool(queries.regulators_for(w.session, *at, w.today))


def take_step(
    w: Writing,
    found: EarlyWarning,
    kind: str,
    note: str = "",
    proof: EvidenceFile | None = None,
    shown: Proof | None = None,
    **said: str | None,
) -> None:
    """Keep what was done about a warning whose row says already how it stands now."""
    note = note.strip()
    if len(note) > _NOTE:
        raise InvalidInput("At most {limit} characters.", "note", limit=_NOTE)
    step = WarningStep(
        uid=w.new_uid(),
        warning_id=found.id,
        kind=kind,
        level=found.level,
        party_id=w.actor.party_id,
        person_uid=w.actor.person_uid,
        note=note,
        evidence_id=proof.id if proof is not None else None,
        proof_kind=shown.kind if shown is not None else None,
        proof_record=shown.uid if shown is not None else None,
        at=w.now,
    )
    step.record_id = w.record(
        WARNING,
        f"warning.{kind}",
        {
            **_stand(found),
            "step": step.uid,
            "step_kind": kind,
            "step_party": w.actor.party_uid,
            "note": note or None,
            "proof": proof.uid if proof is not None else None,
            "proof_kind": step.proof_kind,
            "proof_record": step.proof_record,
            "typed_by": w.actor.person_uid,
            **said,
        },
        subject=found.uid,
    )
    w.session.add(step)
    w.session.flush()


def locked(w: Writing, uid: str) -> EarlyWarning:
    """The warning, kept to this transaction. Raises NotFound."""
    found = queries.warning(w.session, uid)
    # of two who settle it at once the second sees that it is done
    w.session.refresh(found, with_for_update=True)
    return found


def _locked(w: Writing, uid: str) -> EarlyWarning:
    found = locked(w, uid)
    if found.state == "closed":
        raise Conflict("This warning is closed already.", "warning")
    return found


def _kept_file(w: Writing, evidence: str | None) -> EvidenceFile | None:
    if not evidence:
        return None
    return evidence_of(w.session, (evidence,), w.actor.party_id or 0)[0]


def _stage(w: Writing, at: tuple[str, str | None], stage: str | None) -> str | None:
    """The stage whose regulators have a warning; None, and so those of any, where nobody from the
    place (a division and a family) up to its region is competent for it."""
    today = w.today
    return stage if queries.regulators_for(w.session, *at, stage, today) else None


def _stand(found: EarlyWarning) -> dict[str, str]:
    return {
        "warning": found.uid,
        "level": found.level,
        "level_division": found.level_division,
        "state": found.state,
        "deadline": utc_text(found.deadline),
    }
