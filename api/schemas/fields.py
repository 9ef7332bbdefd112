"""Fields of what comes in: what they take, and what they say when it is something else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import marshmallow as ma
from flask_babel import gettext
from sqlalchemy.orm import InstrumentedAttribute

from suyuan.api.schemas.shape import Shape
from suyuan.api.words import N_, told
from suyuan.trace.errors import InvalidInput
from suyuan.trace.ids import UID_LENGTH
from suyuan.trace.quantities import Quantity
from suyuan.trace.reading_dates import LONGEST, read_date
from suyuan.trace.stated_dates import StatedDate

YEARS = range(1900, 2200)
"""Years that a day or a moment may be in: anything else is a slip of the pen."""
INT32 = 2**31 - 1
INT53 = 2**53 - 1
_NEEDED = N_("This is needed.")
_NO_NULL = N_("This must not be null; leave it out where it is not known.")


class Translated(ma.fields.Field[Any]):
    """A field that says what is wrong in the reader's language."""

    default_error_messages = {"required": _NEEDED, "null": _NO_NULL}  # noqa: RUF012  # as marshmallow declares it

    def make_error(self, key: str, **kwargs: object) -> ma.ValidationError:
        text = gettext(self.error_messages[key])
        return ma.ValidationError(text.format_map(kwargs) if kwargs else text)


class Text(Translated, ma.fields.String):
    """A text of at most ``most`` characters; a column gives as many as it holds."""

    default_error_messages = {  # noqa: RUF012
        "invalid": N_("This must be text."),
        "long": N_("This must be at most {limit} characters; it has {length}."),
        "blank": N_("This must not be empty."),
    }

    def __init__(
        self, most: int | InstrumentedAttribute[Any], *, least: int = 0, **kwargs: Any
    ) -> None:
        limit = most if isinstance(most, int) else most.type.length
        shape = {"maxLength": limit, **({"minLength": least} if least else {})}
        kwargs["metadata"] = {**shape, **kwargs.get("metadata", {})}
        super().__init__(**kwargs)
        self.limit, self.least = limit, least

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        text: str = super()._deserialize(value, attr, data, **kwargs)
        if len(text) > self.limit:
            raise self.make_error("long", limit=self.limit, length=len(text))
        if self.least and not text.strip():
            raise self.make_error("blank")
        return text


