"""The one family of errors that Suyuan raises on purpose.

Every error tells three things to the person who made the mistake: which field, what is wrong,
and what would be right. ``message`` is an English sentence with named gaps; it is also the key
under which the catalogues hold its translation, so an edge translates first and fills in after.
Anything raised that is not of this family is a defect of ours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar


class SuyuanError(Exception):
    """Base of the family.

    ``status`` is the HTTP status an edge answers with; ``kind`` is the stable last part of the
    problem document's ``type`` (RFC 9457 section 3.1.1). ``faults`` are the parts of one that is
    told in parts.
    """

    status: ClassVar[int] = 400
    kind: ClassVar[str] = "error"
    faults: tuple[Fault, ...] = ()

    def __init__(self, message: str, /, field: str | None = None, **params: object) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.params = params

    def __str__(self) -> str:
        text = self.message.format_map(self.params) if self.params else self.message
        return f"{self.field}: {text}" if self.field else text


class InvalidInput(SuyuanError):
    """A value that was given cannot be what is asked for."""

    status = 422
    kind = "invalid-input"


class Unauthenticated(SuyuanError):
    """Nobody is known to be asking."""

    status = 401
    kind = "unauthenticated"


class Forbidden(SuyuanError):
    """The one who asks is known and may not do this here."""

    status = 403
    kind = "forbidden"


class NotFound(SuyuanError):
    """There is no such thing, or not for the one who asks."""

    status = 404
    kind = "not-found"


class Conflict(SuyuanError):
    """The thing is in a state, or was taken, so that this cannot be done now."""

    status = 409
    kind = "conflict"


class TooLarge(SuyuanError):
    """More was sent, or would be made, than the limit in the settings."""

    status = 413
    kind = "too-large"


class Unavailable(SuyuanError):
    """The ground is busy or not ready; the same request may be sent again."""

    status = 503
    kind = "unavailable"


class Misconfigured(SuyuanError):
    """The operator must change a setting, a file or a key before this can work.

    Its message names them, so nobody else is shown it: pages and programs get ``for_others``.
    """

    status = 500
    kind = "misconfigured"

    def for_others(self) -> Misconfigured:
        """What everybody may know of it."""
        return Misconfigured(
            "This site is not set up rightly. Whoever runs it finds the reason in its journal."
        )


@dataclass(frozen=True)
class Fault:
    """One thing wrong with one field, where several are reported together."""

    field: str
    message: str
    params: tuple[tuple[str, object], ...] = ()

    def __str__(self) -> str:
        return f"{self.field}: {self.message.format_map(dict(self.params))}"


class InvalidInputs(InvalidInput):
    """Several fields are wrong at once; ``faults`` names each."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("Several fields need mending.")
        self.faults = tuple(faults)

    def __str__(self) -> str:
        return "; ".join(str(fault) for fault in self.faults)
