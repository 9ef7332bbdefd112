"""Scratch PINs: having them drawn, entering one, and the answers that had to wait."""

from __future__ import annotations

import hmac
from collections.abc import Iterable

from suyuan.trace.acts.transaction import Writing
from suyuan.trace.clock import SHANGHAI
from suyuan.trace.codes.paths import parse_path
from suyuan.trace.codes.pin import is_pin, pin_key, read_pin
from suyuan.trace.errors import Conflict, InvalidInput, NotFound
from suyuan.trace.parties.tables import Party
from suyuan.trace.pins.facts import PinAnswer, PinTry
from suyuan.trace.pins.queries import locked_device, locked_entry
from suyuan.trace.pins.records import PIN_CONFIRMED, PINS_DRAWN
from suyuan.trace.pins.rules import pin_limits, wait_after
from suyuan.trace.pins.tables import PinDevice, PinEntry
from suyuan.trace.pins.tickets import Ticket
from suyuan.trace.printing.queries import issued_codes, print_run
from suyuan.trace.printing.tables import IssuedCode


def draw_pins(w: Writing, run_uid: str) -> str:
    """Put on record that the labels of a run are drawn with their PINs; returns the run's uid.

    Whoever draws may read them, so this comes before each drawing. Raises NotFound, Forbidden,
    and Conflict for a run without PINs.
    """
    run = print_run(w.session, run_uid)
    w.actor.require("print_labels", w.session.get_one(Party, run.party_id))
    if not run.pins:
        raise Conflict("The labels of this run carry no scratch PINs.", field="print_run")
    said = {"run": run.uid, "labels": run.count, "channel": w.actor.channel}
    w.record(PINS_DRAWN, "pins_drawn", said, subject=run.uid)
    return run.uid


def enter_pin(w: Writing, entered: PinTry) -> PinAnswer:
    """Enter the PIN of a package.

    The first right entry is put on record. Wrong ones are counted, for the device on this day and
    for the code. Raises InvalidInput for what is no PIN, NotFound for a label without one,
    Conflict for a label that was declared void.
    """
    pin, limits = read_pin(entered.pin), pin_limits()
    code = _issued(w, entered.path)
    device = _tries_of(w, "device", entered.device)
    network = _tries_of(w, "network", entered.network)
    if device is not None and device.tries >= limits.device_tries:
        return PinAnswer("tomorrow", code.path)
    entry = locked_entry(w.session, code.path)
    counted = [one for one in (device, network, entry) if one is not None]
    wait = wait_after(entry.tries, limits.code_tries, limits)
    if network is not None:  # a stranger who comes from there too must not lock anybody out
        wait = max(wait, wait_after(network.tries, limits.device_tries, limits))
    if wait:
        # counted before anybody knows whether it is right, so that the count tells nothing
        _count(counted)
        ticket = Ticket(code.path, pin, w.now + wait)
        return _waiting(ticket, ticket.write(_key(w, "pin-tickets")))
    if is_pin(_key(w, "pins"), code.path, code.salt, pin):
        return _confirm(w, code, entry, entered.sent)
    _count(counted)
    used = counted[0].tries
    return PinAnswer("wrong", code.path, tries_left=max(limits.device_tries - used, 0))


def answer_pin(w: Writing, ticket: str, sent: str | None = None) -> PinAnswer:
    """The answer that an entry had to wait for; the wait again where it is not over.

    Raises InvalidInput for what is no ticket or is too old; else as ``enter_pin``.
    """
    kept = Ticket.read(_key(w, "pin-tickets"), ticket)
    if w.now < kept.ready_at:
        return _waiting(kept, ticket)
    if w.now > kept.ready_at + pin_limits().ticket_holds:
        raise InvalidInput(
            "This answer was kept for a day, which is over. Enter the number again.", field="ticket"
        )
    code = _issued(w, kept.path)
    if not is_pin(_key(w, "pins"), code.path, code.salt, kept.pin):
        return PinAnswer("wrong", code.path)
    return _confirm(w, code, locked_entry(w.session, code.path), sent)


def _issued(w: Writing, path: str) -> IssuedCode:
    code = next(iter(issued_codes(w.session, str(parse_path(path)))), None)
    if code is None or code.serial is None or not code.run.pins:
        raise NotFound("The label with this code carries no scratch PIN.", field="path")
    if code.voided_at is not None:
        raise Conflict(
            "This label was declared void: there is nothing to confirm. Do not trust what it is "
            "stuck on.",
            field="path",
        )
    return code


def _confirm(w: Writing, code: IssuedCode, entry: PinEntry, sent: str | None) -> PinAnswer:
    name = None if sent is None else hmac.digest(_key(w, "pin-forms"), sent.encode(), "sha256")
    if entry.confirmed_at is not None:
        again = name is not None and name == entry.sent
        return PinAnswer("right", code.path, entry.confirmed_at, first=again)
    said = {"run": code.run.uid, "path": code.path}
    entry.record_id = w.record(PIN_CONFIRMED, "pin_confirmed", said, subject=code.run.uid)
    entry.confirmed_at, entry.sent = w.now, name
    return PinAnswer("right", code.path, w.now, first=True)


def _waiting(ticket: Ticket, text: str) -> PinAnswer:
    return PinAnswer("wait", ticket.path, ready_at=ticket.ready_at, ticket=text)


def _tries_of(w: Writing, kind: str, name: str | None) -> PinDevice | None:
    if name is None:
        return None
    day = w.now.astimezone(SHANGHAI).date()
    hashed = hmac.digest(_key(w, "pin-devices"), f"{day} {kind} {name}".encode(), "sha256")
    return locked_device(w.session, hashed, day)


def _count(rows: Iterable[PinDevice | PinEntry]) -> None:
    for row in rows:
        row.tries += 1


def _key(w: Writing, use: str) -> bytes:
    return pin_key(w.keys.secret, use)
