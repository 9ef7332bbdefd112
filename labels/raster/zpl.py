"""Labels in ZPL II, the language of Zebra printers and of many others (Zebra: ZPL II Programming
Guide, ^GF)."""

from __future__ import annotations

from itertools import groupby

from PIL import Image, ImageChops

_LETTERS = {20 * at: letter for at, letter in enumerate("ghijklmnopqrstuvwxyz", 1)}
_LETTERS |= dict(enumerate("GHIJKLMNOPQRSTUVWXY", 1))
"""How often the digit after it comes: g to z in twenties up to 400, then G to Y up to 19."""
_MOST = 419
"""The most that two letters count: ``z`` and ``Y``."""


def as_zpl(picture: Image.Image) -> bytes:
    """The commands that print a 1-bit picture (0 dark) once, from the label's top left corner."""
    width = (picture.width + 7) // 8
    # here 1 is a dot that is printed, and the bits that fill up the last byte must not be
    rows = ImageChops.invert(picture).tobytes()
    total = width * picture.height
    return (
        f"^XA^PW{picture.width}^LL{picture.height}^LH0,0^FO0,0"
        f"^GFA,{total},{total},{width},{compressed(rows, width)}^FS^PQ1^XZ\n"
    ).encode("ascii")


def compressed(data: bytes, width: int) -> str:
    """Rows of ``width`` bytes as hexadecimal digits, in the printers' own compression.

    A digit that repeats is counted; ``,`` and ``!`` fill a row with 0 and 1 to its end, ``:``
    repeats the row before.
    """
    written = []
    before: bytes | None = None
    for at in range(0, len(data), width):
        row = data[at : at + width]
        written.append(":" if row == before else _row(row))
        before = row
    return "".join(written)


def _row(row: bytes) -> str:
    digits = row.hex().upper()
    for filling, sign in (("0", ","), ("F", "!")):
        kept = digits.rstrip(filling)
        if kept != digits:
            return _counted(kept) + sign
    return _counted(digits)


def _counted(digits: str) -> str:
    return "".join(_run(digit, len(list(run))) for digit, run in groupby(digits))


def _run(digit: str, count: int) -> str:
    most, rest = divmod(count, _MOST)
    return f"{_times(_MOST)}{digit}" * most + (f"{_times(rest)}{digit}" if rest else "")


def _times(count: int) -> str:
    """How often the digit after it comes, as letters; nothing for once."""
    if count == 1:
        return ""
    ones = count % 20
    return _LETTERS.get(count - ones, "") + _LETTERS.get(ones, "")
