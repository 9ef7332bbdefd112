"""One step of a chain, opened: what was said, its history, its evidence, its place in the log."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request

from suyuan.trace.errors import NotFound
from suyuan.trace.events.kinds import EventKinds
from suyuan.trace.events.queries import event as event_with
from suyuan.trace.events.queries import history
from suyuan.trace.events.tables import Event
from suyuan.trace.evidence.queries import evidence as evidence_with
from suyuan.trace.log.schemas import Class
from suyuan.trace.oversight.chain_sight import event_sight_in_chain
from suyuan.trace.oversight.package_events import asked_of
from suyuan.trace.oversight.proof import checks, record_proof
from suyuan.trace.oversight.sight import evidence_sight
from suyuan.trace.parties import queries as parties
from suyuan.trace.passport.steps import steps_of
from suyuan.trace.products.attributes import Fact
from suyuan.web.ground import db, ledger, now
from suyuan.web.identity import current_actor
from suyuan.web.inspect.asked import root
from suyuan.web.inspect.downloads import evidence_download, proof_file


def add_to(blueprint: Blueprint) -> None:
    """Put these pages into ``blueprint``."""
    blueprint.add_url_rule("/events/<uid>", "event", event_page)
    blueprint.add_url_rule("/events/<uid>/proof.json", "event_proof", proof_json)
    blueprint.add_url_rule("/events/<uid>/evidence/<file_uid>", "event_evidence", event_evidence)
    blueprint.add_url_rule("/evidence/<uid>", "evidence", evidence_file)


def event_page(uid: str) -> str:
    """The event with all fields that the actor may see, and its proof."""
    event = event_with(db(), uid)
    classes = _classes(event)
    families = ledger().families
    proof = record_proof(db(), event.record_id, classes)
    return render_template(
        "inspect/event.html",
        event=event,
        step=steps_of(db(), families, [event.id], classes)[0],
        statutory=EventKinds.load().get(event.kind).statutory,
        hidden=_hidden(event, classes),
        classes=classes,
        history=steps_of(db(), families, [one.id for one in history(db(), event)], classes),
        evidence=[(file, file.disclosure in classes) for file in event.evidence],
        typed_by=_typed_by(event, classes),
        proof=proof,
        fault=checks(proof),
        of=request.args.get("of"),
    )


def proof_json(uid: str) -> Response:
    """The proof of the event's record, to be checked elsewhere."""
    event = event_with(db(), uid)
    return proof_file(record_proof(db(), event.record_id, _classes(event)))


def event_evidence(uid: str, file_uid: str) -> Response:
    """A file behind the event. Raises NotFound, also where it is not for these eyes."""
    event = event_with(db(), uid)
    classes = _classes(event)
    for file in event.evidence:
        if file.uid == file_uid and file.disclosure in classes:
            return evidence_download(file)
    raise NotFound("There is no evidence file {uid}.", uid=file_uid)


def evidence_file(uid: str) -> Response:
    """A file behind a paper or report. Raises NotFound, also where it is not for these eyes."""
    file = evidence_with(db(), uid, None)
    if file.disclosure not in evidence_sight(db(), current_actor(), file, now=now()):
        raise NotFound("There is no evidence file {uid}.", uid=uid)
    return evidence_download(file)


def _classes(event: Event) -> frozenset[Class]:
    return event_sight_in_chain(db(), current_actor(), event, root(), now=now())


def _hidden(event: Event, classes: frozenset[Class]) -> list[Fact]:
    """The facts that are recorded and not for these eyes: what is asked, never its value."""
    asked = asked_of(ledger().families, event)
    return [
        asked[key] for key in event.payload if key in asked and asked[key].disclosure not in classes
    ]


def _typed_by(event: Event, classes: frozenset[Class]) -> str | None:
    if "personal" not in classes or event.person_uid is None:
        return None
    return parties.person(db(), event.person_uid).name
