"""A paper that comes late is drawn from for the goods, labels and events that were there."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa

from suyuan.trace.acts.events import record_event
from suyuan.trace.acts.papers import register_paper, revoke_paper
from suyuan.trace.acts.printing import issue_print_run
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.acts.transformations import transform
from suyuan.trace.acts.voiding import void_code
from suyuan.trace.notices.tables import EarlyWarning
from suyuan.trace.papers.draws import QuotaExceeded
from suyuan.trace.papers.facts import Covers, PaperFacts
from suyuan.trace.papers.queries import account_of, paper
from suyuan.trace.parties.actor import Actor
from suyuan.trace.printing.queries import codes_of
from suyuan.trace.quantities import Quantity
from tests import world
from tests.letting_go import let_pass
from tests.world import kg

HERBS = {"family": "cordyceps", "variant": "fresh"}
DAY = date(2026, 6, 1)


@pytest.fixture
def head(ledger: Ledger) -> Actor:
    return world.make_producer(ledger)


def _paper(
    ledger: Ledger, head: Actor, kind: str, number: str, covers: Covers, amount: Quantity
) -> str:
    facts = PaperFacts(
        kind, number, str(head.party_uid), valid_from=date(2026, 5, 1),
        valid_to=date(2026, 12, 31), amount=amount, covers=(covers,),
    )  # fmt: skip
    return ledger.perform(head, register_paper, facts)


def _account(ledger: Ledger, uid: str) -> list[Decimal]:
    """What is drawn, and over."""
    with ledger.database.read() as session:
        account = account_of(session, paper(session, uid), DAY)
    assert account is not None
    return [account.drawn, account.over]


def test_goods_draw_as_if_the_paper_had_been_there_and_what_does_not_fit_is_warned_of(
    ledger: Ledger, head: Actor
) -> None:
    site = world.make_site(ledger, head)
    first, second = (
        world.make_batch(ledger, head, kg(8), site=site, **HERBS) for _ in range(2)
    )  # fmt: skip
    here = Covers("site", site)
    old = _paper(ledger, head, "gathering_permit", "采 1", here, kg(10))
    assert _account(ledger, old) == [8, 0], "more is refused, so it covers nothing of the second"
    with ledger.database.read() as session:
        warning = session.scalars(
            sa.select(EarlyWarning).where(EarlyWarning.rule == "quota_beyond")
        ).one()
    assert warning.key == f"{old}:{second}"
    assert (warning.evidence["quantity"], warning.evidence["left"]) == ("8 kg", "2 kg")
    parts = (world.batch_facts(head, kg(4), site=site, **HERBS),) * 2
    split = world.transformation(ledger, head, "split", {second: None}, parts)
    with pytest.raises(QuotaExceeded):
        ledger.perform(head, transform, split)
    new = _paper(ledger, head, "gathering_permit", "采 2", here, kg(10))
    assert [_account(ledger, one) for one in (old, new)] == [[10, 0], [6, 0]]
    assert first


def test_the_paper_in_place_of_a_revoked_one_is_drawn_for_what_leaned_on_that(
    ledger: Ledger, head: Actor
) -> None:
    site = world.make_site(ledger, head)
    here = Covers("site", site)
    old = _paper(ledger, head, "gathering_permit", "采 1", here, kg(3))
    world.make_batch(ledger, head, kg(3), site=site, **HERBS)
    ledger.perform(head, revoke_paper, old, "吊销")
    new = _paper(ledger, head, "gathering_permit", "采 2", here, kg(3))
    assert _account(ledger, new) == [3, 0], "what was drawn from the old one covers nothing now"
    with pytest.raises(QuotaExceeded):
        world.make_batch(ledger, head, kg(3), site=site, **HERBS)


def test_where_more_is_only_flagged_the_account_says_so(ledger: Ledger, head: Actor) -> None:
    code = world.make_batch(ledger, head, kg(8), family="yak_meat", variant="fresh")
    certificate = _paper(
        ledger, head, "quarantine_product_a", "5400188231", Covers("batch", code), kg(5)
    )
    assert _account(ledger, certificate) == [5, 3]


def test_a_slaughter_before_its_certificate_draws_the_heads(ledger: Ledger, head: Actor) -> None:
    herd = world.make_batch(
        ledger, head, Quantity.of(5, "HEA"), family="yak_meat", variant="live"
    )  # fmt: skip
    carcass = world.batch_facts(head, kg(200), family="yak_meat", variant="fresh")
    first = world.transformation(
        ledger, head, "slaughter", {herd: Quantity.of(2, "HEA")}, (carcass,)
    )
    ledger.perform(head, transform, first)
    certificate = _paper(
        ledger, head, "quarantine_animal_b", "5400188231", Covers("batch", herd),
        Quantity.of(4, "HEA"),
    )  # fmt: skip
    assert _account(ledger, certificate) == [2, 0]
    second = world.transformation(ledger, head, "slaughter", {herd: None}, (carcass,))
    ledger.perform(head, transform, second)
    assert _account(ledger, certificate) == [4, 1]
    other = _paper(
        ledger, head, "quarantine_animal_b", "5400188232", Covers("batch", herd),
        Quantity.of(4, "HEA"),
    )  # fmt: skip
    assert _account(ledger, other) == [0, 0], "all five are drawn for"


def test_a_sale_before_its_approval_draws_for_the_holder_alone(ledger: Ledger, head: Actor) -> None:
    code = world.make_batch(ledger, head, kg(8), **HERBS)
    let_pass(ledger, head, code)
    sold = world.event_facts(ledger, head, "sell", code, kg(3))
    ledger.perform(head, record_event, sold)
    approval = _paper(ledger, head, "sale_approval", "售 1", Covers("batch", code), kg(10))
    assert _account(ledger, approval) == [3, 0]


def test_labels_before_their_certificate_draw_those_that_are_not_void(
    ledger: Ledger, head: Actor
) -> None:
    product = world.make_product(ledger, head, label={"net_content": "2.5 kg"})
    code = world.make_batch(ledger, head, kg(500), product=product)

    def print_labels(count: int) -> str:
        return ledger.perform(
            head, issue_print_run, code, count, "trace-50x30", try_out=lambda *_: None
        )

    run, more = print_labels(5), print_labels(9)
    with ledger.database.read() as session:
        first, second, *_ = codes_of(session, run)
    ledger.perform(head, void_code, first.path, "撕坏")
    covers, amount = Covers("product", product), Quantity.of("0.02", "TNE")
    green = _paper(ledger, head, "green_food", "LB-03-2601211234A", covers, amount)
    assert more
    assert _account(ledger, green) == [Decimal("0.01"), 0], "the second run does not fit"
    ledger.perform(head, void_code, second.path, "撕坏")
    assert _account(ledger, green) == [Decimal("0.0075"), 0]
