"""Recording an inspection of a batch."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from suyuan.trace.acts.events import record_event
from suyuan.trace.acts.evidence import keep_evidence
from suyuan.trace.acts.transaction import Writing
from suyuan.trace.batches.tables import Batch
from suyuan.trace.clock import SHANGHAI
from suyuan.trace.errors import Forbidden, InvalidInput, SuyuanError
from suyuan.trace.events.facts import EventFacts, Portion
from suyuan.trace.events.kinds import EventKinds
from suyuan.trace.passport.steps import family_of
from suyuan.trace.products.attributes import KeyData
from suyuan.web import identity
from suyuan.web.error_pages import faults_by_field
from suyuan.web.ground import ledger, now
from suyuan.web.inspect.asked import batch_of

KIND = "inspect"
_LOCAL = "%Y-%m-%dT%H:%M"
"""How a form writes a moment, in Shanghai time."""


def add_to(blueprint: Blueprint) -> None:
    """Put this page into ``blueprint``."""
    blueprint.add_url_rule(
        "/batches/<trace_code>/inspection", "inspection", inspection, methods=["GET", "POST"]
    )


def inspection(trace_code: str) -> ResponseReturnValue:
    """The form of an inspection, and its being recorded."""
    batch = batch_of(trace_code)
    actor = identity.current_actor()
    if actor.party_kind == "regulator" and not actor.competent(batch.division, batch.family):
        raise Forbidden("You are not competent for this batch.", field="trace_code")
    faults: dict[str, str] = {}
    if request.method == "POST":
        try:
            data, name = _file()
            uid = identity.perform(_record, _facts(batch), data, name)
        except SuyuanError as error:
            faults = faults_by_field(error)
        else:
            flash(gettext("The inspection is on record."), "done")
            return redirect(url_for("inspect.event", uid=uid, of=batch.trace_code))
    page = render_template(
        "inspect/inspection.html",
        batch=batch,
        asked=_asked(batch),
        given=request.form,
        happened_at=request.form.get("happened_at") or now().astimezone(SHANGHAI).strftime(_LOCAL),
        faults=faults,
    )
    return (page, 422) if faults else page


def _record(w: Writing, facts: EventFacts, data: bytes, name: str) -> str:
    """Keep the photo or document, where there is one, and record the event with it."""
    if not data:
        return record_event(w, facts)
    uid = keep_evidence(w, facts.party, data, name, "trade")
    return record_event(w, EventFacts(**{**vars(facts), "evidence": (uid,)}))


def _asked(batch: Batch) -> tuple[KeyData, ...]:
    family = family_of(ledger().families, batch)
    return EventKinds.load().get(KIND).all_key_data(family, batch.variant)


def _facts(batch: Batch) -> EventFacts:
    given = request.form
    payload = {one.key: text for one in _asked(batch) if (text := given.get(one.key, "").strip())}
    here = given.get("at_site") == "yes" and batch.site is not None
    return EventFacts(
        kind=KIND,
        party=str(identity.current_actor().party_uid),
        batches=(Portion(batch.trace_code),),
        happened_at=_moment(given.get("happened_at", "")),
        site=batch.site.uid if here and batch.site else None,
        payload=payload,
        note=given.get("note", "").strip(),
    )


def _moment(text: str) -> datetime:
    try:
        moment = datetime.strptime(text, _LOCAL).replace(tzinfo=SHANGHAI)
        # the first day of the first year is none in UTC
        moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise InvalidInput("Give day and time, as in 2026-06-01 08:00.", "happened_at") from error
    return moment


def _file() -> tuple[bytes, str]:
    """The photo or document that was sent along; nothing and no name where there is none."""
    sent = request.files.get("evidence")
    return (sent.read(), sent.filename or "") if sent else (b"", "")
