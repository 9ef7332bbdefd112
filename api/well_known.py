"""What outsiders read without asking anybody: the log, the key directory, the status list.

All of it is signed or leads to what is signed, is the same for every reader, and much of it never
changes again: it is made for caches in front. The database is the ledger's, found in
``current_app.extensions["suyuan"]``.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TypeVar, cast

import structlog
from flask import Blueprint, Response, current_app, jsonify, request
from sqlalchemy.orm import Session

from suyuan.api.resolver import GS1
from suyuan.trace.acts.opening import instance_of
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.acts.witnessing import policy_of
from suyuan.trace.codes import queries as codes
from suyuan.trace.codes.paths import parse_path
from suyuan.trace.codes.signing import label_host
from suyuan.trace.errors import InvalidInput, Misconfigured, NotFound, SuyuanError
from suyuan.trace.log import queries as log
from suyuan.trace.log.proof_file import SUFFIX
from suyuan.trace.log.tiles import TileError, parse_tile_path
from suyuan.trace.log.witnesses import proof_file_of, served_head
from suyuan.trace.printing.online import run_proof

T = TypeVar("T")
_log = structlog.get_logger(__name__)

blueprint = Blueprint("well_known", __name__)

_NOTE = "text/plain; charset=utf-8"
_BYTES = "application/octet-stream"
_FOR_EVER = 365 * 24 * 3600
_CHECKPOINT = 5
"""Seconds for which caches may keep a checkpoint: it is as new as the last record."""
_ASK_EACH_TIME = 0
"""For directory and status list: caches may keep them, and ask each time whether they are still the
newest, so that a recall reaches whoever asks at once. An unchanged one is answered by 304."""
_RESOLVER = 60
"""Seconds for which caches may keep what the resolver does."""


@blueprint.get("/log/checkpoint")
def checkpoint() -> Response:
    """The signed head of the log (C2SP tlog-checkpoint), with the witnesses' cosignatures."""
    policy = policy_of(_ledger().settings)
    return _published(_read(lambda session: served_head(session, policy).note), _NOTE, _CHECKPOINT)


@blueprint.get("/log/proof/<int(max=1099511627775):index>")
def proof(index: int) -> Response:
    """The place of one entry in the log as a file (C2SP tlog-proof)."""
    return _proof(index)


@blueprint.get("/log/run/<path:path>")
def run_of(path: str) -> Response:
    """That the print run of a code was logged before its key was revoked, as a file."""
    policy = policy_of(_ledger().settings)
    try:
        wanted = parse_path(f"/{path}")
    except InvalidInput as error:
        raise NotFound(
            "No print run under a key that was revoked since holds this code."
        ) from error
    made = _read(lambda session: run_proof(session, wanted, policy))
    body = json.dumps(made.to_json(), ensure_ascii=False, indent=1)
    return _published(body, "application/json", _CHECKPOINT)


@blueprint.get("/log/tile/<path:address>")
def tile(address: str) -> Response:
    """A tile of hashes or a bundle of entries (C2SP tlog-tiles). Never changes once served."""
    return _tile(address)


@blueprint.get("/log/<int(max=2147483647):number>/checkpoint")
def checkpoint_of(number: int) -> Response:
    """The last head of a log that was closed: an installation may have had several."""
    note = _read(lambda session: log.log_numbered(session, number).checkpoint)
    return _published(note, _NOTE, _CHECKPOINT)


@blueprint.get("/log/<int(max=2147483647):number>/proof/<int(max=1099511627775):index>")
def proof_of(number: int, index: int) -> Response:
    """The place of one entry in the log of this number, open or closed."""
    return _proof(index, number)


@blueprint.get("/log/<int(max=2147483647):number>/tile/<path:address>")
def tile_of(number: int, address: str) -> Response:
    """A tile or bundle of a log that was closed."""
    return _tile(address, number)


