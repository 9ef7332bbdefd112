"""Workbooks (XLSX): sheets of rows that can be sorted, with titles that stay in sight."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter

from suyuan.trace.oversight.sheets import Cell


@dataclass(frozen=True)
class Page:
    """One sheet of a workbook: its name, the titles of its columns, its rows of as many cells."""

    name: str
    titles: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def workbook(pages: Iterable[Page]) -> bytes:
    """The file. What was typed into a record never runs in it: cells are no formulas."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(
        file,
        {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
    )
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    for one in pages:
        sheet = book.add_worksheet(one.name)
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(one.titles) - 1, 18)
        sheet.autofilter(0, 0, max(len(one.rows), 1), len(one.titles) - 1)
        sheet.write_row(0, 0, one.titles, bold)
        for at, row in enumerate(one.rows, start=1):
            _write_row(sheet, at, row)
    book.close()
    return file.getvalue()


def _write_row(sheet: Any, at: int, cells: Sequence[Cell]) -> None:
    for column, cell in enumerate(cells):
        match cell:
            case None:
                continue
            case str():
                sheet.write_string(at, column, cell)
            case _:
                sheet.write_number(at, column, cell)
