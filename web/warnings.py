"""What pages of warnings share: the list with its filters, one warning, and the forms about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from suyuan.trace.acts.evidence import keep_evidence
from suyuan.trace.acts.publishing import end_publication, propose_publication, publish
from suyuan.trace.acts.transaction import Writing
from suyuan.trace.acts.warnings import acknowledge, act_on, close, escalate
from suyuan.trace.clock import shown
from suyuan.trace.errors import InvalidInput, NotFound, SuyuanError
from suyuan.trace.events.kinds import EventKinds
from suyuan.trace.evidence.tables import EvidenceFile
from suyuan.trace.notices import queries, rights
from suyuan.trace.notices.levels import next_turn
from suyuan.trace.notices.proofs import Proof, proofs_of
from suyuan.trace.notices.rules import SEVERITIES, called, closing, warning_rule, warning_rules
from suyuan.trace.notices.tables import EarlyWarning, WarningStep
from suyuan.trace.notices.wording import worded
from suyuan.trace.oversight.sight import evidence_sight
from suyuan.web import identity
from suyuan.web.error_pages import faults_to_mend
from suyuan.web.ground import db, now
from suyuan.web.showing import language, named

PAGE = 50
LARGEST_ROW = 2**63
STATES = ("open", "acknowledged", "acted_on", "closed")

Links = Mapping[str, Callable[[str], str]]
"""Where a piece of evidence, or a record that proves something, leads to, by its key or kind."""


@dataclass(frozen=True)
class Asked:
    """What a list is asked for; nothing that there is not."""

    state: str
    rule: str
    severity: str
    before: int | None


def asked() -> Asked:
    """The filters of this request: all that are not closed, unless a state is named."""
    before = request.args.get("before", type=int)
    if before is not None and not 0 < before < LARGEST_ROW:
        raise NotFound("There is no such page.")
    state, rule = request.args.get("state", ""), request.args.get("rule", "")
    severity = request.args.get("severity", "")
    return Asked(
        state if state in (*STATES, "all") else "",
        rule if rule in warning_rules() else "",
        severity if severity in SEVERITIES else "",
        before,
    )


def listed(template: str, party_id: int | None = None, **more: Any) -> str:
    """A page of warnings: of one organisation, else those that the actor is competent for."""
    wanted = asked()
    found = queries.warnings_for(
        db(),
        identity.current_actor(),
        party_id=party_id,
        state="" if wanted.state == "all" else wanted.state or "open",
        rule=wanted.rule,
        severity=wanted.severity,
        before=wanted.before,
        limit=PAGE + 1,
    )
    return render_template(
        template,
        warnings=found[:PAGE],
        before=found[PAGE - 1].id if len(found) > PAGE else None,
        asked=wanted,
        now=now(),
        **_words(),
        **more,
    )


def one(uid: str, template: str, view: str, links: Links, files: str) -> ResponseReturnValue:
    """A warning: shown, or one of its forms taken. Raises NotFound for whom it is not for."""
    warning = seen(uid)
    faults: dict[str, str] = {}
    status = 200
    if request.method == "POST":
        try:
            flash(_taken(warning), "done")
            return redirect(url_for(view, uid=uid))
        except SuyuanError as error:
            faults, status = faults_to_mend(error), error.status
            warning = seen(uid)
    may = _may(warning)
    page = render_template(
        template,
        warning=warning,
        steps=warning.steps,
        notices=queries.notices_of(db(), warning.id),
        may=may,
        proposed=queries.proposed(db(), warning),
        evidence=_evidence(warning, links),
        file=lambda step: _file(step.evidence, files),
        record=lambda step: _record(step, links),
        proofs=_offered(warning) if "close" in may else (),
        needs_proof=warning.severity in closing().proof_needed,
        now=now(),
        faults=faults,
        given=request.form,
        **_words(),
    )
    return page, status


def seen(uid: str) -> EarlyWarning:
    """The warning, where it is for the actor's eyes. Raises NotFound."""
    found = queries.warning(db(), uid)
    if not rights.may_see(identity.current_actor(), found):
        raise NotFound("There is no warning {uid}.", field="warning", uid=uid)
    return found


