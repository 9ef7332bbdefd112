"""Writing the package of a chain: CSV, XLSX and JSON. Titles are in the reader's language.

What somebody typed into a record must not run in the inspector's spreadsheet: a text that begins
like a formula gets an apostrophe before it (OWASP, CSV injection), and XLSX cells are never
formulas.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import xlsxwriter
from flask_babel import gettext

from suyuan.trace.clock import utc_text
from suyuan.trace.oversight.package import Package
from suyuan.trace.oversight.sheets import Cell, Sheet
from suyuan.web.showing import named

BOM = "\ufeff"
"""So that Excel takes a CSV for UTF-8."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def neutralised(text: str) -> str:
    """``text`` so that no spreadsheet takes it for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def as_csv(sheet: Sheet) -> bytes:
    """A sheet as CSV (RFC 4180), UTF-8 with a byte order mark.

    Codes stay as they are for programs that read them; for Excel, which cuts numbers of 16
    digits, there is the workbook.
    """
    written = io.StringIO()
    rows = csv.writer(written)
    rows.writerow([neutralised(title) for title in _titles(sheet)])
    for row in sheet.rows:
        rows.writerow([_csv_cell(row.get(column)) for column in sheet.columns])
    return (BOM + written.getvalue()).encode()


def as_xlsx(package: Package) -> bytes:
    """The package as a workbook: events, batches, links; titles fixed, rows to be sorted."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(
        file,
        {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
    )
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    names = {"events": gettext("Events"), "batches": gettext("Batches"), "links": gettext("Links")}
    for sheet in (package.events, package.batches, package.links):
        page = book.add_worksheet(names[sheet.key])
        page.freeze_panes(1, 0)
        page.set_column(0, len(sheet.columns) - 1, 18)
        page.autofilter(0, 0, max(len(sheet.rows), 1), len(sheet.columns) - 1)
        page.write_row(0, 0, _titles(sheet), bold)
        for at, row in enumerate(sheet.rows, start=1):
            _write_row(page, at, [row.get(column) for column in sheet.columns])
    book.close()
    return file.getvalue()


def as_json(package: Package) -> bytes:
    """The package with the keys of its columns; quantities are decimal strings."""
    content = {
        "format": "suyuan.chain-package/1",
        "trace_code": package.trace_code,
        "made_at": utc_text(package.made_at),
        "truncated": package.truncated,
        "hidden": package.hidden,
        **{
            sheet.key: [_said(sheet, row) for row in sheet.rows]
            for sheet in (package.events, package.batches, package.links)
        },
    }
    return json.dumps(content, ensure_ascii=False, indent=1).encode()


def _titles(sheet: Sheet) -> list[str]:
    known = titles()
    return [
        named(sheet.facts[column]) if column in sheet.facts else known[column]
        for column in sheet.columns
    ]


def titles() -> dict[str, str]:
    """What each fixed column is called."""
    return {
        "hop": gettext("Step"),
        "happened_at": gettext("Time"),
        "happened": gettext("Date as stated"),
        "kind": gettext("Event"),
        "party": gettext("Organisation"),
        "uscc": gettext("Unified social credit code"),
        "site": gettext("Place"),
        "division": gettext("Division"),
        "subjects": gettext("Batch"),
        "inputs": gettext("Went in"),
        "outputs": gettext("Came out"),
        "quantity": gettext("Quantity"),
        "unit": gettext("Unit"),
        "to_party": gettext("Receiver"),
        "evidence_grade": gettext("Evidence grade"),
        "evidence": gettext("Evidence (SHA-256)"),
        "completeness": gettext("Complete, per cent"),
        "missing": gettext("Not recorded"),
        "note": gettext("Note"),
        "event": gettext("Event number"),
        "corrects": gettext("Corrects"),
        "recorded_at": gettext("Recorded at"),
        "leaf_index": gettext("Log entry"),
        "record": gettext("Record"),
        "hidden": gettext("Facts not shown"),
        "trace_code": gettext("Trace code"),
        "name": gettext("Name"),
        "family": gettext("Family"),
        "variant": gettext("Variant"),
        "lot": gettext("Lot"),
        "gtin": gettext("GTIN"),
        "produced": gettext("Produced"),
        "best_before": gettext("Best before"),
        "state": gettext("State"),
        "orders": gettext("Orders in force"),
        "marks": gettext("Marks"),
        "shares": gettext("Shares of households"),
        "gaps": gettext("Gaps"),
        "parent": gettext("From batch"),
        "child": gettext("Into batch"),
    }


def _csv_cell(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case str():
            return neutralised(cell)
    return _number(cell)


def _write_row(page: Any, at: int, cells: list[Cell]) -> None:
    for column, cell in enumerate(cells):
        match cell:
            case None:
                continue
            case str():
                page.write_string(at, column, cell)
            case _:
                page.write_number(at, column, cell)


def _said(sheet: Sheet, row: Mapping[str, Cell]) -> dict[str, Cell]:
    return {
        column: _number(value) if isinstance(value, Decimal) else value
        for column in sheet.columns
        if (value := row.get(column)) is not None
    }


def _number(number: int | Decimal) -> str:
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
