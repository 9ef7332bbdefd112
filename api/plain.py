"""Facts as plain JSON, and the JSON schema of them: dataclasses need no shape written twice."""

from __future__ import annotations

import types
from collections.abc import Mapping, Set
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from suyuan.trace.doubts import Remark
from suyuan.trace.quantities import Quantity
from suyuan.trace.stated_dates import StatedDate
from suyuan.trace.words import Names

TEXT = {"type": "string"}
_QUANTITY = {
    "type": "object",
    "required": ["amount", "unit"],
    "properties": {"amount": TEXT, "unit": TEXT},
}
_NAMES = {
    "type": "object",
    "required": ["zh", "en"],
    "properties": {"zh": TEXT, "en": TEXT, "bo": {"type": ["string", "null"]}},
}


def plain(value: Any) -> Any:
    """The value as JSON has it: quantities and numbers as texts, moments in UTC, names by language.

    Sets come sorted, so that the same facts give the same bytes.
    """
    if isinstance(value, Quantity | StatedDate | Remark):
        return value.to_json()
    if isinstance(value, Names):
        return {"zh": value.zh, "en": value.en, "bo": value.bo}
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(below) for key, below in value.items()}
    if isinstance(value, Set):
        return sorted(plain(below) for below in value)
    if isinstance(value, list | tuple):
        return [plain(below) for below in value]
    return _scalar(value)


def _scalar(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.value if isinstance(value, Enum) else value


def schema_of(kind: Any) -> dict[str, Any]:
    """The JSON schema (2020-12) of what ``plain`` makes of a value of this type."""
    known: dict[Any, dict[str, Any]] = {
        str: TEXT,
        int: {"type": "integer"},
        bool: {"type": "boolean"},
        Decimal: TEXT,
        date: {"type": "string", "format": "date"},
        datetime: {"type": "string", "format": "date-time"},
        Quantity: _QUANTITY,
        StatedDate: {"type": "object"},
        Names: _NAMES,
        type(None): {"type": "null"},
    }
    if kind in known:
        return known[kind]
    origin, inner = get_origin(kind), get_args(kind)
    if origin is Literal:
        return {"enum": list(inner)}
    if origin in (Union, types.UnionType):
        return {"anyOf": [schema_of(one) for one in inner]}
    if origin is not None and issubclass(origin, Mapping):
        return {"type": "object", "additionalProperties": schema_of(inner[1])}
    if origin is not None and issubclass(origin, tuple | list | Set):
        return {"type": "array", "items": schema_of(inner[0])}
    return _object(kind) if is_dataclass(kind) else {}


def _object(kind: Any) -> dict[str, Any]:
    hints = get_type_hints(kind)
    properties = {one.name: schema_of(hints[one.name]) for one in fields(kind)}
    return {"type": "object", "required": list(properties), "properties": properties}
