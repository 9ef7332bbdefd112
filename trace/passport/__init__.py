"""The one answer about a code."""

from suyuan.trace.passport.facts import Passport, Unvouched
from suyuan.trace.passport.read import passport_of, passport_of_typed

__all__ = ["Passport", "Unvouched", "passport_of", "passport_of_typed"]
