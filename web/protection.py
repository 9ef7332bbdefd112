"""What guards every page: headers, form tokens, limits, cookies, and whose address is believed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import Flask, Response, current_app, request
from flask.sessions import SecureCookieSessionInterface
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf.csrf import CSRFError, CSRFProtect
from itsdangerous import URLSafeTimedSerializer
from werkzeug.middleware.proxy_fix import ProxyFix

from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.errors import InvalidInput
from suyuan.trace.settings import Settings
from suyuan.trace.spans import span

FORM_OVERHEAD = 1024 * 1024
"""Bytes that the other fields of a form may take beside the file that is uploaded."""

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
OPEN_FORMS = frozenset({"public.pin"})
"""Forms of strangers on pages that are the same for all of them, and so can hold no token: they
are taken unless the browser says that another site sent them."""
MACHINES = frozenset({"channels.message"})
"""Where programs send what they vouch for with a secret of their own, and never by a cookie."""
PRIVATE = ("/desk", "/inspect", "/admin", "/account", "/sign-in", "/in/")
"""Pages that no cache may keep."""


def derived_key(ledger: Ledger, use: str) -> bytes:
    """32 bytes for one ``use``, derived from the installation's secret (HKDF, RFC 5869)."""
    derivation = HKDF(SHA256(), length=32, salt=None, info=f"suyuan/web/{use}".encode())
    return derivation.derive(ledger.keys.secret)


def install(app: Flask, ledger: Ledger) -> None:
    """Guard ``app`` as the ledger's settings say."""
    _configure(app, ledger)
    settings = ledger.settings
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]  # Flask's own advice
            app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops
        )
    app.session_interface = Sessions()
    _check_forms(app)
    _set_headers(app, settings)


@dataclass(frozen=True)
class Limit:
    """How often one view may be tried.

    ``of`` names who tries, where that is not the address; then only refusals (401) count.
    """

    endpoint: str
    rate: str
    of: Callable[[], str] | None = None


def limit_tries(app: Flask, limits: Iterable[Limit]) -> None:
    """Hold POSTs of views to ``limits``; the rates are written as Flask-Limiter writes them.

    Counted in this process's memory: with several processes each counts its own.
    """
    limiter = Limiter(get_remote_address, app=app, storage_uri="memory://")
    # its decorators know it weakly only
    app.extensions["suyuan-limiter"] = limiter
    for limit in limits:
        hold = limiter.limit(
            limit.rate,
            key_func=limit.of or get_remote_address,
            methods=["POST"],
            deduct_when=_was_refused if limit.of else None,
        )
        view: Any = app.view_functions[limit.endpoint]
        app.view_functions[limit.endpoint] = hold(view)


def _was_refused(response: Response) -> bool:
    return response.status_code == 401


def _configure(app: Flask, ledger: Ledger) -> None:
    app.config.update(
        SECRET_KEY=derived_key(ledger, "session"),
        SESSION_COOKIE_NAME="suyuan",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=ledger.settings.https,
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=span("session_lives"),
        MAX_CONTENT_LENGTH=ledger.settings.upload_bytes + FORM_OVERHEAD,
        MAX_FORM_MEMORY_SIZE=FORM_OVERHEAD,
        # a form kept on the phone while there is no network is sent days later; its token is
        # bound to the session and ends with it
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_SSL_STRICT=False,
        RATELIMIT_HEADERS_ENABLED=True,
    )


class Sessions(SecureCookieSessionInterface):
    """Flask's sessions, with the signer made once and not for every request."""

    @cached_property
    def _signer(self) -> URLSafeTimedSerializer | None:
        return super().get_signing_serializer(current_app)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """The signer of the application whose sessions these are."""
        return self._signer


def _check_forms(app: Flask) -> None:
    forms = CSRFProtect(app)

    @app.before_request
    def check() -> None:
        # the API believes bearer tokens only, never the cookie, so nothing can be forged there
        if request.path.startswith("/api/") or request.endpoint in MACHINES:
            return
        if request.endpoint in OPEN_FORMS:
            _require_own_page()
            return
        try:
            forms.protect()
        except CSRFError as error:
            raise _from_elsewhere() from error


def _require_own_page() -> None:
    """Raises InvalidInput where the browser says that a page of another site sends this."""
    if request.method != "POST":
        return
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    origin = request.headers.get("Origin")
    own = origin is None or urlsplit(origin).netloc == request.host
    if site not in ("same-origin", "none") or not own:
        raise _from_elsewhere()


def _from_elsewhere() -> InvalidInput:
    return InvalidInput(
        "This form is too old, or came from another site. Open the page again and send it once "
        "more.",
        field="csrf_token",
    )


def _set_headers(app: Flask, settings: Settings) -> None:
    usual = dict(HEADERS)
    if settings.https:
        usual["Strict-Transport-Security"] = "max-age=31536000"

    @app.after_request
    def set_headers(response: Response) -> Response:
        there = {name.lower() for name, _ in response.headers}
        for name, value in usual.items():
            if name.lower() not in there:
                response.headers.add(name, value)
        if request.path.startswith(PRIVATE):
            response.headers["Cache-Control"] = "no-store"
        return response
