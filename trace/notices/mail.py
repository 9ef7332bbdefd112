"""Sending warnings by e-mail, over the SMTP server of the settings (RFC 5321, RFC 8314)."""

from __future__ import annotations

import re
import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from suyuan.trace.errors import InvalidInput, Misconfigured, Unavailable
from suyuan.trace.notices.destinations import Destination, Undeliverable
from suyuan.trace.notices.messages import Message

_ADDRESS = re.compile(
    r"[^\s@<>,;:\"\\()\[\]\x00-\x20\x7f]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])"
)
_PORTS = {"smtp": 587, "smtps": 465}
_PERMANENT = 500


@dataclass(frozen=True)
class _Server:
    """An SMTP server: ``smtps`` speaks TLS from the first byte, ``smtp`` once it was agreed."""

    scheme: str
    host: str
    port: int
    user: str
    password: str


def read_mail_address(typed: str) -> str:
    """A mail address as it is kept. Raises InvalidInput."""
    address = typed.strip()
    if not address.isascii() or not _ADDRESS.fullmatch(address) or ".." in address:
        raise InvalidInput("Give a mail address, as in name@example.cn.", "address")
    return address


def read_server(url: str) -> _Server:
    """The server that ``smtp://`` or ``smtps://`` names. Raises Misconfigured."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.scheme not in _PORTS or not parts.hostname:
        raise Misconfigured("SUYUAN_SMTP_URL is written smtps://user:password@host:465.")
    return _Server(
        parts.scheme,
        parts.hostname,
        port or _PORTS[parts.scheme],
        unquote(parts.username or ""),
        unquote(parts.password or ""),
    )


class MailSender:
    """Hands messages to a mail server. A password never goes out in the clear."""

    def __init__(self, url: str, sender: str, seconds: float) -> None:
        """``sender``: the address that mails come from. Raises Misconfigured."""
        self._server = read_server(url)
        if not _ADDRESS.fullmatch(sender):
            raise Misconfigured("SUYUAN_MAIL_FROM is the address that mails come from.")
        self._from, self._seconds = sender, seconds

    def send(self, message: Message, to: Destination) -> None:
        mail = EmailMessage()
        mail["From"], mail["To"] = self._from, read_mail_address(to.address)
        mail["Subject"] = message.subject
        mail["Message-ID"] = f"<{message.uid}@{self._from.rpartition('@')[2]}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(message.text)
        try:
            with self._connected() as server:
                server.send_message(mail)
        except smtplib.SMTPRecipientsRefused as error:
            code, said = next(iter(error.recipients.values()))
            raise _refused(code, said) from error
        except smtplib.SMTPResponseException as error:
            raise _refused(error.smtp_code, error.smtp_error) from error
        except (smtplib.SMTPException, OSError) as error:
            why = type(error).__name__
            raise Unavailable("The mail server did not take it: {why}", why=why) from error

    def _connected(self) -> smtplib.SMTP:
        own = self._server
        if own.scheme == "smtps":
            context = ssl.create_default_context()
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                own.host, own.port, timeout=self._seconds, context=context
            )
        else:
            server = smtplib.SMTP(own.host, own.port, timeout=self._seconds)
        try:
            self._secured(server)
        except BaseException:
            server.close()
            raise
        return server

    def _secured(self, server: smtplib.SMTP) -> None:
        own = self._server
        server.ehlo()
        secure = own.scheme == "smtps"
        if not secure and server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
            server.ehlo()
            secure = True
        if own.user:
            if not secure:
                raise Misconfigured(
                    "The mail server offers no TLS, and a password is not sent without."
                )
            server.login(own.user, own.password)


def _refused(code: int, said: bytes | str) -> Undeliverable | Unavailable:
    """A reply of the mail server: from 500 on it is final (RFC 5321 section 4.2.1)."""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    kind = Undeliverable if code >= _PERMANENT else Unavailable
    return kind("The mail server answered {code}: {said}", code=code, said=text[:200])
