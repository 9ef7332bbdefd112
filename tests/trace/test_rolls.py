"""Blank rolls: printed first, bound to batches by their two ends, taken back, and accounted for."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from suyuan.labels.from_facts import try_out
from suyuan.trace.acts.balancing import LabelsOverdrawn
from suyuan.trace.acts.orders import hold, lift, recall
from suyuan.trace.acts.papers import register_paper, revoke_paper
from suyuan.trace.acts.printing import issue_print_run
from suyuan.trace.acts.rolls import bind_labels, issue_blank_roll, unbind_labels
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.acts.voiding import end_labels, void_run
from suyuan.trace.codes.queries import listed_body
from suyuan.trace.codes.status import State
from suyuan.trace.derived import audit_derived
from suyuan.trace.errors import Conflict, Forbidden, InvalidInput, SuyuanError
from suyuan.trace.log.projection_audit import audit_projections
from suyuan.trace.papers.facts import Covers, PaperFacts
from suyuan.trace.parties.actor import Actor
from suyuan.trace.passport import Unvouched, find_code
from suyuan.trace.printing.account import RunAccount, account_of
from suyuan.trace.printing.content import IssuedLabel, LabelFacts
from suyuan.trace.printing.online import check_online
from suyuan.trace.printing.queries import codes_of, facts_of, print_run
from suyuan.trace.projections import PROJECTIONS
from tests import world
from tests.world import kg


def _roll(ledger: Ledger, actor: Actor, count: int = 10, product: str | None = None) -> str:
    return ledger.perform(
        actor, issue_blank_roll, str(actor.party_uid), count, "trace-50x30", product,
        try_out=try_out,
    )  # fmt: skip


def _labels(ledger: Ledger, run: str) -> list[IssuedLabel]:
    with ledger.database.read() as session:
        return codes_of(session, run)


def _batch(ledger: Ledger, actor: Actor, kilograms: int = 10) -> str:
    label = {"net_content": "500 g"}
    product = world.make_product(ledger, actor, items_on_pack=True, label=label)
    return world.make_batch(ledger, actor, kg(kilograms), product=product)


def _told(ledger: Ledger, scanned: str) -> str:
    """What a scan finds: the batch's row id, or why nothing."""
    with ledger.database.read() as session:
        found = find_code(session, scanned, ledger.clock.now())
    return found.verdict if isinstance(found, Unvouched) else f"batch {found.batch_id}"


def _sound(ledger: Ledger) -> None:
    with ledger.database.read() as session:
        assert audit_derived(session) == ()
        assert not audit_projections(session, PROJECTIONS)


def test_labels_of_a_roll_are_not_in_use_until_their_range_is_bound(ledger: Ledger) -> None:
    actor = world.make_producer(ledger)
    first_batch, second_batch = _batch(ledger, actor), _batch(ledger, actor)
    run = _roll(ledger, actor)
    labels = _labels(ledger, run)
    assert {_told(ledger, one.url) for one in labels} == {"not-in-use"}
    ledger.perform(actor, bind_labels, first_batch, labels[1].url, labels[3].path)
    # by the roll code and the digits, and by these alone where the roll is known by the first
    typed = f"{labels[5].trace_code[:8]} {labels[5].trace_code[8:]} {labels[5].serial}"
    ledger.perform(actor, bind_labels, second_batch, typed, str(labels[8].serial))
    told = [_told(ledger, one.url) for one in labels]
    assert [told.index(one) for one in told] == [0, 1, 1, 1, 0, 5, 5, 5, 5, 0]
    with ledger.database.read() as session:
        account = account_of(session, print_run(session, run))
    assert account == RunAccount(10, in_force=10, bound=7)
    _sound(ledger)


def test_a_mistake_is_taken_back_and_the_labels_are_bound_rightly(ledger: Ledger) -> None:
    actor = world.make_producer(ledger)
    wrong, right = _batch(ledger, actor), _batch(ledger, actor)
    run = _roll(ledger, actor, 4)
    labels = _labels(ledger, run)
    bound = ledger.perform(actor, bind_labels, wrong, "1", "4", run)
    with pytest.raises(SuyuanError, match="Say why"):
        ledger.perform(actor, unbind_labels, bound, " ")
    before = _told(ledger, labels[0].url)
    ledger.perform(actor, unbind_labels, bound, "拿错了批次")
    assert _told(ledger, labels[0].url) == "not-in-use"
    with pytest.raises(Conflict, match="unbound already"):
        ledger.perform(actor, unbind_labels, bound, "again")
    ledger.perform(actor, bind_labels, right, "1", "4", run)
    assert _told(ledger, labels[3].url) not in (before, "not-in-use")
    _sound(ledger)


