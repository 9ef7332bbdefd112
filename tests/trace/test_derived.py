"""What follows from records through other rows: a line taken out of the list by SQL is found."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from suyuan.trace.acts.batches import withdraw_batch
from suyuan.trace.acts.events import correct_event
from suyuan.trace.acts.orders import hold, lift, recall
from suyuan.trace.acts.printing import issue_print_run
from suyuan.trace.acts.shipments import receive
from suyuan.trace.acts.transaction import Ledger
from suyuan.trace.acts.voiding import void_code, void_run
from suyuan.trace.batches.tables import Batch, Holding, Link
from suyuan.trace.codes.status import token_of
from suyuan.trace.codes.tables import PathState, StatusEdition
from suyuan.trace.derived import audit_derived
from suyuan.trace.events.facts import CorrectionFacts, ReceiptFacts
from suyuan.trace.events.tables import Shipment
from suyuan.trace.log.findings import Kind
from suyuan.trace.parties.actor import Actor
from suyuan.trace.parties.tables import Party
from suyuan.trace.printing.queries import codes_of
from tests import world


def _issue(ledger: Ledger, head: Actor) -> tuple[str, list[str]]:
    code = world.make_batch(ledger, head)
    run = ledger.perform(head, issue_print_run, code, 3, "trace-50x30", try_out=lambda *_: None)
    with ledger.database.read() as session:
        return run, [one.path for one in codes_of(session, run)]


def _found(ledger: Ledger) -> set[tuple[Kind, str]]:
    with ledger.database.read() as session:
        return {(one.kind, one.at) for one in audit_derived(session)}


def _change(ledger: Ledger, how: Callable[[Session], object]) -> None:
    with ledger.database.write() as session:
        how(session)
        session.commit()


def test_what_orders_withdrawals_and_voids_list_gives_no_alarm(ledger: Ledger) -> None:
    head = world.make_producer(ledger)
    assert _found(ledger) == set()
    root = world.make_batch(ledger, head, product=world.make_product(ledger, head))
    world.make_split(ledger, head, root, 40)
    held = ledger.perform(head, hold, root, "查农残")
    ledger.perform(head, recall, root, "霉变")
    ledger.perform(head, lift, held, "复检合格")
    ledger.perform(head, withdraw_batch, world.make_batch(ledger, head), "登记重复")
    (_, paths), (run, _) = _issue(ledger, head), _issue(ledger, head)
    ledger.perform(head, void_code, paths[0], "撕坏")
    ledger.perform(head, void_run, run, "被盗")
    assert _found(ledger) == set()


def _moved(ledger: Ledger) -> str:
    """A batch of which some was sold, sampled, counted, sent, disputed and taken back in part."""
    head, buyer = world.make_producer(ledger), world.make_producer(ledger)
    code = world.make_batch(ledger, head)
    world.make_split(ledger, head, code, 10)
    world.make_event(ledger, head, "test", code, world.kg(1))
    laboratory = world.make_producer(ledger, "laboratory")
    world.make_event(ledger, laboratory, "test", code)
    world.make_event(ledger, head, "loss", code, world.kg(2))
    world.make_event(ledger, head, "stocktake", code, world.kg(50))
    for accepted, taken in ((True, None), (False, world.kg(2)), (False, None)):
        shipment = world.make_shipment(ledger, head, str(buyer.party_uid), code, world.kg(5))
        why = "" if accepted else "少了"
        facts = ReceiptFacts(shipment, ledger.clock.now(), accepted, quantity=taken, reason=why)
        ledger.perform(buyer, receive, facts)
    world.make_event(ledger, head, "return", code, world.kg(4))
    world.make_shipment(ledger, head, str(buyer.party_uid), code, world.kg(3))
    lost = world.make_event(ledger, head, "loss", code, world.kg(1))
    ledger.perform(head, correct_event, CorrectionFacts(lost, "写漏", note="鼠"))
    ledger.perform(head, withdraw_batch, world.make_batch(ledger, head), "登记重复")
    return code


def test_what_is_in_hand_follows_from_the_events(ledger: Ledger) -> None:
    code = _moved(ledger)
    assert _found(ledger) == set()
    own = sa.select(Batch.id).where(Batch.trace_code == code).scalar_subquery()
    _change(
        ledger,
        lambda session: session.execute(
            sa.update(Holding)
            .where(Holding.batch_id == own)
            .values(left=Holding.left + Decimal(1000))
        ),
    )
    found = _found(ledger)
    assert len(found) == 2
    assert all(kind is Kind.CHANGED_ROW and at.startswith(f"holding/{code}/") for kind, at in found)


def test_how_much_went_into_what_follows_from_the_events(ledger: Ledger) -> None:
    head = world.make_producer(ledger)
    root, other = world.make_batch(ledger, head), world.make_batch(ledger, head)
    parts = world.make_split(ledger, head, root, 10, 20)
    merged = world.make_merge(ledger, head, parts[0], other)
    assert _found(ledger) == set()
    of_part = Link.quantity == Decimal(10)

    def change(session: Session) -> None:
        session.execute(sa.update(Link).where(of_part).values(quantity=Decimal(9)))
        child = sa.select(Batch.id).where(Batch.trace_code == other).scalar_subquery()
        parent = sa.select(Batch.id).where(Batch.trace_code == root).scalar_subquery()
        session.execute(sa.insert(Link).values(child_id=child, parent_id=parent))

    _change(ledger, change)
    assert _found(ledger) == {
        (Kind.CHANGED_ROW, f"link/{parts[0]}/{root}"),
        (Kind.CHANGED_ROW, f"link/{merged}/{parts[0]}"),
        (Kind.INSERTED_ROW, f"link/{other}/{root}"),
    }


def test_goods_with_nobody_and_rows_that_come_and_go_are_found(ledger: Ledger) -> None:
    code = _moved(ledger)

    def change(session: Session) -> None:
        session.execute(
            sa.update(Shipment).where(Shipment.open > Decimal(0)).values(open=Decimal(0))
        )
        batch = session.scalars(sa.select(Batch).where(Batch.trace_code == code)).one()
        session.execute(sa.delete(Holding).where(Holding.batch_id == batch.id))
        stranger = sa.select(sa.func.max(Party.id)).scalar_subquery()
        session.execute(
            sa.insert(Holding).values(batch_id=batch.id, party_id=stranger, left=Decimal(1))
        )

    _change(ledger, change)
    kinds = sorted((kind, at.split("/")[0]) for kind, at in _found(ledger))
    assert kinds == [
        (Kind.CHANGED_ROW, "shipment"), (Kind.CHANGED_ROW, "shipment"),
        (Kind.DELETED_ROW, "holding"), (Kind.DELETED_ROW, "holding"),
        (Kind.INSERTED_ROW, "holding"),
    ]  # fmt: skip


def _drop_recalls(session: Session) -> None:
    session.execute(sa.delete(PathState).where(PathState.letter == "R"))
    newest = session.scalars(sa.select(StatusEdition).order_by(StatusEdition.seq.desc())).first()
    assert newest is not None
    assert newest.body
    newest.body = "".join(
        line for line in newest.body.splitlines(keepends=True) if not line.endswith("R\n")
    )


def test_a_recall_taken_off_the_list_is_found_before_and_after_the_next_is_signed(
    ledger: Ledger,
) -> None:
    head = world.make_producer(ledger)
    _, paths = _issue(ledger, head)
    code = world.make_batch(ledger, head)
    ledger.perform(head, recall, code, "霉变")
    _change(ledger, _drop_recalls)
    gone = (Kind.DELETED_ROW, f"path_state//t/{code}")
    assert {kind for kind, _ in _found(ledger)} == {Kind.DELETED_ROW, Kind.CHANGED_ROW}
    assert gone in _found(ledger)
    ledger.perform(head, void_code, paths[0], "撕坏")
    assert _found(ledger) == {gone}


@pytest.mark.parametrize(
    ("changes", "kinds"),
    [
        ({"letter": "E"}, {Kind.DELETED_ROW, Kind.INSERTED_ROW, Kind.CHANGED_ROW}),
        ({"because": "01kpm6dgm0a0y6sfstsv3pbqqa"}, {Kind.DELETED_ROW, Kind.INSERTED_ROW}),
        ({"token": token_of("/t/1")}, {Kind.CHANGED_ROW}),
    ],
)
def test_a_changed_line_of_the_list_is_found(
    ledger: Ledger, changes: dict[str, str], kinds: set[Kind]
) -> None:
    head = world.make_producer(ledger)
    ledger.perform(head, recall, world.make_batch(ledger, head), "霉变")
    _change(ledger, lambda session: session.execute(sa.update(PathState).values(changes)))
    assert {kind for kind, _ in _found(ledger)} == kinds


def test_a_list_that_nobody_signed_is_found(ledger: Ledger) -> None:
    """Rows and body may agree: the note is then of another body."""
    head = world.make_producer(ledger)
    order = ledger.perform(head, recall, world.make_batch(ledger, head), "霉变")

    def lift_it(session: Session) -> None:
        _drop_recalls(session)
        session.execute(sa.text("UPDATE stop_order SET lifted_at = at WHERE uid = :uid"),
            {"uid": order})  # fmt: skip

    _change(ledger, lift_it)
    with ledger.database.read() as session:
        (one,) = audit_derived(session)
    assert one.kind is Kind.CHANGED_ROW
    assert "not what was signed" in one.says
