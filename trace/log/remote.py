"""A log as outsiders reach it: checkpoint, bundles of entries and hash tiles over HTTP."""

from __future__ import annotations

import re
from collections.abc import Sequence

from suyuan.trace.errors import Unavailable
from suyuan.trace.log.tiles import WIDTH, HashReader, Tile, parse_entries, reader_of_tiles
from suyuan.trace.transport import Transport, require_web_address

_CHECKPOINT = "checkpoint"
_USUAL_PREFIX = "log"
_OWN_ADDRESS = re.compile(r"/log(/[0-9]+)?$")


class NotServed(Unavailable):
    """The log does not serve what it should."""

    kind = "not-served"


class RemoteLog:
    """Reads the log at ``url``, which is its prefix, or a site that serves it under ``/log``."""

    def __init__(self, transport: Transport, url: str) -> None:
        require_web_address(url)
        self._transport = transport
        self._prefix = url.rstrip("/")

    def checkpoint(self) -> bytes:
        """The signed checkpoint, as it was served. Raises NotServed."""
        site, refused = self._prefix, []
        for prefix in (site, f"{site}/{_USUAL_PREFIX}"):
            answer = self._transport.get(f"{prefix}/{_CHECKPOINT}")
            if answer.status == 200:
                self._prefix = prefix
                return answer.body
            refused.append(answer)
        if moved := next((one.location for one in refused if one.location), None):
            raise NotServed(
                "{url} leads on to {location}. That is not followed: give the log's own address.",
                url=site,
                location=moved,
            )
        raise NotServed(
            "{url} serves no checkpoint of a log: it answers {status}.",
            url=site,
            status=refused[-1].status,
        )

    def address_of(self, number: int) -> str:
        """Where the same installation serves its log of this number, closed or not."""
        site = _OWN_ADDRESS.sub("", self._prefix)
        return f"{site}/{_USUAL_PREFIX}/{number}"

    def entries(self, index: int, size: int) -> Sequence[bytes]:
        """The entries of bundle ``index`` in a tree of ``size``. Raises NotServed, TileError."""
        tile = Tile("entries", index, min(WIDTH, size - index * WIDTH))
        body, width = self._fetched(tile)
        return parse_entries(body, width)[: tile.width]

    def hashes(self, size: int) -> HashReader:
        """The hashes of a tree of ``size``. Raises NotServed and TileError when it is read."""

        def fetch(tile: Tile) -> bytes:
            body, width = self._fetched(tile)
            return body[: len(body) * tile.width // width]

        return reader_of_tiles(fetch, size)

    def _fetched(self, tile: Tile) -> tuple[bytes, int]:
        """The content of a tile, and how wide it is: who has the full one may drop partial ones."""
        for wanted in (tile, Tile(tile.level, tile.index)):
            answer = self._transport.get(f"{self._prefix}/{wanted.path()}")
            if answer.status == 200:
                return answer.body, wanted.width
        raise NotServed(
            "The log does not serve {path}: it answers {status}.",
            path=tile.path(),
            status=answer.status,
        )
