"""Reading an upload: always in a child process, never in the one that serves people."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import tempfile
import unicodedata
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

from suyuan.trace.errors import TooLarge, Unavailable
from suyuan.trace.intake.errors import Misread
from suyuan.trace.intake.limits import ReadingLimits, shipped_limits
from suyuan.trace.intake.sheets import Workbook, workbook_from_wire
from suyuan.trace.settings import Settings

READABLE = (".xlsx", ".xlsm", ".xls", ".et", ".ods", ".csv", ".tsv", ".txt")
"""How a file that can be read is named; what it holds decides how it is read."""

_NAME_LENGTH = 120
_OUT_OF_BOUNDS = {-signal.SIGXCPU, -signal.SIGKILL, -signal.SIGABRT, -signal.SIGXFSZ, 3}


def limits_in_force(settings: Settings) -> ReadingLimits:
    """The shipped limits with what the operator sets: upload size, processor time, memory."""
    return replace(
        shipped_limits(),
        file_bytes=settings.upload_bytes,
        cpu_seconds=settings.reader_seconds,
        wall_seconds=2 * settings.reader_seconds,
        memory_bytes=settings.reader_bytes,
    )


def shown_name(file_name: str) -> str:
    """A file's name as it may be shown and stored: its last part, without hidden characters.

    The name is never used as a path. ``../../etc/passwd.xlsx`` becomes ``passwd.xlsx``; control
    characters and those that turn the writing direction around are left out.
    """
    last = file_name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(sign for sign in last if unicodedata.category(sign)[0] != "C").strip()
    stem, suffix = PurePosixPath(kept).stem, PurePosixPath(kept).suffix
    return f"{stem[: _NAME_LENGTH - len(suffix[:10])]}{suffix[:10]}" or "sheet"


def read_workbook(content: bytes, file_name: str, limits: ReadingLimits) -> Workbook:
    """Read an upload as it is.

    ``content`` is the file's bytes, ``file_name`` what the person's machine calls it.
    Raises Misread (no sheet, damaged, protected, wrong kind), TooLarge (more than the limits
    allow, bombs among them), Unavailable (the reader could not be started).
    """
    name = shown_name(file_name)
    if not name.lower().endswith(READABLE):
        raise Misread(
            "Files named like {name} are not read. Send the sheet as {readable}.",
            field="file",
            name=name,
            readable=", ".join(READABLE),
        )
    if len(content) > limits.file_bytes:
        raise TooLarge(
            "The file has {size} bytes, at most {limit} are read.",
            field="file",
            size=len(content),
            limit=limits.file_bytes,
        )
    answer = _ask_reader(content, name, limits)
    if "error" in answer:
        raise _error(answer["error"])
    return workbook_from_wire({**answer, "name": name})


def _ask_reader(content: bytes, name: str, limits: ReadingLimits) -> dict[str, Any]:
    request = json.dumps({"name": name, "limits": limits.to_json()}).encode("ascii")
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as answered:
        given.write(request + b"\n" + content)
        given.seek(0)
        try:
            # the command holds nothing of the request; -I keeps the working folder, the
            # environment and the person's own site packages out of the child
            finished = subprocess.run(
                [sys.executable, "-I", "-X", "utf8", "-m", "suyuan.trace.intake.reader_process"],
                stdin=given,
                stdout=answered,
                stderr=subprocess.DEVNULL,
                env={},
                timeout=limits.wall_seconds,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise _takes_too_much() from error
        except OSError as error:
            raise Unavailable("The reader of sheets could not be started. Try again.") from error
        if finished.returncode in _OUT_OF_BOUNDS:
            raise _takes_too_much()
        answered.seek(0)
        return _answer(answered.read(limits.output_bytes + 1), finished.returncode)


def _answer(written: bytes, status: int) -> dict[str, Any]:
    try:
        answer = json.loads(written) if status == 0 else None
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        raise Misread(
            "The file cannot be read as a sheet. Open it in a spreadsheet program, save it as "
            "xlsx and send that.",
            field="file",
        )
    return answer


def _takes_too_much() -> TooLarge:
    return TooLarge(
        "Reading the file takes more time or memory than a sheet may. Keep only the sheet with "
        "the table, save it as xlsx and send that.",
        field="file",
    )


def _error(told: dict[str, Any]) -> Misread | TooLarge:
    family = TooLarge if told.get("kind") == TooLarge.kind else Misread
    params = {str(name): value for name, value in dict(told.get("params") or {}).items()}
    return family(str(told.get("message")), field=told.get("field"), **params)
