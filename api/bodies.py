"""Reading what was sent, strictly: what a record or a database could not hold is refused here.

JSON has traps that every store falls into differently: NUL characters, lone surrogates, NaN,
numbers beyond 2^53, the same key twice, nesting without end.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

import marshmallow as ma
from flask import Request, request
from webargs.flaskparser import FlaskParser

from suyuan.api.problems import FieldsRefused, Malformed, UnsupportedMedia, flattened
from suyuan.trace.errors import Fault, InvalidInput, InvalidInputs

LARGEST_INTEGER = 2**53 - 1
"""The largest that JSON's readers agree on (RFC 8259 section 6), and RFC 8785 writes."""
DEEPEST = 20
_LANGUAGE = "lang"


class StrictParser(FlaskParser):
    """webargs for our addresses: nothing unknown passes; what is wrong is a problem document."""

    DEFAULT_UNKNOWN_BY_LOCATION = {  # noqa: RUF012  # as webargs declares it
        **FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION,
        "query": ma.RAISE,
        "form": ma.RAISE,
    }

    def load_json(self, req: Request, schema: ma.Schema) -> Any:
        if not req.is_json:
            raise UnsupportedMedia("Send JSON: Content-Type application/json.")
        return read_json(req.get_data(cache=True))

    def load_querystring(self, req: Request, schema: ma.Schema) -> Any:
        given = req.args.copy()
        given.poplist(_LANGUAGE)  # chosen for the whole site, no parameter of ours
        _refuse(_unfit(given.to_dict(flat=True)))
        return self._makeproxy(given, schema)

    def handle_error(
        self,
        error: ma.ValidationError,
        req: Request,
        schema: ma.Schema,
        *,
        error_status_code: int | None,
        error_headers: Mapping[str, str] | None,
    ) -> NoReturn:
        by_location = error.messages if isinstance(error.messages, dict) else {}
        found = [one for below in by_location.values() for one in flattened(below)]
        raise FieldsRefused(found) from error


def read_json(data: bytes) -> Any:
    """A JSON text. Raises Malformed for what is none, InvalidInputs for values nobody can keep."""
    try:
        value = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_members,
            parse_constant=lambda name: _no_number(name),
        )
    except (ValueError, RecursionError) as error:
        raise Malformed("The body is no JSON text in UTF-8.", field="body") from error
    _refuse(_unfit(value))
    return value


def read_form(schema: ma.Schema) -> Any:
    """The fields and files of a multipart form. Raises UnsupportedMedia, FieldsRefused."""
    if request.mimetype != "multipart/form-data":
        raise UnsupportedMedia("Send a form: Content-Type multipart/form-data.")
    fields = request.form.to_dict()
    _refuse(_unfit(fields))
    try:
        return schema.load({**fields, **request.files.to_dict()})
    except ma.ValidationError as error:
        raise FieldsRefused(flattened(error.messages)) from error


def _refuse(faults: Iterator[Fault]) -> None:
    if found := list(faults):
        raise InvalidInputs(found)


def _unfit(value: object, path: str = "", depth: int = 0) -> Iterator[Fault]:
    """Each value inside that cannot be kept, by its path."""
    where = path or "body"
    if depth > DEEPEST:
        yield Fault(where, "This is nested too deeply.")
    elif isinstance(value, str):
        if not _is_text(value):
            yield Fault(where, "A text must not hold NUL characters or halves of characters.")
    elif isinstance(value, float):
        if not math.isfinite(value):
            yield Fault(where, "This number is too large.")
    elif isinstance(value, int):
        if abs(value) > LARGEST_INTEGER:
            yield Fault(where, "This number is too large.")
    elif isinstance(value, Mapping):
        for key, below in value.items():
            if not _is_text(key):
                yield Fault(where, "A text must not hold NUL characters or halves of characters.")
            else:
                yield from _unfit(below, f"{path}.{key}" if path else key, depth + 1)
    elif isinstance(value, list):
        for position, below in enumerate(value):
            yield from _unfit(below, f"{path}.{position}" if path else str(position), depth + 1)


def _is_text(text: str) -> bool:
    return "\0" not in text and not any("\ud800" <= character <= "\udfff" for character in text)


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise InvalidInput("The member {name} comes twice.", field="body", name=ascii(twice))
    return members


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)
