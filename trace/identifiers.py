"""What every check of a printed number shares.

A wrong format refuses: the number cannot be what it is said to be. A wrong check character only
warns, because some genuine numbers in use fail it; the warning stays with the number and is shown.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from suyuan.trace.doubts import Remark
from suyuan.trace.errors import InvalidInput
from suyuan.trace.written import compacted


class Warning(Remark):
    """Something about an accepted number that everyone who sees it should know."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Checked:
    """A number in its one written form, with the warnings that stay visible beside it."""

    value: str
    warnings: tuple[Warning, ...] = ()


def stripped(text: str) -> str:
    """Half-width, in capitals, without spaces and dashes: for numbers that have none."""
    return compacted(text).replace("-", "")


def refuse_unless(pattern: str, text: str, message: str, /, field: str | None) -> re.Match[str]:
    """The match of the whole text. Raises InvalidInput with the message, ``given`` in its gap."""
    match = re.fullmatch(pattern, text, re.ASCII)
    if match is None:
        raise InvalidInput(message, field=field, given=text[:40])
    return match


def check_warnings(is_: str, should: str) -> tuple[Warning, ...]:
    """A warning when the check character found is not the one computed."""
    if is_ == should:
        return ()
    return (
        Warning.of(
            "check-digit",
            "The check character is {is_}, it should be {should}: compare with the paper.",
            is_=is_,
            should=should,
        ),
    )
