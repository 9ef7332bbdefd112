"""``suyuan witness``, and what ``suyuan doctor`` says of a log's witnesses."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from suyuan.cli import main
from suyuan.commands import opened
from suyuan.commands.doctor import Check, examine
from suyuan.commands.opened import compare_with_witnesses
from suyuan.trace.acts.statuses import renew_status
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.acts.witnessing import ask_witnesses
from suyuan.trace.clock import SetClock, SystemClock
from suyuan.trace.keys.notes import Ed25519Signer
from suyuan.trace.log.add_checkpoint import write_request
from suyuan.trace.log.append import LogHalted
from suyuan.trace.log.checkpoint import sign_checkpoint
from suyuan.trace.log.queries import head
from suyuan.trace.log.schemas import RecordSchema
from suyuan.trace.log.tables import Record
from suyuan.trace.parties.actor import SYSTEM
from suyuan.trace.witness.witness import WitnessAtWork
from tests.witnesses import as_it_was_before, base_of, witnessed_by

REMARK = RecordSchema("remark", 1, public=("text",))
LOG = Ed25519Signer("trace.example.cn/log", bytes(32))


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for a witness, with its passphrase beside it."""
    monkeypatch.setenv("SUYUAN_PASSPHRASE_FILE", str(tmp_path / "passphrase"))
    monkeypatch.setenv("SUYUAN_DATA", str(tmp_path / "witness"))
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["witness", *arguments])


def test_a_witness_is_set_up_and_shows_what_it_saw(shell: Path) -> None:
    assert run("show").exit_code == 1, "there is none yet"
    made = run("init", "--name", "witness.example.cn/w1")
    assert made.exit_code == 0, made.output
    assert "witness.example.cn/w1+" in made.output
    assert run("init", "--name", "witness.example.cn/w1").exit_code == 1, "it is there already"
    assert run("add-log", str(LOG.verifier)).exit_code == 0
    assert "nothing cosigned yet" in run("show").output
    witness = WitnessAtWork(
        shell / "witness", (shell / "passphrase").read_text().strip(), SystemClock()
    )
    witness.add_checkpoint(write_request(0, [], sign_checkpoint(LOG.name, 1, bytes(32), LOG)))
    shown = run("show", "--json")
    assert (shown.exit_code, json.loads(shown.output)["logs"][0]["size"]) == (0, 1)
    forked = write_request(1, [], sign_checkpoint(LOG.name, 1, bytes([1] * 32), LOG))
    with pytest.raises(Exception, match="Another tree"):
        witness.add_checkpoint(forked)
    shown = run("show")
    assert (shown.exit_code, "contradict each other" in shown.output) == (1, True)


def test_the_key_of_a_witness_is_no_log(shell: Path) -> None:
    made = run("init", "--name", "witness.example.cn/w1")
    key = next(word for word in made.output.split() if word.startswith("witness.example.cn/w1+"))
    assert run("add-log", key).exit_code == 1
    assert run("add-log", "nonsense").exit_code == 1


@pytest.mark.parametrize(
    "words",
    [
        ["party", "add", "--kind", "cooperative", "--name", "索县合作社", "--division", "540626"],
        ["keys", "rotate", "trace.example.cn/codes-1"],
    ],
)
def test_a_command_given_to_an_old_copy_records_nothing(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    """The witness has seen more than the copy holds, and the copy has not been told."""
    monkeypatch.setenv("SUYUAN_DATABASE_URL", ledger.settings.database_url)
    monkeypatch.setenv("SUYUAN_PASSPHRASE_FILE", str(ledger.settings.passphrase_file))
    with witnessed_by(ledger, tmp_path, 1, "a") as wired, as_it_was_before(ledger) as come_back:
        ledger.perform(SYSTEM, lambda w: w.record(REMARK, "remark", {"text": "since"}))
        ask_witnesses(ledger, wired)
        come_back()
        monkeypatch.setattr(
            opened,
            "ask_witnesses",
            lambda copy, everyone: ask_witnesses(copy, wired, everyone=everyone),
        )
        done = CliRunner().invoke(main, [*words, "--data", str(ledger.settings.data)])
        assert done.exit_code == 1
        assert "Nothing may be added to this log now" in done.output
        clock = SetClock(ledger.clock.now() + timedelta(days=30))
        later = replace(ledger, clock=clock)
        assert not later.perform(SYSTEM, renew_status), "nor is its old list called in force"


def test_a_copy_whose_witness_does_not_answer_records_nothing(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody can say that it is no old copy, until somebody can or its operator does."""

    def remark(by: Ledger) -> str:
        return by.perform(SYSTEM, lambda w: w.record(REMARK, "remark", {"text": "since"}))

    with witnessed_by(ledger, tmp_path, 1, "a") as wired:
        monkeypatch.setattr(
            opened,
            "ask_witnesses",
            lambda copy, everyone: ask_witnesses(copy, wired, everyone=everyone),
        )
        wired.down.add(base_of("a"))
        remark(compare_with_witnesses(ledger))  # who never vouched cannot be asked for it
        wired.down.clear()
        ask_witnesses(ledger, wired, everyone=True)
        assert isinstance(ledger.clock, SetClock)
        ledger.clock.move(ledger.clock.now() + timedelta(minutes=1))
        wired.down.add(base_of("a"))
        waiting = compare_with_witnesses(ledger)
        with pytest.raises(LogHalted, match="Too few"):
            remark(waiting)
        settings = replace(ledger.settings, witnesses_away="its line is cut until Friday")
        remark(compare_with_witnesses(replace(ledger, settings=settings)))
        with ledger.database.read() as session:
            said = session.scalars(sa.select(Record).where(Record.type == "log-resumed")).one()
        assert b"its line is cut until Friday" in (said.body or b"")
        with pytest.raises(LogHalted, match="Too few"):
            remark(waiting)
        wired.down.clear()
        ask_witnesses(ledger, wired, everyone=True)
        remark(waiting)


def doctors(ledger: Ledger) -> Check:
    checks = examine(ledger.settings, ledger.clock.now())
    return next(check for check in checks if check.name == "witnesses")


def test_the_doctor_says_how_the_log_is_witnessed(
    ledger: Ledger, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert doctors(ledger).state == "warning"
    with witnessed_by(ledger, tmp_path, 1, "a", "b") as wired:
        assert doctors(ledger).state == "failure", "nobody has cosigned yet"
        ask_witnesses(ledger, wired)
        assert doctors(ledger).state == "ok"
        wired.down.add(base_of("b"))
        ask_witnesses(ledger, wired, everyone=True)
        assert doctors(ledger).state == "warning"
    with ledger.database.write() as session:
        head(session).halted = "a.example/w has cosigned 9 entries, here are 3"
        session.commit()
    assert doctors(ledger).state == "failure"
    compare_with_witnesses(ledger)
    assert "nothing can be recorded: a.example/w has cosigned 9" in capsys.readouterr().err
