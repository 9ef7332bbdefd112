"""The sheets that we hand out: one for each family and variant, to be filled in.

Row 1 holds the headings in Chinese, row 2 in English, row 3 an example that is not read. Columns
may be moved or left out; a hidden sheet says which heading means what. ``template_reading``
reads it back.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from suyuan.trace.intake.sheets import column_letter
from suyuan.trace.intake.vocabulary import ATTRIBUTE
from suyuan.trace.products.attributes import Attribute
from suyuan.trace.products.families import Family
from suyuan.trace.quantities import units
from suyuan.trace.words import Names

VERSION = "suyuan.sheet/1"
INDEX = "suyuan"
TABLE = "批次 batches"
_NOTES = "说明 notes"
_FIRST_ROW = 3
_PREPARED_ROWS = 500
EXAMPLE = "示例 example"
EXAMPLE_DAY = "2026-10-03"
_YEARS_BEGIN = 1900
"""A number that must be greater is a year."""


@dataclass(frozen=True)
class TemplateColumn:
    """One column of the handed-out sheet: its key, its headings, an example, and its choices."""

    key: str
    names: Names
    example: str
    needed: bool = False
    choices: tuple[str, ...] = ()
    help: str = ""


def template_columns(family: Family, variant: str) -> tuple[TemplateColumn, ...]:
    """The columns for a family and variant, in the order of the sheet."""
    chosen = [u for u in units().values() if u.code == _unit(family, variant)]
    dimension = chosen[0].dimension if chosen else "mass"
    unit_names = tuple(f"{u.zh} {u.en}" for u in units().values() if u.dimension == dimension)
    general = (
        TemplateColumn("mark", Names("标记", "mark"), EXAMPLE, help="空着 leave empty"),
        TemplateColumn("lot", Names("批号", "lot"), "A2026-01"),
        TemplateColumn("household", Names("农牧户", "household"), "牧户001"),
        TemplateColumn("quantity", Names("数量", "quantity"), "120.5", needed=True),
        TemplateColumn("unit", Names("单位", "unit"), unit_names[0], True, unit_names),
        TemplateColumn("produced", Names("日期", "date"), "2026-10-03"),
    )
    facts = tuple(
        TemplateColumn(
            ATTRIBUTE + fact.key,
            fact.names,
            _example(fact),
            choices=tuple(f"{c.names.zh} {c.names.en}" for c in fact.choices),
            help=_help(fact),
        )
        for fact in family.asked(variant)
    )
    return (*general, *facts, TemplateColumn("note", Names("备注", "note"), ""))


def make_template(family: Family, variant: str) -> bytes:
    """The sheet to download, as xlsx. Raises InvalidInput for an unknown variant."""
    names = family.variant(variant).names
    columns = template_columns(family, variant)
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        bold = book.add_format({"bold": True, "bg_color": "#E2EFDA", "border": 1})
        grey = book.add_format({"italic": True, "font_color": "#808080", "num_format": "@"})
        text = book.add_format({"num_format": "@"})
        table = book.add_worksheet(TABLE)
        _write_table(table, columns, bold, grey, text)
        notes = book.add_worksheet(_NOTES)
        _write_notes(notes, family, names, columns, bold)
        index = book.add_worksheet(INDEX)
        _write_index(index, family, variant, columns)
        for at, column in enumerate(columns):
            if column.choices:
                _write_choices(table, index, at, column)
        index.very_hidden()
        table.activate()
    return buffer.getvalue()


def _unit(family: Family, variant: str) -> str:
    return family.variant(variant).default_unit or family.default_unit


def _example(fact: Attribute) -> str:
    if fact.choices:
        return f"{fact.choices[0].names.zh} {fact.choices[0].names.en}"
    number = str(fact.minimum) if fact.minimum is not None else "1"
    if fact.minimum is not None and fact.minimum > _YEARS_BEGIN:
        number = EXAMPLE_DAY[:4]
    examples = {"date": EXAMPLE_DAY, "integer": number, "decimal": number, "boolean": "是 yes"}
    return examples.get(fact.type, "")


def _help(fact: Attribute) -> str:
    parts = []
    if fact.unit:
        parts.append(f"单位 unit: {fact.unit}")
    if fact.minimum is not None or fact.maximum is not None:
        low = "" if fact.minimum is None else fact.minimum
        parts.append(f"范围 range: {low} … {'' if fact.maximum is None else fact.maximum}")
    if fact.type == "list":
        parts.append("多个用顿号分开 several: separate with commas")
    if fact.type == "date":
        parts.append("写作 write as 2026-10-03")
    return "; ".join(parts)


def _write_table(
    table: Worksheet, columns: tuple[TemplateColumn, ...], bold: Format, grey: Format, text: Format
) -> None:
    table.freeze_panes(_FIRST_ROW, 0)
    for at, column in enumerate(columns):
        # as text, so that ear tags keep all digits and 2026.10 its zero
        table.set_column(at, at, max(12, len(column.names.zh) * 2 + 4), text)
        needed = "*" if column.needed else ""
        table.write_string(0, at, column.names.zh + needed, bold)
        table.write_string(1, at, column.names.en + needed, bold)
        table.write_string(2, at, column.example, grey)


def _write_choices(table: Worksheet, index: Worksheet, at: int, column: TemplateColumn) -> None:
    """A list to choose from; it stands on the hidden sheet, a validation holds 255 characters."""
    place = at + 4
    for row, choice in enumerate(column.choices):
        index.write_string(row, place, choice)
    letter = column_letter(place)
    source = f"={INDEX}!${letter}$1:${letter}${len(column.choices)}"
    table.data_validation(
        _FIRST_ROW,
        at,
        _FIRST_ROW + _PREPARED_ROWS,
        at,
        {"validate": "list", "source": source, "error_type": "warning"},
    )


def _write_notes(
    notes: Worksheet,
    family: Family,
    variant: Names,
    columns: tuple[TemplateColumn, ...],
    bold: Format,
) -> None:
    notes.set_column(0, 2, 32)
    notes.write_string(0, 0, f"{family.names.zh} · {variant.zh}", bold)
    notes.write_string(1, 0, f"{family.names.en} · {variant.en}", bold)
    notes.write_string(2, 0, "一行一个批次；第三行是示例，不会读入；带 * 的必填；不知道的空着。")
    notes.write_string(
        3, 0, "One row is one batch; row 3 is an example and is not read; * must be filled in; "
        "leave empty what is not known.",
    )  # fmt: skip
    for row, column in enumerate(columns, start=5):
        notes.write_string(row, 0, column.names.zh)
        notes.write_string(row, 1, column.names.en)
        notes.write_string(row, 2, column.help)


def _write_index(
    index: Worksheet, family: Family, variant: str, columns: tuple[TemplateColumn, ...]
) -> None:
    for row, (name, value) in enumerate(
        (("version", VERSION), ("family", family.key), ("variant", variant))
    ):
        index.write_string(row, 0, name)
        index.write_string(row, 1, value)
    for row, column in enumerate(columns, start=3):
        index.write_string(row, 0, column.key)
        index.write_string(row, 1, column.names.zh)
