"""``suyuan report``: on the terminal, as JSON, and as a workbook."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from suyuan.cli import main
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.acts.transformations import transform
from suyuan.trace.clock import SetClock
from tests import world
from tests.world import kg


def test_a_season_is_reckoned_on_the_terminal(ledger: Ledger, tmp_path: Path) -> None:
    actor = world.make_producer(ledger, name="=怪社")
    whole = world.make_batch(ledger, actor, kg(100))
    outputs = (world.batch_facts(actor, kg(130), variant="millet_milled"),)
    facts = world.transformation(ledger, actor, "process", {whole: None}, outputs)
    (code,) = ledger.perform(actor, transform, facts)["batches"]
    environment = {
        "SUYUAN_DATABASE_URL": ledger.settings.database_url,
        "LC_ALL": "en_US.UTF-8",
    }

    def run(*words: str) -> str:
        asked = ["report", "balance", "--data", str(ledger.settings.data), *words]
        done = CliRunner().invoke(main, asked, env=environment)
        assert done.exit_code == 0, done.output
        return done.output

    said = run("--season", "2026")
    assert "2 batches, 2 findings" in said
    assert f"1. {code}: 130 kg came out of 100 kg: 30 kg more than went in" in said
    told = json.loads(run("--json", "--by", "process"))
    assert told["lines"][0]["account"]["gap"] == "30"
    assert [one["rule"] for one in told["findings"]] == ["gain", "yield_above"]
    assert json.loads(run("--json", "--season", "2020"))["batches"] == 0
    assert json.loads(run("--json", "--family", "vinegar"))["batches"] == 0
    file = tmp_path / "balance.xlsx"
    run("--xlsx", str(file))
    book = openpyxl.load_workbook(file)
    lines, findings = (list(book[name].values) for name in ("Balances", "Findings"))
    assert lines[1][0] == "=怪社"
    assert [row[0] for row in findings[1:]] == [1, 5]
    assert findings[1][5] == 30


def test_what_is_asked_wrongly_is_one_line(ledger: Ledger) -> None:
    environment = {"SUYUAN_DATABASE_URL": ledger.settings.database_url}
    asked = ["report", "balance", "--data", str(ledger.settings.data), "--family", "moon"]
    done = CliRunner().invoke(main, asked, env=environment)
    assert done.exit_code == 1
    assert "moon" in done.output


def test_a_divisions_report_on_the_terminal_as_json_and_as_a_workbook(
    ledger: Ledger, tmp_path: Path, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("suyuan.commands.division_report.SystemClock", lambda: clock)
    world.make_batch(ledger, world.make_producer(ledger))
    environment = {"SUYUAN_DATABASE_URL": ledger.settings.database_url, "LC_ALL": "en_US.UTF-8"}

    def run(*words: str, status: int = 0) -> str:
        asked = ["report", "division", "540600", "--data", str(ledger.settings.data), *words]
        done = CliRunner().invoke(main, asked, env=environment)
        assert done.exit_code == status, done.output
        return done.output

    month = ("--cadence", "monthly", "--period", "2026-06")
    assert "monthly report 2026-06\nbatches registered: 1 (2026-05: 0)\n" in run(*month)
    file = tmp_path / "report.xlsx"
    told = json.loads(run(*month, "--json", "--xlsx", str(file)))
    (line,) = told["lines"]
    assert (line["division"], line["figures"]) == (
        "540626", {"batches_registered": {"now": 1, "before": 0}},
    )  # fmt: skip
    figures = openpyxl.load_workbook(file)["Figures"]
    assert ("batches registered", None, 1, 0, 1) in list(figures.values)
    assert "period" in run("--cadence", "weekly", "--period", "2026-06", status=1)
