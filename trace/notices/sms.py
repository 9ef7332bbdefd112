"""Sending warnings as text messages, through the HTTP gateway of the settings.

What a gateway wants to be sent, and how it says that it took it, is a file: the one that ships
(``standards/sms_gateway.json``) or the operator's. In its texts ``{phone}`` (11 digits),
``{international}`` (with +86), ``{text}``, ``{id}`` (the same each time a message is sent again),
``{at}`` (POSIX seconds) and ``{secret}`` are filled in; in headers also ``{signature}``, which is
made as webhooks are signed.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from suyuan.trace.errors import InvalidInput, Misconfigured, Unavailable
from suyuan.trace.notices.destinations import Destination, Undeliverable
from suyuan.trace.notices.messages import Message
from suyuan.trace.notices.posting import Poster, read_target
from suyuan.trace.notices.webhook import signature
from suyuan.trace.sourced import PROVENANCE, Row, read_json, read_standard

_GAP = re.compile(r"\{([a-z]+)\}")
_IN_HEADERS = frozenset({"id", "at", "secret", "signature"})
_IN_BODY = frozenset({"phone", "international", "text", "id", "at", "secret"})
_TYPES = {"json": "application/json", "form": "application/x-www-form-urlencoded"}
_SECRET = re.compile(r"[\x21-\x7e]{1,500}")
_ANSWER_BYTES = 16 * 1024
_SAID = 100


@dataclass(frozen=True)
class Taken:
    """How a gateway says in its answer, a JSON object, that it took a message: the ``field``, its
    ``values`` then, and those after which it may be sent ``again``."""

    field: str
    values: tuple[str, ...]
    again: tuple[str, ...]


@dataclass(frozen=True)
class Template:
    """What a gateway wants. ``body`` is any JSON value, of which the texts are filled in; ``taken``
    None: its status says it all."""

    encoding: str
    headers: Mapping[str, str]
    body: object
    taken: Taken | None


def read_template(file: Path | None) -> Template:
    """The operator's template, else the one that ships. Raises Misconfigured."""
    row = read_json(file) if file is not None else read_standard("sms_gateway.json")
    row.provenance()
    row.only("encoding", "headers", "body", "taken", *PROVENANCE)
    encoding = row.get("encoding").one_of(tuple(_TYPES))
    headers = {name: value.text() for name, value in row.get("headers").entries()}
    body = row.get("body")
    if encoding == "form":
        dict(body.entries())
    for text, known in [
        *((value, _IN_HEADERS) for value in headers.values()),
        *((text, _IN_BODY) for text in _texts(body.value)),
    ]:
        if unknown := set(_GAP.findall(text)) - known:
            row.wrong("there is no {gap} to fill in here.", gap=sorted(unknown)[0])
    return Template(encoding, headers, body.value, row.maybe("taken", _taken))


def read_secret(file: Path | None) -> str:
    """The secret that the gateway gave, without the line's end. Raises Misconfigured."""
    if file is None:
        return ""
    try:
        secret = file.read_text("ascii").strip()
    except (OSError, UnicodeError) as error:
        raise Misconfigured("SUYUAN_SMS_SECRET_FILE cannot be read.") from error
    if not _SECRET.fullmatch(secret):
        raise Misconfigured("SUYUAN_SMS_SECRET_FILE holds one line of ASCII without spaces.")
    return secret


class SmsSender:
    """Hands messages to the gateway. A secret goes out by https, or within the own network."""

    def __init__(
        self,
        url: str,
        secret: str,
        template: Template,
        own_hosts: Collection[str],
        seconds: float,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Raises Misconfigured for an address that cannot be used or a secret that is missing."""
        try:
            read_target(url, own_hosts)
        except InvalidInput as error:
            raise Misconfigured("SUYUAN_SMS_URL cannot be used: {why}", why=str(error)) from error
        wanted = {gap for text in template.headers.values() for gap in _GAP.findall(text)}
        wanted |= {gap for text in _texts(template.body) for gap in _GAP.findall(text)}
        if not secret and wanted & {"secret", "signature"}:
            raise Misconfigured("The gateway's template wants a secret: SUYUAN_SMS_SECRET_FILE.")
        self._url, self._secret, self._template = url, secret, template
        self._poster, self._clock = Poster(own_hosts, seconds), clock

    def send(self, message: Message, to: Destination) -> None:
        at = int(self._clock())
        gaps = {
            "phone": to.address,
            "international": f"+86{to.address}",
            "text": message.short,
            "id": message.uid,
            "at": str(at),
            "secret": self._secret,
        }
        body = _encoded(_filled(self._template.body, gaps), self._template.encoding)
        gaps["signature"] = signature(self._secret, body, at)
        headers = {name: _fill(text, gaps) for name, text in self._template.headers.items()}
        headers = {"Content-Type": _TYPES[self._template.encoding], **headers}
        taken = self._template.taken
        most = _ANSWER_BYTES if taken is not None else 0
        answer = self._poster.post(self._url, body, headers, read=most)
        if taken is not None:
            _require_taken(urlsplit(self._url).hostname or "", answer, taken)


def _require_taken(host: str, answer: bytes, taken: Taken) -> None:
    """Raises Unavailable or Undeliverable unless the answer says that the message was taken."""
    try:
        whole = json.loads(answer)
    except ValueError:
        whole = None
    if not isinstance(whole, dict) or taken.field not in whole:
        raise Unavailable("{host} answered something else than its template says.", host=host)
    said = str(whole[taken.field])
    if said in taken.values:
        return
    kind = Unavailable if said in taken.again else Undeliverable
    raise kind("{host} answered {status}.", host=host, status=said[:_SAID])


def _texts(value: object) -> list[str]:
    """Every text within a JSON value."""
    if isinstance(value, Mapping):
        return [text for one in value.values() for text in _texts(one)]
    if isinstance(value, list):
        return [text for one in value for text in _texts(one)]
    return [value] if isinstance(value, str) else []


def _filled(value: object, gaps: Mapping[str, str]) -> object:
    """A JSON value with the gaps of its texts filled in."""
    if isinstance(value, Mapping):
        return {key: _filled(one, gaps) for key, one in value.items()}
    if isinstance(value, list):
        return [_filled(one, gaps) for one in value]
    return _fill(value, gaps) if isinstance(value, str) else value


def _fill(text: str, gaps: Mapping[str, str]) -> str:
    """In one go: what is filled in is not looked through for gaps again."""
    return _GAP.sub(lambda gap: gaps[gap[1]], text)


def _encoded(value: object, encoding: str) -> bytes:
    if encoding == "form" and isinstance(value, Mapping):
        return urlencode({key: str(one) for key, one in value.items()}).encode()
    return json.dumps(value, ensure_ascii=False, default=str).encode()


def _taken(row: Row) -> Taken:
    row.only("field", "values", "again")
    again = row.list_of("again", Row.text) if row.has("again") else ()
    return Taken(row.get("field").text(), row.list_of("values", Row.text), again)
