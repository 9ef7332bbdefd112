"""Which limits govern a product made on a day, and where that cannot be told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

from suyuan.trace.quality.limits import Edition, Limit, Standard, standards
from suyuan.trace.quality.product_classes import product_classes

Gap = Literal["kind", "edition", "kept"]
"""Why no limit can be told: it hangs on the ``kind`` of product; no ``edition`` for that day is
kept here; or its limits are not all ``kept``."""


@dataclass(frozen=True)
class Governing:
    """A standard that has a say: its limit, or the gap in place of one.

    ``kinds``: the classes on which it hangs, where the gap is ``kind``.
    """

    standard: Standard
    edition: Edition | None
    limit: Limit | None
    gap: Gap | None = None
    kinds: tuple[str, ...] = ()


@lru_cache(maxsize=4096)
def governing(product_class: str, parameter: str, day: date) -> tuple[Governing, ...]:
    """Every standard with a limit for this parameter and class, by their keys."""
    return among(standards().values(), product_class, parameter, day)


def among(
    some: Iterable[Standard], product_class: str, parameter: str, day: date
) -> tuple[Governing, ...]:
    """Which of some standards have a limit for this parameter and class, in their order."""
    found = (_of(standard, product_class, parameter, day) for standard in some)
    return tuple(one for one in found if one is not None)


def _of(standard: Standard, product_class: str, parameter: str, day: date) -> Governing | None:
    edition = standard.on(day)
    if edition is None:
        ever = any(
            narrowest(one, product_class, parameter) or _kinds(one, product_class, parameter)
            for one in standard.editions
        )
        return Governing(standard, None, None, "edition") if ever else None
    limit = narrowest(edition, product_class, parameter)
    kinds = _kinds(edition, product_class, parameter)
    if kinds and (limit is None or product_classes().by_key[product_class].group):
        return Governing(standard, edition, None, "kind", kinds)
    if limit is not None:
        return Governing(standard, edition, limit)
    if edition.partial and any(
        narrowest(one, product_class, parameter) for one in standard.editions
    ):
        return Governing(standard, edition, None, "kept")
    return None


def narrowest(edition: Edition, product_class: str, parameter: str) -> Limit | None:
    """The edition's limit for the narrowest class that the product belongs to."""
    own = [limit for limit in edition.limits if limit.parameter == parameter]
    for key in product_classes().upwards(product_class):
        for limit in own:
            if key in limit.classes:
                return limit
    return None


def _kinds(edition: Edition, product_class: str, parameter: str) -> tuple[str, ...]:
    """The classes within this one for which the edition says something of its own."""
    return tuple(_named_within(edition, product_class, parameter))


def _named_within(edition: Edition, product_class: str, parameter: str) -> Iterator[str]:
    named = {key for one in edition.limits if one.parameter == parameter for key in one.classes}
    return (key for key in product_classes().within(product_class) if key in named)
