"""What a zipped workbook (xlsx, ods) holds, looked at before any reader unpacks it.

Runs in the reader process only. python-calamine allocates the rectangle around all cells, so
two cells at A1 and XFD1048576 in a file of 5 KB end the process: the places of the cells are
therefore read first, as a stream, within the limits. The same walk keeps what calamine drops:
formulas that were never computed, error values, number formats and hidden rows.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import BinaryIO
from xml.parsers import expat

from suyuan.trace.errors import TooLarge
from suyuan.trace.intake.errors import Misread
from suyuan.trace.intake.limits import ReadingLimits
from suyuan.trace.intake.sheet_walk import Marks, SheetWalk

_CHUNK = 1 << 16
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


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


_BUILT_IN_PERCENT = {"9": "0%", "10": "0.00%"}
"""ECMA-376 part 1, 18.8.30."""


def _number_formats(archive: zipfile.ZipFile, limits: ReadingLimits) -> list[str | None]:
    """The number format of each cell style; of the built-in ones only those that show percent,
    where the number kept is not the number shown."""
    custom: dict[str, str] = dict(_BUILT_IN_PERCENT)
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
    walk = SheetWalk(formats, limits)
    _parse(archive, part, walk.start, limits, end=walk.end, text=walk.text)
    return walk.marks


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
