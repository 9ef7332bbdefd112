"""Goods past their date are not sold, shipped or labelled; on their last day they are."""

from __future__ import annotations

from datetime import timedelta

import pytest

from suyuan.trace.acts.printing import issue_print_run
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.clock import SetClock
from suyuan.trace.errors import Conflict
from suyuan.trace.release.gate import NotReleased
from tests import world
from tests.trace.test_release import missing
from tests.world import kg


def test_goods_go_on_their_last_day_and_not_on_the_next(ledger: Ledger, clock: SetClock) -> None:
    coop = world.make_producer(ledger)
    last = ledger.clock.now().date()
    code = world.make_batch(ledger, coop, kg(10), best_before=last)
    product = world.make_product(ledger, coop, items_on_pack=True)
    labelled = world.make_batch(ledger, coop, kg(10), best_before=last, product=product)

    def print_one() -> None:
        ledger.perform(coop, issue_print_run, labelled, 1, "trace-50x30", try_out=lambda *_: None)

    world.make_event(ledger, coop, "sell", code, kg(1))
    print_one()
    clock.move(clock.now() + timedelta(days=1))
    assert missing(ledger, code) == {"expired:best_before"}
    with pytest.raises(NotReleased, match="shelf life ended"):
        world.make_event(ledger, coop, "sell", code, kg(1))
    with pytest.raises(Conflict, match="shelf life"):
        print_one()
    world.make_event(ledger, coop, "dispose", code, kg(9))