def test_ends_that_do_not_fit_are_refused_in_clear_words(ledger: Ledger) -> None:
    actor, stranger = world.make_producer(ledger), world.make_producer(ledger)
    code, run, other = _batch(ledger, actor), _roll(ledger, actor), _roll(ledger, actor)
    labels, others = _labels(ledger, run), _labels(ledger, other)
    own = ledger.perform(actor, issue_print_run, code, 1, "trace-50x30", try_out=try_out)
    (of_batch,) = _labels(ledger, own)
    ledger.perform(actor, bind_labels, code, "3", "4", run)
    ledger.perform(actor, end_labels, run, 6, 6, "spoiled", "撕破")
    for first, last, says in (
        (labels[9].url, labels[6].url, "comes before the first"),
        (labels[0].url, others[1].url, "different rolls"),
        (of_batch.url, of_batch.url, "of a batch already"),
        (labels[0].trace_code, labels[1].url, "whole roll"),
        ("?", labels[1].url, "Scan the symbol"),
        ("5", "6", "Scan the symbol"),
        (f"/t/{labels[0].trace_code}/000000000000", labels[1].url, "No label with this code"),
        (labels[0].url, labels[2].url, "Labels 3 to 4 are bound already"),
        (labels[3].url, labels[4].url, "Labels 3 to 4 are bound already"),
        (labels[4].url, labels[6].url, "1 are void: 6"),
    ):
        with pytest.raises(SuyuanError, match=says):
            ledger.perform(actor, bind_labels, code, first, last)
    with pytest.raises(SuyuanError, match="another roll"):
        ledger.perform(actor, bind_labels, code, others[0].url, others[1].url, run)
    with pytest.raises(SuyuanError, match="are 1 to 10"):
        ledger.perform(actor, bind_labels, code, "7", "11", run)
    with pytest.raises(Forbidden):
        ledger.perform(stranger, bind_labels, code, labels[7].url, labels[8].url)
    foreign = _batch(ledger, stranger)
    with pytest.raises(Forbidden):
        ledger.perform(stranger, bind_labels, foreign, labels[7].url, labels[8].url)


def test_no_more_are_bound_than_the_batch_fills(ledger: Ledger) -> None:
    actor = world.make_producer(ledger)
    code, run = _batch(ledger, actor, 5), _roll(ledger, actor, 20)
    ledger.perform(actor, bind_labels, code, "1", "7", run)
    with pytest.raises(LabelsOverdrawn, match="7 labels in force, 3 more"):
        ledger.perform(actor, bind_labels, code, "8", "11", run)
    with pytest.raises(LabelsOverdrawn, match="7 labels in force, 3 more"):
        ledger.perform(actor, issue_print_run, code, 4, "trace-50x30", try_out=try_out)
    ledger.perform(actor, end_labels, run, 1, 2, "spoiled", "碳带起皱")
    ledger.perform(actor, bind_labels, code, "8", "12", run)
    with pytest.raises(LabelsOverdrawn, match="0 more"):
        ledger.perform(actor, bind_labels, code, "13", "13", run)
    with ledger.database.read() as session:
        account = account_of(session, print_run(session, run))
    assert account == RunAccount(20, in_force=18, spoiled=2, bound=10)
    assert account.reconciles


def test_clerks_at_once_do_not_bind_one_label_twice(ledger: Ledger) -> None:
    actor = world.make_producer(ledger)
    codes, run = [_batch(ledger, actor) for _ in range(4)], _roll(ledger, actor)

    def bind(code: str) -> str:
        try:
            ledger.perform(actor, bind_labels, code, "2", "5", run)
        except Conflict:
            return "refused"
        return "bound"

    with ThreadPoolExecutor(4) as clerks:
        assert Counter(clerks.map(bind, codes)) == {"bound": 1, "refused": 3}
    _sound(ledger)


