"""Text cut into segments, and the data code words that it becomes (ISO/IEC 18004, 7.4).

A signed code is mostly digits, so the text is cut into byte, alphanumeric and numeric segments
such that the whole takes the fewest bits.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import product
from typing import Literal

from suyuan.trace.errors import InvalidInput

Mode = Literal["numeric", "alphanumeric", "byte"]

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_ALPHANUMERIC = frozenset(_ALPHABET)

_INDICATORS: dict[Mode, str] = {"numeric": "0001", "alphanumeric": "0010", "byte": "0100"}
# Bits of the count of characters in versions 1 to 9 (table 3).
_COUNT_BITS: dict[Mode, int] = {"numeric": 10, "alphanumeric": 9, "byte": 8}
# Bits that open a segment, and sixths of a bit a character.
_HEAD: dict[Mode, int] = {mode: 4 + bits for mode, bits in _COUNT_BITS.items()}
_SIXTHS: dict[Mode, int] = {"numeric": 20, "alphanumeric": 33, "byte": 48}

_PADS = "1110110000010001"  # what fills the room that is left, word by word (7.4.10)


def segments(text: str) -> list[tuple[Mode, str]]:
    """Cut ASCII text into the segments that take the fewest bits.

    :raises InvalidInput: for text that is empty or not plain ASCII, which no signed code holds.
    """
    return [(mode, text[start:end]) for mode, start, end in _cuts(_pattern(text))]


def bits(text: str) -> int:
    """Data bits that the text takes in versions 1 to 9 with the best segments."""
    return sum(
        _HEAD[mode] + -(-(end - start) * _SIXTHS[mode] // 6)
        for mode, start, end in _cuts(_pattern(text))
    )


def code_words(text: str, capacity: int) -> bytes:
    """The data code words of a text in a symbol that holds ``capacity`` of them, padded.

    The text must fit: ``bits`` tells. Versions 1 to 9 only, as the counts are longer above.
    """
    written = "".join([_written(mode, part) for mode, part in segments(text)])
    written += "0" * min(4, capacity * 8 - len(written))
    written += "0" * (-len(written) % 8)
    lacking = capacity * 8 - len(written)
    written += (_PADS * (lacking // len(_PADS) + 1))[:lacking]
    return int(written, 2).to_bytes(capacity, "big")


def _written(mode: Mode, part: str) -> str:
    head = _INDICATORS[mode] + format(len(part), f"0{_COUNT_BITS[mode]}b")
    if mode == "byte":
        return head + format(int.from_bytes(part.encode("ascii"), "big"), f"0{len(part) * 8}b")
    table, size = (_digits(), 3) if mode == "numeric" else (_pairs(), 2)
    return head + "".join([table[part[at : at + size]] for at in range(0, len(part), size)])


@cache
def _digits() -> dict[str, str]:
    """One, two and three digits in 4, 7 and 10 bits (7.4.3)."""
    return {
        format(number, f"0{size}"): format(number, f"0{room}b")
        for size, room in ((1, 4), (2, 7), (3, 10))
        for number in range(10**size)
    }


@cache
def _pairs() -> dict[str, str]:
    """One and two alphanumeric characters in 6 and 11 bits (7.4.4)."""
    ones = {each: format(value, "06b") for value, each in enumerate(_ALPHABET)}
    numbered = tuple(enumerate(_ALPHABET))
    return ones | {
        first + second: format(value * 45 + other, "011b")
        for (value, first), (other, second) in product(numbered, numbered)
    }


def _pattern(text: str) -> str:
    """The class of each character: n digit, a alphanumeric, b any other."""
    if not text or not (text.isascii() and text.isprintable()):
        raise InvalidInput("A code is made of plain ASCII characters only.", field="url")
    return text.translate(_CLASSES)


_CLASSES = {
    ord(each): "n" if each.isdigit() else "a" if each in _ALPHANUMERIC else "b"
    for each in map(chr, range(0x20, 0x7F))
}


@lru_cache(maxsize=1024)
def _cuts(pattern: str) -> tuple[tuple[Mode, int, int], ...]:
    """The cheapest cutting of a text whose characters are of these classes (dynamic programming).

    Labels of one run share their pattern, so it is worked out once for all of them.
    """
    allowed: dict[str, tuple[Mode, ...]] = {
        "n": ("numeric", "alphanumeric", "byte"),
        "a": ("alphanumeric", "byte"),
        "b": ("byte",),
    }
    best: dict[Mode, tuple[int, tuple[Mode, ...]]] = {}
    for each in pattern:
        cheapest = min(best.values(), default=(0, ()), key=lambda way: way[0])
        following: dict[Mode, tuple[int, tuple[Mode, ...]]] = {}
        for mode in allowed[each]:
            # A segment is padded to whole bits, so a new one starts at the next whole bit.
            opened = -(-cheapest[0] // 6) * 6 + _HEAD[mode] * 6
            ways = [(opened + _SIXTHS[mode], (*cheapest[1], mode))]
            if mode in best:
                cost, modes = best[mode]
                ways.append((cost + _SIXTHS[mode], (*modes, mode)))
            following[mode] = min(ways, key=lambda way: way[0])
        best = following
    return tuple(_joined(min(best.values(), key=lambda way: way[0])[1]))


def _joined(modes: tuple[Mode, ...]) -> Iterator[tuple[Mode, int, int]]:
    start = 0
    for at in range(1, len(modes) + 1):
        if at == len(modes) or modes[at] != modes[start]:
            yield modes[start], start, at
            start = at
