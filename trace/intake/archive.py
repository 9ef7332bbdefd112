"""What a zipped workbook (xlsx, ods) holds, looked at before any reader unpacks it.

Runs in the reader process only. python-calamine allocates the rectangle around all cells, so
two cells at A1 and XFD1048576 in a file of 5 KB end the process: the places of the cells are
therefore read first, as a stream, within the limits. The same walk keeps what calamine drops:
formulas that were never computed, error values, number formats and hidden rows.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import BinaryIO
from xml.parsers import expat

from suyuan.trace.errors import TooLarge
from suyuan.trace.intake.errors import Misread
from suyuan.trace.intake.limits import ReadingLimits

_PLACE = re.compile(r"^\$?([A-Z]{1,3})\$?([0-9]{1,7})$")
_CHUNK = 1 << 16
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


@dataclass
class Marks:
    """What the walk over one sheet noticed, by (row, column) from 0."""

    uncomputed: set[tuple[int, int]] = field(default_factory=set)
    formulas: set[tuple[int, int]] = field(default_factory=set)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    formats: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    bottom: int = -1
    right: int = -1


def open_archive(stream: BinaryIO, limits: ReadingLimits) -> zipfile.ZipFile:
    """The archive, after its directory was found harmless.

    Raises Misread for damaged, encrypted or path-crossing archives, TooLarge for bombs.
    """
    try:
        archive = zipfile.ZipFile(stream)
        members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise Misread(
            "The file is damaged: it begins like a workbook but cannot be unpacked. "
            "Save it again and send it once more.",
            field="file",
        ) from error
    if len(members) > limits.archive_members:
        raise TooLarge(
            "The workbook holds {count} parts, at most {limit} are read.",
            field="file",
            count=len(members),
            limit=limits.archive_members,
        )
    for member in members:
        _check_member(member, limits)
    total = sum(member.file_size for member in members)
    if total > limits.unpacked_bytes:
        raise _unpacks_too_large(total, limits)
    return archive


def _check_member(member: zipfile.ZipInfo, limits: ReadingLimits) -> None:
    name = member.filename
    if name.startswith(("/", "\\")) or ".." in PurePosixPath(name.replace("\\", "/")).parts:
        raise Misread(
            "The workbook holds a part whose name leads outside of it. "
            "Save it again with a spreadsheet program.",
            field="file",
        )
    if member.flag_bits & 0x1:
        raise Misread(
            "The file is protected by a password. Remove the password and send it again.",
            field="file",
        )
    packed = max(member.compress_size, 1)
    if (
        member.file_size > limits.ratio_matters_above_bytes
        and member.file_size / packed > limits.unpack_ratio
    ):
        raise _unpacks_too_large(member.file_size, limits)


def _unpacks_too_large(size: int, limits: ReadingLimits) -> TooLarge:
    return TooLarge(
        "The workbook unpacks to {size} bytes, at most {limit} are read, and not more than "
        "{ratio} times its packed size.",
        field="file",
        size=size,
        limit=limits.unpacked_bytes,
        ratio=limits.unpack_ratio,
    )


def walk_workbook(archive: zipfile.ZipFile, limits: ReadingLimits) -> dict[str, Marks]:
    """The marks of every sheet of an xlsx archive, by sheet name.

    Raises Misread for broken XML or XML with a document type (the way of entity bombs),
    TooLarge when a sheet's cells span more than the limits allow.
    """
    formats = _number_formats(archive, limits)
    walked: dict[str, Marks] = {}
    for name, part in _sheet_parts(archive, limits):
        if part in archive.namelist():
            walked[name] = _walk_sheet(archive, part, formats, limits)
    return walked


def check_every_part(archive: zipfile.ZipFile, limits: ReadingLimits) -> None:
    """Read every XML part once as a stream, so that no later reader meets an entity bomb."""
    for name in archive.namelist():
        if name.lower().endswith((".xml", ".rels")):
            _parse(archive, name, None, limits)


def _sheet_parts(archive: zipfile.ZipFile, limits: ReadingLimits) -> list[tuple[str, str]]:
    targets: dict[str, str] = {}
    sheets: list[tuple[str, str]] = []

    def relation(tag: str, attributes: dict[str, str]) -> None:
        if tag == "Relationship":
            target = attributes.get("Target", "")
            path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            targets[attributes.get("Id", "")] = path

    def sheet(tag: str, attributes: dict[str, str]) -> None:
        if tag == "sheet":
            relation_id = attributes.get(f"{_RELATION} id", attributes.get("id", ""))
            sheets.append((attributes.get("name", ""), targets.get(relation_id, "")))

    _parse(archive, "xl/_rels/workbook.xml.rels", relation, limits)
    _parse(archive, "xl/workbook.xml", sheet, limits)
    return sheets


def _number_formats(archive: zipfile.ZipFile, limits: ReadingLimits) -> list[str | None]:
    """The custom number format of each cell style, None for the built-in ones."""
    custom: dict[str, str] = {}
    styles: list[str | None] = []
    inside = [False]

    def style(tag: str, attributes: dict[str, str]) -> None:
        if tag == "numFmt":
            custom[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif tag in {"cellXfs", "cellStyles", "dxfs"}:
            inside[0] = tag == "cellXfs"
        elif tag == "xf" and inside[0]:
            styles.append(custom.get(attributes.get("numFmtId", "")))

    if "xl/styles.xml" in archive.namelist():
        _parse(archive, "xl/styles.xml", style, limits)
    return styles


def _walk_sheet(
    archive: zipfile.ZipFile, part: str, formats: list[str | None], limits: ReadingLimits
) -> Marks:
    walk = _SheetWalk(formats, limits)
    _parse(archive, part, walk.start, limits, end=walk.end, text=walk.text)
    return walk.marks


class _SheetWalk:
    """Follows the rows and cells of one sheet part while expat reads it."""

    def __init__(self, formats: list[str | None], limits: ReadingLimits) -> None:
        self.marks = Marks()
        self._formats = formats
        self._limits = limits
        self._row = -1
        self._column = -1
        self._type = ""
        self._style: str | None = None
        self._has_formula = False
        self._value: list[str] | None = None
        self._has_value = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "row":
            number = attributes.get("r", "")
            self._row = int(number) - 1 if number.isdigit() else self._row + 1
            self._column = -1
            if attributes.get("hidden") in {"1", "true"}:
                self.marks.hidden_rows.add(self._row)
        elif tag == "c":
            self._begin_cell(attributes)
        elif tag == "f":
            self._has_formula = True
        elif tag in {"v", "t"}:
            self._value = []

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        place = _PLACE.match(attributes.get("r", ""))
        if place:
            letters, number = place.groups()
            self._column = 0
            for letter in letters:
                self._column = self._column * 26 + ord(letter) - 64
            self._column -= 1
            self._row = int(number) - 1
        else:
            self._column += 1
        style = attributes.get("s", "")
        index = int(style) if style.isdigit() else 0
        self._style = self._formats[index] if index < len(self._formats) else None
        self._type = attributes.get("t", "")
        self._has_formula = self._has_value = False

    def text(self, data: str) -> None:
        if self._value is not None:
            self._value.append(data)

    def end(self, tag: str) -> None:
        if tag in {"v", "t"} and self._value is not None:
            text = "".join(self._value)
            self._value = None
            if text:
                self._has_value = True
                if self._type == "e":
                    self.marks.errors[self._row, self._column] = text
        elif tag == "c":
            self._end_cell()

    def _end_cell(self) -> None:
        if not (self._has_formula or self._has_value):
            return
        marks, place = self.marks, (self._row, self._column)
        marks.bottom = max(marks.bottom, self._row)
        marks.right = max(marks.right, self._column)
        check_extent(marks.bottom + 1, marks.right + 1, self._limits)
        if self._has_formula:
            marks.formulas.add(place)
            if not self._has_value:
                marks.uncomputed.add(place)
        if self._style:
            marks.formats[place] = self._style


def check_extent(rows: int, columns: int, limits: ReadingLimits) -> None:
    """Raise TooLarge when the rectangle around the cells is larger than the limits."""
    if rows > limits.rows or columns > limits.columns or rows * columns > limits.cells:
        raise TooLarge(
            "The sheet's cells reach over {rows} rows and {columns} columns; at most {row_limit} "
            "rows, {column_limit} columns and {cell_limit} cells are read. Delete what stands "
            "far outside of the table, or split the sheet.",
            field="file",
            rows=rows,
            columns=columns,
            row_limit=limits.rows,
            column_limit=limits.columns,
            cell_limit=limits.cells,
        )


def _parse(
    archive: zipfile.ZipFile,
    part: str,
    start: Callable[[str, dict[str, str]], None] | None,
    limits: ReadingLimits,
    *,
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    parser = expat.ParserCreate(namespace_separator=" ")
    if start is not None:
        parser.StartElementHandler = lambda tag, given: start(tag.rpartition(" ")[2], given)
    parser.StartDoctypeDeclHandler = _refuse_doctype
    if end is not None:
        parser.EndElementHandler = lambda tag: end(tag.rpartition(" ")[2])
    if text is not None:
        parser.CharacterDataHandler = text
    read = 0
    try:
        with archive.open(part) as stream:
            while chunk := stream.read(_CHUNK):
                read += len(chunk)
                if read > limits.unpacked_bytes:
                    raise _unpacks_too_large(read, limits)
                parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except (expat.ExpatError, KeyError, zipfile.BadZipFile, NotImplementedError) as error:
        raise _damaged() from error
    except (zlib.error, EOFError, ValueError, RuntimeError) as error:
        raise _damaged() from error


def _damaged() -> Misread:
    return Misread(
        "The workbook is damaged: a part of it cannot be read. Open it in a spreadsheet program, "
        "save it as xlsx and send that.",
        field="file",
    )


def _refuse_doctype(*_: object) -> None:
    raise Misread(
        "The workbook holds a document type declaration, which no spreadsheet program writes. "
        "Save it again with a spreadsheet program.",
        field="file",
    )
