"""The report of a division on the inspectors' page, and as a workbook."""

from __future__ import annotations

import io
import re

import openpyxl

from suyuan.trace.acts.orders import hold
from suyuan.trace.acts.transaction import Ledger
from tests import world
from tests.web_clients import Client, another, signed_in, site

REPORT = "/inspect/division-report"
ROW = re.compile(r"<tr>(.*?)</tr>", re.DOTALL)
TAGS = re.compile(r"<[^>]+>")


def rows(page: str) -> list[str]:
    """What stands in the rows of a page's tables, without marks."""
    return [" ".join(TAGS.sub(" ", row).split()) for row in ROW.findall(page)]


def told(ledger: Ledger) -> Client:
    """An inspector's browser; two batches and a hold of this month, one in a township."""
    head, regulator = world.make_producer(ledger), world.make_regulator(ledger)
    town = world.make_site(ledger, head, division="540626100")
    code = world.make_batch(ledger, head, site=town)
    world.make_batch(ledger, head, family="yak_meat", variant="live", quantity=world.kg(1))
    ledger.perform(head, hold, code, "抽检")
    return signed_in(site(ledger), ledger, str(regulator.person_uid))


def test_an_inspector_reads_the_period_beside_the_one_before(ledger: Ledger) -> None:
    client = told(ledger)
    last = client.get(REPORT).text
    assert "2026-05" in last
    assert "This period is over" in last
    assert "batches registered 2026-05 0 2026-04 0 Change 0" in rows(last)
    page = client.get(f"{REPORT}?cadence=monthly&period=2026-06").text
    assert "This period is not over: counted up to 2026-06-01 08:00" in page
    assert "batches registered 2026-06 2 2026-05 0 Change +2" in rows(page)
    assert "orders in force as the period ended 2026-06 1 2026-05 0 Change +1" in rows(page)
    assert 'href="/inspect/orders?all=1"' in page, "orders stand on a list"
    (here, town) = [row for row in rows(page) if "索县" in row]
    assert here.endswith("yak meat batches registered 1 (0)")
    assert "holds ordered 1 (0)" in town
    assert f"{REPORT}?division=540626100&amp;cadence=monthly&amp;period=2026-06" in page
    assert "scans" in page, "what no period's report can tell is said"


def test_each_cadence_has_its_report_and_what_is_asked_wrongly_is_told(ledger: Ledger) -> None:
    client = told(ledger)
    for cadence, period in (
        ("weekly", "2026-W23"), ("quarterly", "2026-Q2"), ("yearly", "2026"),
    ):  # fmt: skip
        page = client.get(f"{REPORT}?cadence={cadence}&period={period}").text
        assert any(row.startswith(f"batches registered {period} 2 ") for row in rows(page))
    for wrong in ("cadence=daily", "cadence=weekly&period=2026", "division=999999"):
        assert client.get(f"{REPORT}?{wrong}").status_code == 422
    assert client.get(f"{REPORT}?division=540600").status_code == 403


def test_the_report_is_a_workbook_in_the_readers_language(ledger: Ledger) -> None:
    client = another(told(ledger))
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "zh"
    signed_in(client, ledger, str(world.make_regulator(ledger).person_uid))
    answer = client.get(f"{REPORT}.xlsx?cadence=monthly&period=2026-06")
    assert "report-540626-2026-06.xlsx" in answer.headers["Content-Disposition"]
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    about, figures, places = (list(sheet.values) for sheet in book)
    assert ("行政区划", "西藏自治区 那曲市 索县 540626") in about
    assert ("登记批次", None, 2, 0, 2) in figures
    title, *lines = places
    at = title.index("登记批次")
    assert {(line[0], line[at]) for line in lines} == {("540626", 1), ("540626100", 1)}
