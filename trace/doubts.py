"""What is not certain about something a person stated, put as a question to a person.

A doubt is no error: the row is readable, but reading it one way would be an assumption. Somebody
fixes it, accepts it with a reason, or sets it aside.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from suyuan.trace.words import Names


@dataclass(frozen=True, slots=True)
class Remark:
    """A remark on a value: a stable code, and an English sentence with named gaps.

    The sentence is the key under which the catalogues hold its translation, as in ``errors``.
    """

    code: str
    message: str
    params: tuple[tuple[str, str | Names], ...] = ()

    @classmethod
    def of(cls, code: str, message: str, /, **params: object) -> Self:
        """The remark with its gaps filled by these words; what has names keeps them all."""
        words = {key: one if isinstance(one, Names) else str(one) for key, one in params.items()}
        return cls(code, message, tuple(words.items()))

    def __str__(self) -> str:
        return self.message.format_map(dict(self.params))

    def to_json(self) -> dict[str, object]:
        params = {key: _kept(value) for key, value in self.params}
        return {"code": self.code, "message": self.message, "params": params}

    @classmethod
    def from_json(cls, data: Mapping[str, object]) -> Self:
        """The inverse of ``to_json``. Raises ValueError when a part is missing."""
        match data:
            case {"code": str(code), "message": str(message), "params": dict(params)}:
                read = {str(name): _read(value) for name, value in params.items()}
                return cls.of(code, message, **read)
        raise ValueError("a remark is code, message and params")


def _kept(value: str | Names) -> str | dict[str, str]:
    return {"zh": value.zh, "en": value.en} if isinstance(value, Names) else value


def _read(value: object) -> object:
    match value:
        case {"zh": str(zh), "en": str(en)}:
            return Names(zh, en)
    return value


class Doubt(Remark):
    """A question that a person must answer before the value may be relied on."""

    __slots__ = ()
