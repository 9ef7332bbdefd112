"""How many requests one token, or without a token one address, may send."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Flask, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from suyuan.api.blueprints import ApiBlueprint
from suyuan.trace.parties.queries import token_hash
from suyuan.trace.pins.rules import pin_limits

_PIN = "api_pins.enter_scratch_pin"


def limit_requests(app: Flask, blueprints: Iterable[ApiBlueprint], rate: str) -> None:
    """Hold the operations of these blueprints to ``rate`` (as in ``600 per minute``).

    Scratch PINs are entered no faster by API than on their page.

    Counted in the memory of each process: with several the limit holds for each of them.
    """
    limiter = Limiter(
        asking,
        storage_uri="memory://",
        headers_enabled=True,
        key_prefix="api",
        strategy="fixed-window",
    )
    limiter.init_app(app)
    counted = limiter.shared_limit(rate, scope="api")
    for blueprint in blueprints:
        counted(blueprint)
    # by address whatever token is shown: anybody can think of another token
    pins = limiter.limit(
        f"{pin_limits().address_posts_a_minute} per minute", key_func=get_remote_address
    )
    view: Any = app.view_functions[_PIN]
    app.view_functions[_PIN] = pins(view)


def asking() -> str:
    """Who is counted: the token, by its hash; without one the address."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and secret.strip():
        return token_hash(secret.strip())
    return get_remote_address()
