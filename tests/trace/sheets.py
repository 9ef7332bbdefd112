"""Sheets as cooperatives keep them, made for tests."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

import xlsxwriter

from suyuan.trace.intake.headings import guess_columns
from suyuan.trace.intake.layout import Table, find_tables
from suyuan.trace.intake.limits import shipped_limits
from suyuan.trace.intake.mapping import ColumnMapping, suggest_mapping
from suyuan.trace.intake.rows import SheetReading, read_rows
from suyuan.trace.intake.sheets import Cell, Merged, Sheet, Workbook
from suyuan.trace.intake.vocabulary import shipped_vocabulary
from suyuan.trace.intake.workbook import read_workbook

TODAY = date(2026, 11, 22)
LIMITS = shipped_limits()
VOCABULARY = shipped_vocabulary()
SHARES: list[Any] = ["牧户", "重量", "日期"]
ANIMALS: list[Any] = ["牧户", "耳标号", "活重", "收购日期", "检疫证号", "备注"]
TAG = "254062630000037"


def ods(body: str) -> bytes:
    """An OpenDocument spreadsheet whose one table has this XML inside."""
    names = ("office", "table", "text")
    space = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in names
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr(
            "content.xml",
            f"<office:document-content{space}><office:body><office:spreadsheet>"
            f'<table:table table:name="表">{body}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return out.getvalue()


def xlsx(rows: Iterable[Sequence[Any]], also: Callable[[Any, Any], object] | None = None) -> bytes:
    """A workbook of one sheet; ``also`` may write more into book and sheet."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet("登记表")
        for at, row in enumerate(rows):
            for column, value in enumerate(row):
                if value is not None:
                    sheet.write(at, column, value)
        if also is not None:
            also(book, sheet)
    return buffer.getvalue()


def read(content: bytes, name: str = "sheet.xlsx") -> Workbook:
    return read_workbook(content, name, LIMITS)


def grid(
    rows: Iterable[Sequence[Any]],
    merged: Sequence[tuple[int, int, int, int]] = (),
    name: str = "登记表",
) -> Sheet:
    """A sheet as the reader gives it, without a file."""
    cells = tuple(tuple(v if isinstance(v, Cell) else Cell(value=v) for v in row) for row in rows)
    return Sheet(name=name, rows=cells, merged=tuple(Merged(*area) for area in merged))


def table(sheet: Sheet) -> Table:
    return find_tables(sheet, VOCABULARY)[0]


def suggested(found: Table, family: str = "yak_meat", variant: str = "") -> ColumnMapping:
    return suggest_mapping(found, guess_columns(found, VOCABULARY), family, variant)


def reading(sheet: Sheet, **changes: Any) -> SheetReading:
    """The first table of a sheet under the suggested mapping, changed where asked."""
    found = table(sheet)
    mapping = ColumnMapping(**{**suggested(found).__dict__, **changes})
    return read_rows(found, mapping, VOCABULARY, TODAY)


def codes(result: SheetReading) -> dict[int, list[str]]:
    """The doubts' codes by row number."""
    return {row.row: [doubt.code for doubt in row.doubts] for row in result.rows}


def replaced(content: bytes, part: str, text: bytes) -> bytes:
    """The same archive with one part of it replaced or added."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            if name != part:
                new.writestr(name, old.read(name))
        new.writestr(part, text)
    return out.getvalue()


def one(heading: str, value: object, title: str = "", **changes: object) -> SheetReading:
    """A sheet of one row with a household and one more column."""
    rows: list[list[Any]] = [[title], ["牧户", heading], ["扎西", value]]
    return reading(grid(rows), **{"row_is": "share", **changes})


def animals(*rows: list[Any], **changes: object) -> SheetReading:
    """A sheet of animals, one a row, with the headings of ANIMALS."""
    return reading(grid([ANIMALS, *rows]), **changes)


def animal(tag: object = TAG, paper: str = "藏动检A540626100001", note: str = "") -> list[Any]:
    """A row of such a sheet."""
    return ["扎西", tag, "200公斤", "2026.10.3", paper, note]
