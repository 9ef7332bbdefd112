"""Scratch PINs: having them drawn, entering one, and the answers that had to wait."""

from __future__ import annotations

import hmac
from datetime import datetime

from suyuan.trace.acts.transaction import Writing
from suyuan.trace.codes.paths import parse_path
from suyuan.trace.codes.pin import is_pin, pin_key, read_pin
from suyuan.trace.errors import Conflict, InvalidInput, NotFound
from suyuan.trace.parties.tables import Party
from suyuan.trace.pins.facts import PinAnswer, PinTry
from suyuan.trace.pins.queries import forget_days_before, is_known, locked_device, locked_entry
from suyuan.trace.pins.records import PIN_CONFIRMED, PINS_DRAWN
from suyuan.trace.pins.rules import device_turn, network_turn, pin_limits, remembered_tries
from suyuan.trace.pins.tables import PinDevice, PinEntry, PinGuess
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
    for the code; the same again from the same device is no new try. Raises InvalidInput for what
    is no PIN, NotFound for a label without one, Conflict for a label that was declared void.
    """
    pin = read_pin(entered.pin)
    code = _issued(w, entered.path)
    device, known = _counted_for(w, entered, code.path)
    entry = locked_entry(w.session, code.path, w.now)
    name = _hashed(w, "pin-guesses", device.device, code.path.encode(), pin.encode())
    if (before := w.session.get(PinGuess, name)) is not None:
        if before.ready_at is None:
            return _wrong(code, device)
        return _kept(w, Ticket(code.path, pin, before.ready_at), entered.sent)
    turn = _turn(w, device, entry, known=known)
    if turn is None:
        return PinAnswer("tomorrow", code.path)
    if turn > w.now:
        # counted before anybody knows whether it is right, so that the count tells nothing
        _count(w, device, entry, PinGuess(guess=name, day=device.day, ready_at=turn))
        device.queued_until = turn
        return _kept(w, Ticket(code.path, pin, turn), entered.sent)
    if is_pin(_key(w, "pins"), code.path, code.salt, pin):
        return _confirm(w, code, entry, entered.sent)
    _count(w, device, entry, PinGuess(guess=name, day=device.day))
    return _wrong(code, device)


def answer_pin(w: Writing, ticket: str, sent: str | None = None) -> PinAnswer:
    """The answer that an entry had to wait for; the wait again where it is not over.

    Raises InvalidInput for what is no ticket or is too old; else as ``enter_pin``.
    """
    kept = Ticket.read(_key(w, "pin-tickets"), ticket)
    if w.now > kept.ready_at + pin_limits().ticket_holds:
        raise InvalidInput(
            "This answer was kept for a day, which is over. Enter the number again.", field="ticket"
        )
    return _kept(w, kept, sent)


def _kept(w: Writing, kept: Ticket, sent: str | None) -> PinAnswer:
    """The answer to an entry that had to wait, where its wait is over."""
    if w.now < kept.ready_at:
        text = kept.write(_key(w, "pin-tickets"))
        return PinAnswer("wait", kept.path, ready_at=kept.ready_at, ticket=text)
    code = _issued(w, kept.path)
    if not is_pin(_key(w, "pins"), code.path, code.salt, kept.pin):
        return PinAnswer("wrong", code.path)
    return _confirm(w, code, locked_entry(w.session, code.path, w.now), sent)


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


def _wrong(code: IssuedCode, device: PinDevice) -> PinAnswer:
    left = max(pin_limits().device_tries - device.tries, 0)
    return PinAnswer("wrong", code.path, tries_left=left)


def _counted_for(w: Writing, entered: PinTry, path: str) -> tuple[PinDevice, bool]:
    """What an entry is counted for, and whether that is a known device; else it is the network.

    A device becomes known with its first entry of the day, as long as its network has any left.
    """
    day = w.today
    forget_days_before(w.session, day)

    def row(*of: str) -> bytes:
        return _hashed(w, "pin-devices", str(day).encode(), *(one.encode() for one in of))

    if entered.device is not None:
        own = row("device", entered.device)
        if is_known(w.session, own):
            return locked_device(w.session, own, day), True
        known = locked_device(w.session, row("devices of", entered.network), day)
        if known.tries < pin_limits().network_devices:
            known.tries += 1
            return locked_device(w.session, own, day), True
    return locked_device(w.session, row("network", entered.network, path), day), False


def _turn(w: Writing, device: PinDevice, entry: PinEntry, *, known: bool) -> datetime | None:
    limits = pin_limits()
    on_code, _ = remembered_tries(entry.tries, entry.tries_since, w.now, limits)
    if known:
        return device_turn(w.now, device.tries, on_code, limits)
    return network_turn(w.now, device.tries, device.queued_until, on_code, limits)


def _count(w: Writing, device: PinDevice, entry: PinEntry, guess: PinGuess) -> None:
    left = remembered_tries(entry.tries, entry.tries_since, w.now, pin_limits())
    entry.tries, entry.tries_since = left[0] + 1, left[1]
    device.tries += 1
    w.session.add(guess)


def _hashed(w: Writing, use: str, *said: bytes) -> bytes:
    return hmac.digest(_key(w, use), b"\n".join(said), "sha256")


def _key(w: Writing, use: str) -> bytes:
    return pin_key(w.keys.secret, use)
