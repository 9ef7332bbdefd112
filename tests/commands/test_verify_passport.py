"""``suyuan verify --passport``: a saved passport, checked with the log's key alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from suyuan.api.resolver import answer_json
from suyuan.commands.verify import verify
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.codes.queries import newest_directory
from suyuan.trace.log.audit import log_key
from suyuan.trace.passport import passport_of_typed
from tests import world


@pytest.fixture
def passport(ledger: Ledger) -> dict[str, Any]:
    code = world.make_batch(ledger, world.make_producer(ledger), lot="A1")
    with ledger.database.read() as session:
        found = passport_of_typed(session, ledger.families, code, now=ledger.clock.now())
        return answer_json(found, session)


@pytest.fixture
def vkey(ledger: Ledger) -> str:
    with ledger.database.read() as session:
        return str(log_key(session))


def run(file: Path, passport: Any, *words: str) -> Result:
    file.write_text(passport if isinstance(passport, str) else json.dumps(passport), "utf-8")
    return CliRunner().invoke(verify, ["--passport", str(file), *words])


def test_a_passport_is_proven(tmp_path: Path, passport: dict[str, Any], vkey: str) -> None:
    done = run(tmp_path / "p.json", passport, "--vkey", vkey)
    assert done.exit_code == 0, done.output
    assert "proven      /lot: A1" in done.output
    assert "not proven" not in done.output


def test_the_value_that_was_altered_is_named(
    tmp_path: Path, passport: dict[str, Any], vkey: str
) -> None:
    passport["lot"] = "A2"
    done = run(tmp_path / "p.json", passport, "--vkey", vkey, "--json")
    assert done.exit_code == 1
    answer = json.loads(done.output)
    assert [one["shown"] for one in answer["fields"] if not one["proven"]] == ["/lot"]
    assert not answer["proven"]


def test_the_directory_names_the_logs_key(
    tmp_path: Path, ledger: Ledger, passport: dict[str, Any], vkey: str
) -> None:
    with ledger.database.read() as session:
        (tmp_path / "keys").write_text(newest_directory(session).note, "utf-8")
    root = (ledger.settings.data / "root.vkey").read_text().strip()
    words = ("--keys", str(tmp_path / "keys"), "--root", root)
    assert run(tmp_path / "p.json", passport, *words).exit_code == 0


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"proofs": {}}', '{"proofs": 1}', "[" * 9999])
def test_what_is_no_passport_is_said_in_one_line(tmp_path: Path, vkey: str, text: str) -> None:
    done = run(tmp_path / "p.json", text, "--vkey", vkey)
    assert done.exit_code == 2
    assert "Traceback" not in done.output


@pytest.mark.parametrize("words", [(), ("--json",)], ids=["text", "json"])
def test_half_a_character_is_refused_in_one_line(
    tmp_path: Path, passport: dict[str, Any], vkey: str, words: tuple[str, ...]
) -> None:
    """Python reads a lone surrogate, and cannot write it to a terminal."""
    passport["lot"] = "\ud800"
    done = run(tmp_path / "p.json", passport, "--vkey", vkey, *words)
    assert done.exit_code == 2
    assert isinstance(done.exception, SystemExit)
    assert "This file is no passport as JSON" in done.stderr


def test_a_passport_and_a_url_are_too_much(tmp_path: Path, passport: Any, vkey: str) -> None:
    assert run(tmp_path / "p.json", passport, "https://x.cn/", "--vkey", vkey).exit_code == 2
    assert run(tmp_path / "p.json", passport).exit_code == 2
