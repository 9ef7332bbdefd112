"""Reading a passport out of the record."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from suyuan.trace.passport.facts import Passport
from suyuan.trace.products.families import Families


def passport_of(session: Session, families: Families, scanned: str, *, now: datetime) -> Passport:
    """The answer about a scanned code: a whole URL, or its path with the signature.

    Raises NotFound for a code that was never issued here, CodeError for what is no code.
    """
    raise NotImplementedError


def passport_of_typed(
    session: Session, families: Families, trace_code: str, *, now: datetime
) -> Passport:
    """The answer about a trace code that was typed in. Raises TraceCodeError, NotFound."""
    raise NotImplementedError
