"""The one answer about a code."""

from suyuan.trace.passport.facts import Passport, Unvouched
from suyuan.trace.passport.finding import Found, find_code
from suyuan.trace.passport.read import (
    Told,
    passport_of,
    passport_of_typed,
    tell_batch,
    with_code,
)

__all__ = [
    "Found",
    "Passport",
    "Told",
    "Unvouched",
    "find_code",
    "passport_of",
    "passport_of_typed",
    "tell_batch",
    "with_code",
]
