"""A code of a revoked key is confirmed away from its label host, by a file that anybody gets."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from suyuan.cli import main
from suyuan.trace.acts.keys import revoke_key, rotate_key
from suyuan.trace.acts.printing import issue_print_run
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.acts.witnessing import ask_witnesses, policy_of
from suyuan.trace.codes.manifest import (
    PrintedItem,
    check_item,
    manifest_parts,
    manifest_root,
    prove_in_parts,
)
from suyuan.trace.codes.paths import TracePath
from suyuan.trace.codes.queries import newest_directory
from suyuan.trace.codes.verify import Verdict, verify
from suyuan.trace.errors import InvalidInput
from suyuan.trace.keys.directory import Directory, open_directory
from suyuan.trace.keys.notes import COSIGNATURE, VerifierKey
from suyuan.trace.parties.actor import SYSTEM, Actor
from suyuan.trace.printing.online import check_online
from suyuan.trace.printing.queries import codes_of
from suyuan.trace.printing.run_proof import parse_run_proof
from tests import world
from tests.root_machine import root_of, sign_and_accept
from tests.web_clients import site
from tests.witnesses import witnessed_by

CODES = "trace.example.cn/codes-1"


def labels(ledger: Ledger, actor: Actor, batch: str, count: int = 1) -> list[str]:
    run = ledger.perform(actor, issue_print_run, batch, count, "x", try_out=lambda *_: None)
    with ledger.database.read() as session:
        return [one.url for one in codes_of(session, run)]


def revoke(ledger: Ledger, size: int | None = None) -> Directory:
    """Revoke the code key at a size and bring its successor into force; the directory then."""
    ledger.perform(SYSTEM, rotate_key, CODES)
    ledger.perform(SYSTEM, revoke_key, CODES, size)
    sign_and_accept(ledger)
    with ledger.database.read() as session:
        return open_directory(newest_directory(session).note, (root_of(ledger).verifier,))


def path_of(url: str) -> str:
    return "/t/" + url.rsplit("/t/", 1)[1]


def test_the_file_confirms_a_code_of_a_revoked_key_and_no_other_code(
    ledger: Ledger, tmp_path: Path
) -> None:
    coop = world.make_producer(ledger)
    first, second = labels(ledger, coop, world.make_batch(ledger, coop), 2)
    client = site(ledger)
    address = f"/log/run{path_of(first)}"
    assert client.get(address).status_code == 404, "while the key is in force nobody needs it"
    with witnessed_by(ledger, tmp_path, 1, "a") as wired:
        ask_witnesses(ledger, wired)
        directory = revoke(ledger)
        ask_witnesses(ledger, wired)
        policy = policy_of(ledger.settings)
        proof = parse_run_proof(client.get(address).data)
        run = proof.check(directory, policy)
    assert verify(first, directory).verdict is Verdict.REVOKED_KEY
    assert verify(first, directory, find_run=lambda _: run).verdict is Verdict.GOOD
    assert verify(second, directory, find_run=lambda _: run).verdict is Verdict.REVOKED_KEY
    assert client.get("/log/run/nothing").status_code == 404
    assert client.get(f"{address[:-1]}{(int(address[-1]) + 1) % 10}").status_code == 404


def test_the_command_line_takes_the_file(ledger: Ledger, tmp_path: Path) -> None:
    coop = world.make_producer(ledger)
    (url,) = labels(ledger, coop, world.make_batch(ledger, coop))
    revoke(ledger)
    client = site(ledger)
    for name, address in (("keys", "/.well-known/suyuan/keys"), ("run", f"/log/run{path_of(url)}")):
        (tmp_path / name).write_bytes(client.get(address).data)
    (tmp_path / "policy").write_text(
        f"witness w {VerifierKey('w.example/w', bytes(range(32)), COSIGNATURE)}\nquorum w\n"
    )

    def tell(*more: object) -> Result:
        root = root_of(ledger).verifier
        given = (url, "--keys", tmp_path / "keys", "--root", root, *more)
        return CliRunner().invoke(main, ["verify", *map(str, given)])

    assert (tell().exit_code, tell().stdout.split(":")[0]) == (1, "revoked-key")
    confirmed = tell("--run", tmp_path / "run")
    assert confirmed.exit_code == 0
    assert "logged before" in confirmed.stdout
    unwitnessed = tell("--run", tmp_path / "run", "--policy", tmp_path / "policy")
    assert unwitnessed.exit_code == 2
    assert "Too few of the witnesses" in unwitnessed.stderr


def test_a_run_that_was_logged_after_the_size_stays_unconfirmed(ledger: Ledger) -> None:
    coop = world.make_producer(ledger)
    batch = world.make_batch(ledger, coop)
    (planted,) = labels(ledger, coop, batch)
    directory = revoke(ledger, 2)
    run = parse_run_proof(site(ledger).get(f"/log/run{path_of(planted)}").data).check(directory)
    assert verify(planted, directory, find_run=lambda _: run).verdict is Verdict.REVOKED_KEY


def _with(name: str, value: object) -> Callable[[dict[str, Any]], None]:
    return lambda said: said.update({name: value})


def _opened(name: str, value: str) -> Callable[[dict[str, Any]], None]:
    return lambda said: said["opened"][name].update(value=value)


@pytest.mark.parametrize(
    "change",
    [
        _with("format", "suyuan.run-proof/2"),
        _with("path", "/t/5406260847047297"),
        _with("salt", "AAAAAAAAAAAAAAAAAAAAAA=="),
        _with("index", 1),
        _with("codes", 2),
        _with("codes", 10**30),
        _with("hashes", []),
        _with("hashes", "x"),
        _with("opened", {}),
        _with("opened", 7),
        _with("commitments", {}),
        _with("logged", "x"),
        _opened("schema", "party/1"),
        _opened("manifest_root", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="),
    ],
)
def test_a_file_with_anything_changed_is_refused_in_words(
    ledger: Ledger, change: Callable[[dict[str, Any]], None]
) -> None:
    coop = world.make_producer(ledger)
    first, *_ = labels(ledger, coop, world.make_batch(ledger, coop), 3)
    directory = revoke(ledger)
    said = site(ledger).get(f"/log/run{path_of(first)}").get_json()
    change(said)
    with pytest.raises(InvalidInput):
        parse_run_proof(json.dumps(said).encode()).check(directory)


@given(st.binary(max_size=60))
def test_whatever_comes_is_a_proof_or_refused_in_words(data: bytes) -> None:
    with pytest.raises(InvalidInput):
        parse_run_proof(data)


def test_codes_at_either_end_of_a_large_run_are_confirmed(ledger: Ledger) -> None:
    coop = world.make_producer(ledger)
    urls = labels(ledger, coop, world.make_batch(ledger, coop), 1500)
    revoke(ledger)
    for url in (urls[0], urls[700], urls[-1]):
        with ledger.database.read() as session:
            assert check_online(session, url, ledger.clock.now()).verdict is Verdict.GOOD


@given(st.integers(1, 1300), st.data())
def test_a_code_is_proved_by_the_codes_beside_it(size: int, data: st.DataObject) -> None:
    code = "5406260847047297"
    items = [PrintedItem(TracePath(code, f"{at:012d}"), bytes(16)) for at in range(size)]
    index = data.draw(st.integers(0, size - 1))
    asked: set[int] = set()

    def leaves(start: int, end: int) -> list[bytes]:
        asked.update((start // 256, (end - 1) // 256))
        return [item.leaf_hash() for item in items[start:end]]

    proof = prove_in_parts(items[index], index, size, manifest_parts(items), leaves)
    check_item(proof, manifest_root(items))
    assert asked <= {index // 256, (size - 1) // 256}
