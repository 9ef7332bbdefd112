"""The child process in which every upload is read: ``python -I -m …intake.reader_process``.

It takes on standard input one line of JSON (``{"name", "limits"}``) and then the file's bytes,
puts itself under the limits before it looks at any of them, and answers on standard output with
one JSON object: the workbook, or the error with its message and its gaps. A file that makes a
library crash ends this process and nothing else.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import resource
import sys
import zipfile
from collections.abc import Sequence
from decimal import Decimal
from pathlib import PurePosixPath
from typing import Any

from suyuan.trace.errors import SuyuanError, TooLarge
from suyuan.trace.intake.errors import Misread
from suyuan.trace.intake.limits import ReadingLimits
from suyuan.trace.intake.sheets import EMPTY, Cell, Merged, Sheet, sheet_to_wire

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_OTHER_KINDS = (
    (b"%PDF", "PDF"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG", "PNG"),
    (b"GIF8", "GIF"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7z"),
    (b"\x1f\x8b", "gzip"),
)
OUT_OF_BOUNDS = 3
"""Exit status when the file needed more memory, or its answer more room, than the limits give."""

_TEXT_SUFFIXES = {".csv", ".tsv", ".txt"}


def confine(limits: ReadingLimits) -> None:
    """Put this process under its limits; none of them can be raised again."""
    for what, bound in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_CPU, limits.cpu_seconds),
        (resource.RLIMIT_FSIZE, limits.output_bytes),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (bound, bound))


def read(content: bytes, name: str, limits: ReadingLimits) -> dict[str, Any]:
    """The workbook as JSON. Raises Misread and TooLarge."""
    if len(content) > limits.file_bytes:
        raise TooLarge(
            "The file has {size} bytes, at most {limit} are read.",
            field="file",
            size=len(content),
            limit=limits.file_bytes,
        )
    if not content.strip():
        raise Misread("The file is empty.", field="file")
    if content.startswith(_ZIP):
        return _read_zipped(content, limits)
    if content.startswith(_OLE):
        if _ENCRYPTED in content:
            raise _protected()
        sheets = _read_with_calamine(content, limits)
        return {"format": "xls", "sheets": [sheet_to_wire(sheet) for sheet in sheets]}
    return _read_text(content, name, limits)


def _read_zipped(content: bytes, limits: ReadingLimits) -> dict[str, Any]:
    from suyuan.trace.intake import archive as archives
    from suyuan.trace.intake.sheet_walk import Marks

    with archives.open_archive(io.BytesIO(content), limits) as archive:
        kind = _zipped_kind(archive)
        archives.check_every_part(archive, limits)
        marks = archives.walk_workbook(archive, limits) if kind == "xlsx" else {}
    sheets = _read_with_calamine(content, limits)
    marked = [_with_marks(sheet, marks.get(sheet.name, Marks())) for sheet in sheets]
    return {"format": kind, "sheets": [sheet_to_wire(sheet) for sheet in marked]}


def _zipped_kind(archive: zipfile.ZipFile) -> str:
    names = set(archive.namelist())
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "content.xml" in names:
        return "ods"
    raise Misread(
        "The file is an archive, but no xlsx or ods workbook. Open it in a spreadsheet program, "
        "save it as xlsx and send that.",
        field="file",
    )


def _read_with_calamine(content: bytes, limits: ReadingLimits) -> list[Sheet]:
    import python_calamine as calamine

    try:
        with calamine.load_workbook(io.BytesIO(content)) as workbook:
            listed = [
                (at, sheet)
                for at, sheet in enumerate(workbook.sheets_metadata)
                if sheet.typ == calamine.SheetTypeEnum.WorkSheet
            ]
            if len(listed) > limits.sheets:
                raise TooLarge(
                    "The workbook has {count} sheets, at most {limit} are read.",
                    field="file",
                    count=len(listed),
                    limit=limits.sheets,
                )
            return [
                _sheet(workbook.get_sheet_by_index(at), sheet.visible, limits)
                for at, sheet in listed
            ]
    except calamine.PasswordError as error:
        raise _protected() from error
    except (calamine.CalamineError, ValueError, OverflowError, OSError) as error:
        raise _damaged() from error


def _sheet(read: Any, visible: Any, limits: ReadingLimits) -> Sheet:
    from suyuan.trace.intake.sheet_walk import check_extent

    bottom, right = read.end or (-1, -1)
    check_extent(bottom + 1, right + 1, limits)
    rows = [_row(values, limits) for values in read.to_python(skip_empty_area=False)]
    return Sheet(
        name=read.name,
        rows=tuple(rows),
        merged=_merged(read.merged_cell_ranges or (), (bottom, right), limits),
        hidden=not str(visible).endswith(".Visible"),
    )


def _merged(
    ranges: Sequence[tuple[tuple[int, int], tuple[int, int]]],
    corner: tuple[int, int],
    limits: ReadingLimits,
) -> tuple[Merged, ...]:
    """The merged ranges as far as the sheet's values reach; together no more than its cells."""
    areas: list[Merged] = []
    covered = 0
    for (top, left), (bottom, right) in ranges:
        if top <= corner[0] and left <= corner[1]:
            areas.append(Merged(top, left, min(bottom, corner[0]), min(right, corner[1])))
            covered += areas[-1].cells
            if covered > limits.cells:
                raise TooLarge(
                    "The sheet's merged ranges cover more than {limit} cells.",
                    field="file",
                    limit=limits.cells,
                )
    return tuple(areas)


