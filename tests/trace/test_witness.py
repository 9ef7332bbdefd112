"""A witness as its clients see it: the statuses of c2sp.org/tlog-witness, and no way back."""

from __future__ import annotations

import hashlib
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from suyuan.api.witness import create_witness_app
from suyuan.trace.clock import SetClock
from suyuan.trace.errors import Conflict, Forbidden, InvalidInput
from suyuan.trace.keys.cosigning import cosignatures, cosignatures_of_answer
from suyuan.trace.keys.notes import Ed25519Signer, parse_note, sign_note
from suyuan.trace.log.add_checkpoint import SIZE_TYPE, parse_request, write_request
from suyuan.trace.log.checkpoint import Checkpoint, sign_checkpoint
from suyuan.trace.log.merkle import EMPTY_ROOT, consistency_proof, leaf_hash, root
from suyuan.trace.witness.store import FILE, WitnessStore
from suyuan.trace.witness.witness import WitnessAtWork, create_witness
from tests.opened import CHEAP

LOG = Ed25519Signer("trace.example.cn/log", bytes(range(32)))
OTHER = Ed25519Signer("trace.example.cn/log", bytes(32))
LEAVES = [leaf_hash(str(number).encode()) for number in range(40)]
FORKED = [*LEAVES[:6], leaf_hash(b"another"), *LEAVES[7:]]
NOW = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.fixture
def witness(tmp_path: Path) -> WitnessAtWork:
    create_witness(tmp_path / "w", "witness.example.cn/w1", "secret", CHEAP)
    store = WitnessStore(tmp_path / "w")
    store.add_key(LOG.name, LOG.verifier)
    return WitnessAtWork(tmp_path / "w", "secret", SetClock(NOW))


def signed(size: int, leaves: list[bytes] = LEAVES, signer: Ed25519Signer = LOG) -> str:
    return sign_checkpoint(signer.name, size, root(leaves[:size]), signer)


def proof(old: int, new: int, leaves: list[bytes] = LEAVES) -> list[bytes]:
    return consistency_proof(leaves[:new], old) if 0 < old <= new else []


def ask(witness: WitnessAtWork, body: bytes) -> TestResponse:
    return create_witness_app(witness).test_client().post("/add-checkpoint", data=body)


def grow(witness: WitnessAtWork, old: int, new: int) -> TestResponse:
    return ask(witness, write_request(old, proof(old, new), signed(new)))


def test_a_log_that_grows_is_cosigned_with_the_time(witness: WitnessAtWork) -> None:
    for old, new in ((0, 7), (7, 7), (7, 8), (8, 40)):
        answer = grow(witness, old, new)
        assert answer.status_code == 200, answer.text
        note = parse_note(signed(new))
        (found,) = cosignatures_of_answer(note.text, answer.data, [witness.key])
        assert found.timestamp == NOW.timestamp()
    assert witness.store.log(LOG.name).seen.size == 40


def test_another_old_size_is_told_which_it_should_be(witness: WitnessAtWork) -> None:
    answer = grow(witness, 5, 7)
    assert (answer.status_code, answer.data) == (409, b"0\n")
    assert answer.headers["Content-Type"] == "text/x.tlog.size"
    grow(witness, 0, 7)
    assert (grow(witness, 0, 8).status_code, grow(witness, 0, 8).data) == (409, b"7\n")
    assert grow(witness, 0, 0).data == b"7\n"  # how a client asks what was seen last


def test_a_log_that_is_not_followed_is_not_found(witness: WitnessAtWork) -> None:
    stranger = Ed25519Signer("elsewhere.example/log", bytes(range(32)))
    body = write_request(0, [], signed(3, signer=stranger))
    assert ask(witness, body).status_code == 404


def test_who_does_not_hold_the_logs_key_is_refused(witness: WitnessAtWork) -> None:
    assert ask(witness, write_request(0, [], signed(3, signer=OTHER))).status_code == 403
    spoilt = signed(3).replace("\n3\n", "\n4\n")
    assert ask(witness, write_request(0, [], spoilt)).status_code == 403
    both = sign_note(Checkpoint(LOG.name, 3, root(LEAVES[:3])).text(), [OTHER, LOG])
    assert ask(witness, write_request(0, [], str(both))).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        b"", b"old 0\n", b"old -1\n\n", b"old 00\n\n" + signed(3).encode(),
        b"old 4\n\n" + signed(3).encode(), b"size 0\n\n" + signed(3).encode(), b"\xff\n\n",
        b"old 0\nnot base64\n\n" + signed(3).encode(),
        b"old 0\n" + b"AAAA\n" + b"\n" + signed(3).encode(),
        write_request(1, [bytes(32)] * 64, signed(3)),
        str(sign_note(f"{LOG.name}\n3\n\n", [LOG])).encode(),
        b"old 0\n\n" + str(sign_note(f"{LOG.name}\nthree\n{'A' * 43}=\n", [LOG])).encode(),
    ],
)  # fmt: skip
def test_what_is_no_request_is_a_bad_one(witness: WitnessAtWork, body: bytes) -> None:
    assert ask(witness, body).status_code == 400
    assert witness.store.log(LOG.name).checkpoint is None


