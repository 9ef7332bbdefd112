"""Reading the dated, sourced facts that Suyuan keeps as data (``trace/standards/``).

A rule, a limit or a translation is a row of a JSON file, never a line of code. ``Row`` reads such
a row and names file and JSON path in everything it finds wrong, because those who mend these
files are operators and lawyers, not programmers. ``Provenance`` says where a row comes from.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final, Literal, NoReturn, TypeVar, cast, get_args

from suyuan.trace.errors import Misconfigured

Confidence = Literal[
    "LAW",  # read in the full text of the law or standard
    "WEB",  # read in public pages that agree with each other
    "WEB-med",  # read in one page, or one whose standing is unclear
    "WEB-low",  # read in one page of low standing
    "CALC",  # computed, or tried out
    "K-high",  # general knowledge of the trade, not confirmed; very likely right
    "K-med",  # the same; probably right
    "K-low",  # the same; as likely wrong as right
    "OWN",  # our own choice, not a rule of anybody else
]

CONFIRMED: Final = ("LAW", "WEB", "CALC")
"""Confidences that need nobody to check them any more."""

T = TypeVar("T")
STANDARDS: Traversable = files("suyuan.trace.standards")


@dataclass(frozen=True)
class Provenance:
    """Where a rule comes from, how sure that is, and who has checked it (``None``: nobody yet)."""

    source: str
    confidence: Confidence
    checked_by: str | None

    @property
    def unconfirmed(self) -> bool:
        """Whether nobody has confirmed it yet."""
        return self.checked_by is None and self.confidence not in CONFIRMED


class Row:
    """A value inside a standards file, with the place where it stands."""

    def __init__(self, value: object, file: str, path: str = "$") -> None:
        self.value = value
        self.file = file
        self.path = path

    def wrong(self, message: str, /, **params: object) -> NoReturn:
        """Raises Misconfigured with file and path; ``message`` is for whoever mends the file."""
        raise Misconfigured(
            "{file}, at {path}: {what}",
            file=self.file,
            path=self.path,
            what=message.format_map(params),
        )

    def _members(self) -> dict[str, object]:
        if not isinstance(self.value, dict):
            self.wrong("expected an object with named members.")
        return cast("dict[str, object]", self.value)

    def has(self, key: str) -> bool:
        """Whether the member is there and is not null."""
        return self._members().get(key) is not None

    def get(self, key: str) -> Row:
        """The member ``key``. Raises Misconfigured if it is missing or null."""
        if not self.has(key):
            self.wrong('the member "{key}" is missing.', key=key)
        return Row(self._members()[key], self.file, f"{self.path}.{key}")

    def maybe(self, key: str, read: Callable[[Row], T]) -> T | None:
        """The member read with ``read``; ``None`` where it is missing or null."""
        return read(self.get(key)) if self.has(key) else None

    def only(self, *keys: str) -> None:
        """Refuses members that nobody reads: a misspelt rule would otherwise do nothing."""
        for key in self._members():
            if key not in keys:
                self.wrong(
                    'the member "{key}" is not known; known are: {known}.',
                    key=key,
                    known=", ".join(keys),
                )

    def entries(self) -> Iterator[tuple[str, Row]]:
        """The members of an object, in the order of the file."""
        for key in self._members():
            yield key, Row(self._members()[key], self.file, f"{self.path}.{key}")

    def rows(self) -> list[Row]:
        """The elements of a list."""
        if not isinstance(self.value, list):
            self.wrong("expected a list.")
        return [
            Row(value, self.file, f"{self.path}[{index}]")
            for index, value in enumerate(cast("list[object]", self.value))
        ]

    def list_of(self, key: str, read: Callable[[Row], T]) -> tuple[T, ...]:
        """Each element of the list ``key``; nothing where the list is missing."""
        return tuple(read(row) for row in self.get(key).rows()) if self.has(key) else ()

    def text(self) -> str:
        """A text that is not empty."""
        if not isinstance(self.value, str) or not self.value.strip():
            self.wrong("expected a text that is not empty.")
        return self.value

    def flag(self) -> bool:
        if not isinstance(self.value, bool):
            self.wrong("expected true or false.")
        return self.value

    def integer(self) -> int:
        if not isinstance(self.value, int) or isinstance(self.value, bool):
            self.wrong("expected a whole number.")
        return self.value

    def number(self) -> Decimal:
        if isinstance(self.value, bool) or not isinstance(self.value, int | Decimal):
            self.wrong("expected a number.")
        return Decimal(self.value)

    def day(self) -> date:
        """A date written 2026-02-01."""
        try:
            return date.fromisoformat(self.text())
        except ValueError:
            self.wrong("expected a date like 2026-02-01, not {found}.", found=self.value)

    def one_of(self, choices: Sequence[str]) -> str:
        if not isinstance(self.value, str) or self.value not in choices:
            self.wrong(
                "expected one of {choices}, not {found}.",
                choices=", ".join(choices),
                found=self.value,
            )
        return self.value

    def provenance(self) -> Provenance:
        """The members ``source``, ``confidence`` and ``checked_by``, which every rule has."""
        confidence = self.get("confidence").one_of(get_args(Confidence))
        return Provenance(
            self.get("source").text(),
            cast("Confidence", confidence),
            self.maybe("checked_by", Row.text),
        )


PROVENANCE = ("source", "confidence", "checked_by")


def read_json(file: Traversable) -> Row:
    """The content of a standards file; numbers are exact. Raises Misconfigured."""
    try:
        value: object = json.loads(file.read_text("utf-8"), parse_float=Decimal)
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise Misconfigured(
            "{file} cannot be read as JSON in UTF-8: {why}.", file=file.name, why=error
        ) from error
    return Row(value, file.name)


def read_standard(name: str) -> Row:
    """The content of a file that ships in ``trace/standards/``."""
    return read_json(STANDARDS.joinpath(name))


def keyed(rows: Sequence[Row], read: Callable[[Row], T], key: Callable[[T], str]) -> dict[str, T]:
    """The rows by their key. Raises Misconfigured where a key comes twice."""
    found: dict[str, T] = {}
    for row in rows:
        entry = read(row)
        if key(entry) in found:
            row.wrong('the key "{key}" comes twice.', key=key(entry))
        found[key(entry)] = entry
    return found
