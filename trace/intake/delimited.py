"""Sheets as text: CSV and tab-separated files in the encodings that offices here write.

Runs in the reader process only.
"""

from __future__ import annotations

import csv
import io
import re

from suyuan.trace.intake.errors import Misread
from suyuan.trace.intake.limits import ReadingLimits
from suyuan.trace.intake.sheet_walk import check_extent
from suyuan.trace.intake.sheets import EMPTY, Cell, Sheet

_SEPARATORS = (",", "\t", ";", "，", "|")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
_AS_TEXT = re.compile(r'^="(.*)"$', re.DOTALL)


def decode(content: bytes) -> tuple[str, str]:
    """The text and the name of its encoding.

    A byte order mark decides; else UTF-16 shows by its zero bytes, else what is valid UTF-8 is
    UTF-8, else what is valid GB 18030 is GB 18030. Raises Misread when none fits.
    """
    for mark, encoding in (
        (b"\xef\xbb\xbf", "utf-8-sig"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if content.startswith(mark):
            return _decoded(content, (encoding,))
    head = content[:4096]
    if head.count(0) * 8 > len(head):
        first_is_zero = head[0::2].count(0) > head[1::2].count(0)
        return _decoded(content, ("utf-16-be" if first_is_zero else "utf-16-le",))
    return _decoded(content, ("utf-8", "gb18030"))


def _decoded(content: bytes, encodings: tuple[str, ...]) -> tuple[str, str]:
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _FORBIDDEN.search(text):
            return text, encoding.removesuffix("-sig")
    raise Misread(
        "The file is no text table: its characters are neither UTF-8, UTF-16 nor GB 18030 (GBK). "
        "Save it as xlsx, or as CSV in UTF-8.",
        field="file",
    )


def separator(text: str) -> str:
    """The separator that divides most lines into the same number of fields, at least two."""
    lines = [line for line in text.splitlines()[:200] if line.strip()]

    def agreement(mark: str) -> tuple[int, int]:
        counts = [line.count(mark) for line in lines if line.count(mark)]
        if not counts:
            return 0, 0
        usual = max(set(counts), key=counts.count)
        return counts.count(usual), usual

    best = max(_SEPARATORS, key=agreement)
    return best if agreement(best)[0] else ","


def read_delimited(content: bytes, name: str, limits: ReadingLimits) -> tuple[Sheet, str]:
    """The one sheet of a text table, every cell as text, and its encoding.

    Raises Misread for what is no text or no table, TooLarge beyond the limits.
    """
    text, encoding = decode(content)
    rows: list[tuple[Cell, ...]] = []
    width = 0
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator(text))
    csv.field_size_limit(limits.cell_characters)
    try:
        for fields in reader:
            width = max(width, len(fields))
            check_extent(len(rows) + 1, width, limits)
            rows.append(tuple(_cell(value) for value in fields))
    except csv.Error as error:
        raise Misread(
            "Line {line} of the text table cannot be read: a quotation mark is not closed, or a "
            "cell holds more than {limit} characters.",
            field="file",
            line=reader.line_num,
            limit=limits.cell_characters,
        ) from error
    return Sheet(name=name, rows=tuple(rows)), encoding


def _cell(value: str) -> Cell:
    # programs write ="0012" so that a spreadsheet does not turn an identifier into a number
    as_text = _AS_TEXT.match(value)
    value = as_text.group(1) if as_text else value
    return Cell(value=value) if value.strip() else EMPTY
