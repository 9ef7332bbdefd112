"""Registering the printers of a party, setting them otherwise, removing them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from suyuan.trace.acts.transaction import Writing
from suyuan.trace.errors import Conflict, Fault, InvalidInputs
from suyuan.trace.parties.queries import site
from suyuan.trace.parties.tables import Party, Site
from suyuan.trace.printers.facts import LANGUAGES, MOST_SHIFT, PrinterFacts
from suyuan.trace.printers.queries import printer, printers_of
from suyuan.trace.printers.records import PRINTER
from suyuan.trace.printers.tables import Printer


def register_printer(w: Writing, facts: PrinterFacts) -> str:
    """Register a printer at a place of one's own organisation; returns its uid.

    Raises Forbidden, NotFound for a place that there is not, InvalidInputs, Conflict for a name
    that another printer has.
    """
    place = _place(w, facts)
    _require_sound(facts)
    _require_own_name(w, facts.name, None)
    uid = w.new_uid()
    record_id = _record(w, "printer.registered", uid, facts)
    w.session.add(
        Printer(
            uid=uid,
            party_id=place.party_id,
            made_at=w.now,
            record_id=record_id,
            **_columns(facts, place),
        )
    )
    w.session.flush()
    return uid


def change_printer(w: Writing, uid: str, facts: PrinterFacts) -> str:
    """Set a printer otherwise; returns its uid. Raises as ``register_printer``."""
    place = _place(w, facts)
    found = _standing(w, uid)
    _require_sound(facts)
    _require_own_name(w, facts.name, found)
    for name, value in _columns(facts, place).items():
        setattr(found, name, value)
    _record(w, "printer.changed", uid, facts)
    return uid


def remove_printer(w: Writing, uid: str) -> str:
    """Say that a printer is there no more: nothing can be sent to it. Returns its uid."""
    found = _standing(w, uid)
    found.removed_at = w.now
    w.record(PRINTER, "printer.removed", {"printer": uid, "channel": w.actor.channel}, subject=uid)
    return uid


def own_printer(w: Writing, uid: str) -> Printer:
    """A printer of the actor's own organisation that is there. Raises as ``change_printer``."""
    return _standing(w, uid)


def _standing(w: Writing, uid: str) -> Printer:
    w.actor.require("print_labels")
    found = printer(w.session, uid, w.actor.party_id)
    w.actor.require("print_labels", found.party)
    if found.removed_at is not None:
        raise Conflict("This printer was removed.", field="printer")
    return found


def _place(w: Writing, facts: PrinterFacts) -> Site:
    w.actor.require("print_labels")
    place = site(w.session, facts.site)
    w.actor.require("print_labels", w.session.get_one(Party, place.party_id))
    if place.party_id != w.actor.party_id:
        raise Conflict(
            "A printer stands at a place of the organisation that you act for.", field="site"
        )
    return place


def _require_sound(facts: PrinterFacts) -> None:
    faults = []
    if not facts.name.strip():
        faults.append(Fault("name", "Give the printer a name that your people know it by."))
    if facts.language not in LANGUAGES:
        known = ", ".join(LANGUAGES)
        faults.append(Fault("language", "A printer is fed in one of {known}.", (("known", known),)))
    for field in ("shift_right", "shift_down"):
        if abs(getattr(facts, field)) > MOST_SHIFT:
            most = (("most", MOST_SHIFT),)
            faults.append(Fault(field, "A place is mended by at most {most} dots.", most))
    if faults:
        raise InvalidInputs(faults)


def _require_own_name(w: Writing, name: str, mine: Printer | None) -> None:
    for other in printers_of(w.session, w.actor.party_id):
        if other is not mine and other.name == name.strip():
            raise Conflict("Another printer has this name.", field="name")


def _columns(facts: PrinterFacts, place: Site) -> dict[str, Any]:
    return {**_told(facts), "site_id": place.id}


def _told(facts: PrinterFacts) -> dict[str, Any]:
    told = asdict(facts) | {"name": facts.name.strip()}
    del told["site"]
    return told


def _record(w: Writing, type_: str, uid: str, facts: PrinterFacts) -> str:
    said = {"printer": uid, "site": facts.site, **_told(facts), "channel": w.actor.channel}
    return w.record(PRINTER, type_, said, subject=uid)
