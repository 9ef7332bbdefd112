"""Packages that were weighed one by one: each label says its own, and the account sums them."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from suyuan.labels.from_facts import try_out, write_labels
from suyuan.trace.acts.balancing import LabelsOverdrawn
from suyuan.trace.acts.printing import issue_print_run
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.acts.voiding import end_labels, void_run
from suyuan.trace.acts.weighing import Weighed
from suyuan.trace.balance.queries import labelled
from suyuan.trace.balance.reckoning import reckon
from suyuan.trace.errors import Fault, InvalidInput, InvalidInputs
from suyuan.trace.log.projection_audit import audit_projections
from suyuan.trace.parties.actor import Actor
from suyuan.trace.passport import Passport, passport_of
from suyuan.trace.printing.account import account_of
from suyuan.trace.printing.queries import codes_of, facts_of, print_run
from suyuan.trace.printing.tables import IssuedCode
from suyuan.trace.printing.weighing import net_of, net_text, read_net_contents, summed
from suyuan.trace.projections import PROJECTIONS
from suyuan.trace.quantities import Quantity
from tests import world
from tests.world import kg

TEMPLATE = "trace-70x50-net"


def _batch(ledger: Ledger, actor: Actor, kilograms: int = 2) -> str:
    product = world.make_product(ledger, actor, items_on_pack=True)
    return world.make_batch(ledger, actor, kg(kilograms), product=product)


def _weigh(ledger: Ledger, actor: Actor, code: str, *said: str, **more: Any) -> str:
    unit = more.pop("unit", "KGM")
    return ledger.perform(
        actor, issue_print_run, code, len(said), more.pop("template", TEMPLATE),
        try_out=try_out, weighed=Weighed(said, unit), **more,
    )  # fmt: skip


def test_each_package_says_its_own_net_content_and_the_real_weights_are_summed(
    ledger: Ledger,
) -> None:
    actor = world.make_producer(ledger)
    code = _batch(ledger, actor)
    run = _weigh(ledger, actor, code, "0.482", "512.5g", "0.482")
    with ledger.database.read() as session:
        labels = codes_of(session, run)
        assert [one.net_content for one in labels] == ["482 g", "512.5 g", "482 g"]
        account = account_of(session, print_run(session, run))
        assert account.weighed == {"in_force": Quantity.of("1476.5", "GRM")}
        told = passport_of(session, ledger.families, labels[1].url, now=ledger.clock.now())
        assert isinstance(told, Passport)
        assert told.net_content == "512.5 g"
    ledger.perform(actor, end_labels, run, 2, 2, "spoiled", "印坏")
    with ledger.database.read() as session:
        account = account_of(session, print_run(session, run))
        assert (account.in_force, account.spoiled, account.reconciles) == (2, 1, True)
        assert account.weighed["in_force"] == Quantity.of("0.964", "KGM")
        assert account.weighed["spoiled"] == Quantity.of("512.5", "GRM")


def test_packages_that_together_weigh_more_than_the_batch_are_refused_by_line(
    ledger: Ledger,
) -> None:
    actor = world.make_producer(ledger)
    code = _batch(ledger, actor, 1)
    run = _weigh(ledger, actor, code, "0.6")
    with pytest.raises(LabelsOverdrawn, match=r"line 2, 0?\.?300 g") as refused:
        _weigh(ledger, actor, code, "0.2", "0.3")
    assert refused.value.field == "net_contents"
    ledger.perform(actor, void_run, run, "称错")
    _weigh(ledger, actor, code, "0.6", "0.42")
    with pytest.raises(LabelsOverdrawn):
        _weigh(ledger, actor, code, "0.001")


def test_weighed_and_nominal_packages_share_one_rest(ledger: Ledger) -> None:
    actor = world.make_producer(ledger)
    product = world.make_product(ledger, actor, items_on_pack=True, label={"net_content": "500 g"})
    code = world.make_batch(ledger, actor, kg(2), product=product)
    _weigh(ledger, actor, code, "0.9", "0.65")
    with pytest.raises(LabelsOverdrawn, match="0 more"):
        ledger.perform(actor, issue_print_run, code, 1, TEMPLATE, try_out=try_out)
    with ledger.database.read() as session:
        (found,) = labelled(session, [1]).values()
        assert {(one.net, one.labels, one.weighed) for one in found} == {
            ("900 g", 1, True), ("650 g", 1, True),
        }  # fmt: skip


def test_the_balance_names_weights_that_the_batch_cannot_have_filled(ledger: Ledger) -> None:
    actor = world.make_producer(ledger)
    code = _batch(ledger, actor, 2)
    _weigh(ledger, actor, code, "1.25", "0.75")
    with ledger.database.write() as session:
        assert not reckon(session, ledger.families, [1]).findings
        session.execute(sa.text("UPDATE issued_code SET net_content = '2.5 kg' WHERE position = 1"))
        (found,) = reckon(session, ledger.families, [1]).findings
        assert (found.rule, found.amount, found.unit) == ("labels_above", Decimal("1.71"), "KGM")
        session.rollback()


def test_a_weight_that_was_changed_behind_the_log_is_named(ledger: Ledger) -> None:
    actor = world.make_producer(ledger)
    _weigh(ledger, actor, _batch(ledger, actor), "0.482", "0.51")

    def wrong() -> set[str]:
        with ledger.database.read() as session:
            return {one.at for one in audit_projections(session, PROJECTIONS)}

    assert not wrong()
    with ledger.database.write() as session:
        session.execute(sa.update(IssuedCode).values(net_content="999 g"))
        session.commit()
    assert wrong()


def test_each_line_that_is_wrong_is_named(ledger: Ledger) -> None:
    actor = world.make_producer(ledger)
    code = _batch(ledger, actor)
    said = ("0.482", "abc", "0", "3", "482 mL", "12只", "1-2 kg", "-1")
    with pytest.raises(InvalidInputs) as refused:
        _weigh(ledger, actor, code, *said)
    faults: tuple[Fault, ...] = refused.value.faults
    assert [one.field for one in faults] == [f"net_contents.{at}" for at in range(1, 8)]
    assert "Line 4: 3 kg is more than the whole batch, 2 kg" in str(faults[2])
    assert "Line 5: 482 mL measures something else" in str(faults[3])
    with pytest.raises(InvalidInput, match="2 net contents for 3 labels"):
        ledger.perform(
            actor, issue_print_run, code, 3, TEMPLATE, try_out=try_out,
            weighed=Weighed(("0.1", "0.2")),
        )  # fmt: skip
    with pytest.raises(InvalidInput, match="single package"):
        _weigh(ledger, actor, code, "0.1", template="batch-100x70", per_package=False)
    with pytest.raises(InvalidInput, match="no place for it"):
        _weigh(ledger, actor, code, "0.1", template="trace-50x30")


def test_the_figures_are_as_high_as_the_heaviest_package_asks_for(ledger: Ledger) -> None:
    actor = world.make_producer(ledger)
    code = _batch(ledger, actor)
    heights = {}
    for said in (("0.04",), ("0.04", "0.15"), ("0.3",), ("1.2", "0.04")):
        run = _weigh(ledger, actor, code, *said)
        with ledger.database.read() as session:
            items = facts_of(session, run).items
            (heights[said],) = (one.least_mm for one in items if one.key == "net_content")
    assert list(heights.values()) == ["2", "3", "4", "6"]


def test_a_label_for_weighed_packages_has_room_for_heavy_ones(ledger: Ledger) -> None:
    actor = world.make_producer(ledger)
    code = _batch(ledger, actor, 200)
    run = _weigh(ledger, actor, code, "0.482", "1.2355", "12.345", "100")
    out = BytesIO()
    with ledger.database.read() as session:
        drawn = write_labels(TEMPLATE, facts_of(session, run), codes_of(session, run), out)
    assert drawn == 4
    said = [page.extract_text() for page in PdfReader(out).pages]
    for text, net in zip(said, ("482 g", "1.2355 kg", "12.345 kg", "100 kg"), strict=True):
        assert "".join(net.split()) in "".join(text.split())


@given(st.lists(st.integers(1, 50_000_000), min_size=1, max_size=40))
def test_what_was_weighed_is_summed_to_the_milligram(milligrams: list[int]) -> None:
    said = [str(Decimal(one) / 10**6) for one in milligrams]
    nets = read_net_contents([format(Decimal(one), "f") for one in said], "KGM")
    total = summed({net: nets.count(net) for net in nets})
    assert total is not None
    assert total.to("GRM").amount == Decimal(sum(milligrams)) / 1000
    for net in nets:
        assert net_text(net_of(net)) == net
        assert net.endswith(" kg" if net_of(net) >= Quantity.of(1, "KGM") else " g")
