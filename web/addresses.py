"""Addresses and forms that can be: a NUL is refused before anything is looked up by it.

PostgreSQL refuses a NUL in any text with an error of its own; SQLite finds nothing.
"""

from __future__ import annotations

from flask import Flask, request

from suyuan.trace.errors import InvalidInput, NotFound

NUL = "\0"


def install(app: Flask) -> None:
    """Answer 404 to every address of ``app`` with a NUL in it, and 422 to every such form."""

    @app.before_request
    def only_what_can_be() -> None:
        given = (*(request.view_args or {}).values(), *request.args.values())
        if any(NUL in str(value) for value in given):
            raise NotFound("There is no such page.")
        # the API reads its bodies itself, by schema
        if request.method != "POST" or request.path.startswith("/api/"):
            return
        for name, value in request.form.items(multi=True):
            if NUL in name or NUL in value:
                raise InvalidInput(
                    "This has characters that cannot be read: type it again.",
                    field=name.replace(NUL, ""),
                )