def test_a_tree_that_does_not_go_on_is_refused_and_kept_as_proof(witness: WitnessAtWork) -> None:
    grow(witness, 0, 7)
    wrong = [
        write_request(7, proof(7, 9, FORKED), signed(9, FORKED)),
        write_request(7, [], signed(9)),
        write_request(7, [*proof(7, 9), bytes(32)], signed(9)),
        write_request(7, [], signed(7, FORKED)),
        write_request(7, [bytes(32)], signed(7)),
    ]
    assert [ask(witness, body).status_code for body in wrong] == [422, 422, 422, 409, 422]
    # no size is told: a log that takes it for one to go on from would ask for ever
    assert ask(witness, wrong[3]).mimetype != SIZE_TYPE
    log = witness.store.log(LOG.name)
    assert log.seen.size == 7
    assert log.forks == (signed(7, FORKED),)  # the log's own signature convicts it


def test_nothing_is_proved_from_an_empty_tree(witness: WitnessAtWork) -> None:
    assert ask(witness, write_request(0, [bytes(32)], signed(3))).status_code == 422
    wrong = sign_checkpoint(LOG.name, 0, bytes(32), LOG)
    assert ask(witness, write_request(0, [], wrong)).status_code == 422
    empty = sign_checkpoint(LOG.name, 0, EMPTY_ROOT, LOG)
    assert ask(witness, write_request(0, [], empty)).status_code == 200
    assert ask(witness, write_request(0, [], wrong)).status_code == 422
    assert grow(witness, 0, 3).status_code == 200


def test_extension_lines_are_cosigned_and_not_read(witness: WitnessAtWork) -> None:
    text = Checkpoint(LOG.name, 3, root(LEAVES[:3])).text() + "further\n"
    answer = ask(witness, write_request(0, [], str(sign_note(text, [LOG]))))
    assert answer.status_code == 200
    assert cosignatures_of_answer(text, answer.data, [witness.key])


def test_monitors_read_what_was_cosigned_last(witness: WitnessAtWork) -> None:
    client = create_witness_app(witness).test_client()
    address = f"/{hashlib.sha256(LOG.name.encode()).hexdigest()}/checkpoint"
    assert client.get(address).status_code == 404
    grow(witness, 0, 7)
    note = parse_note(client.get(address).data)
    assert note.signed_by([LOG.verifier])
    assert [one.key for one in cosignatures(note, [witness.key])] == [witness.key]
    assert client.get("/").text == f"{witness.key}\n"
    assert client.get("/add-checkpoint").status_code == 405


def test_what_was_seen_survives_a_restart_and_cannot_be_taken_back(
    witness: WitnessAtWork, tmp_path: Path
) -> None:
    grow(witness, 0, 7)
    again = WitnessAtWork(tmp_path / "w", "secret", SetClock(NOW))
    assert grow(again, 0, 3).status_code == 409
    with sqlite3.connect(tmp_path / "w" / FILE) as connection:
        for command in (
            "UPDATE log SET size = 3",
            "DELETE FROM log",
            "UPDATE log SET root = x'00'",
        ):
            with pytest.raises(sqlite3.IntegrityError):
                connection.execute(command)


def test_of_two_forks_that_come_at_once_only_one_is_cosigned(witness: WitnessAtWork) -> None:
    bodies = [write_request(0, [], signed(8, leaves)) for leaves in (LEAVES, FORKED)] * 8
    # made once: Flask's routing compiles code, which CPython 3.11 cannot do in several threads
    app = create_witness_app(witness)
    with ThreadPoolExecutor(8) as clients:
        answers = list(
            clients.map(lambda body: app.test_client().post("/add-checkpoint", data=body), bodies)
        )
    good = {body for body, answer in zip(bodies, answers, strict=True) if answer.status_code == 200}
    assert len(good) == 1
    assert {answer.status_code for answer in answers} <= {200, 409}


def test_the_key_is_shut_without_the_passphrase(witness: WitnessAtWork, tmp_path: Path) -> None:
    with pytest.raises(Forbidden):
        WitnessAtWork(tmp_path / "w", "guess", SetClock(NOW))
    with pytest.raises(Conflict):
        create_witness(tmp_path / "w", "witness.example.cn/w2", "secret", CHEAP)
    with pytest.raises(Conflict):
        witness.store.add_key(LOG.name, LOG.verifier)


@given(st.binary(max_size=300), st.integers(0, 400))
def test_whatever_comes_is_a_request_or_refused_in_words(junk: bytes, at: int) -> None:
    whole = write_request(7, proof(7, 9), signed(9))
    for body in (junk, whole[:at] + junk + whole[at + 1 :]):
        try:
            said = parse_request(body).body()
        except InvalidInput as error:
            said = str(error).encode()
        assert said
