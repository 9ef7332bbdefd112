"""The page for requests that no application sees, because they cannot be read.

gunicorn refuses them before there is a path, a language or a template: an address that is longer
than any of ours, headers that are too long, what is no HTTP. Its own page is bare English.
"""

from __future__ import annotations

from html import escape
from http import HTTPStatus
from typing import Any

from gunicorn.http import errors
from gunicorn.workers.gthread import ThreadWorker

from suyuan.commands.speech import translator


def N_(text: str) -> str:  # noqa: N802  # gettext's own name for it, which extractors look for
    """A text that is translated where it is shown."""
    return text


_STATUS: dict[type[Exception], HTTPStatus] = {
    errors.LimitRequestLine: HTTPStatus.REQUEST_URI_TOO_LONG,
    errors.LimitRequestHeaders: HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    errors.ExpectationFailed: HTTPStatus.EXPECTATION_FAILED,
    errors.UnsupportedTransferCoding: HTTPStatus.NOT_IMPLEMENTED,
}
_SAYS = {
    HTTPStatus.REQUEST_URI_TOO_LONG: N_(
        "This address is longer than any of this site. Scan the symbol again, or type the trace "
        "code on the start page."
    ),
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE: N_(
        "Your browser sent more than can be read here. Delete the cookies of this site and try "
        "again."
    ),
}
_ELSE = N_("This request cannot be read.")


class Worker(ThreadWorker):  # type: ignore[misc]  # gunicorn is published without types
    """A worker of gunicorn that answers what it cannot read with a page people understand."""

    def handle_error(self, req: Any, client: Any, addr: Any, exc: Exception) -> None:
        """Answers and goes on; a defect is gunicorn's own to answer and to tell the journal."""
        if not isinstance(exc, errors.ParseException):
            super().handle_error(req, client, addr, exc)
            return
        status = next((s for kind, s in _STATUS.items() if isinstance(exc, kind)), None)
        answer = unreadable(status or HTTPStatus.BAD_REQUEST)
        # what was sent may hold anything, and who sent it is nobody's business
        self.log.warning("Unreadable request: %s", type(exc).__name__)
        try:
            client.sendall(answer)
        except OSError:
            self.log.debug("The unreadable request's sender has gone.")


def unreadable(status: HTTPStatus) -> bytes:
    """The whole answer, in Chinese and English: nobody knows what the reader likes."""
    says = _SAYS.get(status, _ELSE)
    told = "".join(
        f'<p lang="{language}">{escape(translator(language)(says))}</p>\n'
        for language in ("zh", "en")
    )
    title = escape(translator("zh")("This did not work"))
    page = (
        '<!doctype html>\n<html lang="zh">\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<title>{title}</title>\n{told}<p><a href="/">溯源 Suyuan</a></p>\n</html>\n'
    ).encode()
    head = (
        f"HTTP/1.1 {status.value} {status.phrase}\r\nConnection: close\r\n"
        "Content-Type: text/html; charset=utf-8\r\nCache-Control: no-store\r\n"
        "Content-Security-Policy: default-src 'none'\r\nX-Content-Type-Options: nosniff\r\n"
        f"Content-Length: {len(page)}\r\n\r\n"
    )
    return head.encode() + page
