"""Code 128 (ISO/IEC 15417) with FNC1 at its beginning: GS1-128.

Sets B and C are used: all that element strings hold is in B, and C takes digits two at a time.
The shortest of all ways to switch between them is found.
"""

from __future__ import annotations

import re
from typing import Final, Literal

from suyuan.trace.errors import InvalidInput
from suyuan.trace.products.gs1 import SEPARATOR

_WIDTHS: Final = re.findall(
    "[1-4]{6}",
    "212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232"
    " 122132 122231 113222 123122 123221 223211 221132 221231 213212 223112 312131 311222 321122"
    " 321221 312212 322112 322211 212123 212321 232121 111323 131123 131321 112313 132113 132311"
    " 211313 231113 231311 112133 112331 132131 113123 113321 133121 313121 211331 231131 213113"
    " 213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224 111422"
    " 121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 241211 221114 413111"
    " 241112 134111 111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 214121"
    " 412121 111143 111341 131141 114113 114311 411113 411311 113141 114131 311141 411131 211412"
    " 211214 211232",
)
"""Of each character the widths of bar, space, bar, space, bar and space, in modules."""
_STOP: Final = "2331112"
_CODE_C, _CODE_B, _FNC1 = 99, 100, 102
_START: Final[dict[Set, int]] = {"B": 104, "C": 105}
_SWITCH: Final[dict[Set, int]] = {"B": _CODE_B, "C": _CODE_C}

Set = Literal["B", "C"]
_SETS: Final[tuple[Set, Set]] = ("B", "C")


def gs1_128(message: str) -> str:
    """The modules of a message, ``1`` for a bar; `SEPARATOR` in it becomes FNC1. No quiet zones.

    :raises InvalidInput: for characters that the symbology does not hold.
    """
    if not message or any(not (" " <= one <= "\x7e") and one != SEPARATOR for one in message):
        raise InvalidInput("Bars hold letters, digits and signs of ASCII only.", field="ai")
    tails = _tails(message)[0]
    start = min(_SETS, key=lambda of: tails[of][0])
    values = tails[start][1]
    codes = [_START[start], _FNC1, *values]
    codes.append((codes[0] + sum(at * code for at, code in enumerate(codes))) % 103)
    widths = "".join(_WIDTHS[code] for code in codes) + _STOP
    return "".join("01"[at % 2 == 0] * int(width) for at, width in enumerate(widths))


_Tail = tuple[int, tuple[int, ...]]
"""How many characters the rest of a message takes, and which."""


def _tails(message: str) -> tuple[dict[Set, _Tail], ...]:
    """For each place of a message and each set in force there, the shortest rest."""
    places: list[dict[Set, _Tail]] = [{"B": (0, ()), "C": (0, ())}]
    following: dict[Set, _Tail]
    for at in range(len(message) - 1, -1, -1):
        following = places[0]
        after_pair = places[1] if len(places) > 1 else None
        direct: dict[Set, _Tail] = {}
        if message[at] == SEPARATOR:
            direct = {of: _longer(_FNC1, following[of]) for of in _SETS}
        else:
            direct["B"] = _longer(ord(message[at]) - 32, following["B"])
            pair = message[at : at + 2]
            if len(pair) == 2 and pair.isdigit() and after_pair is not None:
                direct["C"] = _longer(int(pair), after_pair["C"])
        here: dict[Set, _Tail] = {}
        for of in _SETS:
            ways = [direct[of]] if of in direct else []
            other: Set = "C" if of == "B" else "B"
            if other in direct:
                ways.append(_longer(_SWITCH[other], direct[other]))
            here[of] = min(ways, key=lambda way: way[0])
        places.insert(0, here)
    return tuple(places)


def _longer(code: int, tail: _Tail) -> _Tail:
    return tail[0] + 1, (code, *tail[1])
