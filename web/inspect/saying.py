"""What the inspector's pages call states, kinds and classes of disclosure."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from flask_babel import gettext, ngettext

from suyuan.trace.canonical import Json
from suyuan.trace.events.kinds import EventKinds
from suyuan.trace.papers.kinds import PaperKinds
from suyuan.web.credits import grade_name, veto_name
from suyuan.web.showing import named


def batch_state(state: str) -> str:
    """A batch's state, as it stands on the page."""
    words: dict[str, str] = {
        "registered": gettext("in circulation"),
        "closed": gettext("used up"),
        "withdrawn": gettext("withdrawn"),
        "held": gettext("held"),
        "recalled": gettext("recalled"),
    }
    return words.get(state, state)


def paper_state(state: str) -> str:
    """A paper's state on the day of reading."""
    words: dict[str, str] = {
        "valid": gettext("in force"),
        "expired": gettext("expired"),
        "not_yet": gettext("not yet in force"),
        "revoked": gettext("revoked"),
    }
    return words.get(state, state)


def order_kind(kind: str) -> str:
    """A kind of order."""
    words: dict[str, str] = {"hold": gettext("Hold"), "recall": gettext("Recall")}
    return words.get(kind, kind)


def mark_kind(kind: str) -> str:
    """A kind of mark that a batch can be found by."""
    words: dict[str, str] = {
        "ear_tag": gettext("Ear tag"),
        "jar": gettext("Jar"),
        "foreign_lot": gettext("Lot of another"),
    }
    return words.get(kind, kind)


def disclosure_class(key: str) -> str:
    """A class of disclosure."""
    words: dict[str, str] = {
        "public": gettext("public"),
        "trade": gettext("trade"),
        "personal": gettext("personal"),
    }
    return words.get(key, key)


def found_by(by: str) -> str:
    """By which of its numbers a batch was found."""
    words: dict[str, str] = {
        "trace code": gettext("by its trace code"),
        "label": gettext("by the code on a label"),
        "lot or mark": gettext("by lot, ear tag or jar"),
        "GTIN": gettext("by the GTIN of its product"),
        "producer": gettext("by its producer"),
    }
    return words.get(by, by)


def steps_away(depth: int) -> str:
    """How far a batch stands from the one asked about."""
    if depth == 0:
        return str(gettext("this batch"))
    if depth < 0:
        return str(ngettext("%(num)d step back", "%(num)d steps back", -depth))
    return str(ngettext("%(num)d step forward", "%(num)d steps forward", depth))


def event_kind(key: str) -> str:
    """The name of a kind of event."""
    return named(EventKinds.load().get(key).names)


def paper_kind(key: str) -> str:
    """The name of a kind of paper."""
    return named(PaperKinds.load().get(key).names)


def recorded(value: Json) -> str:
    """A field's value as the record holds it, on one line."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


FILTERS: Mapping[str, Callable[..., str]] = {
    "batch_state": batch_state,
    "paper_state": paper_state,
    "order_kind": order_kind,
    "mark_kind": mark_kind,
    "disclosure_class": disclosure_class,
    "found_by": found_by,
    "steps_away": steps_away,
    "event_kind": event_kind,
    "paper_kind": paper_kind,
    "recorded": recorded,
    "credit_grade": grade_name,
    "credit_veto": veto_name,
}
