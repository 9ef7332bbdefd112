"""Codes as people type them: a trace code, with the serial behind it where it is of a package."""

from __future__ import annotations

from suyuan.trace.codes.paths import TracePath
from suyuan.trace.codes.trace_code import LENGTH, SERIAL_LENGTH, parse_trace_code


def read_typed(typed: str) -> TracePath:
    """The path of a trace code, with the serial where it was typed behind it.

    Raises TraceCodeError.
    """
    digits = [at for at, character in enumerate(typed) if character.isdecimal()]
    if len(digits) == LENGTH + SERIAL_LENGTH:
        code, serial = typed[: digits[LENGTH]], typed[digits[LENGTH] :]
        plain = "".join(str(int(character)) for character in serial if character.isdecimal())
        return TracePath(parse_trace_code(code.rstrip("/ ")), plain)
    return TracePath(parse_trace_code(typed))
