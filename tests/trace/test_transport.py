"""Over real sockets: logs are audited and witnesses asked, also where servers misbehave."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from socket import socket

import pytest
from click.testing import CliRunner

from suyuan import cli
from suyuan.api.witness import create_witness_app
from suyuan.trace import transport
from suyuan.trace.acts.transaction import Ledger, Writing
from suyuan.trace.acts.witnessing import ask_witnesses, policy_of
from suyuan.trace.errors import InvalidInput, SuyuanError, TooLarge
from suyuan.trace.keys.cosigning import cosignatures
from suyuan.trace.keys.notes import parse_note
from suyuan.trace.log.audit import log_key
from suyuan.trace.log.outside_audit import audit
from suyuan.trace.log.policy import LogLine, Policy
from suyuan.trace.log.queries import head
from suyuan.trace.log.remote import RemoteLog
from suyuan.trace.log.schemas import RecordSchema
from suyuan.trace.parties.actor import SYSTEM
from suyuan.trace.transport import Answer, HttpTransport, NoAnswer
from tests.sockets import Reply, answer, replying, saying, served
from tests.web_clients import site
from tests.witnesses import make_witness

PATIENCE = 0.2
"""Seconds that tests wait which wait in vain; no other may fail where the machine is busy."""
REMARK = RecordSchema("remark", 1, public=("text",))


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setattr(transport, "_TRIES_OF_READING", 1)


@pytest.fixture
def http() -> HttpTransport:
    return HttpTransport(30)


@pytest.fixture
def hasty() -> HttpTransport:
    return HttpTransport(PATIENCE)


@pytest.fixture
def end() -> Iterator[threading.Event]:
    """Set when the test is over, for servers that keep others waiting."""
    over = threading.Event()
    yield over
    over.set()


def grow(ledger: Ledger, count: int) -> int:
    def remarks(w: Writing) -> None:
        for _ in range(count):
            w.record(REMARK, "remark", {"text": "x"})

    ledger.perform(SYSTEM, remarks)
    with ledger.database.read() as session:
        return head(session).size


def trust(ledger: Ledger) -> Policy:
    with ledger.database.read() as session:
        return Policy(logs=(LogLine(log_key(session)),))


def served_checkpoint(ledger: Ledger) -> bytes:
    found: bytes = site(ledger).get("/log/checkpoint").data
    return found


# --- what a transport makes of answers -----------------------------------------------------------


def test_status_media_type_and_body_come_back(http: HttpTransport) -> None:
    with replying(saying("409 Conflict", b"7\n", "Content-Type: text/X.tlog.size; a=b")) as url:
        expected = Answer(409, "text/x.tlog.size", b"7\n")
        assert http.get(f"{url}/a") == http.post(f"{url}/a", b"body") == expected


def test_a_redirect_is_told_and_not_followed(http: HttpTransport) -> None:
    asked: list[str] = []

    def moved(line: str, to: socket) -> None:
        asked.append(line)
        to.sendall(answer("302 Found", b"", "Location: /elsewhere"))

    with replying(moved) as url:
        assert http.get(f"{url}/a") == Answer(302, "", b"", "/elsewhere")
        assert http.post(f"{url}/a", b"x").location == "/elsewhere"
    assert asked == ["GET /a HTTP/1.1", "POST /a HTTP/1.1"]


def hang(over: threading.Event) -> Reply:
    def reply(_line: str, _to: socket) -> None:
        over.wait(20)

    return reply


def hang_within(over: threading.Event) -> Reply:
    def reply(_line: str, to: socket) -> None:
        to.sendall(answer("200 OK", b"x" * 10)[:-5])
        over.wait(20)

    return reply


def drip(over: threading.Event) -> Reply:
    """A byte now and then: no single wait is long."""

    def reply(_line: str, to: socket) -> None:
        to.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while not over.wait(PATIENCE / 2):
            to.sendall(b"x")

    return reply


@pytest.mark.parametrize(
    ("kind", "seconds"), [(hang, "0.2"), (hang_within, "0.2"), (drip, "2")],
    ids=["no answer", "half an answer", "a byte now and then"],
)  # fmt: skip
def test_nobody_is_waited_for_without_end(
    hasty: HttpTransport,
    end: threading.Event,
    kind: Callable[[threading.Event], Reply],
    seconds: str,
) -> None:
    with replying(kind(end)) as url:
        for ask in (partial(hasty.post, url, b"x"), partial(hasty.get, url)):
            began = time.monotonic()
            with pytest.raises(NoAnswer, match=f"did not answer within {seconds} s"):
                ask()
            assert time.monotonic() - began < 10
        end.set()


def endless(_line: str, to: socket) -> None:
    to.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        to.sendall(b"x" * 4096)


@pytest.mark.parametrize("kind", [saying("200 OK", b"x" * 5001), endless], ids=["long", "endless"])
def test_an_answer_that_is_too_long_is_not_read_to_its_end(
    http: HttpTransport, monkeypatch: pytest.MonkeyPatch, kind: Reply
) -> None:
    monkeypatch.setattr(transport, "MAX_ANSWER", 5000)
    with replying(kind) as url, pytest.raises(TooLarge, match="more than 5000 bytes"):
        http.get(url)
    with replying(saying("200 OK", b"x" * 5000)) as url:
        assert len(http.get(url).body) == 5000


def test_what_cannot_be_reached_is_told_apart(http: HttpTransport) -> None:
    with replying(saying("200 OK")) as url:
        gone = url
    with pytest.raises(NoAnswer, match="takes no connections"):
        http.get(gone)
    with pytest.raises(NoAnswer, match=r"There is no host nowhere\.invalid"):
        http.get("http://nowhere.invalid/log")
    with pytest.raises(InvalidInput, match="begins with https"):
        http.get("ftp://127.0.0.1/log")


@pytest.mark.parametrize(
    "said",
    [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort", b"\x16\x03\x01 not http\r\n"],
    ids=["nothing", "less than it said", "something else"],
)  # fmt: skip
def test_a_broken_answer_is_none(http: HttpTransport, said: bytes) -> None:
    with replying(lambda _line, to: to.sendall(said)) as url:
        for ask in (partial(http.post, url, b"x"), partial(http.get, url)):
            with pytest.raises(NoAnswer, match="did not answer"):
                ask()


# --- a log is audited from outside ---------------------------------------------------------------


def test_a_log_is_audited_over_http(ledger: Ledger, http: HttpTransport) -> None:
    size = grow(ledger, 300)
    with served(site(ledger).application) as url:
        remote = RemoteLog(HttpTransport(30), url)
        done = audit(remote, trust(ledger))
        assert (done.checkpoint.size, list(done.findings)) == (size, [])
        size = grow(ledger, 5)
        again = audit(remote, trust(ledger), done.remember)
        assert (again.checkpoint.size, list(again.findings)) == (size, [])


def test_the_command_audits_over_http(ledger: Ledger, tmp_path: Path) -> None:
    size = grow(ledger, 3)
    with ledger.database.read() as session:
        key = str(log_key(session))
    with served(site(ledger).application) as url:
        asked = ["log", "audit", url, "--vkey", key, "--json"]
        done = CliRunner().invoke(cli.main, asked)
        assert (done.exit_code, json.loads(done.output)["size"]) == (0, size)
    done = CliRunner().invoke(cli.main, asked)
    assert done.exit_code != 0
    assert "takes no connections" in done.output


@pytest.mark.parametrize(
    ("reply", "says"),
    [
        (saying("500 Oops", b"<html>"), "serves no checkpoint of a log: it answers 500"),
        (saying("301 Moved", b"", "Location: https://www.example.cn/log/checkpoint"),
         "leads on to https://www.example.cn/log/checkpoint. That is not followed"),
        (saying("200 OK", b"<html>welcome</html>"), "signed note"),
        (saying("200 OK", b"x" * 5001), "more than 5000 bytes"),
    ],
    ids=["an error", "a redirect", "another page", "too long"],
)  # fmt: skip
def test_a_site_that_serves_no_log_is_explained(
    ledger: Ledger, http: HttpTransport, monkeypatch: pytest.MonkeyPatch, reply: Reply, says: str
) -> None:
    monkeypatch.setattr(transport, "MAX_ANSWER", 5000)
    with replying(reply) as url, pytest.raises(SuyuanError) as refusal:
        audit(RemoteLog(http, url), trust(ledger))
    assert says in str(refusal.value)


def test_a_site_that_answers_too_late_is_explained(
    ledger: Ledger, hasty: HttpTransport, end: threading.Event
) -> None:
    with replying(hang(end)) as url:
        with pytest.raises(NoAnswer, match=r"within 0\.2 s"):
            audit(RemoteLog(hasty, url), trust(ledger))
        end.set()


def test_a_log_without_its_entries_is_explained(ledger: Ledger, http: HttpTransport) -> None:
    note = served_checkpoint(ledger)

    def reply(line: str, to: socket) -> None:
        found = line.split()[1] == "/log/checkpoint"
        to.sendall(answer("200 OK", note) if found else answer("503 Busy"))

    with replying(reply) as url, pytest.raises(SuyuanError) as refusal:
        audit(RemoteLog(http, f"{url}/log"), trust(ledger))
    assert "does not serve tile/entries/000" in str(refusal.value)
    assert "it answers 503" in str(refusal.value)


# --- a witness is asked --------------------------------------------------------------------------


def name_witness(ledger: Ledger, key: object, url: str) -> None:
    lines = (f"witness one {key} {url}", "quorum one", "")
    ledger.settings.policy_file.write_text("\n".join(lines))


@pytest.fixture
def policy_file(ledger: Ledger) -> Iterator[Path]:
    yield ledger.settings.policy_file
    ledger.settings.policy_file.unlink()


def test_a_witness_is_asked_over_http(ledger: Ledger, tmp_path: Path, policy_file: Path) -> None:
    witness = make_witness(tmp_path, "one", ledger)
    with served(create_witness_app(witness)) as url:
        name_witness(ledger, witness.key, url)
        for count in (1, 40):  # the second time with a proof
            size = grow(ledger, count)
            heard = ask_witnesses(ledger)
            assert [one.trouble for one in heard] == [None]
            note = parse_note(served_checkpoint(ledger))
            assert int(note.text.split("\n")[1]) == size
            assert len(cosignatures(note, policy_of(ledger.settings).witness_keys)) == 1


@pytest.mark.parametrize(
    ("reply", "says"),
    [
        (saying("500 Oops", b"out of  ink\n"), "500 out of ink"),
        (saying("308 Moved", b"<html>", "Location: https://w.example/"),
         "308 Location: https://w.example/"),
        (saying("200 OK", b"<html>"), "A signed note is text"),
        (saying("200 OK", b"x" * 5001), "more than 5000 bytes"),
        (lambda _line, to: to.sendall(b""), "did not answer"),
    ],
    ids=["an error", "a redirect", "another page", "too long", "nothing"],
)  # fmt: skip
def test_what_a_witness_does_wrong_is_kept_for_the_operator(
    ledger: Ledger,
    http: HttpTransport,
    tmp_path: Path,
    policy_file: Path,
    monkeypatch: pytest.MonkeyPatch,
    reply: Reply,
    says: str,
) -> None:
    monkeypatch.setattr(transport, "MAX_ANSWER", 5000)
    key = make_witness(tmp_path, "one", ledger).key
    with replying(reply) as url:
        name_witness(ledger, key, url)
        grow(ledger, 1)
        (heard,) = ask_witnesses(ledger, http)
    assert heard.cosignature is None
    assert says in str(heard.trouble)


def test_a_witness_that_answers_too_late_is_kept_for_the_operator(
    ledger: Ledger,
    hasty: HttpTransport,
    end: threading.Event,
    tmp_path: Path,
    policy_file: Path,
) -> None:
    key = make_witness(tmp_path, "one", ledger).key
    with replying(hang(end)) as url:
        name_witness(ledger, key, url)
        grow(ledger, 1)
        (heard,) = ask_witnesses(ledger, hasty)
        end.set()
    assert heard.cosignature is None
    assert "did not answer within 0.2 s" in str(heard.trouble)
