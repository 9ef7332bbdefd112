"""A report on goods that were not there yet when it was made: taken, with a doubt beside it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.quality.queries import report
from tests import world
from tests.api_clients import client
from tests.trace.test_judged import LEAD_PASSES, enter, made_on, make_millet
from tests.trace.test_objections import make_lab
from tests.web.desk_world import desk

MADE = date(2026, 5, 10)
BEFORE, AFTER = date(2026, 5, 9), date(2026, 5, 10)


def codes(ledger: Ledger, uid: str) -> list[str]:
    with ledger.database.read() as session:
        return [one["code"] for one in report(session, uid).warnings]


@pytest.mark.parametrize(
    ("goods", "sampled_on", "doubts"),
    [
        ({"produced": made_on(MADE)}, BEFORE, ["before-goods"]),
        ({"produced": made_on(MADE)}, AFTER, []),
        ({"produced": made_on(MADE)}, None, []),
        ({"produced": made_on(date(2026, 5, 31))}, None, ["before-goods"]),
        (
            {"produced": None, "attributes": {"harvest_date": "2026-05-10"}},
            BEFORE,
            ["before-goods"],
        ),
        ({"produced": None}, BEFORE, []),
    ],
)
def test_what_was_sampled_or_issued_before_the_goods_is_doubted(
    ledger: Ledger, goods: dict[str, Any], sampled_on: date | None, doubts: list[str]
) -> None:
    """The report is issued on 30 May; where no day of the goods is stated nobody can tell."""
    head = world.make_producer(ledger)
    code = make_millet(ledger, head, **goods)
    uid = enter(ledger, make_lab(ledger), code, LEAD_PASSES, sampled_on=sampled_on)
    assert codes(ledger, uid) == doubts


def test_the_doubt_stands_in_the_answer_and_on_the_page(ledger: Ledger) -> None:
    head = world.make_producer(ledger)
    code = make_millet(ledger, head, produced=made_on(MADE))
    uid = enter(ledger, make_lab(ledger), code, LEAD_PASSES, sampled_on=BEFORE)
    clerk = desk(ledger, head)
    said = {"Accept-Language": "zh"}
    told = f"报告写明 2026-05-09 采样，早于批次 {code} 的收获、屠宰或生产日期 2026-05-10。"
    (doubt,) = client(ledger, head).read(f"/test-reports/{uid}").get_json()["warnings"]
    assert (doubt["code"], doubt["params"]["day"]) == ("before-goods", "2026-05-10")
    assert told in clerk.get(f"/desk/reports/{uid}", headers=said).text
    assert told in clerk.get(f"/t/{code}", headers=said).text
