"""Asking about a code for a channel that shows no page."""

from __future__ import annotations

from typing import cast

from flask import current_app, request

from suyuan.trace.codes.typed import read_typed
from suyuan.trace.passport import Passport, Unvouched
from suyuan.trace.scans.counter import ScanCounter
from suyuan.web.ground import db, forget_what_was_read, ledger, now, settings
from suyuan.web.public.answers import Answers


def answer_typed(typed: str, *, counted: bool = True) -> Passport | Unvouched:
    """The answer about a code as somebody typed it, or read it off a symbol as a whole address; a
    path is taken as it is.

    The code of a single package counts as opened, unless not ``counted``: where the same question
    may come twice. Raises TraceCodeError for what is no code.
    """
    whole = "://" in typed or typed.startswith("/")
    return answer(typed if whole else str(read_typed(typed)), counted=counted)


def answer(scanned: str, *, counted: bool = True) -> Passport | Unvouched:
    """The answer about a scanned address or a path, at this very moment."""
    answers = cast(Answers, current_app.extensions["suyuan-answers"])
    question, size = answers.ask(ledger().database, scanned, now())
    forget_what_was_read()  # of a moment before that
    found = answers.about(
        db(), ledger().families, question, size, now=now(),
        otherwise_call=settings().supervision_phone, anew=True,
    )  # fmt: skip
    if isinstance(found, Unvouched):
        return found
    passport = found.passport
    if counted and passport.serial is not None and request.method != "HEAD":
        cast(ScanCounter, current_app.extensions["suyuan-scans"]).count(passport.path, now())
    return passport