def test_a_recall_reaches_labels_bound_to_the_batch_also_without_network(ledger: Ledger) -> None:
    actor, regulator = world.make_producer(ledger), world.make_regulator(ledger)
    code, run = _batch(ledger, actor), _roll(ledger, actor, 5)
    labels = _labels(ledger, run)
    bound = ledger.perform(actor, bind_labels, code, "2", "3", run)
    order = ledger.perform(regulator, recall, code, "抽检不合格")

    def states() -> list[State | None]:
        with ledger.database.read() as session:
            now = ledger.clock.now()
            return [check_online(session, one.url, now).state for one in labels]

    assert states() == [None, State.RECALLED, State.RECALLED, None, None]
    with ledger.database.read() as session:
        assert listed_body(session).count(" R\n") == 3
    _sound(ledger)
    with pytest.raises(Conflict):
        ledger.perform(actor, unbind_labels, bound, "藏起来")
    with pytest.raises(Conflict):
        ledger.perform(actor, bind_labels, code, "4", "5", run)
    ledger.perform(regulator, lift, order, "复检合格")
    assert states() == [None] * 5
    ledger.perform(regulator, hold, code, "再查")
    assert states() == [None, State.HELD, State.HELD, None, None]
    _sound(ledger)


def test_labels_bound_to_goods_of_a_revoked_paper_say_so(ledger: Ledger) -> None:
    actor, regulator = world.make_producer(ledger), world.make_regulator(ledger)
    code, run = _batch(ledger, actor), _roll(ledger, actor, 3)
    paper = ledger.perform(
        actor, register_paper,
        PaperFacts(
            "commitment_certificate", "0", str(actor.party_uid), covers=(Covers("batch", code),)
        ),
    )  # fmt: skip
    ledger.perform(actor, bind_labels, code, "1", "2", run)
    ledger.perform(regulator, revoke_paper, paper, "伪造")
    with ledger.database.read() as session:
        assert listed_body(session).count(" P\n") == 3
    _sound(ledger)


def test_a_roll_stands_beside_the_legal_items_and_never_in_their_place(ledger: Ledger) -> None:
    actor = world.make_producer(ledger)
    for template in ("complete-70x100", "batch-100x70", "complete-75x55"):
        with pytest.raises(InvalidInput, match="choose a trace label"):
            ledger.perform(
                actor, issue_blank_roll, str(actor.party_uid), 2, template, try_out=try_out
            )
    run = _roll(ledger, actor, 2)
    silent = world.make_product(ledger, actor, items_on_pack=False)
    for code in (
        world.make_batch(ledger, actor, product=silent), world.make_batch(ledger, actor),
    ):  # fmt: skip
        with pytest.raises(InvalidInput, match="declare for the product"):
            ledger.perform(actor, bind_labels, code, "1", "2", run)
    _sound(ledger)


def test_a_roll_says_the_product_or_who_ordered_it_and_fits_no_other_product(
    ledger: Ledger,
) -> None:
    actor = world.make_producer(ledger)
    named = world.make_product(ledger, actor, name="牦牛肉干（原味）", items_on_pack=True)
    run, plain = _roll(ledger, actor, 2, named), _roll(ledger, actor, 2)

    def name(uid: str) -> str:
        with ledger.database.read() as session:
            facts: LabelFacts = facts_of(session, uid)
        return facts.items[0].text.zh

    assert name(run) == "牦牛肉干（原味）"
    with ledger.database.read() as session:
        assert name(plain) == print_run(session, plain).content["items"][1]["text"]["zh"]
    other = _batch(ledger, actor)
    with pytest.raises(SuyuanError, match="name 牦牛肉干（原味）"):
        ledger.perform(actor, bind_labels, other, "1", "2", run)
    ledger.perform(
        actor, bind_labels, world.make_batch(ledger, actor, product=named), "1", "2", run
    )
    with pytest.raises(SuyuanError, match="another organisation"):
        _roll(ledger, world.make_producer(ledger), 1, named)


def test_a_bound_roll_that_is_lost_is_void_as_a_whole(ledger: Ledger) -> None:
    actor = world.make_producer(ledger)
    code, run = _batch(ledger, actor), _roll(ledger, actor, 4)
    ledger.perform(actor, bind_labels, code, "1", "2", run)
    ledger.perform(actor, void_run, run, "被盗")
    with ledger.database.read() as session:
        account = account_of(session, print_run(session, run))
    assert account == RunAccount(4, in_force=0, voided=4)
    _sound(ledger)
