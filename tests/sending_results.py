"""Laboratories' own sheets of results, sent in for tests that need one."""

from __future__ import annotations

from typing import Any

from suyuan.trace.acts.result_sheets import lay_out, read_result_file, take_results
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.parties.actor import Actor
from suyuan.trace.result_sheets.layout import ResultLayout
from tests.trace.sheets import xlsx

HEADINGS = ["报告编号", "追溯码", "检测项目", "检测结果", "单位", "签发日期"]
HELD = ("number", "trace_code", "parameter", "result", "unit", "issued_on")
STEPS = ("page", "columns", "table", "words", "enter", "drop")
FORM = {"name": "常规", **{f"column.{at}": key for at, key in enumerate(HELD)}}
"""The form in which such a sheet is laid out."""


def row(code: str, number: str, parameter: str = "铅", result: str = "0.1") -> list[Any]:
    """A result on a batch."""
    return [number, code, parameter, result, "mg/kg", "2026-05-01"]


def result_sheet(*rows: list[Any]) -> bytes:
    """A workbook with these rows under the headings."""
    return xlsx([HEADINGS, *rows])


def send_results(ledger: Ledger, laboratory: Actor, *rows: list[Any], laid_out: bool = True) -> str:
    """A sheet of a laboratory that was sent in, and laid out unless told otherwise; its uid."""
    file = read_result_file("结果.xlsx", result_sheet(*rows), ledger.settings)
    uid = ledger.perform(laboratory, take_results, file)
    if laid_out:
        ledger.perform(laboratory, lay_out, uid, ResultLayout(dict(enumerate(HELD))), "结果")
    return uid


def sheets_at_each_step(ledger: Ledger, laboratory: Actor, code: str) -> dict[str, str]:
    """Sheets at the step that each view of them asks for."""
    return {
        step: send_results(
            ledger,
            laboratory,
            row(code, f"R-{number}", "六六六" if step == "words" else "铅"),
            laid_out=step in ("page", "words", "enter"),
        )
        for number, step in enumerate(STEPS)
    }
