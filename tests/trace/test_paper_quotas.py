"""The amount on a paper is an account: what it covers draws from it, and never beyond it."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from suyuan.trace.acts.batches import register_batch, withdraw_batch
from suyuan.trace.acts.papers import register_paper, revoke_paper
from suyuan.trace.acts.printing import issue_print_run
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.acts.transformations import transform
from suyuan.trace.acts.voiding import void_code, void_run
from suyuan.trace.batches.queries import batch
from suyuan.trace.clock import SetClock
from suyuan.trace.derived import audit_derived
from suyuan.trace.errors import Conflict, InvalidInput
from suyuan.trace.events.facts import Portion, TransformationFacts
from suyuan.trace.events.queries import event
from suyuan.trace.log.projection_audit import audit_projections
from suyuan.trace.notices.tables import EarlyWarning
from suyuan.trace.papers.draws import Account, QuotaExceeded
from suyuan.trace.papers.facts import Covers, PaperFacts
from suyuan.trace.papers.kinds import PaperKinds
from suyuan.trace.papers.queries import account_of, drawn, paper, renewed_by
from suyuan.trace.papers.tables import PaperDraw
from suyuan.trace.parties.actor import Actor
from suyuan.trace.printing.queries import codes_of
from suyuan.trace.projections import PROJECTIONS
from suyuan.trace.quantities import Quantity
from tests import world
from tests.world import kg

HERBS = {"family": "cordyceps", "variant": "fresh"}
DAY = date(2026, 6, 1)


def _permit(
    ledger: Ledger,
    head: Actor,
    site: str,
    amount: Quantity,
    number: str = "采 1",
    renews: str | None = None,
) -> str:
    facts = PaperFacts(
        "gathering_permit", number, str(head.party_uid), "索县林业和草原局",
        valid_from=date(2026, 5, 1), valid_to=date(2026, 7, 31), amount=amount,
        covers=(Covers("site", site),), renews=renews,
    )  # fmt: skip
    return ledger.perform(head, register_paper, facts)


def _account(ledger: Ledger, uid: str, day: date = DAY) -> Account:
    with ledger.database.read() as session:
        account = account_of(session, paper(session, uid), day)
    assert account is not None
    return account


def _gather(ledger: Ledger, head: Actor, site: str, quantity: Quantity, **more: object) -> str:
    facts = world.batch_facts(head, quantity, **HERBS, site=site, **more)
    return ledger.perform(head, register_batch, facts)


def _green(ledger: Ledger, head: Actor, product: str, tonnes: str) -> str:
    facts = PaperFacts(
        "green_food", "LB-03-2601211234A", str(head.party_uid),
        valid_from=date(2026, 1, 1), valid_to=date(2028, 12, 31),
        amount=Quantity.of(tonnes, "TNE"), covers=(Covers("product", product),),
    )  # fmt: skip
    return ledger.perform(head, register_paper, facts)


def _warnings(ledger: Ledger) -> list[tuple[str, str]]:
    with ledger.database.read() as session:
        query = sa.select(EarlyWarning.rule, EarlyWarning.key).order_by(EarlyWarning.id)
        return [(rule, key) for rule, key in session.execute(query)]


def _print(ledger: Ledger, head: Actor, code: str, count: int) -> str:
    return ledger.perform(
        head, issue_print_run, code, count, "trace-50x30", try_out=lambda *_: None
    )


def test_what_is_registered_draws_in_the_units_of_the_paper(ledger: Ledger) -> None:
    head = world.make_producer(ledger)
    site = world.make_site(ledger, head)
    permit = _permit(ledger, head, site, kg(120))
    _gather(ledger, head, site, Quantity.of("24600", "GRM"))
    account = _account(ledger, permit)
    assert (account.drawn, account.left) == (Decimal("24.6"), Decimal("95.4"))


@pytest.mark.parametrize(
    ("stated", "doubted"),
    [("藏野采 0187", False), ("藏野采－0187、0188", False), ("藏野采 0199", True), (None, False)],
)
def test_a_permits_number_among_the_facts_is_held_against_the_permit(
    ledger: Ledger, stated: str | None, *, doubted: bool
) -> None:
    head = world.make_producer(ledger)
    site = world.make_site(ledger, head)
    _permit(ledger, head, site, kg(30), "藏野采 0187")
    facts = {"gathering_permit": stated} if stated else {}
    code = _gather(ledger, head, site, kg(1), attributes=facts)
    with ledger.database.read() as session:
        codes = {one["code"] for one in batch(session, code).warnings}
    assert ("paper-number-differs" in codes) == doubted


def test_more_than_is_left_is_refused_and_says_what_is_left_and_who_gives_more(
    ledger: Ledger,
) -> None:
    head = world.make_producer(ledger)
    site = world.make_site(ledger, head)
    permit = _permit(ledger, head, site, kg(30), "藏野采 0187")
    _gather(ledger, head, site, kg(20))
    with pytest.raises(QuotaExceeded) as refused:
        _gather(ledger, head, site, Quantity.of("10500", "GRM"))
    said = str(refused.value)
    for told in ("10000 g", "30 kg", "藏野采 0187", "索县林业和草原局"):
        assert told in said
    assert _account(ledger, permit).left == 10
    _gather(ledger, head, site, kg(10))
    assert _account(ledger, permit).left == 0


def test_what_is_made_of_drawn_goods_draws_nothing_again(ledger: Ledger) -> None:
    head = world.make_producer(ledger)
    site = world.make_site(ledger, head)
    permit = _permit(ledger, head, site, kg(100))
    code = _gather(ledger, head, site, kg(40))
    for kind, variant, amount in (("split", "fresh", 30), ("process", "dried", 10)):
        output = world.batch_facts(head, kg(amount), family="cordyceps", variant=variant, site=site)
        own, now = str(head.party_uid), ledger.clock.now()
        facts = TransformationFacts(kind, own, (Portion(code),), (output,), now)
        (code,) = ledger.perform(head, transform, facts)["batches"]
    assert _account(ledger, permit).drawn == 40


def test_goods_made_before_or_after_it_held_or_that_need_it_not_draw_nothing(
    ledger: Ledger,
) -> None:
    head = world.make_producer(ledger)
    site = world.make_site(ledger, head)
    permit = _permit(ledger, head, site, kg(10))
    ledger.perform(head, register_batch, world.batch_facts(head, kg(50), site=site))
    assert isinstance(ledger.clock, SetClock)
    ledger.clock.move(ledger.clock.now() + timedelta(days=90))
    _gather(ledger, head, site, kg(50))
    assert _account(ledger, permit).drawn == 0


def test_one_paper_after_the_other_is_drawn_from_that_named_first(ledger: Ledger) -> None:
    head = world.make_producer(ledger)
    site = world.make_site(ledger, head)
    first = _permit(ledger, head, site, kg(10), "采 1")
    second = _permit(ledger, head, site, kg(10), "采 2")
    _gather(ledger, head, site, kg(4), attributes={"gathering_permit": "采 2"})
    _gather(ledger, head, site, kg(12))
    assert [_account(ledger, one).drawn for one in (first, second)] == [10, 6]


def test_a_batch_that_is_withdrawn_gives_back(ledger: Ledger) -> None:
    head = world.make_producer(ledger)
    site = world.make_site(ledger, head)
    permit = _permit(ledger, head, site, kg(10))
    code = _gather(ledger, head, site, kg(8))
    ledger.perform(head, withdraw_batch, code, "登记重复")
    assert _account(ledger, permit).drawn == 0
    with ledger.database.read() as session:
        rows = session.scalars(sa.select(PaperDraw).order_by(PaperDraw.id)).all()
        assert [row.why for row in rows] == ["registration", "withdrawn"]
        assert [row.amount for row in rows] == [8, -8]


def test_printing_draws_the_net_content_and_void_labels_give_it_back(ledger: Ledger) -> None:
    head = world.make_producer(ledger)
    product = world.make_product(ledger, head, label={"net_content": "2.5 kg"})
    green = _green(ledger, head, product, "0.1")
    code = world.make_batch(ledger, head, kg(500), product=product)
    assert _account(ledger, green).drawn == 0
    run, other = _print(ledger, head, code, 20), _print(ledger, head, code, 20)
    assert _account(ledger, green).left == 0
    with pytest.raises(QuotaExceeded, match="are left of 0"):
        _print(ledger, head, code, 1)
    with ledger.database.read() as session:
        first, *_ = codes_of(session, run)
    ledger.perform(head, void_code, first.path, "撕坏")
    assert _account(ledger, green).left == Decimal("0.0025")
    ledger.perform(head, void_run, run, "标签卷被盗")
    ledger.perform(head, void_run, other, "标签卷被盗")
    assert _account(ledger, green).drawn == 0


def test_a_yearly_amount_begins_anew_each_year(ledger: Ledger) -> None:
    head = world.make_producer(ledger)
    product = world.make_product(ledger, head, label={"net_content": "1 kg"})
    green = _green(ledger, head, product, "0.01")
    code = world.make_batch(ledger, head, product=product)
    _print(ledger, head, code, 10)
    assert isinstance(ledger.clock, SetClock)
    ledger.clock.move(ledger.clock.now() + timedelta(days=365))
    _print(ledger, head, world.make_batch(ledger, head, product=product), 10)
    assert [_account(ledger, green, date(year, 6, 1)).left for year in (2026, 2027, 2028)] == [
        0, 0, Decimal("0.01"),
    ]  # fmt: skip
    with ledger.database.read() as session:
        found = paper(session, green)
        assert drawn(session, found.id) == Decimal("0.02")
        assert drawn(session, found.id, "2027") == Decimal("0.01")


def test_slaughtering_more_animals_than_the_certificate_names_is_flagged(ledger: Ledger) -> None:
    head = world.make_producer(ledger)
    heads = Quantity.of(5, "HEA")
    herd = world.make_batch(ledger, head, heads, family="yak_meat", variant="live")
    facts = PaperFacts(
        "quarantine_animal_b", "5400188231", str(head.party_uid),
        amount=Quantity.of(3, "HEA"), covers=(Covers("batch", herd),),
    )  # fmt: skip
    uid = ledger.perform(head, register_paper, facts)
    carcass = world.batch_facts(head, kg(600), family="yak_meat", variant="fresh")
    slaughter = TransformationFacts(
        "slaughter", str(head.party_uid), (Portion(herd),), (carcass,), ledger.clock.now()
    )
    told = ledger.perform(head, transform, slaughter)
    account = _account(ledger, uid)
    assert [account.drawn, account.over] == [3, 2]
    with ledger.database.read() as session:
        codes = {one["code"] for one in event(session, told["event"]).warnings}
    assert "quota-exceeded" in codes


def test_an_amount_measured_otherwise_is_not_drawn_and_says_so(ledger: Ledger) -> None:
    head = world.make_producer(ledger)
    site = world.make_site(ledger, head)
    permit = _permit(ledger, head, site, kg(1))
    code = _gather(ledger, head, site, Quantity.of(500, "H87"))
    assert _account(ledger, permit).drawn == 0
    with ledger.database.read() as session:
        assert [one["code"] for one in batch(session, code).warnings] == ["quota-unit"]


@pytest.mark.parametrize("unit", ["HEA", "LTR", "XBG"])
def test_a_permit_is_for_an_amount_in_which_herbs_are_counted(ledger: Ledger, unit: str) -> None:
    head = world.make_producer(ledger)
    with pytest.raises(InvalidInput, match="TNE") as refused:
        _permit(ledger, head, world.make_site(ledger, head), Quantity.of(3, unit))
    assert refused.value.field == "amount"


def test_writers_at_once_never_draw_more_than_there_is(ledger: Ledger) -> None:
    head = world.make_producer(ledger)
    site = world.make_site(ledger, head)
    permit = _permit(ledger, head, site, kg(5))
    outcomes: list[str] = []

    def gather() -> None:
        try:
            _gather(ledger, head, site, kg(1))
            outcomes.append("drawn")
        except QuotaExceeded:
            outcomes.append("refused")

    threads = [threading.Thread(target=gather) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(outcomes) == ["drawn"] * 5 + ["refused"] * 3
    assert _account(ledger, permit).left == 0


def test_a_renewal_succeeds_a_paper_of_its_kind_that_was_not_revoked(ledger: Ledger) -> None:
    head = world.make_producer(ledger)
    site = world.make_site(ledger, head)
    old = _permit(ledger, head, site, kg(5))
    new = _permit(ledger, head, site, kg(5), "采 2", renews=old)
    with ledger.database.read() as session:
        found = renewed_by(session, paper(session, old).id)
        assert found is not None
        assert found.uid == new
    ledger.perform(head, revoke_paper, new, "注销")
    with ledger.database.read() as session:
        assert renewed_by(session, paper(session, old).id) is None
    with pytest.raises(Conflict):
        _permit(ledger, head, site, kg(5), "采 3", renews=new)


def test_its_holder_is_warned_when_little_is_left(ledger: Ledger) -> None:
    head = world.make_producer(ledger)
    site = world.make_site(ledger, head)
    permit = _permit(ledger, head, site, kg(10))
    _gather(ledger, head, site, kg(8))
    assert _warnings(ledger) == []
    _gather(ledger, head, site, kg(1))
    assert _warnings(ledger) == [("quota_near_end", permit)]
    ledger.perform(head, revoke_paper, permit, "注销")
    assert _warnings(ledger) == [("quota_near_end", permit), ("paper_revoked", permit)]


def test_every_rule_of_the_kinds_says_where_it_comes_from() -> None:
    for kind in PaperKinds.load():
        rules = (kind.leaning, kind.quota, kind.ending)
        assert all(rule.provenance.source for rule in rules if rule is not None)


WANTED = st.decimals(Decimal("0.1"), Decimal(9), places=1)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("gather"), WANTED, st.sampled_from(["KGM", "GRM", "TNE"])),
        st.tuples(st.just("withdraw"), st.integers(0, 9)),
        st.tuples(st.just("permit"), WANTED),
        st.tuples(st.just("revoke"), st.integers(0, 3)),
    ),
    max_size=12,
)


@given(steps=STEPS)
@settings(
    max_examples=12,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_whatever_happens_accounts_add_up_and_stay_above_nothing(
    ledger: Ledger, steps: list[tuple[object, ...]]
) -> None:
    head = world.make_producer(ledger)
    site = world.make_site(ledger, head)
    permits: dict[str, str] = {}
    batches: dict[str, Decimal] = {}
    for step in steps:
        _take(ledger, head, site, step, permits, batches)
    with ledger.database.read() as session:
        for uid in permits:
            found = paper(session, uid)
            account = account_of(session, found, DAY)
            assert account is not None
            rows = session.scalars(sa.select(PaperDraw).where(PaperDraw.paper_id == found.id))
            assert account.left == account.amount - sum(row.amount for row in rows)
            assert 0 <= account.left <= account.amount
        assert audit_derived(session) == ()
        assert audit_projections(session, PROJECTIONS) == ()


def _take(
    ledger: Ledger,
    head: Actor,
    site: str,
    step: tuple[object, ...],
    permits: dict[str, str],
    batches: dict[str, Decimal],
) -> None:
    """Do one step; what is refused is left."""
    match step:
        case "gather", Decimal() as amount, str() as unit:
            kilograms = Quantity(amount, "KGM")
            try:
                code = _gather(ledger, head, site, kilograms.to(unit))
                batches[code] = amount
            except QuotaExceeded:
                pass
        case "withdraw", int() as number if batches:
            code = list(batches)[number % len(batches)]
            del batches[code]
            ledger.perform(head, withdraw_batch, code, "登记重复")
        case "permit", Decimal() as amount:
            uid = _permit(ledger, head, site, Quantity(amount, "KGM"), f"采 {len(permits)}")
            permits[uid] = "valid"
        case "revoke", int() as number:
            valid = [uid for uid, state in permits.items() if state == "valid"]
            if valid:
                ledger.perform(head, revoke_paper, valid[number % len(valid)], "作废")
                permits[valid[number % len(valid)]] = "revoked"
