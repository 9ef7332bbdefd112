"""What belongs to the request that is being answered: the ledger, who asks, and whether again."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Concatenate, ParamSpec, TypeVar, cast

from flask import current_app, g, request
from sqlalchemy.orm import Session

from suyuan.api.problems import Malformed
from suyuan.trace.acts.transaction import Ledger, Once, Writing
from suyuan.trace.clock import day_of
from suyuan.trace.errors import Forbidden, Unauthenticated
from suyuan.trace.parties import queries as parties
from suyuan.trace.parties.actor import Actor

P = ParamSpec("P")
T = TypeVar("T")

IDEMPOTENCY_KEY = "Idempotency-Key"
_KEY = re.compile(r"[\x21-\x7e]{8,255}")


def ledger() -> Ledger:
    """The way in for those who write, as the application was made with."""
    return cast(Ledger, current_app.extensions["suyuan"])


def reading() -> Session:
    """A session that cannot write; use it in a ``with``."""
    return ledger().database.read()


def now() -> datetime:
    """The moment of this request."""
    return ledger().clock.now()


def today() -> date:
    """The day it is for people here."""
    return day_of(now())


def sign_in() -> None:
    """Find out for whom the bearer token speaks.

    Raises Unauthenticated, and Forbidden where the token's role does not allow the API at all.
    """
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        raise Unauthenticated("Send a bearer token in the Authorization header.")
    with reading() as session:
        who = parties.actor_by_token(session, secret.strip(), now())
    who.require("use_api")
    g.actor = who


def refuse_agents() -> None:
    """Raises Forbidden for the token of an agent beside printers: it feeds these and no more."""
    if actor().feeds_only:
        raise Forbidden("This token feeds printers, and opens nothing else.")


def actor() -> Actor:
    """Who asks; only on addresses that are not public."""
    return cast(Actor, g.actor)


def perform(act: Callable[Concatenate[Writing, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Run an act for the one who asks, once for each Idempotency-Key."""
    return ledger().perform_once(actor(), once(), act, *args, **kwargs)


def once() -> Once | None:
    """The client's key for this request with a digest of what is asked; None without a key.

    Raises Malformed for a key that is none.
    """
    key = request.headers.get(IDEMPOTENCY_KEY)
    if key is None:
        return None
    if not _KEY.fullmatch(key):
        raise Malformed(
            "An Idempotency-Key has 8 to 255 visible ASCII characters, such as a UUID.",
            field=IDEMPOTENCY_KEY,
        )
    return Once(key, _digest())


def _digest() -> str:
    """SHA-256 over method, address and body; of a form over its parts, whatever its boundary."""
    asked = hashlib.sha256(f"{request.method} {request.full_path}".encode())
    if request.mimetype != "multipart/form-data":
        asked.update(b"\0" + request.get_data(cache=True))
        return asked.hexdigest()
    for name, value in sorted(request.form.items(multi=True)):
        asked.update(f"\0{name}={value}".encode())
    for name, file in sorted(request.files.items(multi=True), key=lambda item: item[0]):
        file.stream.seek(0)
        content = hashlib.file_digest(file.stream, "sha256").hexdigest()  # type: ignore[arg-type]  # IO[bytes] can all that is asked
        file.stream.seek(0)
        asked.update(f"\0{name}={file.filename}={content}".encode())
    return asked.hexdigest()
