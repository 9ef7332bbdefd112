"""The classes of products that limits are set for: ``standards/limits/classes.json``.

A limit for cereals holds for sorghum too, unless the same standard says something narrower.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from suyuan.trace.errors import InvalidInput
from suyuan.trace.quality.wordings import Wordings
from suyuan.trace.sourced import Row, keyed, read_standard
from suyuan.trace.words import Names, read_names

_FILE = "limits/classes.json"


@dataclass(frozen=True)
class ProductClass:
    """One class; ``within`` is the wider one.

    ``group``: no product is of this class by itself, only of those within it. ``variants``: the
    families' variants that are of it, such as ``grain/sorghum``.
    """

    key: str
    names: Names
    within: str | None
    group: bool
    variants: tuple[str, ...]
    words: tuple[str, ...]


class ProductClasses:
    """All classes, by key, by word and by variant."""

    def __init__(self, classes: dict[str, ProductClass]) -> None:
        self.by_key = classes
        self._wordings = Wordings(
            {
                one.key: (one.names.zh, one.names.en, *one.words, *one.variants)
                for one in classes.values()
            },
            _FILE,
        )
        self._by_variant = {v: one for one in classes.values() for v in one.variants}

    def find(self, word: str) -> ProductClass:
        """The class that the word means. Raises InvalidInput."""
        key = self._wordings.find(word)
        if key is None:
            near = self._wordings.like(word)
            raise InvalidInput(
                "There is no product class {word}; those most like it: {known}."
                if near
                else "There is no product class {word}: the page of the standards lists all.",
                field="product_class",
                word=word[:60],
                known=", ".join(near),
            )
        return self.by_key[key]

    def of_variant(self, family: str, variant: str) -> ProductClass | None:
        """The class of a family's variant; ``None`` where no standard kept here knows it."""
        return self._by_variant.get(f"{family}/{variant}")

    def upwards(self, key: str) -> tuple[str, ...]:
        """The class and all wider ones, the narrowest first."""
        found: list[str] = []
        above: str | None = key
        while above is not None:
            found.append(above)
            above = self.by_key[above].within
        return tuple(found)

    def within(self, key: str) -> tuple[str, ...]:
        """All classes within this one, itself not among them."""
        return tuple(one for one in self.by_key if one != key and key in self.upwards(one))


@cache
def product_classes() -> ProductClasses:
    """The classes that ship. Raises Misconfigured."""
    row = read_standard(_FILE)
    classes = keyed(row.get("classes").rows(), _read_class, lambda one: one.key)
    for one in row.get("classes").rows():
        if one.has("within"):
            one.get("within").one_of(tuple(classes))
    return ProductClasses(classes)


def _read_class(row: Row) -> ProductClass:
    row.only("key", "names", "within", "group", "variants", "words")
    return ProductClass(
        key=row.get("key").text(),
        names=read_names(row),
        within=row.maybe("within", Row.text),
        group=row.has("group") and row.get("group").flag(),
        variants=row.list_of("variants", Row.text),
        words=row.list_of("words", Row.text),
    )
