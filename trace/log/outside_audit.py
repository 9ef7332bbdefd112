"""Auditing a log from outside: everything that is new since the last time, over HTTP.

An auditor remembers one checkpoint and the edge of its tree, O(log n) hashes. New entries are
hashed onto that edge, so a tree that leads to the new checkpoint's root has the old one as its
beginning: no proof has to be asked for. Memory does not grow with the log.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from suyuan.trace.errors import InvalidInput
from suyuan.trace.keys.cosigning import Cosignature, cosignatures
from suyuan.trace.keys.notes import Note, VerifierKey, parse_note
from suyuan.trace.log import frontier, merkle
from suyuan.trace.log.checkpoint import Checkpoint, open_checkpoint, parse_checkpoint
from suyuan.trace.log.findings import Finding, Kind, at_leaf
from suyuan.trace.log.frontier import CompletedTile, Frontier
from suyuan.trace.log.merkle import leaf_hash
from suyuan.trace.log.policy import Policy
from suyuan.trace.log.positions import number_of
from suyuan.trace.log.remote import RemoteLog
from suyuan.trace.log.tiles import WIDTH, HashReader, tree_root, tree_width

MOST = 100
"""Findings after which an audit stops: such a log is not described further."""

Told = Callable[[int, int], None]
"""Told how many entries are done, of how many."""


class OtherLog(InvalidInput):
    """The log that is served is not the one that is known: the installation may go on with it."""

    kind = "other-log"


@dataclass(frozen=True)
class Remembered:
    """What an auditor keeps of a log: its last checkpoint, as signed, and the edge of that tree."""

    key: VerifierKey
    edge: Frontier
    checkpoint: str


@dataclass(frozen=True)
class Audited:
    """What came of an audit. ``remember`` is what to keep; none where something was found."""

    checkpoint: Checkpoint
    note: str
    before: int
    cosigned: tuple[Cosignature, ...]
    findings: tuple[Finding, ...]
    remember: Remembered | None


def audit(
    remote: RemoteLog,
    policy: Policy,
    last: Remembered | None = None,
    told: Told = lambda _done, _of: None,
) -> Audited:
    """Fetch what is new since ``last``, and check all of it.

    Raises OtherLog for the checkpoint of another log than those of ``policy``, or than the one of
    ``last``; NoteError and CheckpointError for one that none of them has signed; NotServed,
    NoAnswer and TileError for what cannot be read.
    """
    note = parse_note(remote.checkpoint())
    _require_log_of(note, [one.key.name for one in policy.logs], remote)
    if last is not None:
        _require_log_of(note, [last.key.name], remote)
    (key, *_) = note.signed_by([one.key for one in policy.logs])
    new = open_checkpoint(note, key)
    cosigned = cosignatures(note, policy.witness_keys)
    findings = []
    if not policy.met_by([one.key for one in cosigned]):
        findings.append(
            Finding(Kind.UNWITNESSED, f"tree/{new.size}", "the quorum of the policy is not met")
        )
    edge = last.edge if last else Frontier()
    if new.size < edge.size:
        findings.append(
            Finding(Kind.ROLLED_BACK, f"tree/{new.size}", f"last time it had {edge.size} entries")
        )
    else:
        reading = _Reading(remote, new, edge)
        reading.read(told)
        findings += reading.findings
        edge = reading.edge
    sound = not findings
    return Audited(
        new, str(note), last.edge.size if last else 0, cosigned, tuple(findings[:MOST]),
        Remembered(key, edge, str(_own(note, key))) if sound else None,
    )  # fmt: skip


def _require_log_of(note: Note, known: Sequence[str], remote: RemoteLog) -> None:
    served = parse_checkpoint(note.text).origin
    if served not in known:
        raise OtherLog(
            "Here is the log {is_}, and known is {should}. An installation that was restored from "
            "a backup has closed its log and goes on with another. Audit the closed one once more "
            "at {closed}, with what you have; audit this one with its own key, which the "
            "installation's key directory lists, and a new file of what was seen.",
            is_=served,
            should=known[0],
            closed=remote.address_of(number_of(known[0])),
        )


class _Reading:
    """One pass over the new entries; ``edge`` grows to the new tree."""

    def __init__(self, remote: RemoteLog, new: Checkpoint, edge: Frontier) -> None:
        self.findings: list[Finding] = []
        self.edge = self._old = edge
        self._remote = remote
        self._new = new
        self._served = remote.hashes(new.size)

    def read(self, told: Told) -> None:
        size = self._new.size
        while self.edge.size < size and len(self.findings) < MOST:
            self._read_bundle(self.edge.size // WIDTH)
            told(self.edge.size, size)
        if len(self.findings) >= MOST:
            return
        self._check_edge_tiles()
        if self.edge.root() != self._new.root:
            # of tiles above entries that are not the signed ones nothing can be said
            self.findings = [one for one in self.findings if one.kind != Kind.CHANGED_TILE]
            self._explain_other_root()
        else:  # the entries are those that were signed: where a tile differs, the tile is wrong
            self.findings = [_of_tile(one) for one in self.findings]

    def _read_bundle(self, index: int) -> None:
        entries = self._remote.entries(index, self._new.size)[self.edge.size - index * WIDTH :]
        first = self.edge.size
        hashes = [leaf_hash(entry) for entry in entries]
        growth = frontier.append(self.edge, hashes)
        served = self._served(0, index * WIDTH, first + len(hashes))
        self._compare(first, hashes, served[first - index * WIDTH :])
        for tile in growth.completed:
            if tile.level > 0:
                self._check_tile(tile)
        self.edge = growth.frontier

    def _compare(self, first: int, ours: Sequence[bytes], served: Sequence[bytes]) -> None:
        """Entries against the hashes that the log serves for them."""
        if list(ours) == list(served):
            return
        places = {value: first + offset for offset, value in enumerate(served)}
        for offset, (mine, theirs) in enumerate(zip(ours, served, strict=True)):
            if mine == theirs:
                continue
            if mine in places:
                says = f"its entry belongs at {places[mine]} by the log's hash tiles"
                self.findings.append(at_leaf(Kind.REORDERED, first + offset, says))
            else:
                says = "its entry has not the hash that the log's hash tiles name"
                self.findings.append(at_leaf(Kind.CHANGED_LEAF, first + offset, says))

    def _check_tile(self, tile: CompletedTile) -> None:
        """A full tile of a level above: its hashes must lead to the root that the entries have."""
        start = tile.index * WIDTH
        if merkle.root(self._served(tile.level, start, start + WIDTH)) != tile.root:
            self._wrong_tile(tile.level, tile.index)

    def _check_edge_tiles(self) -> None:
        """The partial tiles of the levels above, by the part of the edge that they stand for."""
        size, level = self.edge.size, 1
        while (width := tree_width(level, size)) > 0:
            start = width // WIDTH * WIDTH
            if width > start:
                served = frontier.append(Frontier(), self._served(level, start, width)).frontier
                if served.hashes != _part_of_edge(self.edge, level):
                    self._wrong_tile(level, start // WIDTH)
            level += 1

    def _wrong_tile(self, level: int, index: int) -> None:
        says = "its hashes are not those of the entries below"
        self.findings.append(Finding(Kind.CHANGED_TILE, f"tile/{level}/{index}", says))

    def _explain_other_root(self) -> None:
        """The entries do not lead to the signed root: is it what was there before, or the new?"""
        old, new = self._old, self._new
        if old.size and (old.size == new.size or _root(self._served, old.size) != old.root()):
            says = f"the first {old.size} entries are not those that this log had signed before"
            self.findings.append(Finding(Kind.FORKED, f"tree/{old.size}", says))
            return
        if self.findings:
            return  # the entries named there are why
        says = "the entries do not lead to the root that the log has signed"
        self.findings.append(Finding(Kind.FORKED, f"tree/{new.size}", says))


def _of_tile(finding: Finding) -> Finding:
    if finding.kind not in (Kind.CHANGED_LEAF, Kind.REORDERED):
        return finding
    says = "the hash tile of level 0 has another hash for it than its entry"
    return Finding(Kind.CHANGED_TILE, finding.at, says)


def _root(read: HashReader, size: int) -> bytes | None:
    try:
        return tree_root(read, size)
    except InvalidInput:
        return None


def _part_of_edge(edge: Frontier, level: int) -> tuple[bytes, ...]:
    """Those hashes of the edge that stand for the partial tile of ``level``."""
    heights = [height for height in range(edge.size.bit_length()) if edge.size >> height & 1][::-1]
    low = frontier.TILE_HEIGHT * level
    return tuple(
        value
        for height, value in zip(heights, edge.hashes, strict=True)
        if low <= height < low + frontier.TILE_HEIGHT
    )


def _own(note: Note, key: VerifierKey) -> Note:
    """The checkpoint with the log's own signature only: what convicts a log that forks."""
    named = (key.name, key.key_id)
    own = [one for one in note.signatures if (one.name, one.key_id) == named]
    return Note(note.text, tuple(own))
