"""Recording what happened to a batch, correcting what was told, and photos that follow."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa
from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from suyuan.trace.acts.events import correct_event, record_event
from suyuan.trace.acts.photos import add_photo
from suyuan.trace.acts.transaction import Writing
from suyuan.trace.batches.tables import Batch
from suyuan.trace.errors import Fault, Forbidden, InvalidInput, InvalidInputs
from suyuan.trace.events import queries
from suyuan.trace.events.kinds import EventKind, EventKinds
from suyuan.trace.events.tables import Event
from suyuan.trace.parties import queries as parties
from suyuan.trace.parties.search import parties_named
from suyuan.trace.parties.tables import Party
from suyuan.trace.products.attributes import KeyData
from suyuan.web.desk import whom
from suyuan.web.desk.forms.event import key_data, read_correction, read_event, typed_from
from suyuan.web.desk.forms.typed import here
from suyuan.web.desk.reading import batch_seen, event_seen, one_in_hand, sites
from suyuan.web.desk.sending import SentFile, send_once, sent_files
from suyuan.web.desk.sheet import Answer, Done, Sheet, answered, facts_placed, typed
from suyuan.web.ground import db, ledger, now
from suyuan.web.identity import current_actor, perform, perform_once
from suyuan.web.once import once

views = Blueprint("events", __name__, url_prefix="/events")

_PERMISSIONS = {"ship": "ship", "return": "ship"}
_TO_A_PARTY = frozenset({"ship", "return"})


@views.route("/new", methods=["GET", "POST"])
def new() -> Answer:
    """Choose what happened, then say it."""
    code = request.values.get("batch", "")
    if not code:
        return redirect(url_for("desk.home.listed", purpose="event"))
    batch = batch_seen(code)
    key = request.values.get("kind", "")
    if not key:
        return render_template(
            "desk/event_kinds.html", batch=batch, happenings=kinds(batch), makings=makings(batch)
        )
    kind = _kind(key, batch)
    asked = key_data(kind, ledger().families.get(batch.family), batch.variant)
    receivers: list[Party] = []

    def draw(sheet: Sheet) -> str:
        return render_template(
            "desk/event_new.html",
            sheet=sheet,
            batch=batch,
            held=one_in_hand(batch),
            kind=kind,
            asked=asked,
            sites=sites(),
            to_a_party=kind.key in _TO_A_PARTY,
            receivers=receivers,
            last=_last(kind.key),
        )

    return answered(
        draw,
        lambda: _record(kind, batch, asked, receivers),
        prefilled=_prefilled(kind, asked),
        place=lambda faults: facts_placed(faults, {one.key for one in asked}),
    )


@views.get("/<uid>")
def page(uid: str) -> str:
    """An event with all that was ever said of it, and what stands behind it."""
    event = event_seen(uid)
    return render_template(
        "desk/event.html",
        event=event,
        asked={one.key: one for one in _asked(event)},
        history=queries.history(db(), event),
        shipments=queries.shipments_by_event(db(), event.id),
        correctable=event.corrected_by_id is None
        and not event.withdrawn
        and not EventKinds.load().get(event.kind).system,
        may_photo=event.corrected_by_id is None and whom.may("record_event"),
    )


@views.route("/<uid>/correct", methods=["GET", "POST"])
def correct(uid: str) -> Answer:
    """Tell an event anew; the first telling stays and points at the new one."""
    event = event_seen(uid)
    current_actor().require("correct_event", event.party)
    asked = _asked(event)

    def draw(sheet: Sheet) -> str:
        return render_template(
            "desk/event_correct.html",
            sheet=sheet,
            event=event,
            asked=asked,
            old=typed_from(event.payload, asked),
        )

    def send() -> Done:
        facts = read_correction(typed(), event, asked)
        new_uid = perform_once(once(facts), correct_event, facts)
        return Done(_page(new_uid), gettext("The correction was saved."))

    prefilled = MultiDict(typed_from(event.payload, asked))
    prefilled["happened_at"] = here(event.happened_at)
    prefilled["note"] = event.note
    keys = {one.key for one in asked}
    return answered(
        draw, send, prefilled=prefilled, place=lambda faults: facts_placed(faults, keys)
    )


@views.post("/<uid>/photos")
def photos(uid: str) -> Answer:
    """Take photos that follow an event; each is answered by itself where a script sends it."""
    files = sent_files()
    if not files:
        raise InvalidInput("Choose a photo or a document.", "photos")
    uids = perform(_add_photos, uid, files)
    if request.accept_mimetypes.best == "application/json":
        answer: Response = jsonify(evidence=uids)
        return answer
    return redirect(_page(uid))


def _add_photos(w: Writing, uid: str, files: tuple[SentFile, ...]) -> list[str]:
    return [add_photo(w, uid, file.data, file.name) for file in files]


def kinds(batch: Batch) -> list[EventKind]:
    """What the party chosen may record of a batch."""
    family = ledger().families.get(batch.family)
    return [
        kind
        for kind in EventKinds.load().of_family(family)
        if not (kind.system or kind.makes_outputs or kind.key == "receive") and _may(kind)
    ]


def makings(batch: Batch) -> list[EventKind]:
    """What the party chosen may make of a batch."""
    family = ledger().families.get(batch.family)
    return [
        kind for kind in EventKinds.load().of_family(family) if kind.makes_outputs and _may(kind)
    ]


def _may(kind: EventKind) -> bool:
    party = whom.whom()
    return party.kind in kind.recorded_by and whom.may(_PERMISSIONS.get(kind.key, "record_event"))


def _kind(key: str, batch: Batch) -> EventKind:
    kind = EventKinds.load().get(key)
    if kind not in kinds(batch):
        whom.require(_PERMISSIONS.get(key, "record_event"))
        raise Forbidden(
            "Your organisation does not record events of the kind {kind} on this batch.",
            "kind",
            kind=key,
        )
    return kind


def _record(
    kind: EventKind, batch: Batch, asked: tuple[KeyData, ...], receivers: list[Party]
) -> Done:
    party = whom.whom()
    receiver = _receiver(kind, receivers)
    facts = read_event(
        typed(), kind, party.uid, batch.trace_code, asked, [site.uid for site in sites()], now(),
        to_party=receiver.uid if receiver else None,
    )  # fmt: skip
    uid = send_once(record_event, facts, party.uid, sent_files())
    return Done(
        url_for("desk.batches.page", code=batch.trace_code),
        gettext("Recorded."),
        url_for("desk.events.photos", uid=uid),
    )


def _receiver(kind: EventKind, found: list[Party]) -> Party | None:
    """Who is to receive it, by the choice offered or by name; ``found`` are offered otherwise."""
    if kind.key not in _TO_A_PARTY:
        return None
    given = typed()
    uid, name = given.text("to_party"), given.text("to_name")
    given.finish()
    named = parties_named(db(), name) if name else []
    own = whom.whom().id
    found += [party for party in named if party.id != own]
    if uid and (not name or uid in {party.uid for party in found}):
        return parties.party(db(), uid, "to_party")
    if not name:
        if kind.key == "return":
            return None
        raise InvalidInputs([Fault("to_name", "Say who is to receive it.")])
    exact = [party for party in found if party.name == name]
    if len(exact) == 1:
        return exact[0]
    if found:
        raise InvalidInputs([Fault("to_party", "Choose the receiver.")])
    raise InvalidInputs(
        [Fault("to_name", "No organisation has this name: part of its name is enough.")]
    )


def _prefilled(kind: EventKind, asked: tuple[KeyData, ...]) -> Mapping[str, str]:
    prefilled = MultiDict[str, str]()
    last = _last(kind.key) if request.args.get("again") else None
    if last is not None:
        prefilled = typed_from(last.payload, asked)
        prefilled["site"] = last.site.uid if last.site else ""
        prefilled["note"] = last.note
    prefilled["happened_at"] = here(now())
    return prefilled


def _last(kind: str) -> Event | None:
    """The last event of a kind that the party chosen recorded."""
    query = sa.select(Event).where(Event.party_id == whom.whom().id, Event.kind == kind)
    return db().scalar(query.order_by(Event.id.desc()).limit(1))


def _asked(event: Event) -> tuple[KeyData, ...]:
    """The key data that this event was asked for."""
    kind = EventKinds.load().get(event.kind)
    role = "output" if kind.makes_outputs else "subject"
    batches = [part.batch for part in event.batches if part.role == role]
    families = {batch.family for batch in batches}
    if len(families) != 1:
        return key_data(kind, None)
    variants = {batch.variant for batch in batches}
    family = ledger().families.get(families.pop())
    return key_data(kind, family, variants.pop() if len(variants) == 1 else None)


def _page(uid: str) -> str:
    return url_for("desk.events.page", uid=uid)