def _words() -> dict[str, Any]:
    return {"called": called, "rules": warning_rules(), "states": STATES}


def _may(warning: EarlyWarning) -> frozenset[str]:
    """The forms that the actor may send about a warning as it stands."""
    actor, still = identity.current_actor(), warning.state != "closed"
    has = actor.may("handle_warning") and rights.in_charge(actor, warning)
    above = next_turn(warning_rule(warning.rule), warning.division, warning.level)
    allowed = {
        "acknowledge": has and warning.state == "open",
        "act": still and actor.may("handle_warning") and rights.may_tell(actor, warning),
        "close": has and still,
        "escalate": has and still and above is not None,
        "propose": actor.may("handle_warning") and rights.may_propose(actor, warning),
        "publish": rights.may_publish(actor, warning),
    }
    return frozenset(key for key, is_so in allowed.items() if is_so)


def _taken(warning: EarlyWarning) -> str:
    """Do what the form asks; returns what to say of it. Raises InvalidInput for another form."""
    text = request.form.get("note", "")
    act = request.form.get("act", "")
    if act in ("act", "close"):
        sent = request.files.get("evidence")
        data, name = (sent.read(), sent.filename or "") if sent else (b"", "")
        proof = request.form.get("proof", "")
        identity.perform(_with_file, act, warning.uid, text, data, name, proof)
    elif act == "acknowledge":
        identity.perform(acknowledge, warning.uid, text)
    elif act == "escalate":
        identity.perform(escalate, warning.uid, text)
    elif act == "propose":
        identity.perform(propose_publication, warning.uid, text)
    elif act == "publish":
        identity.perform(publish, warning.uid)
    elif act == "end":
        identity.perform(end_publication, warning.uid, text)
    else:
        raise InvalidInput("Choose what to do.", "act")
    return _said(act)


def _said(act: str) -> str:
    """What to say of a form that was taken."""
    texts: dict[str, str] = {
        "act": gettext("It is on record."),
        "close": gettext("The warning is closed."),
        "acknowledge": gettext("The warning was acknowledged."),
        "escalate": gettext("The warning went up."),
        "propose": gettext("The text waits for another person, who publishes it."),
        "publish": gettext("Consumers are told of it from now on."),
        "end": gettext("Consumers are told of it no longer."),
    }
    return texts[act]


def _with_file(
    w: Writing, act: str, uid: str, text: str, data: bytes, name: str, proof: str
) -> str:
    """Keep the photo or document, where there is one, and do what it proves."""
    file = keep_evidence(w, str(w.actor.party_uid), data, name, "trade") if data else None
    return close(w, uid, text, file, proof) if act == "close" else act_on(w, uid, text, file)


def _evidence(warning: EarlyWarning, links: Links) -> Sequence[tuple[str, str, str | None]]:
    """Each piece of evidence: its key, its value, and where it leads."""
    return [
        (key, worded(value, language()), links[key](str(value)) if key in links else None)
        for key, value in warning.evidence.items()
    ]


def _offered(warning: EarlyWarning) -> list[tuple[str, str]]:
    """The records that may prove that a warning is settled, each with what it is called."""
    kinds, found = called("proofs"), proofs_of(db(), warning)
    return [(one.uid, f"{named(kinds[one.kind])} {_says(one)} · {shown(one.at)}") for one in found]


def _says(one: Proof) -> str:
    """Which of its kind a record is, where that says more than its time."""
    if one.kind == "event":
        return named(EventKinds.load().get(one.says).names)
    return one.says if one.kind in ("report", "paper") else ""


def _record(step: WarningStep, links: Links) -> str | None:
    """Where the record that proves a step is, where this area has a page of it."""
    kind, uid = step.proof_kind, step.proof_record
    return links[kind](uid) if kind and uid and kind in links else None


def _file(file: EvidenceFile | None, view: str) -> str | None:
    """Where the file of a step is, for who may see it."""
    if file is None:
        return None
    actor = identity.current_actor()
    classes = evidence_sight(db(), actor, file, now=now())
    return url_for(view, uid=file.uid) if file.disclosure in classes else None
