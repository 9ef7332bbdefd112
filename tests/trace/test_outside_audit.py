"""An auditor outside: reads only what is new, remembers little, and names what it finds."""

from __future__ import annotations

import json
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from suyuan.trace.errors import InvalidInput, Misconfigured
from suyuan.trace.keys.cosigning import Cosigner
from suyuan.trace.keys.notes import Ed25519Signer, Note, NoteError
from suyuan.trace.log.audit_memory import read_memory, write_memory
from suyuan.trace.log.findings import Kind
from suyuan.trace.log.outside_audit import Audited, Remembered, audit
from suyuan.trace.log.policy import LogLine, Policy, Witness
from suyuan.trace.log.remote import NotServed, RemoteLog
from suyuan.trace.log.tiles import parse_entries, write_entries
from suyuan.trace.transport import Answer
from tests.made_logs import SIGNER, URL, Forgetful, MadeLog, entry

TRUST = Policy(logs=(LogLine(SIGNER.verifier),))


def look(log: MadeLog, last: Remembered | None = None, policy: Policy = TRUST) -> Audited:
    return audit(RemoteLog(log, URL), policy, last)


def kinds(done: Audited) -> set[tuple[Kind, str]]:
    return {(one.kind, one.at) for one in done.findings}


@given(st.lists(st.integers(0, 1500), min_size=1, max_size=4))
@settings(max_examples=15)
def test_a_log_that_only_grows_is_sound_however_often_one_looks(sizes: list[int]) -> None:
    last, log = None, MadeLog(0)
    for size in sorted(sizes):
        log.grow(size)
        done = look(log, last)
        assert not done.findings
        assert done.remember is not None
        assert (done.checkpoint.size, done.remember.edge.root()) == (size, log.root())
        last = done.remember


def test_only_what_is_new_is_fetched() -> None:
    log = MadeLog(2000)
    last = look(log).remember
    log.grow(2100)
    log.asked.clear()
    assert not look(log, last).findings
    assert log.asked == [
        "checkpoint",
        "tile/entries/007", "tile/0/007",
        "tile/entries/008.p/52", "tile/0/008.p/52",
        "tile/1/000.p/8",
    ]  # fmt: skip
    log.asked.clear()
    assert not look(log, look(log, last).remember).findings


class Pruned(MadeLog):
    """Has dropped each partial tile that has become full since its checkpoint of 700 entries."""

    def get(self, url: str) -> Answer:
        if url.endswith(("entries/002.p/188", "0/002.p/188")):
            return Answer(404, "text/plain", b"")
        return super().get(url)

    def checkpoint(self) -> Note:
        return MadeLog(700).checkpoint()


def test_partial_tiles_that_are_gone_are_read_from_full_ones() -> None:
    assert not look(Pruned(768)).findings


def test_a_log_below_its_site_is_found() -> None:
    log = MadeLog(5)
    remote = RemoteLog(log, "https://trace.example.cn")
    assert not audit(remote, TRUST).findings
    with pytest.raises(NotServed):
        audit(RemoteLog(log, "https://elsewhere.example"), TRUST)


def test_a_forked_tree_is_named() -> None:
    last = look(MadeLog(1000)).remember
    forked = MadeLog(1300, lambda index: entry(index if index != 17 else 99))
    assert kinds(look(forked, last)) == {(Kind.FORKED, "tree/1000")}
    same_size = MadeLog(1000, lambda index: entry(index if index != 999 else 99))
    assert kinds(look(same_size, last)) == {(Kind.FORKED, "tree/1000")}
    assert look(forked, last).remember is None
    assert kinds(look(MadeLog(999), last)) == {(Kind.ROLLED_BACK, "tree/999")}


def swapped(path: str, body: bytes) -> bytes:
    if path != "tile/entries/001":
        return body
    entries = parse_entries(body, 256)
    entries[3], entries[4] = entries[4], entries[3]
    return write_entries(entries)


def rewritten(path: str, body: bytes) -> bytes:
    return body.replace(b"2026", b"2025", 1) if path == "tile/entries/001" else body


def test_reordered_and_changed_leaves_are_named() -> None:
    log = MadeLog(1000)
    log.spoil = swapped
    assert kinds(look(log)) == {(Kind.REORDERED, "leaf/259"), (Kind.REORDERED, "leaf/260")}
    log.spoil = rewritten
    assert kinds(look(log)) == {(Kind.CHANGED_LEAF, "leaf/256")}


@pytest.mark.parametrize(
    ("path", "at"),
    [("tile/0/001", "leaf/257"), ("tile/1/000", "tile/1/000"), ("tile/1/001.p/20", "tile/1/1"),
     ("tile/2/000.p/1", "tile/2/0")],
)  # fmt: skip
def test_a_changed_tile_is_named(path: str, at: str) -> None:
    log = MadeLog(276 * 256 + 7)
    log.spoil = lambda asked, body: body[:32] + bytes(32) + body[64:] if asked == path else body
    if path.endswith("p/1"):
        log.spoil = lambda asked, body: bytes(32) if asked == path else body
    assert kinds(look(log)) == {(Kind.CHANGED_TILE, at.replace("000", "0"))}


def test_entries_that_do_not_lead_to_the_signed_root_are_named() -> None:
    log, other = MadeLog(40), MadeLog(40, lambda index: entry(index + 1))
    log.checkpoint = other.checkpoint  # type: ignore[method-assign]
    assert kinds(look(log)) == {(Kind.FORKED, "tree/40")}


def test_too_few_witnesses_are_named_and_strangers_not_believed() -> None:
    cosigner = Cosigner(Ed25519Signer("w.example/w", bytes(32)))
    policy = Policy(TRUST.logs, (Witness("w", cosigner.verifier),), {}, "w")
    log = MadeLog(5)
    assert kinds(look(log, policy=policy)) == {(Kind.UNWITNESSED, "tree/5")}
    log.cosigners.append(cosigner)
    assert [one.timestamp for one in look(log, policy=policy).cosigned] == [1_780_000_000]
    stranger = Ed25519Signer(SIGNER.name, bytes(32))
    with pytest.raises(NoteError):
        look(log, policy=Policy(logs=(LogLine(stranger.verifier),)))


@pytest.mark.parametrize(
    "spoil", [lambda _p, b: b[:-1], lambda _p, b: b + b"x", lambda _p, _b: b""]
)
def test_what_is_no_tile_is_refused_in_words(spoil) -> None:  # type: ignore[no-untyped-def]
    log = MadeLog(300)
    log.spoil = spoil
    with pytest.raises(InvalidInput):
        look(log)


def test_memory_is_kept_whole_or_not_at_all(tmp_path: Path) -> None:
    file = tmp_path / "trace.audit"
    assert read_memory(file) is None
    last = look(MadeLog(1000)).remember
    assert last is not None
    write_memory(file, last)
    assert read_memory(file) == last
    said = json.loads(file.read_text())
    spoilt: object
    for spoilt in ({**said, "edge": ""}, {**said, "format": "x"}, {**said, "key": "x"}, [], "x"):
        file.write_text(json.dumps(spoilt))
        with pytest.raises(Misconfigured):
            read_memory(file)


def test_a_log_ten_times_as_large_takes_no_more_memory() -> None:
    """The measure of a million entries is in bench/; here it is only seen not to grow."""
    peaks = []
    for size in (4_000, 40_000):
        log = MadeLog(size)
        log.asked = Forgetful()
        tracemalloc.start()
        assert not look(log).findings
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.2 * peaks[0], peaks
