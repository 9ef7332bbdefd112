"""A form between the browser and an act: drawn, sent, drawn again with what is wrong.

Every form carries an id of its own. The same form sent again is answered as the first time, so
that a telephone may send until it hears an answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from flask import flash, jsonify, redirect, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from suyuan.trace.errors import SuyuanError
from suyuan.trace.events.rules import OtherContent
from suyuan.web.desk.forms.typed import FACT, SURE, Typed, row_fields
from suyuan.web.error_pages import faults_by_field, say
from suyuan.web.ground import today
from suyuan.web.once import SentBefore, form_id, new_form_id

Answer = str | Response | tuple[str, int] | tuple[Response, int]

MORE_ROWS = 5


@dataclass(frozen=True)
class Sheet:
    """A form as it is drawn: its id, what stands in it, and what is wrong with it."""

    id: str
    typed: MultiDict[str, str]
    faults: Mapping[str, str] = field(default_factory=dict)
    questions: frozenset[str] = frozenset()

    def value(self, name: str, otherwise: str = "") -> str:
        """What stands in a field."""
        return self.typed.get(name, otherwise)

    def values(self, name: str) -> list[str]:
        """What is ticked among boxes of one name."""
        return self.typed.getlist(name)

    def fault(self, name: str) -> str:
        """What is wrong with a field; empty where nothing is."""
        return self.faults.get(name, "")

    def asks(self, name: str) -> bool:
        """Whether a tick settles what is asked of a field."""
        return name in self.questions or bool(self.typed.get(name + SURE))

    def rows(self, prefix: str, least: int) -> range:
        """The repeated rows to draw: those typed, and empty ones for more."""
        typed = max((number for _, number in row_fields(self.typed, prefix)), default=-1) + 1
        more = MORE_ROWS if self.typed.get("more") == prefix else 0
        return range(min(max(least, typed) + more, 200))


@dataclass(frozen=True)
class Done:
    """A form that was taken: where to go on, what to say, and where its photos go."""

    onward: str
    say: str
    photos: str | None = None


def sheet(prefilled: Mapping[str, str] | None = None) -> Sheet:
    """The form of this request: as it was typed where it was sent, else as prefilled."""
    if request.method == "POST":
        return Sheet(form_id(), MultiDict(request.form))
    return Sheet(new_form_id(), MultiDict(prefilled or {}))


def typed() -> Typed:
    """A reader of the form that was sent."""
    return Typed(MultiDict(request.form), today())


def asks_for_more() -> bool:
    """Whether the form was sent only to be drawn with more fields."""
    return request.method == "POST" and bool(request.form.get("more"))


def answered(
    draw: Callable[[Sheet], str],
    send: Callable[[], Done],
    *,
    prefilled: Mapping[str, str] | None = None,
    place: Callable[[Mapping[str, str]], Mapping[str, str]] = dict,
) -> Answer:
    """Draw the form, or send it and go on; draw it again with what is wrong.

    ``place`` says at which fields of the form the faults that acts name are shown.
    """
    drawn = sheet(prefilled)
    if request.method != "POST" or asks_for_more():
        return draw(drawn)
    try:
        done = send()
    except (SentBefore, OtherContent):
        again = say(SentBefore())
        return _refused(draw, Sheet(new_form_id(), drawn.typed, {"": again}), 409)
    except SuyuanError as error:
        faults = place(faults_by_field(error))
        questions: frozenset[str] = getattr(error, "questions", frozenset())
        return _refused(draw, Sheet(drawn.id, drawn.typed, faults, questions), error.status)
    if _wants_json():
        return jsonify(next=done.onward, say=done.say, photos=done.photos)
    flash(done.say, "done")
    return redirect(done.onward)


def facts_placed(faults: Mapping[str, str], keys: set[str]) -> dict[str, str]:
    """Faults that acts name by the key of a fact, at the field of that fact."""
    return {FACT + name if name in keys else name: text for name, text in faults.items()}


def _refused(draw: Callable[[Sheet], str], drawn: Sheet, status: int) -> Answer:
    if _wants_json():
        return jsonify(faults=dict(drawn.faults), ask=sorted(drawn.questions), id=drawn.id), status
    return draw(drawn), status


def _wants_json() -> bool:
    return request.accept_mimetypes.best == "application/json"
