"""Whatever changes a row is said in the log, work on a sheet and a choice of language too."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from suyuan.trace.acts.intake import decide_upload, drop_upload, map_upload, take_upload
from suyuan.trace.acts.people import choose_language
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.canonical import read_canonical
from suyuan.trace.clock import SHANGHAI, SetClock
from suyuan.trace.intake import queries
from suyuan.trace.intake.decisions import Fix, SetAside
from suyuan.trace.intake.facts import read_sheet_file
from suyuan.trace.log.tables import Record
from tests.world import make_producer

SHEET = "批号,农户,数量\nA-01,张三,120.5公斤\nA-02,李四,300斤\n".encode()


@pytest.fixture(autouse=True)
def late_in_the_year(clock: SetClock) -> None:
    clock.move(datetime(2026, 11, 22, 2, 0, tzinfo=UTC))


def told(ledger: Ledger, subject: str) -> list[tuple[Record, Any]]:
    """The records of a subject with what they say, in the order of the log."""
    with ledger.database.read() as session:
        query = sa.select(Record).where(Record.subject == subject).order_by(Record.leaf_index)
        return [(one, read_canonical(one.body or b"")) for one in session.scalars(query)]


def test_work_on_a_sheet_is_recorded_before_its_rows_go_in(ledger: Ledger) -> None:
    head = make_producer(ledger)
    file = read_sheet_file(
        str(head.party_uid), "grain", "millet", "登记.csv", SHEET, ledger.settings
    )
    uid = ledger.perform(head, take_upload, file)
    with ledger.database.read() as session:
        today = ledger.clock.now().astimezone(SHANGHAI).date()
        upload = queries.upload(session, uid)
        mapping = queries.review(session, upload, ledger.families, today).mapping
        assert mapping is not None
    ledger.perform(head, map_upload, uid, mapping)
    ledger.perform(head, map_upload, uid, mapping)
    ledger.perform(head, decide_upload, uid, (SetAside(2, "等复称"), Fix(3, "C", "301斤")))
    ledger.perform(head, decide_upload, uid, (), ("set aside 2",))
    ledger.perform(head, drop_upload, uid)
    said = told(ledger, uid)
    assert [one.type for one, _ in said] == [
        "sheet.read", "sheet.mapped", "sheet.decided", "sheet.decided", "sheet.dropped",
    ]  # fmt: skip
    assert [one["do"] for one in said[2][1]["decided"]] == ["set_aside", "fix"]
    assert said[2][0].classes["decided"] == "personal", "it quotes cells with names"
    assert said[1][0].classes["mapping"] == "trade"
    assert [one["row"] for one in said[3][1]["taken_back"]] == [2]


def test_a_language_is_recorded_as_the_persons_own_matter(ledger: Ledger) -> None:
    head = make_producer(ledger)
    person = str(head.person_uid)
    for _ in range(2):
        ledger.perform(head, choose_language, person, "bo")
    [(row, said)] = [one for one in told(ledger, person) if one[0].type == "language.chosen"]
    assert said["language"] == "bo"
    assert row.classes["language"] == "personal"
