"""What a product says on its label, as it is typed: which items there are, and what each can be."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from suyuan.trace.errors import Fault, InvalidInput, InvalidInputs
from suyuan.trace.products.family import Family
from suyuan.trace.products.label_items import PANEL, label_item_names, nutrients_known
from suyuan.trace.products.net_content import check_net_content
from suyuan.trace.quantities import Quantity

_Check: TypeAlias = Callable[[Any, str], Any]

FIELD: Final = "label"
NET_CONTENT: Final = "net_content"
_LONGEST: Final = 500
_LONGEST_PER: Final = 40
_AMOUNT: Final = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,3})?")
_SHARE: Final = re.compile(r"[0-9]{1,4}%?")


def checked_label(family: Family, label: Mapping[str, Any]) -> dict[str, Any]:
    """The label items of a product of this family by key, without those that are empty.

    An item is a text, a list of texts or, as the net content may be, a quantity
    (``{"amount": "500", "unit": "GRM"}``); ``nutrition_panel`` holds ``per`` and for each
    nutrient ``{"amount": "1320", "nrv": "16"}``, in the unit of the nutrient and percent. Raises
    InvalidInputs, which names each item as ``label.net_content``.
    """
    known = label_item_names().keys() | family.attributes.keys()
    clean: dict[str, Any] = {}
    faults: list[Fault] = []
    for key, value in label.items():
        field = f"{FIELD}.{key}"
        try:
            if key not in known:
                raise InvalidInput(
                    "There is no label item {item}: give one of {known}.",
                    field,
                    item=key[:40],
                    known=", ".join(sorted(label_item_names())),
                )
            check: _Check = _CHECKS.get(key, _text)
            checked = check(value, field)
        except InvalidInputs as several:
            faults += several.faults
        except InvalidInput as error:
            faults.append(Fault(error.field or field, error.message, tuple(error.params.items())))
        else:
            if checked:
                clean[key] = checked
    if faults:
        raise InvalidInputs(faults)
    return clean


def _text(value: Any, field: str) -> str | list[str]:
    parts = [value] if isinstance(value, str) else value
    if not isinstance(parts, list) or not all(isinstance(one, str) for one in parts):
        raise InvalidInput("This label item is a text, or a list of texts.", field)
    clean = [text for one in parts if (text := one.strip())]
    if (length := sum(map(len, clean))) > _LONGEST:
        raise InvalidInput(
            "This must be at most {limit} characters; it has {length}.",
            field,
            limit=_LONGEST,
            length=length,
        )
    return "".join(clean) if isinstance(value, str) else clean


def _net_content(value: Any, field: str) -> str | dict[str, Any]:
    if isinstance(value, Mapping):
        if set(value) != {"amount", "unit"} or not all(isinstance(v, str) for v in value.values()):
            raise InvalidInput("A quantity is an object with an amount and a unit.", field)
        quantity = Quantity.of(value["amount"], value["unit"])
        check_net_content(quantity.names.zh, field)
        return quantity.to_json()
    if not isinstance(value, str):
        raise InvalidInput("This must be text.", field)
    check_net_content(value, field)
    return value.strip()


def _panel(value: Any, field: str) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise InvalidInput(
            'The nutrition panel is an object: {"per": "100 g", "energy": {"amount": "1320", '
            '"nrv": "16"}, …}.',
            field,
        )
    nutrients = nutrients_known()
    faults: list[Fault] = []
    for key, one in value.items():
        at = f"{field}.{key}"
        if key == "per":
            if not isinstance(one, str) or len(one) > _LONGEST_PER:
                faults.append(Fault(at, "Say what the panel counts per, such as 100 g."))
        elif key not in nutrients:
            names = ", ".join(nutrients)
            faults.append(Fault(at, "A panel has the nutrients {known}.", (("known", names),)))
        else:
            faults += _nutrient_faults(one, at)
    if faults:
        raise InvalidInputs(faults)
    return dict(value)


def _nutrient_faults(value: Any, at: str) -> list[Fault]:
    amount = value.get("amount") if isinstance(value, Mapping) else None
    if not isinstance(amount, str | int) or not _AMOUNT.fullmatch(str(amount)):
        return [Fault(f"{at}.amount", "This must be a number like 12.5.")]
    share = value.get("nrv")
    if share and not _SHARE.fullmatch(str(share)):
        return [Fault(f"{at}.nrv", "This must be a whole number of percent, such as 16.")]
    return []


_CHECKS: Final[Mapping[str, _Check]] = {
    PANEL: _panel,
    NET_CONTENT: _net_content,
}
