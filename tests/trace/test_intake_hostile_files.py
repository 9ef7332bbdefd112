"""Bombs, junk and tricks in uploads end in a clear refusal, and never in this process."""

from __future__ import annotations

import contextlib
import io
import random
import resource
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from suyuan.trace.errors import InvalidInput, Misconfigured, TooLarge
from suyuan.trace.intake.errors import Misread
from suyuan.trace.intake.limits import ReadingLimits
from suyuan.trace.intake.workbook import limits_in_force, read_workbook, shown_name
from suyuan.trace.settings import Settings
from tests.trace.sheets import LIMITS, ods, read, replaced, xlsx

ROWS: list[list[Any]] = [
    ["标题"],
    ["耳标号", "活重", "日期"],
    ["254062630000037", 198.3, "2026.10.3"],
]


def test_open_document_cells_repeated_a_million_times() -> None:
    cell = '<table:table-cell office:value-type="float" office:value="1" {}/>'
    wide = cell.format('table:number-columns-repeated="16384"')
    body = f'<table:table-row table:number-rows-repeated="1048576">{wide}</table:table-row>'
    with pytest.raises((TooLarge, Misread)):
        read(ods(body), "a.ods")


def two_far_cells() -> bytes:
    return xlsx([[1]], lambda _, sheet: sheet.write("XFD1048576", "y"))


def entity_bomb() -> bytes:
    bomb = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">' + b"".join(
        b'<!ENTITY a%d "%s">' % (n, (b"&a%d;" % (n - 1) if n else b"&a;") * 10) for n in range(9)
    )
    return replaced(xlsx(ROWS), "xl/sharedStrings.xml", bomb + b"]><sst>&a8;</sst>")


def zip_bomb() -> bytes:
    return replaced(xlsx(ROWS), "xl/media/image1.png", b"\0" * 40_000_000)


def many_merges() -> bytes:
    def merges(_: Any, sheet: Any) -> None:
        sheet.write("A1", 1)
        sheet.write(15000, 30, 1)
        for row in range(3):
            sheet.merge_range(row * 5000, 0, row * 5000 + 4999, 30, "x")

    content = xlsx([], merges)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    one = b'<mergeCell ref="A1:AE5000"/>'
    return replaced(content, "xl/worksheets/sheet1.xml", sheet.replace(one, one * 500))


@pytest.mark.parametrize("bomb", [two_far_cells, zip_bomb, many_merges])
def test_bombs_are_too_large(bomb: Callable[[], bytes]) -> None:
    began = time.monotonic()
    with pytest.raises(TooLarge) as refusal:
        read(bomb())
    assert refusal.value.status == 413
    assert time.monotonic() - began < LIMITS.wall_seconds


def test_entity_bomb_is_refused() -> None:
    with pytest.raises(Misread, match="document type"):
        read(entity_bomb())


def test_archive_that_lies_about_its_size_stays_within_the_limits() -> None:
    lying = zip_bomb().replace((40_000_000).to_bytes(4, "little"), (999).to_bytes(4, "little"))
    try:
        sheets = read(lying).sheets
    except (Misread, TooLarge):
        return
    assert sheets[0].cell(0, 0).value == "标题"  # the part was never unpacked


def test_ten_megabytes_of_junk() -> None:
    junk = random.Random(1).randbytes(10 * 1024 * 1024 - 10)
    for name in ("a.xlsx", "a.xls", "a.csv"):
        with pytest.raises(InvalidInput):
            read(junk, name)
    with pytest.raises(InvalidInput):
        read(b"PK\x03\x04" + junk, "a.xlsx")
    with pytest.raises(InvalidInput):
        read(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + junk, "a.xls")
    with pytest.raises(TooLarge):
        read(junk + b"x" * 100)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.xlsx", b""),
        ("a.csv", b"  \r\n "),
        ("a.xlsx", "牧户,活重\n扎西,3".encode()),
        ("a.xls", b"<html><table><tr><td>1</td></tr></table></html>"),
        ("a.csv", b"%PDF-1.7 ..."),
        ("a.xlsx", b"\xff\xd8\xff\xe0 photo"),
        ("a.exe", b"MZ"),
        ("a", b"x"),
        ("a.csv", b"a,b\n\x00\x01\x02"),
        ("a.csv", b'a,"b\n' + b"x" * 40_000),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")),
    ],
)
def test_what_is_no_sheet_is_said_to_be_none(name: str, content: bytes) -> None:
    with pytest.raises(Misread) as refusal:
        read(content, name)
    assert str(refusal.value)
    assert refusal.value.field == "file"


