"""``suyuan verdict``: the same answer as the API's, without an installation."""

from __future__ import annotations

import json

from click.testing import CliRunner

from suyuan.cli import main

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
