"""Choosing the mask (ISO/IEC 18004, 7.8.3): full scoring of all eight, on whole symbols at once.

A symbol is one long number (``affine``), so a rule that looks at every module beside its
neighbours is a few operations on the number and itself, moved by one module or by one row. The
points are those that ``qrcode`` gives.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from suyuan.labels.qr.affine import Grid, SymbolMap

_BLOCK_POINTS = 3
_FINDER_POINTS = 40
_SHARE_POINTS = 10


@dataclass(frozen=True)
class Rulers:
    """Where modules are, where one has a neighbour on its left, and where one above.

    ``side``: modules of a row; ``row``: bits of one.
    """

    side: int
    row: int
    every: int
    beside: int
    below: int

    @classmethod
    @lru_cache(maxsize=16)
    def of(cls, grid: Grid) -> Rulers:
        row = (1 << grid.side) - 1 << grid.stride - grid.side
        every = sum(row << at * grid.stride for at in range(grid.side))
        return cls(grid.side, grid.stride, every, every & every >> 1, every & every >> grid.stride)


def best_mask(symbols: SymbolMap, unmasked: int) -> int:
    """The first of the masks that lose the fewest points."""
    rulers = Rulers.of(symbols.grid)
    lost = [points(rulers, unmasked ^ tried) for tried in symbols.tried]
    return lost.index(min(lost))


def points(rulers: Rulers, dark: int) -> int:
    """What a symbol loses by all four rules (table 11)."""
    row = rulers.row
    light = dark ^ rulers.every
    # a complement would be a negative number, which costs twice
    beside = rulers.beside ^ (rulers.beside & (dark ^ dark >> 1))
    below = rulers.below ^ (rulers.below & (dark ^ dark >> row))
    # two modules side by side are alike, so are the two above, and the two columns are alike too
    blocks = (beside & beside >> row & below).bit_count()
    finders = _finders(dark, light, 1) + _finders(dark, light, row)
    return (
        _runs(beside, 1)
        + _runs(below, row)
        + _BLOCK_POINTS * blocks
        + _FINDER_POINTS * finders
        + _share(dark.bit_count(), rulers.side)
    )


def _runs(alike: int, step: int) -> int:
    """Rule 1: a run of five or more of one colour loses its length less two.

    ``alike``: where a module is as the one before it. A run of n has n - 1 of them in a row, and
    so n - 4 places where four stand in a row; two more points for each such run.
    """
    pairs = alike & alike >> step
    fours = pairs & pairs >> 2 * step
    inner = fours & fours >> step
    return 3 * fours.bit_count() - 2 * inner.bit_count()


def _finders(dark: int, light: int, step: int) -> int:
    """Rule 3: how often dark and light stand 1:1:3:1:1, with four light before or behind."""
    pairs = light & light >> step
    four = pairs & pairs >> 2 * step
    rising = dark & light >> step
    falling = light & dark >> step
    three = dark & dark >> step & dark >> 2 * step
    finder = rising & three >> 2 * step & falling >> 5 * step
    return (finder & four >> 7 * step | four & finder >> 4 * step).bit_count() if finder else 0


def _share(dark: int, side: int) -> int:
    """Rule 4: ten points for each full 5 % that the share of dark modules is off one half."""
    return int(abs(dark / side**2 * 100 - 50) / 5) * _SHARE_POINTS
