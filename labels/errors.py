"""Why a label cannot be printed as asked. Each error names the item that a clerk has to mend."""

from __future__ import annotations

from suyuan.trace.errors import InvalidInput
from suyuan.trace.products.label_items import label_item_names
from suyuan.trace.words import Names


class DoesNotFit(InvalidInput):
    """An item is too long for its place even at the smallest size allowed.

    ``item`` is the item's key, ``more_mm`` how many more millimetres its place would need.
    """

    kind = "does-not-fit"

    def __init__(
        self, message: str, /, *, item: str, more_mm: float, template: str, **more: str
    ) -> None:
        said = {"more_mm": f"{max(more_mm, 0.1):.1f}", "template": template, **more}
        super().__init__(message, field=item, item=_called(item), **said)
        self.item = item
        self.more_mm = more_mm


class MissingGlyph(InvalidInput):
    """A character that no label font can draw; it would be printed as a box."""

    kind = "missing-glyph"

    def __init__(self, item: str, character: str) -> None:
        super().__init__(
            "The item {item} has the character {character} ({code_point}), which no label font"
            " holds: write it with another character.",
            field=item,
            item=_called(item),
            character=character if character.isprintable() else "",
            code_point=f"U+{ord(character):04X}",
        )
        self.item = item
        self.character = character


class MissingItem(InvalidInput):
    """An item that must stand on this label was not given, or the template has no place for it."""

    kind = "missing-item"

    def __init__(self, message: str, /, *, item: str, template: str, **more: str) -> None:
        super().__init__(message, field=item, item=_called(item), template=template, **more)
        self.item = item


class NotDeclared(InvalidInput):
    """A trace label is asked for, and nobody declared that the pack carries the legal items."""

    kind = "items-not-declared"


def _called(item: str) -> Names | str:
    """What the label itself calls the item; a sheet's layout and the symbol are no items."""
    return label_item_names().get(item, item)
