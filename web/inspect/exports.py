"""Writing the package of a chain: CSV, XLSX and JSON. Titles are in the reader's language.

What somebody typed into a record must not run in the inspector's spreadsheet: a text that begins
like a formula gets an apostrophe before it (OWASP, CSV injection), and XLSX cells are never
formulas. Keys are written as words, but not in JSON, which programs read.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Mapping
from decimal import Decimal

from flask_babel import gettext

from suyuan.trace.clock import utc_text
from suyuan.trace.oversight.package import Package
from suyuan.trace.oversight.sheets import SEPARATOR, Cell, Sheet
from suyuan.trace.quantities import units
from suyuan.web.inspect.saying import batch_state, order_kind
from suyuan.web.showing import evidence_grade, named
from suyuan.web.workbooks import Page, workbook

BOM = "\ufeff"
"""So that Excel takes a CSV for UTF-8."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_LONG_NUMBER = re.compile(r"[0-9]{12,}")
"""A code of digits alone: spreadsheets take it for a number, keep 15 digits and forget the rest."""


def neutralised(text: str) -> str:
    """``text`` so that no spreadsheet takes it for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def as_csv(sheet: Sheet) -> bytes:
    """A sheet as CSV (RFC 4180), UTF-8 with a byte order mark.

    Long codes of digits stand in groups of four, as on labels, so that no spreadsheet takes them
    for numbers; the workbook and JSON have them as they are.
    """
    written = io.StringIO()
    rows = csv.writer(written)
    rows.writerow([neutralised(title) for title in _titles(sheet)])
    for row in sheet.rows:
        cells = _in_words(sheet, row)
        rows.writerow([_csv_cell(cells[column]) for column in sheet.columns])
    return (BOM + written.getvalue()).encode()


def as_xlsx(package: Package) -> bytes:
    """The package as a workbook: events, batches, links; titles fixed, rows to be sorted."""
    names = {"events": gettext("Events"), "batches": gettext("Batches"), "links": gettext("Links")}
    return workbook(
        Page(
            names[sheet.key],
            _titles(sheet),
            [list(_in_words(sheet, row).values()) for row in sheet.rows],
        )
        for sheet in (package.events, package.batches, package.links)
    )


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
        "input_quantity": gettext("Quantity that went in"),
        "input_unit": gettext("Unit of what went in"),
        "quantity": gettext("Quantity"),
        "unit": gettext("Unit"),
        "to_party": gettext("Receiver"),
        "evidence_grade": gettext("Evidence grade"),
        "evidence": gettext("Evidence (SHA-256)"),
        "completeness": gettext("Complete, per cent"),
        "missing": gettext("Not recorded"),
        "warnings": gettext("Hard to believe"),
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
            return neutralised(_LONG_NUMBER.sub(lambda found: _grouped(found[0]), cell))
    return _number(cell)


def _grouped(digits: str) -> str:
    return " ".join(digits[at : at + 4] for at in range(0, len(digits), 4))


def _in_words(sheet: Sheet, row: Mapping[str, Cell]) -> dict[str, Cell]:
    """The cells of a row in the order of the columns, keys as what they are called."""
    return {column: _worded(sheet, column, row.get(column)) for column in sheet.columns}


def _worded(sheet: Sheet, column: str, cell: Cell) -> Cell:
    if not isinstance(cell, str):
        return cell
    if column in _SAID:
        return _SAID[column](cell)
    words = sheet.words.get(column, {})
    if not words:
        return cell
    return SEPARATOR.join(
        named(words[one]) if one in words else one for one in cell.split(SEPARATOR)
    )


def _unit(code: str) -> str:
    unit = units()[code]
    return unit.symbol or named({"zh": unit.zh, "en": unit.en, "bo": unit.bo or ""})


def _orders(said: str) -> str:
    """The orders in force, each with its kind in words."""
    told = (one.partition(": ") for one in said.split(SEPARATOR))
    return SEPARATOR.join(f"{order_kind(kind)}{colon}{reason}" for kind, colon, reason in told)


_SAID: Mapping[str, Callable[[str], str]] = {
    "evidence_grade": evidence_grade,
    "state": batch_state,
    "unit": _unit,
    "input_unit": _unit,
    "orders": _orders,
}
"""How the keys of fixed columns are said."""


def _said(sheet: Sheet, row: Mapping[str, Cell]) -> dict[str, Cell]:
    return {
        column: _number(value) if isinstance(value, Decimal) else value
        for column in sheet.columns
        if (value := row.get(column)) is not None
    }


def _number(number: int | Decimal) -> str:
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
