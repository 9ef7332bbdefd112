"""Logs made up for tests and measurements: served from memory, as large as is asked for."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256

from suyuan.trace.keys.cosigning import Cosigner
from suyuan.trace.keys.notes import Ed25519Signer, Note, parse_note
from suyuan.trace.log import tiles
from suyuan.trace.log.checkpoint import sign_checkpoint
from suyuan.trace.log.frontier import TILE_HEIGHT
from suyuan.trace.log.merkle import HASH_SIZE, leaf_hash
from suyuan.trace.log.merkle import root as root_of
from suyuan.trace.log.tiles import WIDTH, Tile, parse_tile_path, write_entries
from suyuan.trace.transport import Answer

URL = "https://trace.example.cn/log"
SIGNER = Ed25519Signer("trace.example.cn/log", bytes(range(32)))


def entry(index: int) -> bytes:
    """An entry as long as a real one."""
    digest = sha256(b"%d" % index).hexdigest()[:43]
    return b'{"at":"2026-06-01T00:00Z","digest":"%s=","v":1}' % digest.encode()


class Forgetful(list[str]):
    """Keeps nothing: for what is measured to be the audit and not what was asked."""

    def append(self, _item: str) -> None:
        """Let it go."""


class MadeLog:
    """A log of ``size`` entries that answers as its own transport.

    ``spoil``: what to make of a served body, given the path below the log's prefix.
    """

    def __init__(self, size: int, entry: Callable[[int], bytes] = entry) -> None:
        self.entry = entry
        self.levels = [bytearray()]
        self.size = 0
        self.asked: list[str] = []
        self.cosigners: list[Cosigner] = []
        self.spoil: Callable[[str, bytes], bytes] = lambda _path, body: body
        self.grow(size)

    def grow(self, size: int) -> None:
        """Append entries up to ``size``."""
        for index in range(self.size, size):
            self.levels[0] += leaf_hash(self.entry(index))
        self.size = size
        level = 0
        while len(self.levels[level]) // HASH_SIZE >= WIDTH:
            if len(self.levels) == level + 1:
                self.levels.append(bytearray())
            above = self.levels[level + 1]
            for tile in range(len(above) // HASH_SIZE, size >> TILE_HEIGHT * (level + 1)):
                above += root_of(self._hashes(level, tile * WIDTH, (tile + 1) * WIDTH))
            level += 1

    def root(self) -> bytes:
        return tiles.tree_root(self._hashes, self.size)

    def checkpoint(self) -> Note:
        note = parse_note(sign_checkpoint(SIGNER.name, self.size, self.root(), SIGNER))
        lines = [one.cosign(note.text, 1_780_000_000) for one in self.cosigners]
        return Note(note.text, (*note.signatures, *lines))

    def get(self, url: str) -> Answer:
        path = url.removeprefix(f"{URL}/")
        self.asked.append(path)
        if path == "checkpoint":
            return Answer(200, "text/plain", str(self.checkpoint()).encode())
        if not path.startswith("tile/"):
            return Answer(404, "text/plain", b"")
        tile = parse_tile_path(path)
        if not tile.in_tree(self.size):
            return Answer(404, "text/plain", b"")
        return Answer(200, "application/octet-stream", self.spoil(path, self._content(tile)))

    def post(self, url: str, body: bytes) -> Answer:
        raise AssertionError("an audit posts nothing")

    def _content(self, tile: Tile) -> bytes:
        start = tile.index * WIDTH
        if tile.level == "entries":
            return write_entries([self.entry(start + at) for at in range(tile.width)])
        return b"".join(self._hashes(tile.level, start, start + tile.width))

    def _hashes(self, level: int, start: int, end: int) -> list[bytes]:
        kept = self.levels[level]
        return [bytes(kept[at * HASH_SIZE : (at + 1) * HASH_SIZE]) for at in range(start, end)]
