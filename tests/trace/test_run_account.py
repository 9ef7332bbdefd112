"""The account of a print run: what became of its labels, and no more of them than goods fill."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from itertools import pairwise

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from suyuan.labels.from_facts import try_out
from suyuan.trace.acts.balancing import LabelsOverdrawn
from suyuan.trace.acts.printing import issue_print_run
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.acts.transformations import transform
from suyuan.trace.acts.voiding import end_labels, void_code, void_run
from suyuan.trace.acts.weighing import Weighed
from suyuan.trace.balance.labels import labels_left
from suyuan.trace.balance.rules import balance_rules
from suyuan.trace.codes.queries import listed_body
from suyuan.trace.codes.status import State
from suyuan.trace.errors import Forbidden, InvalidInput, SuyuanError
from suyuan.trace.parties.actor import Actor
from suyuan.trace.printing.account import Ended, Fate, RunAccount, account_of, ended_of, merged
from suyuan.trace.printing.online import check_online
from suyuan.trace.printing.queries import codes_of, number_of, print_run
from suyuan.trace.quantities import Quantity
from tests import world
from tests.world import kg


def _batch(ledger: Ledger, actor: Actor, kilograms: int = 10, net: str = "500 g") -> str:
    label = {"net_content": net}
    product = world.make_product(ledger, actor, items_on_pack=True, label=label)
    return world.make_batch(ledger, actor, kg(kilograms), product=product)


def _issue(ledger: Ledger, actor: Actor, code: str, count: int) -> str:
    return ledger.perform(actor, issue_print_run, code, count, "trace-50x30", try_out=try_out)


def _account(ledger: Ledger, run: str) -> RunAccount:
    with ledger.database.read() as session:
        return account_of(session, print_run(session, run))


def test_each_label_of_a_run_is_in_one_state_and_void_ones_are_listed(ledger: Ledger) -> None:
    actor = world.make_producer(ledger)
    run = _issue(ledger, actor, _batch(ledger, actor), 10)
    with ledger.database.read() as session:
        labels = codes_of(session, run)
    ledger.perform(actor, end_labels, run, 2, 4, "spoiled", "碳带起皱")
    ledger.perform(actor, end_labels, run, 5, 5, "spoiled", "撕破")
    ledger.perform(actor, end_labels, run, 9, 10, "returned", "包装车间交回")
    ledger.perform(actor, void_code, labels[6].path, "错贴")
    assert _account(ledger, run) == RunAccount(10, in_force=3, spoiled=4, returned=2, voided=1)
    assert _account(ledger, run).reconciles
    with ledger.database.read() as session:
        assert ended_of(session, print_run(session, run).id) == [
            Ended(2, 5, "spoiled"), Ended(9, 10, "returned"),
        ]  # fmt: skip
        states = [check_online(session, one.url, ledger.clock.now()).state for one in labels]
        gone = {number for number, state in enumerate(states, 1) if state is State.VOIDED}
        assert gone == {2, 3, 4, 5, 7, 9, 10}
        assert listed_body(session).count(" V\n") == 7
    ledger.perform(actor, void_run, run, "批次撤回")
    assert _account(ledger, run) == RunAccount(10, in_force=0, spoiled=4, returned=2, voided=4)


def test_a_range_that_cannot_be_is_answered_in_clear_words(ledger: Ledger) -> None:
    actor = world.make_producer(ledger)
    run = _issue(ledger, actor, _batch(ledger, actor), 5)

    def end(first: int, last: int, fate: Fate, why: str) -> None:
        ledger.perform(actor, end_labels, run, first, last, fate, why)

    ledger.perform(actor, end_labels, run, 2, 3, "lost", "x")
    for first, last, says in (
        (4, 2, "comes before the first"),
        (0, 1, "are 1 to 5"),
        (4, 6, "are 1 to 5"),
        (1, 4, "2 are void already: 2, 3"),
    ):
        with pytest.raises(SuyuanError, match=says):
            end(first, last, "spoiled", "x")
    with pytest.raises(InvalidInput):
        end(1, 1, "spoiled", " ")
    with pytest.raises(Forbidden):
        ledger.perform(world.make_producer(ledger), end_labels, run, 1, 1, "spoiled", "x")
    batch_labels = ledger.perform(
        actor, issue_print_run, world.make_batch(ledger, actor), 3, "batch-100x70", False,
        try_out=lambda *_: None,
    )  # fmt: skip
    with pytest.raises(InvalidInput, match="whole batch"):
        ledger.perform(actor, end_labels, batch_labels, 1, 1, "spoiled", "x")
    assert _account(ledger, batch_labels) == RunAccount(3, in_force=3)


def test_a_label_is_meant_by_its_number_or_its_digits(ledger: Ledger) -> None:
    actor = world.make_producer(ledger)
    run = _issue(ledger, actor, _batch(ledger, actor), 3)
    other = _issue(ledger, actor, _batch(ledger, actor), 1)
    with ledger.database.read() as session:
        serial = str(codes_of(session, run)[1].serial)
        issued, foreign = print_run(session, run), str(codes_of(session, other)[0].serial)
        typed = f"{serial[:4]} {serial[4:8]} {serial[8:]}"
        assert [number_of(session, issued, one, "first") for one in ("3", "３", typed)] == [3, 3, 2]
        for wrong in ("0", "4", "-1", "x", "", foreign, "1" * 30):
            with pytest.raises(InvalidInput):
                number_of(session, issued, wrong, "first")


def test_more_labels_than_the_goods_fill_are_refused_with_how_many_are_left(
    ledger: Ledger,
) -> None:
    actor = world.make_producer(ledger)
    code = _batch(ledger, actor, 50)
    run = _issue(ledger, actor, code, 100)
    with pytest.raises(LabelsOverdrawn, match=r"100 labels in force, 2 more") as refused:
        _issue(ledger, actor, code, 3)
    assert (refused.value.field, refused.value.kind) == ("count", "labels-overdrawn")
    ledger.perform(actor, end_labels, run, 17, 23, "spoiled", "印坏")
    with pytest.raises(LabelsOverdrawn, match="9 more"):
        _issue(ledger, actor, code, 10)
    _issue(ledger, actor, code, 9)
    with pytest.raises(LabelsOverdrawn, match="0 more"):
        _issue(ledger, actor, code, 1)


def test_clerks_at_once_do_not_share_one_rest(ledger: Ledger) -> None:
    actor = world.make_producer(ledger)
    code = _batch(ledger, actor, 5)

    def order(count: int) -> str:
        try:
            _issue(ledger, actor, code, count)
        except LabelsOverdrawn:
            return "refused"
        return "issued"

    with ThreadPoolExecutor(2) as clerks:
        outcomes = Counter(clerks.map(order, (6, 6, 6, 4)))
    assert outcomes["issued"] in (1, 2)
    assert outcomes["refused"] >= 2
    with ledger.database.read() as session:
        in_force = sa.text("SELECT count(*) FROM issued_code WHERE voided_at IS NULL")
        assert session.scalar(in_force) in (6, 10)


@given(st.integers(1, 10_000), st.integers(1, 5_000), st.lists(st.integers(0, 9)))
@settings(max_examples=50)
def test_what_is_left_never_overfills_and_leaves_no_whole_package(
    lot: int, grams: int, before: list[int]
) -> None:
    share = balance_rules().labels.share
    whole, net = kg(lot), f"{grams} g"
    left = labels_left(whole, net, share, [(net, count) for count in before])
    assert left is not None
    most = lot * 1000 * (1 + share)
    assert (left + sum(before)) * grams <= most < (left + 1 + sum(before)) * grams
    assert labels_left(whole, "1 L", share, ()) is None


@pytest.mark.parametrize("net", [None, "350 mL", "1件"])
def test_goods_that_are_things_by_nature_bear_a_label_each(ledger: Ledger, net: str | None) -> None:
    actor = world.make_producer(ledger)
    label = {} if net is None else {"net_content": net}
    product = world.make_product(
        ledger, actor, "purple_clay", "teaware", name="紫砂壶", items_on_pack=True, label=label
    )
    ten = Quantity.of(10, "H87")
    code = world.make_batch(ledger, actor, ten, product=product, family="", variant="", name="")
    _issue(ledger, actor, code, 6)
    with pytest.raises(LabelsOverdrawn, match="4 more"):
        _issue(ledger, actor, code, 5)
    _issue(ledger, actor, code, 4)


def test_sets_of_two_are_half_as_many() -> None:
    ten, two = Quantity.of(10, "H87"), [("2件", 3)]
    one = Quantity.of(1, "H87")
    assert labels_left(ten, "2件", Decimal(0), two, one) == 2
    assert labels_left(ten, "", Decimal(0), two, one) == 4


@given(st.lists(st.tuples(st.integers(1, 4), st.sampled_from(("spoiled", "lost"))), max_size=8))
@settings(max_examples=50)
def test_neighbours_with_one_fate_are_told_together(parts: list[tuple[int, str]]) -> None:
    ranges, at = [], 1
    for length, fate in parts:
        ranges.append(Ended(at, at + length - 1, fate))
        at += length
    found = merged(reversed(ranges))

    def each(some: list[Ended]) -> list[tuple[int, str]]:
        return [(n, one.fate) for one in some for n in range(one.first, one.last + 1)]

    assert each(found) == each(ranges)
    assert all(one.fate != next_.fate for one, next_ in pairwise(found))


def test_what_is_split_is_labelled_once_in_all(ledger: Ledger) -> None:
    actor = world.make_producer(ledger)
    whole = _batch(ledger, actor, net="1 kg")
    _issue(ledger, actor, whole, 4)
    product = world.make_product(ledger, actor, items_on_pack=True, label={"net_content": "1 kg"})
    outputs = tuple(world.batch_facts(actor, kg(some), product=product) for some in (5, 3))
    facts = world.transformation(ledger, actor, "split", {whole: kg(8)}, outputs)
    one, other = ledger.perform(actor, transform, facts)["batches"]
    _issue(ledger, actor, one, 5)
    with pytest.raises(LabelsOverdrawn, match=rf"{whole} was 10 kg before it was split.* 1 more"):
        _issue(ledger, actor, other, 3)
    with pytest.raises(LabelsOverdrawn, match=rf"{whole} was 10 kg before it was split.* line 2"):
        ledger.perform(
            actor, issue_print_run, other, 2, "trace-70x50-net", try_out=try_out,
            weighed=Weighed(("1", "0.21")),
        )  # fmt: skip
    _issue(ledger, actor, other, 1)
    with pytest.raises(LabelsOverdrawn, match="0 more"):
        _issue(ledger, actor, whole, 1)
