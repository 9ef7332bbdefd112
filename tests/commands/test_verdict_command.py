"""``suyuan verdict``: the same answer as the API's."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from suyuan.cli import main
from suyuan.trace.acts.transaction import Ledger
from tests import world
from tests.shell import Shell
from tests.trace.test_county_limits import in_force

VINEGAR = (
    "verdict", "--product-class", "食醋", "--production-date", "2026-05-01", "--parameter", "总酸",
    "--unit", "g/100mL",
)  # fmt: skip


def run(*words: str, language: str = "C") -> tuple[int, str]:
    done = CliRunner().invoke(main, words, env={"LC_ALL": language})
    return done.exit_code, done.output


def test_a_result_is_judged_in_words() -> None:
    code, said = run(*VINEGAR, "--result", "3.49")
    assert code == 0
    assert said == (
        "fail: Total acid (as acetic acid) in vinegar: 3.49 g/100mL breaks the limit "
        "≥ 3.5 g/100 mL (GB 2719-2018, 表2).\n"
    )
    assert "不符合限量" in run(*VINEGAR, "--result", "3.49", language="zh_CN.UTF-8")[1]


def test_a_program_reads_json() -> None:
    code, said = run(*VINEGAR, "--result", "3.5", "--json")
    told = json.loads(said)
    assert (code, told["verdict"], told["limit"]) == (0, "pass", "3.5")
    assert told["rows"] == ["gb_2719/2018/acid.vinegar"]


def test_a_class_that_is_not_known_is_asked_back_in_one_line() -> None:
    words = ["纸箱" if word == "食醋" else word for word in VINEGAR]
    code, said = run(*words, "--result", "3.5")
    assert code == 1
    assert said.startswith("product_class: There is no product class 纸箱")
    assert said.count("\n") == 1


def test_goods_of_a_county_are_asked_its_limits_in_the_installation(
    ledger: Ledger, tmp_path: Path
) -> None:
    in_force(ledger, (world.make_operator(ledger), world.make_operator(ledger)))
    shell = Shell(tmp_path, ledger.settings.database_url)
    asked = (
        "verdict", "--product-class", "millet", "--production-date", "2026-05-01", "--parameter",
        "铅", "--result", "0.05", "--unit", "mg/kg",
    )  # fmt: skip
    assert shell.done(*asked).startswith("pass: ")
    assert shell.done(*asked, "--division", world.SUO_COUNTY).startswith("fail: ")
    assert shell.done(*asked, "--division", world.KAZUO).startswith("pass: ")
    refused = shell.run(*asked, "--division", "999999")
    assert (refused.returncode, refused.stdout) == (1, "")
    nowhere = run(*asked, "--division", world.SUO_COUNTY, "--data", str(tmp_path / "none"))
    assert nowhere[0] == 1
    assert "There is no installation" in nowhere[1]
