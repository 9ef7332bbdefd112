"""What was used on goods, and until when they wait: the last day of an interval is one of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from suyuan.trace.events.intervals import inputs_used, running_on


@dataclass
class Told:
    kind: str
    payload: Mapping[str, Any] = field(default_factory=dict)
    uid: str = "event-1"
    happened_at: datetime = datetime(2026, 6, 1, tzinfo=UTC)


def test_goods_wait_on_the_last_day_and_not_on_the_next() -> None:
    used = inputs_used([Told("treat", {"drug": "伊维菌素", "withdrawal_end": "2026-10-20"})])
    assert [one.name for one in running_on(used, date(2026, 10, 20))] == ["伊维菌素"]
    assert running_on(used, date(2026, 10, 21)) == ()


def test_a_pesticide_has_its_interval_too_and_a_fertiliser_none() -> None:
    used = inputs_used(
        [
            Told("input_use", {"product_name": "吡虫啉", "interval_end": "2026-08-01"}),
            Told("input_use", {"product_name": "农家肥"}),
            Told("input_use", {"product_name": "毒死蜱", "preharvest_end": "2026-06-30"}),
            Told("store", {"drug": "霉", "withdrawal_end": "2099-01-01"}),
        ]
    )
    assert [(one.name, one.ends) for one in used] == [
        ("吡虫啉", date(2026, 8, 1)),
        ("农家肥", None),
        ("毒死蜱", date(2026, 6, 30)),
    ]
    assert [one.name for one in running_on(used, date(2026, 7, 1))] == ["吡虫啉"]
