"""The answer about a code in a few sentences, what matters most first.

Each is whole by itself, so that a channel with little room leaves out the last and cuts none. The
three questions stay apart here too: of a typed code nobody can say that it is real, and of no code
that the goods are safe.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import flask_babel

from suyuan.trace.codes.trace_code import show_trace_code
from suyuan.trace.passport import Passport, Unvouched
from suyuan.web.public.saying import day, stated
from suyuan.web.showing import language

_CLEAR = "clear"


def gettext(text: str, **values: object) -> str:
    """A sentence in the reader's language."""
    return str(flask_babel.gettext(text, **values))


@dataclass(frozen=True)
class Brief:
    """``state``: in one word for programs. ``first``: what there is to know of it before all else;
    ``more``: what else is known, the weightiest first. ``good``: nothing is wrong with it.
    ``vouched``: it is of a batch, and not of a code that nothing is vouched for."""

    state: str
    first: str
    more: tuple[str, ...]
    good: bool
    vouched: bool

    @property
    def statements(self) -> tuple[str, ...]:
        return (self.first, *self.more)


def between() -> str:
    """What stands between two sentences in the reader's language."""
    return " " if language() == "en" else ""


def brief(about: Passport | Unvouched, line: str) -> Brief:
    """The answer in sentences. ``line``: the supervision line where the answer names none."""
    if isinstance(about, Unvouched):
        return Brief(about.verdict, _not_vouched(about), (_call(line),), good=False, vouched=False)
    state = state_of(about)
    good = state in ("released", "overridden")
    more = _of_good(about) if good else _of_bad(about)
    return Brief(state, _STATES[state](), tuple(filter(None, more)), good, vouched=True)


def state_of(passport: Passport) -> str:
    """What is to be said first of a code that is vouched for: what is wrong with it, the gravest
    first; then a risk; then whether it may be sold."""
    if passport.standing.state != _CLEAR:
        return passport.standing.state
    return "risk" if passport.risks else passport.released.state


_STATES: Mapping[str, Callable[[], str]] = {
    "recalled": lambda: gettext("RECALLED: do not use or sell it."),
    "voided": lambda: gettext("This label was declared VOID: do not trust it."),
    "withdrawn": lambda: gettext("This batch was WITHDRAWN: no package should carry it."),
    "held": lambda: gettext("ON HOLD: it may not be sold; do not use it."),
    "paper_revoked": lambda: gettext("A PAPER behind it was REVOKED: ask the shop."),
    "expired": lambda: gettext("PAST ITS DATE: do not use or sell it."),
    "risk": lambda: gettext("The regulators WARN of a risk."),
    "taken_back": lambda: gettext("Its release was TAKEN BACK: it may not be sold."),
    "not_released": lambda: gettext("NOT YET RELEASED: it may not be sold."),
    "overridden": lambda: gettext("On record; released for sale by override."),
    "released": lambda: gettext("On record and released for sale."),
}
_NOT_VOUCHED: Mapping[str, Callable[[], str]] = {
    "forged": lambda: gettext("FORGED: do not trust the label."),
    "unknown-key": lambda: gettext("UNKNOWN ISSUER: do not trust the label."),
    "out-of-scope": lambda: gettext("Issued by who may not: do not trust the label."),
    "revoked-key": lambda: gettext("This code CANNOT BE CONFIRMED: do not trust the label."),
    "other-host": lambda: gettext("This code names another site: do not trust it."),
    "newer-format": lambda: gettext("This code is of a newer kind and cannot be read here yet."),
    "not-in-use": lambda: gettext("This label is NOT IN USE yet."),
    "not-issued": lambda: gettext("NOT ON RECORD: nobody issued this code here."),
}


def no_code() -> str:
    """What is said of something that is not written like a code."""
    return gettext("This is no trace code: compare its 16 digits with the label.")


def _not_vouched(about: Unvouched) -> str:
    said = _NOT_VOUCHED.get(about.verdict)
    return said() if said is not None else no_code()


def _of_bad(passport: Passport) -> Iterator[str]:
    """Which goods, whom to call, and why."""
    yield _name(passport)
    yield _call(passport.supervision_phone)
    for risk in passport.risks:
        yield risk.text
    if passport.standing.reason and passport.standing.state != "expired":
        yield gettext("Reason: %(reason)s.", reason=passport.standing.reason)
    if passport.standing.state == "expired" and passport.best_before is not None:
        yield gettext("Last day: %(day)s.", day=day(passport.best_before))
    yield from _which(passport)


def _of_good(passport: Passport) -> Iterator[str]:
    yield _name(passport)
    yield _issued(passport)
    if passport.produced is not None:
        yield gettext("Made: %(day)s.", day=stated(passport.produced))
    if passport.copies is not None and passport.copies.count:
        yield gettext("Code opened %(times)s times before.", times=passport.copies.count)
    yield from _which(passport)
    if passport.origin is not None:
        yield gettext("From: %(place)s.", place=passport.origin.division)
    yield _call(passport.supervision_phone)


def _which(passport: Passport) -> Iterator[str]:
    yield gettext("Code %(code)s.", code=show_trace_code(passport.trace_code))
    producer = passport.producer.names.get(language()) or passport.producer.name
    yield gettext("Producer: %(name)s.", name=producer)


def _name(passport: Passport) -> str:
    return gettext("%(name)s.", name=passport.names.get(language()) or passport.name)


def _issued(passport: Passport) -> str:
    if passport.issued.verdict == "good":
        return gettext("The code is real.")
    return gettext("A typed code does not show that the label is real.")


def _call(line: str) -> str:
    return gettext("Call %(line)s.", line=line)
