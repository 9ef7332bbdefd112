"""``suyuan log``: an auditor's evening at the command line, from the first look to a forged row."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from suyuan.cli import main
from suyuan.commands import log as command
from suyuan.trace.acts.continuing import continue_log
from suyuan.trace.acts.transaction import Ledger, Writing
from suyuan.trace.acts.witnessing import ask_witnesses
from suyuan.trace.log.audit import log_key
from suyuan.trace.log.queries import head
from suyuan.trace.log.schemas import RecordSchema
from suyuan.trace.log.tables import Record
from suyuan.trace.parties.actor import SYSTEM
from suyuan.web.app import create_app
from tests.witnesses import Wired, witnessed_by

URL = "https://trace.example.cn"
REMARK = RecordSchema("remark", 1, public=("text",))


def _remarks(w: Writing, count: int) -> list[str]:
    return [w.record(REMARK, "remark", {"text": str(number)}) for number in range(count)]


@pytest.fixture
def served(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> Ledger:
    """A ledger with 301 records that the commands reach over ``URL``, and its settings."""
    ledger.perform(SYSTEM, _remarks, 300)
    wired = Wired({URL: create_app(ledger, testing=True)})
    monkeypatch.setattr(command, "HttpTransport", lambda _seconds: wired)
    monkeypatch.setenv("SUYUAN_DATABASE_URL", ledger.settings.database_url)
    monkeypatch.setenv("SUYUAN_DATA", str(ledger.settings.data))
    return ledger


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["log", *map(str, arguments)])


def key_of(ledger: Ledger) -> str:
    with ledger.database.read() as session:
        return str(log_key(session))


def answer(done: Result) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(done.output)
    return said


def test_a_log_is_audited_again_from_where_it_was_left(served: Ledger, tmp_path: Path) -> None:
    state = tmp_path / "trace.audit"
    assert run("audit", URL, "--state", state).exit_code == 2, "whose log it is must be said"
    first = run("audit", URL, "--vkey", key_of(served), "--state", state, "--json")
    assert (first.exit_code, answer(first)["size"], answer(first)["before"]) == (0, 301, 0)
    served.perform(SYSTEM, _remarks, 5)
    second = run("audit", URL, "--state", state, "--data", served.settings.data, "--json")
    assert (second.exit_code, answer(second)["size"], answer(second)["before"]) == (0, 306, 301)
    assert "only grew" in run("audit", URL, "--state", state).output


def test_a_deleted_row_is_named_and_found_again(served: Ledger, tmp_path: Path) -> None:
    with served.database.write() as session:
        session.execute(sa.delete(Record).where(Record.leaf_index == 100))
        session.commit()
    state = tmp_path / "trace.audit"
    for _ in range(2):
        done = run(
            "audit", URL, "--vkey", key_of(served), "--state", state,
            "--data", served.settings.data,
        )  # fmt: skip
        assert done.exit_code == 1
        assert "deleted row: leaf/100: the record is not in the database" in done.output
    assert not state.exists()
    assert run("audit", URL, "--vkey", key_of(served)).exit_code == 0, "no row is public"


def test_an_audit_of_a_closed_log_is_told_how_to_go_on(served: Ledger, tmp_path: Path) -> None:
    state = tmp_path / "trace.audit"
    assert run("audit", URL, "--vkey", key_of(served), "--state", state).exit_code == 0
    with served.database.write() as session:
        head(session).halted = "a witness holds more"
        session.commit()
    opened = served.perform(SYSTEM, continue_log, "the disk died")
    for told in (run("audit", URL, "--state", state),
                 run("audit", URL, "--vkey", opened.key, "--state", state)):  # fmt: skip
        assert told.exit_code == 1
        assert f"the log {opened.opened}" in told.output
        assert f"at {URL}/log/1," in told.output
    assert run("audit", f"{URL}/log/1", "--state", state).exit_code == 0
    data = served.settings.data
    both = ("audit", URL, "--vkey", opened.key, "--data", data)
    assert run(*both).exit_code == 0, run(*both).output
    with served.database.write() as session:
        session.execute(sa.delete(Record).where(Record.leaf_index == 100))
        session.commit()
    found = run(*both)
    assert (found.exit_code, "deleted row: log/1/leaf/100" in found.output) == (1, True)


def test_a_proof_is_carried_away_and_checked_elsewhere(served: Ledger, tmp_path: Path) -> None:
    (uid,) = served.perform(SYSTEM, _remarks, 1)
    file = tmp_path / "one.tlog-proof"
    trust = tmp_path / "trust.policy"
    with witnessed_by(served, tmp_path, 1, "a", "b") as wired:
        trust.write_text(f"log {key_of(served)}\n{served.settings.policy_file.read_text()}")
        assert run("proof", uid, "--out", file).exit_code == 0
        few = run("verify-proof", file, "--policy", trust)
        assert (few.exit_code, "Too few" in few.output) == (1, True)
        ask_witnesses(served, wired)
        assert run("proof", uid, "--out", file).exit_code == 0
    done = run("verify-proof", file, "--policy", trust, "--json")
    assert done.exit_code == 0, done.output
    said = answer(done)
    assert (said["index"], said["size"], sorted(said["cosigned"])) == (
        301, 302, ["a.example/w", "b.example/w"],
    )  # fmt: skip
    assert json.loads(said["entry"])["v"] == 1
    other = tmp_path / "entry"
    other.write_bytes(said["entry"].encode().replace(b"2026", b"2025"))
    assert run("verify-proof", file, "--policy", trust, "--entry", other).exit_code == 1
    assert run("proof", "7", "--out", file).exit_code == 0
    assert run("verify-proof", file, "--vkey", key_of(served)).exit_code == 0
    assert run("proof", "9999", "--out", file).exit_code == 1
    assert run("proof", "nobody", "--out", file).exit_code == 1


def test_an_audit_with_a_policy_asks_for_the_witnesses(served: Ledger, tmp_path: Path) -> None:
    trust = tmp_path / "trust.policy"
    with witnessed_by(served, tmp_path, 1, "a") as wired:
        trust.write_text(f"log {key_of(served)}\n{served.settings.policy_file.read_text()}")
        done = run("audit", URL, "--policy", trust)
        assert (done.exit_code, "too few witnesses" in done.output) == (1, True)
        ask_witnesses(served, wired)
        assert run("audit", URL, "--policy", trust).exit_code == 0
