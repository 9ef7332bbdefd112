"""Where two reach for the same at once: the last of a quota, a release, goods and their paper."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date

import sqlalchemy as sa

from suyuan.trace.acts.events import record_event
from suyuan.trace.acts.papers import register_paper, revoke_paper
from suyuan.trace.acts.printing import issue_print_run
from suyuan.trace.acts.releasing import release_batch
from suyuan.trace.acts.reports import enter_test_report
from suyuan.trace.acts.transaction import Ledger, Writing
from suyuan.trace.derived import audit_derived
from suyuan.trace.errors import Conflict
from suyuan.trace.log.audit import check_log
from suyuan.trace.log.projection_audit import audit_projections
from suyuan.trace.log.tables import Record
from suyuan.trace.papers.facts import Covers, PaperFacts
from suyuan.trace.papers.queries import account_of, paper
from suyuan.trace.parties.actor import Actor
from suyuan.trace.projections import PROJECTIONS
from suyuan.trace.quality.facts import TestItemFacts, TestReportFacts
from suyuan.trace.quantities import Quantity
from suyuan.trace.records import SCHEMAS
from suyuan.trace.release.tables import Release
from tests import world
from tests.trace.test_release import give_paper, milled, now_of, releasable
from tests.world import kg

PATIENCE = 0.4
"""Seconds that one waits, with its work done, for the other to come in between."""


def at_once(*works: Callable[[], object]) -> list[object]:
    """What each of some works came to, begun together: its answer, or its refusal."""
    told: list[object] = [None] * len(works)
    ready = threading.Barrier(len(works))

    def run(at: int) -> None:
        ready.wait()
        try:
            told[at] = works[at]()
        except Conflict as refused:
            told[at] = refused

    threads = [threading.Thread(target=run, args=(at,)) for at in range(len(works))]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return told


def all_is_whole(ledger: Ledger) -> None:
    with ledger.database.read() as session:
        assert check_log(session, SCHEMAS).faults == ()
        assert audit_projections(session, PROJECTIONS) == ()
        assert audit_derived(session) == ()


def positions(ledger: Ledger, type_: str) -> list[int]:
    """Where the records of a type stand in the log."""
    with ledger.database.read() as session:
        query = sa.select(Record.leaf_index).where(Record.type == type_)
        return list(session.scalars(query.order_by(Record.leaf_index)))


def test_two_who_print_the_last_of_a_quota_draw_no_more_than_there_is(ledger: Ledger) -> None:
    head = world.make_producer(ledger)
    product = world.make_product(ledger, head, label={"net_content": "1 kg"})
    facts = PaperFacts(
        "green_food", "LB-03-2601211234A", str(head.party_uid), valid_from=date(2026, 1, 1),
        valid_to=date(2028, 12, 31), amount=Quantity.of("0.005", "TNE"),
        covers=(Covers("product", product),),
    )  # fmt: skip
    green = ledger.perform(head, register_paper, facts)
    codes = [world.make_batch(ledger, head, product=product) for _ in range(3)]

    def prints(code: str) -> Callable[[], object]:
        return lambda: ledger.perform(
            head, issue_print_run, code, 2, "trace-50x30", try_out=lambda *_: None
        )

    told = at_once(*map(prints, codes))
    assert sum(isinstance(one, Conflict) for one in told) == 1
    with ledger.database.read() as session:
        account = account_of(session, paper(session, green), date(2026, 6, 1))
        assert account is not None
        assert account.left == Quantity.of("0.001", "TNE").amount
    all_is_whole(ledger)


def test_of_two_who_release_a_batch_one_does(ledger: Ledger) -> None:
    actor = world.make_producer(ledger, "processor")
    code = releasable(ledger, actor)
    told = at_once(*[lambda: ledger.perform(actor, release_batch, code)] * 2)
    assert sum(isinstance(one, Conflict) for one in told) == 1
    with ledger.database.read() as session:
        assert session.scalar(sa.select(sa.func.count(Release.id))) == 1
    all_is_whole(ledger)


def test_nothing_is_sold_once_its_paper_was_revoked(ledger: Ledger) -> None:
    """However a sale and the revocation of what it leans on fall together."""
    actor = world.make_producer(ledger, "processor")
    code = milled(ledger, actor)
    give_paper(ledger, actor, "factory_inspection", code)
    licence = give_paper(ledger, actor, "sc_licence", code)
    meet(ledger, actor, code, lambda: ledger.perform(actor, revoke_paper, licence, "被吊销"))
    (revoked,) = positions(ledger, "paper.revoked")
    (sold,) = positions(ledger, "event.sell")
    assert sold < revoked
    assert not now_of(ledger, code).may_go
    all_is_whole(ledger)


def test_nothing_is_sold_once_a_test_of_it_failed(ledger: Ledger) -> None:
    actor, lab = world.make_producer(ledger, "processor"), world.make_producer(ledger, "laboratory")
    code = releasable(ledger, actor)
    facts = TestReportFacts(
        "JC-1", "市检测中心", date(2026, 6, 1), (code,), (TestItemFacts("铅", "0.9", "mg/kg"),)
    )
    meet(ledger, actor, code, lambda: ledger.perform(lab, enter_test_report, facts))
    (failed,) = positions(ledger, "verdicts.given")
    (sold,) = positions(ledger, "event.sell")
    assert sold < failed
    assert not now_of(ledger, code).may_go
    all_is_whole(ledger)


def meet(ledger: Ledger, actor: Actor, code: str, forbids: Callable[[], object]) -> None:
    """Sell goods, and before that is committed have somebody do what forbids it, who may have to
    wait until it is."""
    judged, over = threading.Event(), threading.Event()

    def sell(w: Writing) -> str:
        uid = record_event(w, world.event_facts(ledger, actor, "sell", code, kg(1)))
        judged.set()
        over.wait(PATIENCE)
        return uid

    def forbid() -> None:
        judged.wait(10)
        forbids()
        over.set()

    at_once(lambda: ledger.perform(actor, sell), forbid)
