"""What a view stands on: the ledger, a session that reads, and the time.

A view reads with ``db()`` and changes things with ``identity.perform(act, …)``; it never opens a
session of its own.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import cast

from flask import Flask, current_app, g
from sqlalchemy.orm import Session

from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.clock import day_of
from suyuan.trace.settings import Settings


def ledger() -> Ledger:
    """The ledger that this application serves."""
    return cast(Ledger, current_app.extensions["suyuan"])


def settings() -> Settings:
    """The settings in force."""
    return ledger().settings


def now() -> datetime:
    """The time in UTC, by the ledger's clock."""
    return ledger().clock.now()


def today() -> date:
    """The day it is for people here."""
    return day_of(now())


def db() -> Session:
    """This request's reading session: opened when first asked for, closed with the request."""
    if "db" not in g:
        g.db = ledger().database.read()
    return cast(Session, g.db)


def forget_what_was_read() -> None:
    """Let the next reading see what has been written since: a reader sees one moment only."""
    if "db" in g:
        g.db.rollback()


def install(app: Flask, ledger: Ledger) -> None:
    """Put ``ledger`` under the application."""
    app.extensions["suyuan"] = ledger

    @app.teardown_appcontext
    def close(_error: BaseException | None) -> None:
        session = g.pop("db", None)
        if session is not None:
            session.close()