class Uid(Text):
    """The uid of a thing: 26 characters."""

    default_error_messages = {  # noqa: RUF012
        "uid": N_("This is no uid: it has 26 small letters and digits.")
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(UID_LENGTH, metadata={"pattern": "^[0-9a-z]{26}$"}, **kwargs)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not re.fullmatch(f"[0-9a-z]{{{UID_LENGTH}}}", text):
            raise self.make_error("uid")
        return text


class Whole(Translated, ma.fields.Integer):
    """A whole number between two ends, both included; no text and no fraction."""

    default_error_messages = {  # noqa: RUF012
        "invalid": N_("This must be a whole number like 12."),
        "range": N_("This must be between {least} and {most}."),
    }

    def __init__(self, least: int, most: int, *, strict: bool = True, **kwargs: Any) -> None:
        kwargs["metadata"] = {"minimum": least, "maximum": most, **kwargs.get("metadata", {})}
        super().__init__(strict=strict, **kwargs)
        self.least, self.most = least, most

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> int:
        # in JSON a number is a number; an address gives texts
        if isinstance(value, bool) or (self.strict and not isinstance(value, int | float)):
            raise self.make_error("invalid")
        try:
            number = super()._deserialize(value, attr, data, **kwargs)
        except (OverflowError, ValueError) as error:
            raise self.make_error("invalid") from error
        if number is None or not self.least <= number <= self.most:
            raise self.make_error("range", least=self.least, most=self.most)
        return int(number)


class YesNo(Translated, ma.fields.Boolean):
    """true or false."""

    default_error_messages = {"invalid": N_("This must be true or false.")}  # noqa: RUF012


class OneOf(Text):
    """One of a few words."""

    default_error_messages = {"choice": N_("This must be one of: {choices}.")}  # noqa: RUF012

    def __init__(self, *choices: str, **kwargs: Any) -> None:
        super().__init__(100, metadata={"enum": list(choices)}, **kwargs)
        self.choices = choices

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if text not in self.choices:
            raise self.make_error("choice", choices=", ".join(self.choices))
        return text


class Day(Translated, ma.fields.Date):
    """A day, as 2026-10-03."""

    default_error_messages = {  # noqa: RUF012
        "invalid": N_("This must be a date like 2026-10-03.")
    }

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> date:
        try:
            day = date.fromisoformat(value) if isinstance(value, str) else None
        except ValueError:
            day = None
        if day is None or len(value) != len("2026-10-03") or day.year not in YEARS:
            raise self.make_error("invalid")
        return day


class Moment(Translated, ma.fields.AwareDateTime):
    """A moment with its zone, as 2026-10-03T08:00:00+08:00."""

    default_error_messages = {  # noqa: RUF012
        "invalid": N_("This must be a moment with its zone, like 2026-10-03T08:00:00+08:00.")
    }

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> datetime:
        try:
            moment = datetime.fromisoformat(value) if isinstance(value, str) else None
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None or moment.year not in YEARS:
            raise self.make_error("invalid")
        return moment.astimezone(UTC)


class Stated(Text):
    """A date as somebody stated it, kept so: 2026-10-03, 2026.10.3, 六月初."""

    def __init__(self, **kwargs: Any) -> None:
        examples = {"examples": ["2026-10-03", "六月初"]}
        super().__init__(LONGEST, least=1, metadata=examples, **kwargs)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> StatedDate:  # type: ignore[override]  # a text comes in, a stated date goes on
        text = super()._deserialize(value, attr, data, **kwargs)
        try:
            return read_date(text)
        except InvalidInput as error:
            raise ma.ValidationError(told(error.message, error.params)) from error


class Several(Translated, ma.fields.List[Any]):
    """A list; goes on as a tuple."""

    default_error_messages = {  # noqa: RUF012
        "invalid": N_("This must be a list."),
        "many": N_("This must be at most {most} entries."),
        "few": N_("This must be at least one entry."),
    }

    def __init__(self, inner: Any, most: int, *, least: int = 0, **kwargs: Any) -> None:
        kwargs["metadata"] = {"maxItems": most, "minItems": least, **kwargs.get("metadata", {})}
        super().__init__(inner, **kwargs)
        self.most, self.least = most, least

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, list) and len(value) > self.most:
            raise self.make_error("many", most=self.most)
        if isinstance(value, list) and len(value) < self.least:
            raise self.make_error("few")
        return tuple(super()._deserialize(value, attr, data, **kwargs))


class Members(Translated, ma.fields.Dict):
    """An object whose members are named elsewhere: a family's facts, a product's label items."""

    default_error_messages = {"invalid": N_("This must be an object.")}  # noqa: RUF012


class Inner(Translated, ma.fields.Nested):
    """An object of its own shape."""

    default_error_messages = {"type": N_("This must be an object.")}  # noqa: RUF012


def names() -> Members:
    """What a thing is called in further languages."""
    return Members(keys=OneOf("zh", "bo", "en"), values=Text(200), load_default=dict)


class Amount(Shape):
    """An exact quantity: digits in a text, and a UN/ECE Recommendation 20 unit code."""

    amount = Text(40, required=True, metadata={"examples": ["12.5"], "pattern": r"^-?\d+(\.\d+)?$"})
    unit = Text(3, required=True, metadata={"examples": ["KGM"]})

    error_messages = {  # noqa: RUF012
        "unknown": N_("There is no such field here."),
        "type": N_("A quantity is an object with an amount and a unit."),
    }

    @ma.post_load
    def as_quantity(self, data: Mapping[str, str], **_: object) -> Quantity:
        try:
            return Quantity.of(data["amount"], data["unit"])
        except InvalidInput as error:
            raise ma.ValidationError(told(error.message, error.params)) from error


def quantity(**kwargs: Any) -> Inner:
    """A field that takes a quantity."""
    return Inner(Amount, **kwargs)
