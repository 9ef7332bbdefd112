"""Which record says which verdict of a report: the newest that gives, changes or overturns it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from suyuan.trace.passport.logged import Logged

_GIVEN = ("trace_code", "verdict", "unconfirmed", "grounds", "standards")
"""What a shown verdict has from the record that gave it."""


def verdict_records(
    about: Sequence[Logged], test: Mapping[str, Any]
) -> list[tuple[Logged, set[str]]]:
    """Each record of verdicts with the shown values of the test that are its own to say.

    ``about``: all records about the report, in order; ``test``: it, as the passport shows it.
    """
    said: dict[str, set[str]] = {}
    for place, item in enumerate(test["items"]):
        verdict, at = item["verdict"], f"/items/{place}/verdict"
        code = verdict["trace_code"] if verdict else None
        own = [one for one in about if code and one.says("trace_code") == code]
        gives = [one for one in own if _entry(one, place)]
        if not gives:
            continue
        newest = gives[-1]
        said.setdefault(newest.id, set()).update(f"{at}/{name}" for name in _GIVEN)
        uid = _entry(newest, place)["uid"]
        for one in own:
            overturned = one.says("overturned")
            if isinstance(overturned, list) and uid in overturned:
                said.setdefault(one.id, set()).add(f"{at}/overturned_by")
    return [(one, said[one.id]) for one in about if one.id in said]


def _entry(one: Logged, place: int) -> Mapping[str, Any]:
    """What a record of verdicts says of the item at this place; nothing, where it is silent."""
    items = one.says("items") if one.schema == "verdict/1" else None
    entry = items[place] if isinstance(items, list) and place < len(items) else None
    return entry if isinstance(entry, dict) else {}
