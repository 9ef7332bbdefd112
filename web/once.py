"""A form that comes twice is one form: what it is known by, and what makes it the same.

Every form that changes something carries an id of its own (``form_keys`` in forms.html). Whoever
presses twice, or sends again because no answer was heard, is answered as the first time.
"""

from __future__ import annotations

import hashlib
import re
import secrets

from flask import Flask, request

from suyuan.trace.acts.transaction import Once
from suyuan.trace.errors import Conflict
from suyuan.trace.events.rules import content_digest

_FORM_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
_NOT_SAID = frozenset({"csrf_token", "id", "old", "password", "again", "code"})
"""What changes when a page is opened again, and what only its owner may know: a digest of a
number of six digits would tell the number."""


class SentBefore(Conflict):
    """A form that was taken came again with other contents."""

    def __init__(self) -> None:
        super().__init__(
            "This form was sent before with other contents, and that was saved. To save this as "
            "well, send it once more."
        )


class ShownOnce(Conflict):
    """A form that was answered with a secret came again: the secret is not kept."""

    def __init__(self) -> None:
        super().__init__(
            "This was made already, and it is shown only once. Make another one if it was not kept."
        )


def new_form_id() -> str:
    """A fresh name for a form."""
    return secrets.token_urlsafe(16)


def form_id() -> str:
    """The id under which this form was sent; a fresh one where it has none that may be."""
    given = request.form.get("id", "")
    return given if _FORM_ID.fullmatch(given) else new_form_id()


def once(facts: object) -> Once:
    """What makes a form that comes twice the same: its id, and the facts read from it."""
    return Once(form_id(), content_digest(facts))


def once_as_sent() -> Once:
    """The same by what was sent: address, fields and files."""
    said = hashlib.sha256(request.full_path.encode())
    fields = sorted((k, v) for k, v in request.form.items(multi=True) if k not in _NOT_SAID)
    said.update(repr(fields).encode())
    for name, file in sorted(request.files.items(multi=True), key=lambda one: one[0]):
        said.update(repr((name, file.filename)).encode())
        file.stream.seek(0)
        said.update(hashlib.sha256(file.stream.read()).digest())
        file.stream.seek(0)
    return Once(form_id(), said.hexdigest())


def install(app: Flask) -> None:
    """Let the templates of ``app`` name their forms."""
    app.jinja_env.globals["new_form_id"] = new_form_id
