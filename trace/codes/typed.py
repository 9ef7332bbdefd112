"""Codes as people type them: a trace code, with the serial behind it where it is of a package."""

from __future__ import annotations

from suyuan.trace.codes.paths import TracePath
from suyuan.trace.codes.trace_code import (
    LENGTH,
    SERIAL_LENGTH,
    plain_digits,
    require_serial,
    require_trace_code,
)


def read_typed(typed: str) -> TracePath:
    """The path of a trace code, with the serial where it was typed behind it.

    Between the two a slash may stand. Nothing else is passed over but spaces and hyphens: a
    letter in a serial is a mistake, and without it the number would be that of another package.
    Raises TraceCodeError.
    """
    plain = plain_digits(typed)
    code, serial = plain[:LENGTH], plain[LENGTH:]
    if serial.startswith("/") or len(serial) == SERIAL_LENGTH:
        require_trace_code(code)
        serial = serial.removeprefix("/")
        require_serial(serial)
        return TracePath(code, serial)
    require_trace_code(plain)
    return TracePath(plain)