@blueprint.get("/.well-known/suyuan/keys")
def keys() -> Response:
    """The key directory, as the root signed it."""
    note = _read(lambda session: codes.newest_directory(session).note)
    return _published(note, _NOTE, _ASK_EACH_TIME)


@blueprint.get("/.well-known/suyuan/keys/<int(max=2147483647):seq>")
def keys_edition(seq: int) -> Response:
    """One edition of the key directory: whoever knows an old root only finds the way from here."""
    note = _read(lambda session: codes.directory_edition(session, seq).note)
    return _published(note, _NOTE, _FOR_EVER)


@blueprint.get("/.well-known/suyuan/status")
def status() -> Response:
    """The note of the newest status list; its body is at its number."""
    note = _read(lambda session: codes.newest_status(session).note)
    return _published(note, _NOTE, _ASK_EACH_TIME)


@blueprint.get("/.well-known/suyuan/status/<int(max=2147483647):seq>")
def status_body(seq: int) -> Response:
    """The body of one status list."""
    body = _read(lambda session: codes.status_body(session, seq))
    return _published(body, _NOTE, _FOR_EVER)


@blueprint.get("/.well-known/suyuan/status/<int(max=2147483647):older>-<int(max=2147483647):newer>")
def status_delta(older: int, newer: int) -> Response:
    """What changed from one status list to another."""
    delta = _read(lambda session: codes.status_delta(session, older, newer))
    return _published(delta, _NOTE, _FOR_EVER)


@blueprint.get("/.well-known/gs1resolver")
def gs1_resolver() -> Response:
    """What this resolver does (GS1-Conformant resolver standard, resolver description file)."""
    host = label_host(_read(instance_of).hosts)
    answer = jsonify(
        name=current_app.extensions["suyuan"].settings.authority or host.host,
        resolverRoot=str(host),
        supportedPrimaryKeys=["01"],
        linkTypeDefaultCanBeLinkset=False,
        supportedLinkType=[
            {
                "namespace": GS1,
                "prefix": "gs1:",
                "profile": "https://ref.gs1.org/standards/resolver",
            }
        ],
    )
    return _cached(answer, _RESOLVER)


@blueprint.errorhandler(SuyuanError)
def _refused(error: SuyuanError) -> Response:
    """Programs read these addresses, so they are answered in plain text."""
    if isinstance(error, Misconfigured):
        _log.error("published.failed", path=request.path, why=str(error))
        error = error.for_others()
    return Response(f"{error}\n", error.status, content_type=_NOTE)


def _proof(index: int, number: int = 0) -> Response:
    policy = policy_of(_ledger().settings)
    said = _read(lambda session: proof_file_of(session, index, policy, number).text())
    answer = _published(said, _NOTE, _CHECKPOINT)
    answer.headers.set("Content-Disposition", "attachment", filename=f"{index}{SUFFIX}")
    return answer


def _ledger() -> Ledger:
    return cast("Ledger", current_app.extensions["suyuan"])


def _tile(address: str, number: int = 0) -> Response:
    try:
        wanted = parse_tile_path(f"tile/{address}")
    except TileError as error:
        raise NotFound("The log has no such tile.") from error
    content = _read(lambda session: log.tile_content(session, wanted, number))
    return _published(content, _BYTES, _FOR_EVER)


def _read(read: Callable[[Session], T]) -> T:
    with _ledger().database.read() as session:
        return read(session)


def _published(body: str | bytes, content_type: str, seconds: int) -> Response:
    return _cached(Response(body, content_type=content_type), seconds)


def _cached(response: Response, seconds: int) -> Response:
    """The response with what caches need; 304 where the reader has it already."""
    response.cache_control.public = True
    if seconds == _ASK_EACH_TIME:
        response.cache_control.no_cache = True
    else:
        response.cache_control.max_age = seconds
    response.cache_control.immutable = seconds == _FOR_EVER
    # scanners of other sites read these, and nothing here is private
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.add_etag()
    response.make_conditional(request)
    return response
