"""What every shape has in common: the way in to facts, and the way out by sight."""

from __future__ import annotations

from functools import cache
from typing import Any, ClassVar

import marshmallow as ma
from flask import Response, jsonify

from suyuan.api.schemas.shape import Shape
from suyuan.api.words import N_
from suyuan.trace.log.schemas import Class
from suyuan.trace.oversight.sight import PUBLIC

TRADE = {"x-disclosure": "trade"}
PERSONAL = {"x-disclosure": "personal"}
"""On a field of an answer: it is there only for those who may see that class."""


class Input(Shape):
    """What is sent. Unknown fields are refused; ``facts`` is the dataclass that comes out."""

    facts: ClassVar[type[Any] | None] = None

    error_messages = {  # noqa: RUF012  # as marshmallow declares it
        "unknown": N_("There is no such field here."),
        "type": N_("This must be an object."),
    }

    @ma.post_load
    def as_facts(self, data: dict[str, Any], **_: object) -> Any:
        return data if self.facts is None else self.facts(**data)


class Answer(Shape):
    """What is answered. Fields marked trade or personal are left out beyond the reader's sight."""

    @classmethod
    def seen(cls, thing: object, sight: frozenset[Class] = PUBLIC) -> dict[str, Any]:
        """What may be seen of the thing, as a JSON value."""
        dumped: dict[str, Any] = _within(cls, sight).dump(thing)
        return dumped


@cache
def _within(schema: type[Answer], sight: frozenset[Class]) -> Answer:
    open_fields = [
        name
        for name, field in schema().fields.items()
        if field.metadata.get("x-disclosure", "public") in sight
    ]
    return schema(only=open_fields)


class DoubtAnswer(Answer):
    """What is doubtful: a code that stays, and a sentence in the language of the reader."""

    code = ma.fields.String(required=True)
    text = ma.fields.String(required=True)


class Named(Answer):
    """What a POST made: its uid, and where it can be read."""

    uid = ma.fields.String(required=True)
    href = ma.fields.String()


def made(uid: str, href: str | None = None) -> Response:
    """The answer to a POST that made something."""
    response = jsonify({"uid": uid, **({"href": href} if href else {})})
    response.status_code = 201
    if href:
        response.headers["Location"] = href
    return response