def _row(values: Sequence[Any], limits: ReadingLimits) -> tuple[Cell, ...]:
    cells = [_cell(value, limits) for value in values]
    while cells and cells[-1] is EMPTY:
        cells.pop()
    return tuple(cells)


def _cell(value: Any, limits: ReadingLimits) -> Cell:
    if isinstance(value, str):
        if len(value) > limits.cell_characters:
            raise TooLarge(
                "A cell holds {count} characters, at most {limit} are read.",
                field="file",
                count=len(value),
                limit=limits.cell_characters,
            )
        return Cell(value=value) if value else EMPTY
    if isinstance(value, bool | dt.date | dt.time | dt.timedelta):
        return Cell(value=value)
    if isinstance(value, int | float):
        number = Decimal(repr(value))
        if not number.is_finite():
            return Cell(error=str(value))
        whole = number == number.to_integral_value() and abs(number) < Decimal(10) ** 18
        return Cell(value=number.quantize(Decimal(1)) if whole else number)
    return EMPTY


def _with_marks(sheet: Sheet, marks: Any) -> Sheet:
    """Put formulas, errors and formats, which calamine leaves out, back onto their cells."""
    height = max(sheet.height, marks.bottom + 1)
    rows = [list(sheet.rows[at]) if at < sheet.height else [] for at in range(height)]
    for at, column in marks.formulas | marks.errors.keys() | marks.formats.keys():
        row = rows[at]
        row.extend([EMPTY] * (column + 1 - len(row)))
        place = (at, column)
        row[column] = Cell(
            value=None if place in marks.uncomputed else row[column].value,
            formula=place in marks.formulas,
            error=marks.errors.get(place),
            shown_as=marks.formats.get(place),
        )
    return Sheet(
        name=sheet.name,
        rows=tuple(tuple(row) for row in rows),
        merged=sheet.merged,
        hidden=sheet.hidden,
        hidden_rows=frozenset(marks.hidden_rows),
    )


def _read_text(content: bytes, name: str, limits: ReadingLimits) -> dict[str, Any]:
    from suyuan.trace.intake.delimited import read_delimited

    suffix = PurePosixPath(name).suffix.lower()
    for start, kind in _OTHER_KINDS:
        if content.startswith(start):
            raise Misread(
                "The file is {kind}, not a sheet. Send the sheet itself as xlsx, xls, ods or CSV.",
                field="file",
                kind=kind,
            )
    if content.lstrip()[:15].lower().startswith((b"<html", b"<!doctype", b"<?xml", b"<table")):
        raise Misread(
            "The file is a web page or XML that is named like a sheet. Open it in a spreadsheet "
            "program, save it as xlsx and send that.",
            field="file",
        )
    if suffix not in _TEXT_SUFFIXES:
        raise Misread(
            "The file is named {suffix}, but what it holds is no such workbook. Open it in a "
            "spreadsheet program, save it as xlsx and send that.",
            field="file",
            suffix=suffix,
        )
    sheet, encoding = read_delimited(content, PurePosixPath(name).stem, limits)
    return {"format": "csv", "sheets": [sheet_to_wire(sheet)], "encoding": encoding}


def _protected() -> Misread:
    return Misread(
        "The file is protected by a password. Remove the password and send it again.", field="file"
    )


def _damaged() -> Misread:
    return Misread(
        "The workbook is damaged: a part of it cannot be read. Open it in a spreadsheet program, "
        "save it as xlsx and send that.",
        field="file",
    )


def main() -> int:
    """Answer one request; the exit status is 0 also when the answer is an error."""
    request = json.loads(sys.stdin.buffer.readline())
    limits = ReadingLimits.from_json(request["limits"])
    confine(limits)
    try:
        answer = read(sys.stdin.buffer.read(limits.file_bytes + 1), str(request["name"]), limits)
    except SuyuanError as error:
        answer = {
            "error": {
                "kind": error.kind,
                "message": error.message,
                "field": error.field,
                "params": error.params,
            }
        }
    except MemoryError:
        return OUT_OF_BOUNDS
    try:
        sys.stdout.write(json.dumps(answer, ensure_ascii=True, separators=(",", ":")))
        sys.stdout.flush()
    except (MemoryError, OSError):
        return OUT_OF_BOUNDS
    return 0


if __name__ == "__main__":
    sys.exit(main())
