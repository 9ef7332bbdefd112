"""The one way of writing what is signed or hashed: RFC 8785 JSON, strict base64, UTC times.

Two writings of one thing would be two hashes, so everything read here must already be written
the one way; nothing is mended. ``Members`` reads a JSON object's members with their types.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import TypeAlias, cast

import rfc8785

from suyuan.trace.errors import InvalidInput

Json: TypeAlias = (
    "str | int | float | bool | list[Json] | tuple[Json, ...] | Mapping[str, Json] | None"
)
"""A value that RFC 8785 can write: no Decimal, no whole number beyond 2^53 - 1, text keys only."""

_LARGEST = 2**53 - 1
"""Whole numbers up to here are the same in every language; RFC 7493 (I-JSON) section 2.2."""
_WITH_EXPONENT = 1e21
"""From here on RFC 8785 writes an exponent, so that readers see that it is no exact number."""
_MANY_DIGITS = re.compile(rb"[0-9]{16}")

_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class NotCanonical(InvalidInput):
    """A value is not written in the one way that can be signed and hashed."""


def write_canonical(value: object) -> bytes:
    """The RFC 8785 bytes of ``value``, which ``read_canonical`` reads.

    RFC 8785 writes the double 1e16 as an integer of 17 digits, and would write many more digits
    than a double has; some languages read those as another number. As I-JSON advises, no whole
    number beyond ±(2^53 - 1) is written but with an exponent.
    Raises NotCanonical for what has no such writing.
    """
    try:
        if _is_plain(value):
            return _write_plain(value).encode()
        # the library checks every part and refuses what is not Json
        written = rfc8785.dumps(value)  # type: ignore[arg-type]
        if _MANY_DIGITS.search(written):  # seldom, and codes in texts: the library is slow enough
            _require_exact(value)
        return written
    except rfc8785.IntegerDomainError as error:
        raise NotCanonical(_TOO_LARGE, largest=_LARGEST) from error
    except (rfc8785.CanonicalizationError, UnicodeError) as error:
        raise NotCanonical("This has no RFC 8785 writing: {why}.", why=error) from error
    except RecursionError as error:
        raise NotCanonical("This is nested too deeply to be written as JSON.") from error


_TOO_LARGE = "A whole number here is at most {largest}, or as much below zero; write it as a text."


def _require_exact(value: object) -> None:
    if isinstance(value, dict):
        value = [*value.values()]
    if isinstance(value, list | tuple):
        for part in value:
            _require_exact(part)
    elif isinstance(value, float) and _LARGEST < abs(value) < _WITH_EXPONENT:
        raise NotCanonical(_TOO_LARGE, largest=_LARGEST)


_write_plain = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), check_circular=False
).encode
"""Writes what ``_is_plain`` as RFC 8785 does, in a third of the library's time or less."""


def _is_plain(value: object) -> bool:
    """Whether Python's own JSON writes ``value`` as RFC 8785 asks.

    Without fractions, which JavaScript writes another way, and with ASCII names, which have one
    order whether they are sorted by characters or by units of UTF-16.
    """
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return True
    if isinstance(value, int):
        return kind is int and abs(value) <= _LARGEST
    if isinstance(value, dict):
        named = all(type(name) is str and name.isascii() for name in value)
        return named and all(map(_is_plain, value.values()))
    return isinstance(value, list | tuple) and all(map(_is_plain, value))


def read_canonical(data: bytes | str) -> Json:
    """The value that ``data`` writes, which must be the RFC 8785 bytes of that value.

    Raises NotCanonical.
    """
    try:
        raw = data.encode() if isinstance(data, str) else data
        value = cast("Json", json.loads(raw.decode()))
    except RecursionError as error:
        raise NotCanonical("This JSON is nested too deeply to be read.") from error
    except ValueError as error:  # JSON, UTF-8 and over-long integers
        raise NotCanonical("This is no JSON in UTF-8: {why}.", why=error) from error
    if write_canonical(value) != raw:
        raise NotCanonical("This JSON is not written as RFC 8785 asks (member order, spaces).")
    return value


def write_base64(data: bytes) -> str:
    """Standard base64 with padding (RFC 4648 section 4)."""
    return base64.b64encode(data).decode("ascii")


def read_base64(text: str, length: int | None = None) -> bytes:
    """The bytes of standard base64 that is written the one way; ``length`` bytes if given.

    Raises NotCanonical, also for padding bits that are not zero.
    """
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, ValueError) as error:
        raise NotCanonical("This is no base64 of RFC 4648: {why}.", why=error) from error
    if write_base64(data) != text:
        raise NotCanonical("This base64 is not written the one way: its last bits must be zero.")
    if length is not None and len(data) != length:
        raise NotCanonical(
            "Here are {is_} bytes in base64, it should be {should}.", is_=len(data), should=length
        )
    return data


def read_moment(text: str, field: str | None = None) -> datetime:
    """A time written ``2026-11-01T08:00:00Z``. Raises NotCanonical."""
    try:
        if not _MOMENT.fullmatch(text):
            raise ValueError
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        raise NotCanonical("A time is written 2026-11-01T08:00:00Z.", field=field) from None


def read_day(text: str, field: str | None = None) -> date:
    """A date written ``2026-11-01``. Raises NotCanonical."""
    try:
        if not _DAY.fullmatch(text):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise NotCanonical("A date is written 2026-11-01.", field=field) from None


class Members:
    """The members of a JSON object that came from outside. Each reader raises NotCanonical.

    Members that nobody asks for are passed over: a later version may add some. What changes the
    meaning of the others changes the version in a note's first line instead.
    """

    def __init__(self, value: Json) -> None:
        if not isinstance(value, Mapping):
            raise NotCanonical("Here should be a JSON object with named members.")
        self._members = value

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def text(self, name: str) -> str:
        """A text."""
        value = self._members.get(name)
        if not isinstance(value, str):
            raise NotCanonical('The member "{name}" should be a text.', field=name, name=name)
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts."""
        value = self._members.get(name)
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise NotCanonical(
                'The member "{name}" should be a list of texts.', field=name, name=name
            )
        return tuple(cast("list[str]", value))

    def count(self, name: str) -> int:
        """A whole number that is not negative."""
        value = self._members.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise NotCanonical(
                'The member "{name}" should be a whole number that is not negative.',
                field=name,
                name=name,
            )
        return value

    def flag(self, name: str) -> bool:
        """True or false; false where it is missing."""
        value = self._members.get(name, False)
        if not isinstance(value, bool):
            raise NotCanonical(
                'The member "{name}" should be true or false.', field=name, name=name
            )
        return value

    def moment(self, name: str) -> datetime:
        """A time in UTC."""
        return read_moment(self.text(name), name)

    def day(self, name: str) -> date:
        """A date."""
        return read_day(self.text(name), name)

    def day_or_none(self, name: str) -> date | None:
        """A date; none where it is null or missing."""
        return None if self._members.get(name) is None else self.day(name)
