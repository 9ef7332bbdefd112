"""Which places a text names: 西藏那曲 names a region and a prefecture."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Final

from suyuan.trace.parties.divisions import Division, divisions

_KIND: Final = re.compile(
    r"(?:特别行政区|(?:维吾尔|壮族|回族)?自治区|(?:[一-龥]{2,3}族)+自治[州县旗]|自治[州县旗]|地区|林区|特区"
    r"|[省市县区州盟旗])$"
)
"""The end of a name that says what kind of place it is."""
_SHORTEST: Final = 2


def divisions_named(text: str) -> tuple[tuple[Division, ...], ...]:
    """For each name of a province, prefecture or county that stands in a text, whole or without
    its kind (清徐 for 清徐县), all that are called so.

    Townships are left aside: too many are called alike.
    """
    plain = re.sub(r"\s", "", text)
    found = [name for name in _by_name() if name in plain]
    whole = [name for name in found if not any(name in one and name != one for one in found)]
    return tuple(_by_name()[name] for name in whole)


@cache
def _by_name() -> Mapping[str, tuple[Division, ...]]:
    found: dict[str, list[Division]] = {}
    for one in divisions():
        if one.level == "township" or one.replaced_by is not None:
            continue
        short = _KIND.sub("", one.name)
        for name in {one.name, short if len(short) >= _SHORTEST else one.name}:
            found.setdefault(name, []).append(one)
    return {name: tuple(some) for name, some in found.items()}
