"""A season played through at random beside a model of what must be true: what goes, what is drawn,
what adds up, and that every acknowledged act is in the log while a refused one changed nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy.orm import Session

from suyuan.trace.acts.batches import register_batch, withdraw_batch
from suyuan.trace.acts.events import correct_event, record_event
from suyuan.trace.acts.objections import object_to_report
from suyuan.trace.acts.orders import hold, lift, recall
from suyuan.trace.acts.papers import register_paper, revoke_paper
from suyuan.trace.acts.printing import issue_print_run
from suyuan.trace.acts.releasing import answer_override, ask_override, release_batch
from suyuan.trace.acts.reports import enter_test_report
from suyuan.trace.acts.shipments import receive
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.acts.transformations import transform
from suyuan.trace.acts.voiding import void_run
from suyuan.trace.balance.books import open_books
from suyuan.trace.batches import queries as batches
from suyuan.trace.batches.tables import Batch
from suyuan.trace.clock import SHANGHAI, SetClock
from suyuan.trace.derived import audit_derived
from suyuan.trace.events.facts import CorrectionFacts, ReceiptFacts
from suyuan.trace.events.queries import event, shipments_by_event
from suyuan.trace.log.audit import check_log
from suyuan.trace.log.projection_audit import audit_projections
from suyuan.trace.log.queries import head
from suyuan.trace.log.tables import Record
from suyuan.trace.papers.facts import Covers, PaperFacts
from suyuan.trace.papers.queries import account_of, paper
from suyuan.trace.parties.actor import Actor
from suyuan.trace.projections import PROJECTIONS
from suyuan.trace.quality.facts import TestItemFacts, TestReportFacts
from suyuan.trace.records import SCHEMAS
from suyuan.trace.release.queries import stops
from suyuan.trace.release.reading import Occasion
from suyuan.trace.release.releases import Standing, standing
from suyuan.trace.stated_dates import Calendar, Precision, StatedDate
from tests import world
from tests.acknowledged import done
from tests.season import EVERYTHING, FACTS, NEEDS, NOTHING, QUOTAS, Lot, Paper, Report, Season, Stop
from tests.world import kg

NUMBERS = {"sc_licence": "SC101540626{:05}", "green_food": "LB-03-260121{:04}A"}
LEAD = {"pass": "0.05", "fail": "0.31", "inconclusive": "未检出"}
WHOLE = {"crop_year": 2025, "moisture": "12.6", "quality_grade": "一级"}
VERDICTS = st.sampled_from(sorted(LEAD))
AMOUNTS = st.integers(1, 12)
ANY = st.integers(0, 30)
_numbers = count(1)


class Play(RuleBasedStateMachine):
    """One season of a processor who also gathers herbs, a shop, two laboratories, a regulator."""

    ledger: Ledger

    def __init__(self) -> None:
        super().__init__()
        self.mill = world.make_producer(self.ledger, "processor")
        self.second = world.make_actor(self.ledger, str(self.mill.party_uid))
        self.shop = world.make_producer(self.ledger, "retailer")
        self.labs = [world.make_producer(self.ledger, "laboratory") for _ in range(2)]
        self.regulator = world.make_regulator(self.ledger)
        self.product = world.make_product(
            self.ledger, self.mill, variant="millet_milled", label={"net_content": "1 kg"}
        )
        self.site = world.make_site(self.ledger, self.mill)
        self.season = Season()
        self.runs: list[str] = []
        self.losses: list[str] = []
        self.step = 0

    @initialize()
    def begins(self) -> None:
        """Some goods that may go, so that a short season has something to lose."""
        for kind in ("sc_licence", "gathering_permit", "green_food"):
            self.gives_paper(kind, 4, 0, 60)
        for at in range(2):
            self.mills(9, whole=True)
            self.gives_paper("factory_inspection", 1, at, 60)

    # --- what is done ---

    @rule(amount=AMOUNTS, whole=st.sampled_from([True, True, True, False]))
    def mills(self, amount: int, whole: bool) -> None:
        facts = WHOLE if whole else {"crop_year": 2025, "moisture": "12.6"}
        goods = self._milled(amount, facts)
        code = self._act(self.mill, register_batch, goods, expected=True)
        self._keep(code, "milled", Decimal(amount), whole)

    @rule(amount=AMOUNTS)
    def gathers(self, amount: int) -> None:
        wanted, made = Decimal(amount), self._today()
        sources = self.season.sources("gathering_permit", made)
        enough = not sources or sum(one.left for one in sources) >= wanted
        day = StatedDate(made.isoformat(), made, made, Precision.DAY, Calendar.SOLAR)
        goods = world.batch_facts(
            self.mill, kg(amount), family="cordyceps", variant="fresh", site=self.site,
            produced=day,
        )  # fmt: skip
        code = self._act(self.mill, register_batch, goods, expected=enough)
        if code:
            self._keep(code, "herb", wanted, True)
            self.season.draw("gathering_permit", made, code, wanted)

    @rule(
        kind=st.sampled_from([*NEEDS["milled"], *NEEDS["milled"], *NEEDS["herb"], "green_food"]),
        amount=AMOUNTS,
        at=ANY,
        days=st.sampled_from([-1, 60, 90]),
    )
    def gives_paper(self, kind: str, amount: int, at: int, days: int) -> None:
        own = str(self.mill.party_uid)
        covers, of = Covers("party", own), EVERYTHING
        if kind == "gathering_permit":
            covers = Covers("site", self.site)
        elif kind == "green_food":
            covers = Covers("product", self.product)
        elif kind == "factory_inspection":
            if (lot := self.season.milled(at)) is None:
                return
            covers, of = Covers("batch", lot.code), lot.code
        quota = kg(amount * 2) if kind in QUOTAS else None
        ends = self._today() + timedelta(days)
        facts = PaperFacts(
            kind, NUMBERS.get(kind, "N-{}").format(next(_numbers)), own, amount=quota,
            valid_from=date(2026, 5, 1), valid_to=ends, covers=(covers,),
        )  # fmt: skip
        uid = self._act(self.mill, register_paper, facts, expected=True)
        found = Paper(uid, kind, of, ends, quota.amount if quota else NOTHING)
        self.season.papers.append(found)
        if kind == "gathering_permit":
            self.season.draw_late(found)

    @precondition(lambda self: self.season.papers)
    @rule(at=ANY)
    def revokes(self, at: int) -> None:
        found = self.season.papers[at % len(self.season.papers)]
        self._act(self.mill, revoke_paper, found.uid, "撤销", expected=not found.revoked)
        found.revoked = True

    @precondition(lambda self: self.season.lots)
    @rule(at=ANY, of=st.lists(AMOUNTS, min_size=1, max_size=2))
    def splits(self, at: int, of: list[int]) -> None:
        if (lot := self.season.milled(at)) is None:
            return
        wanted = Decimal(sum(of))
        outputs = tuple(self._milled(one, WHOLE) for one in of)
        facts = world.transformation(self.ledger, self.mill, "split", {lot.code: kg(sum(of))},
                                     outputs)  # fmt: skip
        fits = wanted <= lot.left.get(0, NOTHING) and not self.season.stopped(lot)
        told = self._act(self.mill, transform, facts, expected=fits and not lot.withdrawn)
        if told:
            lot.use(0, wanted)
            for code, one in zip(told["batches"], of, strict=True):
                self._keep(code, "milled", Decimal(one), True, (lot,))

    @precondition(lambda self: len(self.season.in_hand()) > 1)
    @rule(at=ANY, other=ANY, kind=st.sampled_from(["merge", "merge", "repack"]))
    def merges(self, at: int, other: int, kind: str) -> None:
        there = self.season.in_hand()
        one = there.pop(at % len(there))
        some = (one,) if kind == "repack" else (one, there[other % len(there)])
        total = sum((lot.left[0] for lot in some), NOTHING)
        free = not any(self.season.stopped(lot) for lot in some)
        inputs = {lot.code: None for lot in some}
        for gain in (1, 0):
            outputs = (self._milled(str(total + gain), WHOLE),)
            facts = world.transformation(self.ledger, self.mill, kind, inputs, outputs)
            told = self._act(self.mill, transform, facts, expected=free and not gain)
        if told:
            for lot in some:
                lot.use(0, lot.left[0])
            self._keep(told["batches"][0], "milled", total, True, some)

    @precondition(lambda self: self.season.lots)
    @rule(at=ANY, amount=AMOUNTS, shop=st.booleans())
    def sells(self, at: int, amount: int, shop: bool) -> None:
        lot = self._lot(at)
        enough = Decimal(amount) <= lot.left.get(int(shop), NOTHING)
        goes = enough and not lot.withdrawn and self.season.goes(lot)
        facts = world.event_facts(self.ledger, self._seller(shop), "sell", lot.code, kg(amount))
        if self._act(self._seller(shop), record_event, facts, expected=goes):
            lot.use(int(shop), Decimal(amount))

    @precondition(lambda self: self.season.lots)
    @rule(at=ANY, amount=AMOUNTS, accepted=st.booleans())
    def ships(self, at: int, amount: int, accepted: bool) -> None:
        lot, wanted = self._lot(at), Decimal(amount)
        goes = wanted <= lot.left.get(0, NOTHING) and not lot.withdrawn and self.season.goes(lot)
        facts = world.event_facts(
            self.ledger, self.mill, "ship", lot.code, kg(amount), to_party=str(self.shop.party_uid)
        )
        if not (told := self._act(self.mill, record_event, facts, expected=goes)):
            return
        lot.take(0, wanted)
        lot.on_its_way += wanted
        if accepted:
            sent = ReceiptFacts(self._shipment(told), self.ledger.clock.now(), True)
            self._act(self.shop, receive, sent, expected=True)
            lot.on_its_way -= wanted
            lot.left[1] = lot.left.get(1, NOTHING) + wanted

    @precondition(lambda self: self.season.lots)
    @rule(at=ANY, kind=st.sampled_from(["loss", "dispose"]))
    def loses(self, at: int, kind: str) -> None:
        lot = self._lot(at)
        fits = lot.left.get(0, NOTHING) >= 1 and not lot.withdrawn
        facts = world.event_facts(self.ledger, self.mill, kind, lot.code, kg(1))
        if told := self._act(self.mill, record_event, facts, expected=fits):
            lot.use(0, Decimal(1))
            self.losses.append(told)

    @precondition(lambda self: self.losses)
    @rule(at=ANY, withdrawn=st.booleans())
    def corrects(self, at: int, withdrawn: bool) -> None:
        """What was said of a loss is mended; that goods were lost is not unsaid."""
        index = at % len(self.losses)
        note = None if withdrawn else f"鼠害 {next(_numbers)}"
        facts = CorrectionFacts(self.losses[index], "写错了", note=note, withdrawn=withdrawn)
        if told := self._act(self.mill, correct_event, facts, expected=not withdrawn):
            self.losses[index] = told

    @precondition(lambda self: self.season.lots)
    @rule(at=ANY, verdict=VERDICTS, kind=st.sampled_from(["laboratory", "rapid"]))
    def tests(self, at: int, verdict: str, kind: str) -> None:
        """A laboratory's word decides what rapid tests found before."""
        if (lot := self.season.milled(at)) is None or lot.withdrawn:
            return
        facts = self._report(lot, verdict, 0, kind=kind)
        uid = self._act(self.labs[0], enter_test_report, facts, expected=True)
        found = Report(uid, lot, verdict, kind)
        self.season.reports.append(found)
        if verdict == "fail":
            self.season.fail(lot, found)
        if verdict != "inconclusive" and kind == "laboratory":
            self.season.overturn(r for r in self.season.failures(lot) if r.kind == "rapid")

    @precondition(lambda self: any(one.verdict == "fail" for one in self.season.reports))
    @rule(at=ANY, verdict=VERDICTS, by=st.sampled_from([0, 1, 1]))
    def tests_again(self, at: int, verdict: str, by: int) -> None:
        """The owner objects once; another laboratory's pass overturns, its own cannot."""
        failed = [one for one in self.season.reports if one.verdict == "fail" and one.stands]
        if not failed:
            return
        first = failed[at % len(failed)]
        lot = first.lot
        if not first.objected:
            first.objected = bool(
                self._act(self.mill, object_to_report, first.uid, "样品混淆", expected=None)
            )
        facts = self._report(lot, verdict, by, retest_of=first.uid)
        may = None if by and first.objected else False
        if not (uid := self._act(self.labs[by], enter_test_report, facts, expected=may)):
            return
        again = Report(uid, lot, verdict, "laboratory", final=True)
        self.season.reports.append(again)
        if verdict == "fail":
            self.season.fail(lot, again)
        if verdict == "pass":
            self.season.overturn([first])
        if verdict != "inconclusive":
            first.objected = False
            self.season.overturn(r for r in self.season.failures(lot) if r.kind == "rapid")

    @precondition(lambda self: self.season.lots)
    @rule(at=ANY, kind=st.sampled_from(["hold", "hold", "recall"]), by=st.booleans())
    def orders(self, at: int, kind: str, by: bool) -> None:
        lot = self._lot(at)
        order = hold if kind == "hold" else recall
        actor = self.regulator if by else self.mill
        if uid := self._act(actor, order, lot.code, "待查", expected=None):
            self.season.stops.append(Stop(uid, lot, kind, self.season.made_of(lot)))

    @precondition(lambda self: any(one.uid for one in self.season.stops))
    @rule(at=ANY)
    def lifts(self, at: int) -> None:
        given = [one for one in self.season.stops if one.uid]
        stop = given[at % len(given)]
        self._act(self.regulator, lift, stop.uid, "查清", expected=True)
        self.season.stops.remove(stop)

    @precondition(lambda self: self.season.lots)
    @rule(at=ANY)
    def releases(self, at: int) -> None:
        lot = self._lot(at)
        ready = self.season.goes(lot) and not lot.withdrawn
        given = self._standing(lot).given is not None
        self._act(self.mill, release_batch, lot.code, expected=ready and not given)

    @precondition(lambda self: self.season.lots)
    @rule(at=ANY)
    def asks_override(self, at: int) -> None:
        lot = self._lot(at)
        lacks = self.season.lacks(lot)
        open_ = lacks - lot.passed
        fits = bool(open_) and not self.season.barred(lot) and lot.asked is None
        fits = fits and not lot.withdrawn
        if uid := self._act(self.mill, ask_override, lot.code, "客户催货", expected=fits):
            lot.asked = (uid, frozenset(open_))

    @precondition(lambda self: any(one.asked for one in self.season.lots))
    @rule(at=ANY, who=st.sampled_from(["mill", "second", "regulator", "regulator"]))
    def answers_override(self, at: int, who: str) -> None:
        waiting = [one for one in self.season.lots if one.asked]
        lot = waiting[at % len(waiting)]
        assert lot.asked is not None
        uid, covers = lot.asked
        own = all(kind == FACTS for kind, _ in covers)
        fits = who == "regulator" or (who == "second" and own)
        fits = fits and not self.season.barred(lot) and not lot.withdrawn
        actor: Actor = getattr(self, who)
        if self._act(actor, answer_override, uid, True, "同意", expected=fits):
            lot.passed |= covers
            lot.asked = None

    @precondition(lambda self: self.season.lots)
    @rule(at=ANY, labels=AMOUNTS)
    def prints(self, at: int, labels: int) -> None:
        if (lot := self.season.milled(at)) is None:
            return
        sources = self.season.sources("green_food", lot.made)
        enough = not sources or sum(one.left for one in sources) >= labels
        barred = self.season.stopped(lot) or lot.withdrawn or not enough
        run = self._act(
            self.mill, issue_print_run, lot.code, labels, "trace-50x30",
            try_out=lambda *_: None, expected=False if barred else None,
        )  # fmt: skip
        if run:
            revoked = {paper.kind for paper in self.season.papers if paper.revoked}
            assert not any(
                kind in revoked and self.season.speaks(kind, lot) == "revoked"
                for kind in NEEDS["milled"]
            )
            self.season.draw("green_food", lot.made, run, Decimal(labels))
            self.runs.append(run)

    @precondition(lambda self: self.runs)
    @rule(at=ANY)
    def voids(self, at: int) -> None:
        run = self.runs.pop(at % len(self.runs))
        self._act(self.mill, void_run, run, "标签卷被盗", expected=True)
        self.season.give_back(run)

    @precondition(lambda self: self.season.lots)
    @rule(at=ANY)
    def withdraws(self, at: int) -> None:
        lot = self._lot(at)
        if self._act(self.mill, withdraw_batch, lot.code, "登记重复", expected=None):
            assert lot.left == {0: lot.quantity}
            assert lot not in {parent for one in self.season.lots for parent in one.parents}
            lot.withdrawn, lot.left = True, {0: NOTHING}
            self.season.give_back(lot.code)

    @rule(days=st.integers(0, 1))
    def waits(self, days: int) -> None:
        assert isinstance(self.ledger.clock, SetClock)
        self.ledger.clock.move(self.ledger.clock.now() + timedelta(days=days, minutes=1))

    # --- what must hold after each of them ---

    @invariant()
    def goods_go_only_where_nothing_forbids_it(self) -> None:
        """What may go has no failed verdict and no revoked paper; an override shows, and is the
        work of two persons."""
        some = [one for one in self.season.lots if not one.withdrawn]
        for lot in some[self.step % len(some) :][:2] if some else ():
            self._judges_right(lot)
        self.step += 2

    def teardown(self) -> None:
        for lot in self.season.lots:
            if not lot.withdrawn:
                self._judges_right(lot)

    @invariant()
    def no_more_is_drawn_than_there_is(self) -> None:
        with self.ledger.database.read() as session:
            for one in self.season.papers:
                if one.kind in QUOTAS:
                    account = account_of(session, paper(session, one.uid), self._today())
                    assert account is not None
                    drawn = account.quantity(account.drawn).to("KGM").amount
                    assert (account.left >= 0, drawn) == (True, one.drawn)

    @invariant()
    def what_came_is_what_went_and_what_is_left(self) -> None:
        """Lot by lot, and in the balance that is shown."""
        for lot in self.season.lots:
            there = sum(lot.left.values(), NOTHING) + lot.on_its_way + lot.gone
            assert there == (NOTHING if lot.withdrawn else lot.quantity)
        with self.ledger.database.read() as session:
            books = open_books(session, self.ledger.families, self._ids(session))
            for book in books.by_batch.values():
                lot = next(one for one in self.season.lots if one.code == book.batch.trace_code)
                assert book.stock == sum(lot.left.values(), NOTHING) + lot.on_its_way
                assert book.whole().gap == NOTHING

    @invariant()
    def every_record_has_its_leaf(self) -> None:
        with self.ledger.database.read() as session:
            assert head(session).size == session.scalar(sa.select(sa.func.count(Record.id)))

    # --- how ---

    def _judges_right(self, lot: Lot) -> None:
        now = self._standing(lot)
        assert now.may_go is self.season.may_go(lot), (lot, now)
        if now.state == "overridden":
            assert now.passed.items
            assert now.given is not None
            assert now.given.by_person_uid != now.given.answered_by_uid

    def _act(
        self, actor: Actor, act: Callable[..., Any], *args: Any, expected: bool | None, **more: Any
    ) -> Any:
        return done(self.ledger, actor, act, *args, expected=expected, **more)

    def _milled(self, amount: int | str, attributes: dict[str, Any]) -> Any:
        made = self._today()
        day = StatedDate(made.isoformat(), made, made, Precision.DAY, Calendar.SOLAR)
        return world.batch_facts(
            self.mill, kg(amount), product=self.product, produced=day, attributes=attributes
        )

    def _keep(
        self, code: str, kind: str, quantity: Decimal, whole: bool, parents: tuple[Lot, ...] = ()
    ) -> None:
        lot = Lot(code, kind, self._today(), quantity, whole, parents, {0: quantity})
        self.season.lots.append(lot)

    def _report(
        self, lot: Lot, verdict: str, by: int, kind: str = "laboratory", **more: Any
    ) -> TestReportFacts:
        return TestReportFacts(
            f"JC-{next(_numbers)}", ("市检测中心", "省检验院")[by], self._today(), (lot.code,),
            (TestItemFacts("铅", LEAD[verdict], "mg/kg"),), kind=kind, **more,
        )  # fmt: skip

    def _lot(self, at: int) -> Lot:
        return self.season.lots[at % len(self.season.lots)]

    def _seller(self, shop: bool) -> Actor:
        return self.shop if shop else self.mill

    def _today(self) -> date:
        return self.ledger.clock.now().astimezone(SHANGHAI).date()

    def _standing(self, lot: Lot) -> Standing:
        with self.ledger.database.read() as session:
            batch = batches.batch(session, lot.code)
            assert bool(stops(session, [batch.id])) is self.season.stopped(lot), lot
            found = standing(session, self.ledger.families, batch, Occasion("sell", self._today()))
            session.expunge_all()
            return found

    def _shipment(self, event_uid: str) -> str:
        with self.ledger.database.read() as session:
            return shipments_by_event(session, event(session, event_uid).id)[0].uid

    def _ids(self, session: Session) -> list[int]:
        codes = [one.code for one in self.season.lots]
        return list(session.scalars(sa.select(Batch.id).where(Batch.trace_code.in_(codes))))


def test_a_season_goes_as_the_rules_say_whatever_is_done_and_in_whatever_order(
    ledger: Ledger,
) -> None:
    season = type("ThisSeason", (Play,), {"ledger": ledger})
    run_state_machine_as_test(
        season,
        settings=settings(
            max_examples=10, stateful_step_count=25, deadline=None, derandomize=True,
            database=None, phases=(Phase.generate,), suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
    with ledger.database.read() as session:
        assert check_log(session, SCHEMAS).faults == ()
        assert audit_projections(session, PROJECTIONS) == ()
        assert audit_derived(session) == ()