def test_other_archives_and_broken_parts_are_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<a/>")
    with pytest.raises(Misread, match="no xlsx"):
        read(out.getvalue())
    with pytest.raises(Misread, match="leads outside"):
        read(replaced(xlsx(ROWS), "../../etc/passwd", b"x"))
    with pytest.raises(Misread, match="damaged"):
        read(replaced(xlsx(ROWS), "xl/worksheets/sheet1.xml", b"<worksheet><sheetData>"))
    with pytest.raises(Misread, match="damaged"):
        read(xlsx(ROWS)[:-200])


@pytest.mark.parametrize(
    ("given_name", "shown"),
    [
        ("../../etc/passwd.xlsx", "passwd.xlsx"),
        ("C:\\Users\\扎西\\收购表.xlsx", "收购表.xlsx"),
        ("a\u202exslx.exe", "axslx.exe"),
        ("a\x00b.csv", "ab.csv"),
        ("x" * 500 + ".csv", "x" * 116 + ".csv"),
        ("/", "sheet"),
    ],
)
def test_names_are_shown_and_never_paths(given_name: str, shown: str) -> None:
    assert shown_name(given_name) == shown


def test_memory_and_time_are_bounded_in_the_child() -> None:
    rows = [[f"文字{row}-{column}" for column in range(20)] for row in range(1000)]
    content = xlsx(rows)
    with pytest.raises(TooLarge, match="time or memory"):
        read_workbook(content, "a.xlsx", replace(LIMITS, memory_bytes=25_000_000))
    with pytest.raises(TooLarge, match="time or memory"):
        read_workbook(content, "a.xlsx", replace(LIMITS, output_bytes=10_000))
    with pytest.raises(TooLarge, match="time or memory"):
        read_workbook(content, "a.xlsx", replace(LIMITS, wall_seconds=0))
    with pytest.raises(TooLarge):
        read_workbook(content, "a.xlsx", replace(LIMITS, rows=900))
    assert len(read_workbook(content, "a.xlsx", LIMITS).sheets[0].rows) == 1000
    # this process is as free as before
    assert resource.getrlimit(resource.RLIMIT_AS)[0] != LIMITS.memory_bytes


def test_what_the_operator_sets_limits_the_reading(tmp_path: Path) -> None:
    chosen = Settings(
        data=tmp_path,
        database_url="sqlite://",
        passphrase_file=tmp_path / "p",
        upload_bytes=100,
        reader_seconds=3,
        reader_bytes=400_000_000,
    )
    limits = limits_in_force(chosen)
    assert (limits.file_bytes, limits.cpu_seconds, limits.memory_bytes) == (100, 3, 400_000_000)
    with pytest.raises(TooLarge):
        read_workbook(xlsx(ROWS), "a.xlsx", limits)
    with pytest.raises(Misconfigured, match="cpu_seconds"):
        ReadingLimits.from_json({**LIMITS.to_json(), "cpu_seconds": 0})


@settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=2000), st.integers(0, 4000), st.sampled_from(["a.xlsx", "a.xls"]))
def test_damage_anywhere_never_raises_outside_the_family(noise: bytes, at: int, name: str) -> None:
    content = xlsx(ROWS)
    damaged = content[:at] + noise + content[at + len(noise) :]
    with contextlib.suppress(InvalidInput, TooLarge):
        read(damaged, name)
